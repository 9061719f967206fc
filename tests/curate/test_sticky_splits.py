"""A released record never moves to another split, however the dataset grows."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.curate.run import curate
from gaokerena_data.curate.splits.sticky import LIKE_DEV, Sides, settle_released
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.records import QuestionAnswer
from gaokerena_data.release.build import Release
from gaokerena_data.text.near_duplicates.clusters import clusters
from gaokerena_data.workspace import Workspace
from tests.pairs import NOT_JUDGED, answer, clean_records, pair, question
from tests.release.versions import released

type Edges = list[tuple[int, int]]


def components(rows: np.ndarray, edges: Edges) -> np.ndarray:
    place = {int(row): n for n, row in enumerate(rows)}
    ends = [(place[a], place[b]) for a, b in edges if a in place and b in place]
    pairs = np.array(ends, np.int64).reshape(-1, 2)
    return clusters(pairs[:, 0], pairs[:, 1], len(rows))


@st.composite
def growths(draw: st.DrawFn) -> tuple[list[int], Edges, list[bool], list[bool]]:
    """Sizes of versions that grow, what is alike, which may be dev, which would be drawn for it."""
    sizes = [draw(st.integers(1, 10))]
    for _ in range(draw(st.integers(1, 3))):
        sizes.append(sizes[-1] + draw(st.integers(1, 8)))
    count = sizes[-1]
    row = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(row, row), max_size=2 * count))
    flags = st.lists(st.booleans(), min_size=count, max_size=count)
    return sizes, edges, draw(flags), draw(flags)


@given(growths())
def test_whatever_is_added_nothing_moves_and_nothing_leaks(
    growth: tuple[list[int], Edges, list[bool], list[bool]],
) -> None:
    sizes, edges, may_be_dev, luck = growth
    before: dict[int, str] = {}
    for size in sizes:
        rows = np.arange(size)
        labels = components(rows, edges)
        may = np.array(may_be_dev[:size])
        splits = np.full(size, "train", dtype=object)
        for label in set(labels.tolist()):
            members = np.flatnonzero(labels == label)
            if may[members].all() and luck[members[0]]:
                splits[members] = "dev"
        pins = np.array([before.get(row) for row in range(size)], dtype=object)
        sides = Sides(splits, pins)
        settle_released(sides, labels, may, lambda some: components(some, edges))
        stands = {row: split for row, split in enumerate(sides.splits) if split is not None}
        assert all(stands[row] == split for row, split in before.items())
        assert all(may[row] for row, split in stands.items() if split == "dev")
        for one, other in edges:
            assert stands.get(one) == stands.get(other) or not {one, other} <= stands.keys()
        assert stands.keys() | sides.left_out.keys() == set(range(size))
        assert not stands.keys() & sides.left_out.keys()
        before = stands


def rows(made: Release) -> dict[str, str]:
    return {
        each: file.name.partition("-")[0]
        for file in (made.folder / "data").glob("*.parquet")
        for each in pq.read_table(file, columns=["id"])["id"].to_pylist()
    }


def more(numbers: range) -> list[QuestionAnswer]:
    return [pair("niniban", question(n), answer(n)) for n in numbers]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Release]:
    workspace = Workspace(tmp_path_factory.mktemp("sticky"))
    workspace.config_file.write_text(NOT_JUDGED)
    return workspace, released(workspace, clean_records(), "1.0.0")


@pytest.fixture
def grown(
    first: tuple[Workspace, Release], tmp_path: Path
) -> Callable[[list[QuestionAnswer]], tuple[dict[str, str], Release, Workspace]]:
    """The next version, with some records more."""

    def grow(records: list[QuestionAnswer]) -> tuple[dict[str, str], Release, Workspace]:
        workspace = Workspace(shutil.copytree(first[0].root, tmp_path / "workspace"))
        made = released(workspace, [*clean_records(), *records], "2.0.0")
        return rows(first[1]), made, workspace

    return grow


def test_new_records_join_the_side_of_those_that_they_are_like(
    grown: Callable[[list[QuestionAnswer]], tuple[dict[str, str], Release, Workspace]],
) -> None:
    # The same answers under new questions: each stands beside the released one.
    new = [pair("niniban", f"{question(300 + n)} لطفا راهنمایی کنید", answer(n)) for n in range(30)]
    before, made, _ = grown([*new, *more(range(100, 140))])
    after = rows(made)
    assert {each: after[each] for each in before} == before
    answers = {record.id: clean_records()[n].id for n, record in enumerate(new)}
    # One that leans to both sides stands in neither.
    beside = {each: twin for each, twin in answers.items() if twin in before and each in after}
    assert len(beside) > 20
    assert {each: after[each] for each in beside} == {e: before[t] for e, t in beside.items()}
    assert {after[each] for each in beside} == {"train", "dev"}


def test_a_record_that_is_like_both_sides_is_left_out(
    grown: Callable[[list[QuestionAnswer]], tuple[dict[str, str], Release, Workspace]],
    first: tuple[Workspace, Release],
) -> None:
    sides = rows(first[1])
    number = {record.id: n for n, record in enumerate(clean_records())}
    train, dev, other_dev = (
        [number[each] for each, split in sorted(sides.items()) if split == side][place]
        for side, place in (("train", 0), ("dev", 0), ("dev", 1))
    )
    bridge = pair("niniban", question(train), answer(dev))
    foreign = pair("drhast", f"{question(400)} متشکرم", answer(other_dev))
    before, made, workspace = grown([bridge, foreign])
    after = rows(made)
    assert {each: after[each] for each in before} == before
    assert bridge.id not in after
    assert foreign.id not in after
    ledger = pq.read_table(workspace.curated("mf3qa") / "ledger.parquet").to_pylist()
    why = {row["id"]: (row["step"], row["reason"], row["keeper"]) for row in ledger}
    assert why[bridge.id] == ("split@1", "joins_released_splits", None)
    assert why[foreign.id] == ("split@1", LIKE_DEV, clean_records()[other_dev].id)


@pytest.mark.thorough
def test_a_longer_twin_does_not_take_the_place_of_a_released_row(
    grown: Callable[[list[QuestionAnswer]], tuple[dict[str, str], Release, Workspace]],
) -> None:
    longer = [pair("niniban", question(n), f"{answer(n)} تندرست باشید.") for n in range(12)]
    before, made, _ = grown(longer)
    assert rows(made) == before


def test_a_damaged_version_is_told(first: tuple[Workspace, Release], tmp_path: Path) -> None:
    workspace = Workspace(shutil.copytree(first[0].root, tmp_path / "workspace"))
    file = next((workspace.release("mf3qa", "1.0.0") / "data").glob("train-*.parquet"))
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(GaokerenaError, match=r"in which split its rows were released"):
        curate(workspace, "mf3qa", lambda *_: None, workers=1)
