"""One answer is learnt a few times only, under the questions that are most different."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.curate.duplicates.repeated import most_different
from gaokerena_data.curate.run import curate
from gaokerena_data.workspace import Workspace
from tests.pairs import SUBJECTS, answer, clean_records, pair, write_records


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=25),
    st.integers(1, 4),
    st.randoms(use_true_random=False),
)
def test_each_group_keeps_so_many_and_the_rest_names_one_of_them(
    labels: list[int], most: int, random: Random
) -> None:
    count = len(labels)
    matrix = np.array([[random.random() for _ in range(count)] for _ in range(count)])
    matrix = (matrix + matrix.T) / 2
    order = np.array(random.sample(range(count), count))
    first = np.array([random.random() < 0.2 for _ in range(count)])
    keepers, likeness = most_different(
        np.array(labels), order, first, most, lambda one, other: matrix[one, other]
    )
    stays = keepers == np.arange(count)
    for label in set(labels):
        rows = [row for row in range(count) if labels[row] == label]
        kept = [row for row in rows if stays[row]]
        assert len(kept) == min(most, len(rows))
        assert sum(first[kept]) == min(most, sum(first[rows]))
        for row in set(rows) - set(kept):
            assert keepers[row] in kept
            assert likeness[row] == max(matrix[row, each] for each in kept)


def asked(subject: str, number: int) -> str:
    return f"سلام، مدتی است {subject} دارم و از {number} جا نظر پرسیده‌ام، چه کنم؟"


@pytest.mark.parametrize("most", [3, 1])
def test_questions_that_are_alike_go_first(tmp_path: Path, most: int) -> None:
    workspace = Workspace(tmp_path)
    workspace.config_file.write_text(f"[mf3qa]\nmax_same_answers = {most}\n", "utf-8")
    told = [
        *(asked(SUBJECTS[0], n) for n in range(4)),
        "پس از زایمان موهایم می‌ریزد، آمپول بیوتین بزنم؟",
        "پدرم هفتاد سال دارد و زانویش هنگام پله صدا می‌دهد",
    ]
    same = [pair("niniban", question, answer(450)) for question in told]
    write_records(workspace, [*clean_records(), *same])
    curation = curate(workspace, "mf3qa", lambda *_: None, workers=1)
    rows = {row["id"]: row for row in curation.ledger.to_pylist()}
    kept = [record for record in same if rows[record.id]["decision"] == "kept"]
    assert len(kept) == most
    assert len({rows[record.id]["reason"] for record in kept}) == 1  # in one split
    if most == 3:
        assert {each.question for each in kept} >= {*told[4:]}
    gone = [rows[record.id] for record in same if record not in kept]
    assert {row["step"] for row in gone} <= {"repeated_answer@1", "near_duplicate@2"}
    assert all(row["keeper"] in {record.id for record in same} for row in gone)


def test_a_test_keeps_all_of_its_rows(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    same = [
        pair("doctoryab", f"{SUBJECTS[n]} دارم، چه درمانی پیشنهاد می‌کنید؟ مورد {n}", answer(451))
        for n in range(6)
    ]
    write_records(workspace, [*clean_records(), *same])
    curation = curate(workspace, "mf3qa", lambda *_: None, workers=1)
    steps = {row["id"]: row["reason"] for row in curation.ledger.to_pylist()}
    assert [steps[record.id] for record in same] == ["test"] * 6
