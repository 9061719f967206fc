"""Some records of a curation, drawn for somebody to read them."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.rules.takedown import NAME as TAKEDOWN
from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.datasets.extracted import record_files
from gaokerena_data.datasets.record_files import read_records
from gaokerena_data.datasets.registry import find_dataset
from gaokerena_data.errors import GaokerenaError, read_table
from gaokerena_data.ledger import LedgerRow, read_ledger
from gaokerena_data.sources import find_source
from gaokerena_data.takedowns.matching import read_matcher
from gaokerena_data.text.privacy import redact
from gaokerena_data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Drawn:
    """One record to read.

    Args:
        ledger: what became of it.
        heading: its question or title; "" where it has none, or where it may not be shown.
        body: its answer or content.
    """

    ledger: LedgerRow
    heading: str
    body: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which records are asked for; None is any.

    Args:
        decision: "kept" or "dropped".
        rule: the step of the ledger, with its version or without.
        reason: as the ledger calls it; of kept records, their split.
        source: name of their source.
    """

    decision: str | None = None
    rule: str | None = None
    reason: str | None = None
    source: str | None = None


def draw_sample(
    workspace: Workspace, dataset: str, wanted: Sampling, count: int, seed: int = 1
) -> tuple[list[Drawn], int]:
    """Draw records of the last curation, and say of how many.

    The order is a seeded hash of their ids: the same seed draws the same records, and a smaller
    count is the beginning of a larger one.

    Args:
        workspace: with the dataset curated.
        dataset: its name.
        wanted: which records.
        count: how many to draw.
        seed: another one draws others.

    Returns:
        The records, kept ones with their published texts, others as they were read but for
        personal data; and how many there are of the kind asked for.

    Raises:
        GaokerenaError: nothing is curated, no such rule or source, or no such record.
    """
    declaration = find_dataset(workspace, dataset)
    rows = _asked_for(last_ledger(workspace, dataset), wanted, dataset)
    ids = rows["id"].to_pylist()
    order = sorted(range(len(ids)), key=lambda row: _rank(ids[row], seed))[:count]
    picked = [LedgerRow(**row) for row in rows.take(pa.array(order, pa.int64())).to_pylist()]
    texts = texts_of(workspace, picked, declaration)
    return [Drawn(row, *texts.get(row.id, ("", ""))) for row in picked], len(ids)


def last_ledger(workspace: Workspace, dataset: str) -> pa.Table:
    """What became of every record in the last curation of a dataset.

    Raises:
        GaokerenaError: nothing is curated, or the ledger is damaged.
    """
    folder = workspace.curated(dataset)
    file = folder / "ledger.parquet"
    if not file.is_file():
        raise GaokerenaError(f"{folder}: nothing is curated; run `gaokerena curate {dataset}`")
    return read_ledger(file)


def texts_of(
    workspace: Workspace, rows: Sequence[LedgerRow], declaration: Declaration
) -> dict[str, tuple[str, str]]:
    """Heading and body of records, by their ids.

    Args:
        workspace: where they were read into.
        rows: what became of them; of what was taken down, by now, nothing is given.
        declaration: of their dataset.

    Returns:
        Kept records' published texts; those of others as they were read, without personal data.
    """
    texts = _kept_texts(workspace.curated(declaration.name), rows, declaration)
    texts |= _read_texts(workspace, [row for row in rows if row.id not in texts], declaration)
    if not texts:
        return texts
    headings, bodies = zip(*texts.values(), strict=True)
    reasons = read_matcher(workspace).reasons(
        list(texts), None, headings, bodies, is_pair=declaration.kind.thread is not None
    )
    rows_told = zip(texts.items(), reasons, strict=True)
    return {name: told for (name, told), reason in rows_told if reason is None}


def _asked_for(ledger: pa.Table, wanted: Sampling, dataset: str) -> pa.Table:
    named = {
        "decision": wanted.decision,
        "step": _step(ledger, wanted.rule, dataset),
        "reason": wanted.reason,
        "source": find_source(wanted.source).name if wanted.source else None,
    }
    for column, value in named.items():
        if value is None:
            continue
        there = sorted(filter(None, pc.unique(ledger[column]).to_pylist()))
        ledger = ledger.filter(pc.equal(ledger[column], value))
        if not ledger.num_rows:
            raise GaokerenaError(
                f"{dataset}: no such record with {column} {value}; there are: "
                f"{', '.join(there) or 'none'}"
            )
    return ledger


def _step(ledger: pa.Table, rule: str | None, dataset: str) -> str | None:
    if rule is None:
        return None
    steps = sorted(pc.unique(ledger["step"]).to_pylist())
    for step in steps:
        if rule in (step, step.partition("@")[0]):
            return str(step)
    raise GaokerenaError(
        f"{dataset}: the rule {rule!r} decided on no record; these did: {', '.join(steps)}"
    )


def _rank(record_id: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}\x1f{record_id}".encode()).digest()


def _kept_texts(
    folder: Path, rows: Iterable[LedgerRow], declaration: Declaration
) -> dict[str, tuple[str, str]]:
    wanted = pa.array([row.id for row in rows if row.decision == "kept"], pa.string())
    texts: dict[str, tuple[str, str]] = {}
    for file in sorted((folder / "default").glob("*.parquet")):
        again = f"run `gaokerena curate {declaration.name}` again"
        table = read_table(file, again, columns=["id", *declaration.kind.texts])
        texts |= _by_id(table.filter(pc.is_in(table["id"], wanted)))
    return texts


def _read_texts(
    workspace: Workspace, rows: Iterable[LedgerRow], declaration: Declaration
) -> dict[str, tuple[str, str]]:
    """Texts as they were read, without personal data; none of what was taken down."""
    shown = [row for row in rows if row.step != TAKEDOWN]
    wanted = pa.array([row.id for row in shown], pa.string())
    texts: dict[str, tuple[str, str]] = {}
    for source in sorted({row.source for row in shown}):
        for file in record_files(workspace, declaration.kind.name, source):
            table = read_records(file, ["id", *declaration.kind.texts])
            texts |= _by_id(table.filter(pc.is_in(table["id"], wanted)))
    return {each: (redact(heading), redact(body)) for each, (heading, body) in texts.items()}


def _by_id(table: pa.Table) -> dict[str, tuple[str, str]]:
    ids, headings, bodies = (column.to_pylist() for column in table.columns)
    rows = zip(ids, headings, bodies, strict=True)
    return {each: (heading or "", body or "") for each, heading, body in rows}
