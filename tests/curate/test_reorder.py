"""Rows of many shards in any order, part by part: what they would be in one piece."""

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.curate.cache_files import kept_bytes, read_kept_groups, read_kept_rows
from gaokerena_data.curate.texts import reorder
from gaokerena_data.curate.texts.reorder import reordered
from gaokerena_data.text.stored_texts import gather

SCHEMA = pa.schema([("heading", pa.string()), ("body", pa.string())])


def shard_of(number: int, rows: int) -> pa.Table:
    return pa.table(
        {
            "heading": [f"پرسش {number}-{row}" for row in range(rows)],
            "body": [f"پاسخ {row} از {rows}، روزی {number} قرص" for row in range(rows)],
        },
        schema=SCHEMA,
    )


@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    picks=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8)), max_size=40),
    cuts=st.lists(st.integers(0, 40), max_size=5),
    files=st.integers(1, 7),
)
def test_the_parts_are_the_whole(
    sizes: list[int], picks: list[tuple[int, int]], cuts: list[int], files: int
) -> None:
    """Also where a row is asked for twice, a part is empty, or several wait in one file."""
    tables = [shard_of(number, size) for number, size in enumerate(sizes)]
    shards = np.array([shard % len(sizes) for shard, _ in picks], np.int64)
    rows = np.array([row % sizes[shard % len(sizes)] for shard, row in picks], np.int64)
    borders = [0, *sorted(min(cut, len(picks)) for cut in cuts), len(picks)]

    def read(shard: int, there: np.ndarray) -> pa.Table:
        return tables[shard].take(pa.array(there))

    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reorder, "MAX_FILES", files)
        parts = list(reordered(read, SCHEMA, shards, rows, borders, Path(folder)))
        assert not any(Path(folder).iterdir())
    assert [part.num_rows for part in parts] == [stop - start for start, stop in pairwise(borders)]
    whole = pa.concat_tables(parts)
    expected = gather(read, shards, rows) if picks else SCHEMA.empty_table()
    assert whole.schema == SCHEMA
    assert whole.to_pylist() == expected.to_pylist()


def test_a_shard_is_read_once(tmp_path: Path) -> None:
    tables = [shard_of(number, 50) for number in range(4)]
    order = np.random.default_rng(3).permutation(200)
    asked: list[int] = []

    def read(shard: int, there: np.ndarray) -> pa.Table:
        asked.append(shard)
        return tables[shard].take(pa.array(there))

    parts = reordered(read, SCHEMA, order // 50, order % 50, range(0, 201, 10), tmp_path)
    assert sum(part.num_rows for part in parts) == 200
    assert sorted(asked) == [0, 1, 2, 3]


def kept_in(folder: Path) -> tuple[Path, pa.Table]:
    """A kept file of row groups of seven rows, the last one shorter."""
    table = shard_of(1, 40)
    file = folder / "shard.parquet"
    file.write_bytes(kept_bytes(table, 7))
    return file, table


@given(rows=st.lists(st.integers(0, 39), max_size=30))
def test_rows_of_a_kept_file_come_in_the_order_asked_for(rows: list[int]) -> None:
    with TemporaryDirectory() as folder:
        file, table = kept_in(Path(folder))
        wanted = np.array(rows, np.int64)
        found = read_kept_rows(file, ["heading", "body"], wanted)
        assert found.to_pylist() == table.take(pa.array(wanted)).to_pylist()


def test_only_row_groups_that_hold_one_of_them_are_read(tmp_path: Path) -> None:
    file, table = kept_in(tmp_path)
    found, places = read_kept_groups(file, ["body"], np.array([39, 8, 9]))
    assert found.num_rows == 7 + 5
    assert found["body"].take(pa.array(places)).to_pylist() == [
        table["body"][row].as_py() for row in (39, 8, 9)
    ]
