"""Rows that are sorted on disk: what they would be if they were sorted in one piece."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.external_sort import ExternalSort

SCHEMA = pa.schema([("id", pa.string()), ("nth", pa.int64())])


def rows_of(ids: list[str], first: int = 0) -> pa.Table:
    return pa.table({"id": ids, "nth": range(first, first + len(ids))}, schema=SCHEMA)


def test_the_three_rows_of_the_docstring(tmp_path: Path) -> None:
    rows = ExternalSort(SCHEMA, "id", tmp_path, parts=2)
    rows.add(1, rows_of(["s"]))
    rows.add(0, rows_of(["k", "c"]))
    assert [part["id"].to_pylist() for part in rows.sorted_parts()] == [["c", "k"], ["s"]]


@given(
    added=st.lists(st.lists(st.text("abc", min_size=1, max_size=3), max_size=6), max_size=12),
)
def test_the_parts_are_the_whole_and_equal_rows_stay_as_they_came(added: list[list[str]]) -> None:
    with TemporaryDirectory() as folder:
        rows = ExternalSort(SCHEMA, "id", Path(folder), parts=3)
        count = 0
        for ids in added:
            for name in ids:
                rows.add("abc".index(name[0]), rows_of([name], count))
                count += 1
        parts = list(rows.sorted_parts())
        assert not any(Path(folder).iterdir())
    assert [part.schema for part in parts] == [SCHEMA] * 3
    flat = [name for ids in added for name in ids]
    expected = sorted(zip(flat, range(count), strict=True))
    whole = pa.concat_tables(parts)
    assert list(zip(whole["id"].to_pylist(), whole["nth"].to_pylist(), strict=True)) == expected


def test_a_part_is_gone_from_disk_once_it_was_read(tmp_path: Path) -> None:
    rows = ExternalSort(SCHEMA, "id", tmp_path, parts=3)
    for part in range(3):
        rows.add(part, rows_of([str(part)]))
    left = [len(list(tmp_path.iterdir())) for _ in rows.sorted_parts()]
    assert left == [2, 1, 0]


def test_threads_add_to_the_same_part(tmp_path: Path) -> None:
    rows = ExternalSort(SCHEMA, "nth", tmp_path, parts=2)

    def add(nth: int) -> None:
        rows.add(nth // 200, rows_of([str(nth)], nth))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, reversed(range(400))))
    first, second = rows.sorted_parts()
    assert first["nth"].to_pylist() == list(range(200))
    assert second["nth"].to_pylist() == list(range(200, 400))
