import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.release.build import Release
from gaokerena_data.release.layout import lay_out
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, clean_records, pair, question
from tests.release.versions import released


def table(ids: list[int]) -> pa.Table:
    return pa.table({"id": [f"{n:04d}" for n in ids]})


def names(files: list[pa.Table]) -> list[list[str]]:
    return [file["id"].to_pylist() for file in files]


def test_old_files_stay_and_new_rows_come_after_them() -> None:
    old = names(lay_out(table(list(range(0, 200, 2))), []))
    assert len(old) == 1
    new = names(lay_out(table([*range(0, 50, 2), 51, 53, *range(54, 200, 2)]), old))
    assert new == [[each for each in old[0] if each not in ("0050", "0052")], ["0051", "0053"]]


@given(st.lists(st.sets(st.integers(0, 300)), min_size=1, max_size=6))
def test_no_row_is_lost_doubled_or_moved_and_files_stay_few(versions: list[set[int]]) -> None:
    files: list[list[str]] = []
    for rows in versions:
        before = [each for file in files for each in file]
        files = names(lay_out(table(sorted(rows)), files))
        after = [each for file in files for each in file]
        assert sorted(after) == [f"{n:04d}" for n in sorted(rows)]
        kept = [each for each in before if each in set(after)]
        assert after[: len(kept)] == kept
        assert after[len(kept) :] == sorted(after[len(kept) :])
        assert all(files)


def test_twenty_small_versions_are_few_files_and_few_bytes() -> None:
    rows = list(range(10_000))
    files = names(lay_out(table(rows), []))
    assert [len(file) for file in files] == [250] * 40
    for version in range(20):
        rows += range(10_000 + 80 * version, 10_080 + 80 * version)
        before = files
        files = names(lay_out(table(rows), files))
        assert files[:40] == before[:40]
        changed = sum(len(file) for file in files if file not in before)
        assert changed <= 250
        assert version or changed == 80
    assert len(files) <= 52


def test_new_rows_and_a_takedown_send_little_again() -> None:
    """2.8 % more and one row less: at most 8 % of the rows stand in files that are new."""
    rows = list(range(18_524))
    before = names(lay_out(table(rows), []))
    rows = [row for row in (*rows, *range(20_000, 20_519)) if row != 7_777]
    files = names(lay_out(table(rows), before))
    again = sum(len(file) for file in files if file not in before)
    assert again / len(rows) <= 0.08


def test_a_large_file_of_an_older_version_is_cut_up_once() -> None:
    one = [table(list(range(5_000)))["id"].to_pylist()]
    files = names(lay_out(table(list(range(5_000))), one))
    assert [len(file) for file in files] == [250] * 20
    assert names(lay_out(table(list(range(5_000))), files)) == files


def test_a_corpus_is_not_ten_thousand_files() -> None:
    files = lay_out(table(list(range(2_000_500))), [])
    assert len(files) <= 1_000


@pytest.mark.thorough
def test_a_version_with_new_rows_uploads_only_them(made: Release, begun: Workspace) -> None:
    more = [*clean_records(), pair("drhast", question(300), answer(300))]
    second = released(begun, more, "1.1.0")
    known = {facts["sha256"] for facts in made.manifest["files"].values()}
    new = [
        name
        for name, facts in second.manifest["files"].items()
        if name.endswith(".parquet") and facts["sha256"] not in known
    ]
    configs = ("data", "scored", "uncleaned")
    assert new == [f"{config}/train-00001-of-00002.parquet" for config in configs]
