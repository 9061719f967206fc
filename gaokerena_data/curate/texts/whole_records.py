"""Whole records again, at the end of a curation: what was extracted, with the cleaned texts."""

from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.texts.other_texts import clean_others
from gaokerena_data.curate.texts.rows import gather_rows
from gaokerena_data.curate.texts.signal_store import SignalStore
from gaokerena_data.datasets.kind import Kind

# Of the records whose texts are in memory at once: about 25 MB of Persian.
_ROWS_AT_ONCE, _WORDS_AT_ONCE = 3_000, 2_500_000


def cleaned_rows(
    rows: pa.Table, last: Path, files: Sequence[Path], kind: Kind, store: SignalStore
) -> Generator[pa.Table]:
    """Records with their normalized texts, of the kind's schema, in the order of `rows`.

    They come in several tables, whose borders depend on nothing but the records.

    Args:
        rows: part of an index, with columns `file`, `row`, `key` and `body_words`.
        last: where the split was written by the last curation, if there was one.
        files: the extracted files that `file` counts from 0.
        kind: what they hold.
        store: where the normalized texts are.
    """
    fields = kind.texts
    names = kind.schema.names
    others = gather_rows(rows, files, kind, [name for name in names if name not in fields])
    borders = _borders(rows["body_words"].to_numpy())
    with closing(_texts(rows["key"], borders, store, last, fields)) as parts:
        for (start, stop), texts in zip(pairwise(borders), parts, strict=True):
            # A page without a title has none, not an empty one.
            heading = texts["heading"]
            if kind.may_lack_heading:
                heading = pc.if_else(pc.equal(heading, ""), pa.scalar(None, pa.string()), heading)
            table = others.slice(start, stop - start)
            table = table.append_column(fields[0], heading).append_column(fields[1], texts["body"])
            if kind.others:
                table = clean_others(table, kind, store.language, normalize=True)
            yield table.select(names).cast(kind.schema).combine_chunks()


def _texts(
    keys: pa.ChunkedArray,
    borders: Sequence[int],
    store: SignalStore,
    last: Path,
    fields: tuple[str, str],
) -> Generator[pa.Table]:
    """Columns `heading` and `body`, part by part: read from the last split, or else the store."""
    written = store.written(last, fields)
    place = pc.fill_null(pc.index_in(keys, value_set=written.keys), -1).to_numpy()
    is_old = place >= 0
    new = keys.filter(pa.array(~is_old))
    new_before = np.concatenate(([0], np.cumsum(~is_old)))
    new_borders = new_before[list(borders)].tolist()
    with closing(store.read_parts(new, ["heading", "body"], new_borders)) as parts:
        for (start, stop), fresh in zip(pairwise(borders), parts, strict=True):
            here = is_old[start:stop]
            if not here.any():
                yield fresh
                continue
            old, places = written.read(place[start:stop][here])
            order = np.empty(stop - start, np.int64)
            order[here] = places
            order[~here] = old.num_rows + np.arange(fresh.num_rows)
            yield pa.concat_tables([old, fresh]).take(pa.array(order))


def extracted_rows(rows: pa.Table, files: Sequence[Path], kind: Kind) -> pa.Table:
    """Records as they were extracted, in the order of `rows`."""
    return gather_rows(rows, files, kind, kind.schema.names).combine_chunks()


def _borders(words: np.ndarray) -> list[int]:
    """Where the parts of texts of so many words begin and end."""
    before = np.concatenate(([0], np.cumsum(words, dtype=np.int64)))
    borders = [0]
    while borders[-1] < len(words):
        start = borders[-1]
        stop = int(np.searchsorted(before, before[start] + _WORDS_AT_ONCE, side="right")) - 1
        borders.append(min(max(stop, start + 1), start + _ROWS_AT_ONCE))
    return borders
