"""The ledger: one row for every record, saying what became of it and why.

Every stage that may leave a record out (import, extraction, curation) writes a ledger of this one
schema beside what it kept. A count that does not add up is a defect, never a rounding.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.workspace import atomic_file


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What became of one record.

    Args:
        id: the record's id; where a row never became a record, its file and row number.
        source: name of the source.
        origin: where it was read: `FILE:ROW` of an import, or the page's url.
        decision: "kept" or "dropped".
        step: the versioned step that decided (`answer_length@1`), or "split@1" for a kept row.
        reason: the step's rule in one or two words (`too_short`), or the split it went to.
        value: what was measured, where the rule measures something.
        threshold: what it was held against.
        keeper: id of the record that was kept in its place, for duplicates; of the test record
            that it is like or holds, for leaks.
        similarity: Jaccard similarity to the keeper, 0..1.
        detail: anything else a person needs to understand the decision.
    """

    id: str
    source: str
    origin: str
    decision: Literal["kept", "dropped"]
    step: str
    reason: str
    value: float | None = None
    threshold: float | None = None
    keeper: str | None = None
    similarity: float | None = None
    detail: str | None = None


LEDGER_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("source", pa.string()),
        ("origin", pa.string()),
        ("decision", pa.string()),
        ("step", pa.string()),
        ("reason", pa.string()),
        ("value", pa.float64()),
        ("threshold", pa.float64()),
        ("keeper", pa.string()),
        ("similarity", pa.float64()),
        ("detail", pa.string()),
    ]
)


def ledger_table(rows: list[LedgerRow]) -> pa.Table:
    """Ledger rows as an Arrow table, in the order given."""
    return pa.Table.from_pylist([asdict(row) for row in rows], schema=LEDGER_SCHEMA)


def write_ledger(table: pa.Table, path: Path) -> None:
    """Write a ledger atomically."""
    with atomic_file(path) as part:
        pq.write_table(table, part, compression="zstd", write_page_checksum=True)


def read_ledger(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A ledger of any stage: these columns, or all.

    Raises:
        GaokerenaError: it cannot be read, or another version of this program wrote it.
    """
    try:
        schema = pq.read_schema(path)
        table = pq.read_table(
            path,
            columns=None if columns is None else list(columns),
            partitioning=None,
            page_checksum_verification=True,
        )
        table.validate(full=True)
    except (pa.ArrowException, OSError, UnicodeError) as error:
        reason = reason_of(error)
        raise GaokerenaError(
            f"{path}: cannot be read ({reason}); run the command again that wrote it"
        ) from None
    if schema != LEDGER_SCHEMA:
        raise GaokerenaError(
            f"{path}: made by another version of this program; run the command again that wrote it"
        )
    return table


def with_notes(table: pa.Table, *notes: Mapping[int, str]) -> pa.Table:
    """Records with more to be said of them in the ledger, where they are kept.

    Args:
        table: records under curation, with what was said of them before in `note`, if anything.
        notes: row number -> what is to be said.
    """
    had = table["note"].to_pylist() if "note" in table.column_names else [None] * table.num_rows
    said = [
        "; ".join(filter(None, (note, *(found.get(row) for found in notes)))) or None
        for row, note in enumerate(had)
    ]
    column = pa.array(said, pa.string())
    if "note" in table.column_names:
        return table.set_column(table.column_names.index("note"), "note", column)
    return table.append_column("note", column)


def count_reasons(table: pa.Table) -> Counter[tuple[str, str]]:
    """How many rows each (step, reason) left out."""
    dropped = table.filter(pa.compute.equal(table["decision"], "dropped"))
    return Counter(zip(dropped["step"].to_pylist(), dropped["reason"].to_pylist(), strict=True))
