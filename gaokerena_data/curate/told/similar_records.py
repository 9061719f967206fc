"""The records that the last curation of a dataset knew: where they stand, and their signals."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.rules.repeated_record import drop_repeated
from gaokerena_data.curate.texts.input_index import INDEX, read_index
from gaokerena_data.curate.texts.signal_store import SignalStore
from gaokerena_data.curate.told.earlier_runs import Run
from gaokerena_data.curate.told.private import is_private
from gaokerena_data.curate.told.similar_lookup import Alike, Sought, find_alike
from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.datasets.settings import NearDuplicates
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.ledger import LedgerRow
from gaokerena_data.takedowns.matching import TakedownMatcher, read_matcher
from gaokerena_data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CuratedRecords:
    """All records of a curation, kept and dropped, each once.

    Args:
        declaration: of the dataset.
        settings: of the fingerprints, as they were then.
        store: where the signals are.
        index: one row of `INDEX_SCHEMA` a record.
        ledger: what became of each.
        takedowns: what was asked to be left out, perhaps since.
    """

    declaration: Declaration
    settings: NearDuplicates
    store: SignalStore
    index: pa.Table
    ledger: pa.Table
    takedowns: TakedownMatcher

    def named(self, name: str) -> list[dict[str, Any]]:
        """The index rows of a record, or of all records of a thread, by its id."""
        ids, threads = self.index["id"], self.index["thread"]
        named = pc.or_(pc.equal(ids, name), pc.equal(threads, name))
        rows: list[dict[str, Any]] = self.index.filter(named).to_pylist()
        return rows

    def rows_of(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """The index rows of all records that have texts of these keys."""
        named = pc.is_in(self.index["key"], pa.array(keys, pa.string()))
        rows: list[dict[str, Any]] = self.index.filter(named).to_pylist()
        return rows

    def private_ids(self, rows: Sequence[dict[str, Any]]) -> set[str]:
        """The ids of those of these index rows whose words may not be shown."""
        if not rows:
            return set()
        outcomes = self.outcomes(row["id"] for row in rows)
        headings, bodies = zip(*self.texts_of([row["key"] for row in rows]), strict=True)
        taken_down = self.takedowns.reasons(
            [row["id"] for row in rows],
            [row["url"] for row in rows],
            headings,
            bodies,
            threads=[row["thread"] for row in rows],
            is_pair=self.declaration.kind.thread is not None,
        )
        return {
            row["id"]
            for row, reason in zip(rows, taken_down, strict=True)
            if reason is not None or is_private(outcomes[row["id"]])
        }

    def texts_of(self, keys: Sequence[str]) -> list[tuple[str, str]]:
        """The normalized heading and body of each of these keys, in their order."""
        wanted = pa.chunked_array([pa.array(keys, pa.string())])
        texts = self.store.read(wanted, ["heading", "body"])
        return list(zip(texts["heading"].to_pylist(), texts["body"].to_pylist(), strict=True))

    def search(
        self,
        sought: Sequence[Sought],
        sides: Sequence[str],
        progress: Callable[[int, int], None] | None = None,
    ) -> Iterator[Alike]:
        """See `similar_lookup.find_alike`; texts of other datasets of the kind are among them."""
        return find_alike(self.store.shards(), sought, sides, self.settings, progress)

    def outcomes(self, ids: Iterable[str]) -> dict[str, LedgerRow]:
        """What became of records, by their ids."""
        named = pc.is_in(self.ledger["id"], pa.array(sorted(ids), pa.string()))
        rows: dict[str, LedgerRow] = {}
        for values in self.ledger.filter(named).to_pylist():
            row = LedgerRow(**values)
            # Of a record that was read twice, the other reading is what counts.
            if row.id not in rows or rows[row.id].step.startswith("repeated_record@"):
                rows[row.id] = row
        return rows


def read_records(workspace: Workspace, declaration: Declaration, run: Run) -> CuratedRecords:
    """Read back what the last curation worked with; no text is read, nothing is measured.

    Args:
        workspace: where it is.
        declaration: of the dataset.
        run: its last curation.

    Raises:
        GaokerenaError: signals or indexes of it are gone, or an older version measured them, or
            they have one band alone.
    """
    kind = declaration.kind
    settings = NearDuplicates.model_validate(run.settings["near_duplicates"])
    if settings.bands == 1:
        raise GaokerenaError(
            f"{declaration.name}: datasketch looks texts up by two bands or more, near_duplicates."
            f"bands is 1; raise it in {workspace.config_file} and curate again"
        )
    store = SignalStore(
        workspace, kind, settings, declaration.language, run.settings.get("name_model")
    )
    cache = store.folder.parent / INDEX
    gone = GaokerenaError(
        f"{store.folder}: signals of the last curation of {declaration.name} are gone, or of "
        f"another version; run `gaokerena curate {declaration.name}` again"
    )
    digests = list(run.inputs.values())
    if not all((cache / f"{digest}.parquet").is_file() for digest in digests):
        raise gone
    index = read_index([workspace.root / name for name in run.inputs], digests, kind, cache)
    index = drop_repeated(index).kept
    if not pc.all(pc.is_in(index["key"], value_set=store.known_keys())).as_py():
        raise gone
    takedowns = read_matcher(workspace)
    return CuratedRecords(declaration, settings, store, index, run.ledger, takedowns)
