"""A published version as input records of the next one: `extracted/KIND/SOURCE/pull-*.parquet`.

What this toolkit published comes back under its own ids. Other layouts are read too, such as the
authors' `Question, Answer[, Source]` and `content`: columns are matched by name in any case.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import datasets
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.canonical import hash_rows
from gaokerena_data.datasets.kind import KINDS, Kind, Record
from gaokerena_data.datasets.record_files import write_records
from gaokerena_data.datasets.registry import use_workspace
from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.hub.failures import explained
from gaokerena_data.hub.verify import Pinned, pin
from gaokerena_data.ledger import LedgerRow, ledger_table, write_ledger
from gaokerena_data.records import Provenance
from gaokerena_data.sources import Source, find_source
from gaokerena_data.workspace import Workspace, atomic_file, room_needed

STEP = "pull@1"
# Every crawled pair, not only those that the last curation kept: the next one decides again.
_PREFERRED_CONFIG = "uncleaned"


@dataclass(frozen=True)
class PullResult:
    """What was pulled: rows = records in `files` + `refused`, always.

    Args:
        name: `ORG/NAME@REVISION`.
        commit: the commit that it was then.
        rows: how many were read.
        files: file that was written -> number of its records.
        refused: reason -> number of rows in the ledgers.
    """

    name: str
    commit: str
    rows: int
    files: dict[Path, int]
    refused: Counter[str]


def pull(
    workspace: Workspace,
    target: str,
    config: str | None = None,
    source: str | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> PullResult:
    """Write a published version's rows as extracted records of their sources.

    The same commit gives the same bytes in the same files.

    Args:
        workspace: where to write.
        target: `ORG/NAME@TAG`.
        config: which config; `uncleaned` where there is one, else the default.
        source: the source of all rows, where the dataset has no such column.
        say: told each step, one line.

    Raises:
        GaokerenaError: nothing such on the Hub, unknown columns, or no way to tell the source.
    """
    use_workspace(workspace)
    pinned = pin(target)
    given = find_source(source) if source else None
    name, splits = _load(pinned, config)
    say(f"read {sum(table.num_rows for table in splits.values()):,} rows of config {name}")
    records: dict[tuple[str, str], list[Record]] = defaultdict(list)
    refused: dict[tuple[str, str], list[LedgerRow]] = defaultdict(list)
    for split, table in splits.items():
        origin = f"{pinned.name}/{name}/{split}"
        kind, columns = _match_columns(table, origin, given)
        provenance = Provenance(
            extractor=STEP, import_file=origin, import_sha256=hash_rows(table.select(columns))
        )
        for number, row in enumerate(_rows(table, columns), start=1):
            made = _record(row, kind, given, replace(provenance, import_row=number))
            if isinstance(made, LedgerRow):
                refused[kind.name, made.source].append(made)
            else:
                records[kind.name, made.source].append(made)
    files = {}
    stays = "what was pulled before is as it was"
    # All files, or none: half a version would be taken for the whole of it.
    with room_needed(workspace.root, stays), ExitStack() as parts:
        for holds, owner in sorted(records.keys() | refused.keys()):
            folder = workspace.extracted(holds, owner)
            stem = f"pull-{pinned.commit[:12]}-{name}"
            ledger = parts.enter_context(atomic_file(folder / f"{stem}.ledger.parquet"))
            write_ledger(ledger_table(refused[holds, owner]), ledger)
            if not records[holds, owner]:
                continue
            file = folder / f"{stem}.parquet"
            part = parts.enter_context(atomic_file(file))
            write_records(KINDS[holds].table(records[holds, owner]), part)
            files[file] = len(records[holds, owner])
    return PullResult(
        pinned.name,
        pinned.commit,
        sum(table.num_rows for table in splits.values()),
        files,
        Counter(row.reason for rows in refused.values() for row in rows),
    )


def _load(pinned: Pinned, config: str | None) -> tuple[str, dict[str, pa.Table]]:
    """Name of the config, and its splits, by the commit's id: a cache cannot be behind it."""
    repo_id, commit = pinned.repository.id, pinned.commit
    with explained(repo_id):
        try:
            configs = datasets.get_dataset_config_names(repo_id, revision=commit)
            if config is None:
                config = _PREFERRED_CONFIG if _PREFERRED_CONFIG in configs else configs[0]
                if "default" in configs and config != _PREFERRED_CONFIG:
                    config = "default"
            if config not in configs:
                raise GaokerenaError(
                    f"{pinned.name} has no config {config}: choose one of {', '.join(configs)}"
                )
            loaded = datasets.load_dataset(repo_id, config, revision=commit)
        except (datasets.exceptions.DatasetsError, ValueError) as error:
            reason = reason_of(error)
            raise GaokerenaError(f"{pinned.name} cannot be loaded: {reason}") from error
    return config, {split: _of_sites(rows.data.table) for split, rows in loaded.items()}


def _match_columns(
    table: pa.Table, origin: str, given: Source | None
) -> tuple[Kind, dict[str, str]]:
    """The kind of rows, and column -> field for those that a record has."""
    by_name = {name.strip().casefold(): name for name in table.column_names}
    # An article needs less than a pair does: what has both is a pair.
    for kind in sorted(KINDS.values(), key=lambda kind: -len(kind.required)):
        if not all(field in by_name for field in kind.required):
            continue
        fields = set(kind.published.values())
        columns = {by_name[field]: field for field in sorted(fields) if field in by_name}
        if given is None and not by_name.keys() & {"source", "url"}:
            raise GaokerenaError(f"{origin}: no column names the source, say it with --source")
        return kind, columns
    raise GaokerenaError(
        f"{origin} has neither the columns question and answer nor content; it has: "
        f"{', '.join(table.column_names)}"
    )


def _of_sites(table: pa.Table) -> pa.Table:
    """The rows without specialties that are a model's guess: no site said them."""
    if not {"specialty", "specialty_from"} <= set(table.column_names):
        return table
    place = table.column_names.index("specialty")
    guessed = pc.not_equal(table["specialty_from"], "site")
    kept = pc.if_else(guessed, pa.scalar(None, pa.string()), table["specialty"])
    return table.set_column(place, "specialty", kept)


def _rows(table: pa.Table, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    named = table.select(list(columns)).rename_columns(list(columns.values()))
    for batch in named.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def _record(
    row: dict[str, Any], kind: Kind, given: Source | None, provenance: Provenance
) -> Record | LedgerRow:
    source = given or _source(row)
    missing = [field for field in kind.required if not str(row[field] or "").strip()]
    if source is None or missing:
        origin = f"{provenance.import_file}:{provenance.import_row}"
        reason = f"missing_{missing[0]}" if missing else "unknown_source"
        return LedgerRow(
            id=str(row.get("id") or origin),
            source=source.name if source else "unknown",
            origin=origin,
            decision="dropped",
            step=STEP,
            reason=reason,
            detail=None if source else str(row.get("source") or row.get("url")),
        )
    return kind.make(row, source.name, replace(provenance, terms=source.terms))


def _source(row: Mapping[str, Any]) -> Source | None:
    """Whose row it is, by its source column or else by the host of its url."""
    name = row.get("source") or urlsplit(row.get("url") or "").hostname
    try:
        return find_source(str(name)) if name else None
    except GaokerenaError:
        return None
