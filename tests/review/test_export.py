"""Which rows are asked, of whom, and in what order."""

from pathlib import Path

import pytest

from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.batch import part_of, read_batch
from gaokerena_data.review.candidates import Candidate, read_candidates, read_thresholds
from gaokerena_data.review.decisions import Decision, append_decisions, log_path
from gaokerena_data.review.doubts import find_doubts
from gaokerena_data.settled import content_hash
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, question
from tests.review.rows import export, make_workspace, write_candidates


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "workspace")


def decide(workspace: Workspace, row: Candidate, reviewer: str, choice: str, **more: str) -> None:
    content = content_hash(row.question, row.answer)
    time = "2026-03-21T08:00:00Z"
    values = (row.id, content, choice, reviewer, time)
    append_decisions(log_path(workspace, "mf3qa"), [Decision(*values, **more)])  # type: ignore[arg-type]


def test_every_doubt_is_found_and_nothing_else(workspace: Workspace) -> None:
    zwnj = "این دارو را می‌توان هم‌زمان با وعده‌های غذایی و نوشیدنی‌ها به‌آسانی مصرف نمود. "
    rows = [(f"drhast-{n:02}", question(n), answer(n)) for n in range(8)]
    rows.append(("drhast-20", question(20), answer(20)))
    rows.append(("drhast-21", question(20), answer(20).replace("حتما به", "لطفا همین فردا نزد")))
    rows += [(f"drhast-3{n}", question(30 + n), answer(30)) for n in range(3)]
    rows.append(("drhast-40", question(40), zwnj * 4))
    rows.append(("drhast-50", question(50), " ".join(["خوب"] * 4)))
    rows.append(("drhast-60", question(60) + " شماره من 0912 345 6789 است.", answer(60)))
    write_candidates(workspace, rows)
    candidates = read_candidates(workspace, MF3QA)
    thresholds = read_thresholds(workspace, "mf3qa")
    found = find_doubts(candidates, {"drhast-40": zwnj * 4}, thresholds, lambda *_: None)
    assert {name: doubts.names for name, doubts in found.items()} == {
        "drhast-20": ["possible_duplicate"],
        "drhast-21": ["possible_duplicate"],
        "drhast-30": ["possible_duplicate", "template_answer"],
        "drhast-31": ["possible_duplicate", "template_answer"],
        "drhast-32": ["possible_duplicate", "template_answer"],
        "drhast-40": ["machine_written"],
        "drhast-50": ["near_threshold"],
        "drhast-60": ["personal_data"],
    }
    assert found["drhast-20"].partner == "drhast-21"


def test_possible_duplicates_stand_side_by_side_and_name_each_other(workspace: Workspace) -> None:
    batch = export(workspace, sample=None, overlap=0.0).batch
    rows = part_of(batch, "maryam").rows
    pair = [row for row in rows if "possible_duplicate" in row.doubts]
    assert len(pair) == 2
    assert pair[1].number == pair[0].number + 1
    assert "ردیف ۲" in pair[0].hint or str(pair[1].number) in pair[0].hint or "ردیف" in pair[0].hint
    assert read_batch(workspace, batch.name) == batch


def test_what_is_decided_is_not_asked_again(workspace: Workspace) -> None:
    candidates = read_candidates(workspace, MF3QA)
    decide(workspace, candidates[0], "maryam", "accept")
    asked = {row.id for row in export(workspace).batch.rows}
    assert asked == {row.id for row in candidates[1:]}


def test_conflicts_and_changed_texts_are_the_next_batch(workspace: Workspace) -> None:
    one, two, three, *_ = candidates = read_candidates(workspace, MF3QA)
    decide(workspace, one, "maryam", "accept")
    decide(workspace, one, "reza", "reject", reason="outdated")
    decide(workspace, two, "maryam", "unclear")
    decide(workspace, three, "maryam", "accept")
    changed = [
        (row.id, row.question, row.answer + (" جمله‌ای تازه." if row.id == three.id else ""))
        for row in candidates
    ]
    write_candidates(workspace, changed)
    batch = export(workspace, "html", "sara", sample=None, ask_again=True).batch
    assert {row.id: (row.round, row.doubts[0]) for row in batch.rows} == {
        one.id: (2, "asked_again"),
        two.id: (1, "asked_again"),
        three.id: (1, "text_changed"),
    }


def test_parts_of_several_reviewers_overlap(workspace: Workspace) -> None:
    batch = export(workspace, "html", "maryam", "reza", overlap=0.5).batch
    mine, theirs = ({row.id for row in part_of(batch, name).rows} for name in ("maryam", "reza"))
    assert mine | theirs == {row.id for row in batch.rows}
    assert len(mine & theirs) == pytest.approx(len(batch.rows) / 2, abs=2)


@pytest.mark.parametrize("name", ["", "../x", ".hidden", "a/b", "a b", "x" * 99, "a\0"])
def test_a_name_that_cannot_be_a_file_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(GaokerenaError, match="reviewer's name"):
        export(workspace, "html", name)


def test_nothing_to_ask_says_what_to_do(workspace: Workspace) -> None:
    with pytest.raises(GaokerenaError, match="nothing is open"):
        export(workspace, ask_again=True)
    write_candidates(workspace, [("drhast-1", question(1), answer(1))])
    with pytest.raises(GaokerenaError, match="--sample"):
        export(workspace, sample=None)


def test_without_a_curation_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match="gaokerena curate mf3qa"):
        export(Workspace(tmp_path))
