"""Votes of several runs against values worked by hand, and files of runs that do not fit."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.errors import GaokerenaError
from tests.training.evaluation.answer_sheets import row, write_sheet
from training.evaluation.chains.decided import decide
from training.evaluation.chains.figures import compute
from training.evaluation.chains.published import (
    counts_behind,
    published_averages,
    reasoning_tables,
)
from training.evaluation.chains.run_files import RunSet, collect_runs
from training.evaluation.chains.votes import agreed, mark, parse_penalty, pass_at_k
from training.evaluation.questions.paper import paper_tables

QUESTIONS = (
    "کدام استخوان در مچ دست است؟",
    "عصب زوج هفتم به کدام عضله می‌رود؟",
    "دریچهٔ میترال میان کدام دو حفره است؟",
    "کدام رباط زانو از پشت پاره می‌شود؟",
)
# By question the votes of five runs; the right option is A, B, C, D in turn. "-" chose nothing.
VOTES = ("AAABC", "BBCC-", "DDDDC", "DDDDD")
SHEET = [*(f"no.{n}" for n in range(1, 6)), "correct_answer", "ensemble_answer", "answer_set"]


def write_runs(folder: Path, votes: Sequence[str] = VOTES, **changes: Any) -> Path:
    """The runs of one system as the authors' spreadsheets: a column of `votes` is a run."""
    for run in range(len(votes[0])):
        rows = [
            row(f"گزینه {vote[run]} درست است؛ بار {run}", vote[run], "ABCD"[place], question)
            for place, (question, vote) in enumerate(zip(QUESTIONS, votes, strict=False))
        ]
        write_sheet(folder / f"experiment_no{run + 1}.xlsx", rows, **changes)
    return folder


def write_votes(path: Path, votes: Sequence[str], decisions: Sequence[str]) -> Path:
    rows: list[list[object]] = [
        [*vote, "ABCD"[place], decision, ""]
        for place, (vote, decision) in enumerate(zip(votes, decisions, strict=True))
    ]
    return write_sheet(path, rows, SHEET)


def run_set(folder: Path) -> RunSet:
    [found] = collect_runs(folder.parents[1], folder / "report").sets
    return found


def gaokerena(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize(
    ("right", "by_hand"),
    [
        (0, (0.0, 0.0, 0.0)),
        (1, (1 / 5, 2 / 5, 3 / 5)),  # C(4,k)/C(5,k): 4/5, 6/10, 4/10
        (2, (2 / 5, 7 / 10, 9 / 10)),  # C(3,k)/C(5,k): 3/5, 3/10, 1/10
        (3, (3 / 5, 9 / 10, 1.0)),
        (5, (1.0, 1.0, 1.0)),
    ],
)
def test_pass_at_k_by_hand(right: int, by_hand: tuple[float, ...]) -> None:
    assert [pass_at_k(5, right, k) for k in (1, 2, 3)] == pytest.approx(by_hand)


def test_no_pass_at_k_of_fewer_runs() -> None:
    with pytest.raises(ValueError, match="no pass@3 of 1 right runs of 2"):
        pass_at_k(2, 1, 3)


@pytest.mark.parametrize(
    ("votes", "least", "option"),
    [
        ("AAABC", 3, "A"),
        ("AABBC", 3, None),
        ("AABB", 2, None),  # two options have enough
        ("BB---", 3, None),
        ("AAAAA", 5, "A"),
        ("-----", 1, None),
    ],
)
def test_an_option_is_the_answer_by_its_votes(votes: str, least: int, option: str | None) -> None:
    assert agreed([None if vote == "-" else vote for vote in votes], least) == option


def test_marks_and_penalties() -> None:
    assert [mark(chosen, "A", parse_penalty("1/3")) for chosen in ("A", "B", None)] == [
        1.0, pytest.approx(-1 / 3), 0.0,
    ]  # fmt: skip
    for text in ("-1", "2", "1/0", "یک سوم", "nan", ""):
        with pytest.raises(GaokerenaError, match="is no penalty"):
            parse_penalty(text)


def test_figures_of_four_questions_by_hand(tmp_path: Path) -> None:
    """A and D are agreed on and right, the third agrees on a wrong one, the second on none."""
    found = run_set(write_runs(tmp_path / "anatomy" / "m"))
    figures = compute(decide(found, "labels"), penalty=0.33, up_to=3)
    assert figures.of.decisions == ["A", None, "D", "D"]
    assert (figures.accuracy.hits, figures.unanswered.hits, figures.accuracy.total) == (2, 1, 4)
    assert figures.mark.value == pytest.approx((1 + 0 - 0.33 + 1) / 4)
    # Of five runs 3, 2, 1 and 5 are right.
    assert [figures.pass_at[k].value for k in (1, 2, 3)] == pytest.approx(
        [(0.6 + 0.4 + 0.2 + 1) / 4, (0.9 + 0.7 + 0.4 + 1) / 4, (1 + 0.9 + 0.6 + 1) / 4]
    )
    assert figures.mark.interval.low <= figures.mark.value <= figures.mark.interval.high


def test_fewer_runs_have_fewer_figures_and_another_majority(tmp_path: Path) -> None:
    found = run_set(write_runs(tmp_path / "anatomy" / "m", ("AB", "BB", "CC", "DA")))
    figures = compute(decide(found, "labels"), penalty=0.33, up_to=3)
    assert (figures.of.least, list(figures.pass_at)) == (2, [1, 2])
    assert figures.of.decisions == [None, "B", "C", None]
    with pytest.raises(GaokerenaError, match="no option can have 3 votes"):
        decide(found, "labels", 3)


def test_the_tenth_run_comes_after_the_ninth(tmp_path: Path) -> None:
    found = run_set(write_runs(tmp_path / "anatomy" / "m", ["A" * 9 + "B"]))
    assert decide(found, "labels").votes == [(*"AAAAAAAAA", "B")]


def test_runs_in_another_order_are_put_together(tmp_path: Path) -> None:
    folder = write_runs(tmp_path / "anatomy" / "m")
    rows = [row("گزینه A", "A", "ABCD"[n], question) for n, question in enumerate(QUESTIONS)]
    write_sheet(folder / "experiment_no5.xlsx", rows[::-1])
    assert [votes[4] for votes in decide(run_set(folder), "labels").votes] == ["A"] * 4


def spoil_column(folder: Path) -> None:
    write_runs(folder, header=["Question", "question_choices", "key", "", "AI_answer", "x"])


def spoil_length(folder: Path) -> None:
    write_sheet(folder / "experiment_no3.xlsx", [row("A", "A", "A", QUESTIONS[0])])


def spoil_questions(folder: Path) -> None:
    rows = [row("A", "A", "ABCD"[n], text) for n, text in enumerate((*QUESTIONS[:3], "دیگر؟"))]
    write_sheet(folder / "experiment_no3.xlsx", rows)


def spoil_key(folder: Path) -> None:
    rows = [row("A", "A", "ABCC"[n], question) for n, question in enumerate(QUESTIONS)]
    write_sheet(folder / "experiment_no3.xlsx", rows)


def spoil_copy(folder: Path) -> None:
    (folder / "experiment_no6.xlsx").write_bytes((folder / "experiment_no1.xlsx").read_bytes())


def spoil_empty(folder: Path) -> None:
    write_sheet(folder / "experiment_no3.xlsx", [])


def spoil_ids(folder: Path) -> None:
    entry = {"id": "a-1", "question": "؟", "options": ["یک", "دو"], "correct": "A", "answer": "A"}
    (folder / "run-9.jsonl").write_text(2 * (json.dumps(entry) + "\n"), encoding="utf-8")


def spoil_key_of_lines(folder: Path) -> None:
    """Without a key an unanswered question would be a right one."""
    entry = {"id": [1], "question": "؟", "options": ["یک", "دو"], "correct": None, "answer": ""}
    (folder / "run-9.jsonl").write_text(json.dumps(entry) + "\n", encoding="utf-8")


def spoil_votes_of_six(folder: Path) -> None:
    rows: list[list[object]] = [[*vote, "A", "ABCD"[n], "A"] for n, vote in enumerate(VOTES)]
    header = [*(f"no.{n}" for n in range(1, 7)), "correct_answer", "ensemble_answer"]
    write_sheet(folder / "ans.xlsx", rows, header)


def spoil_rows_of_votes(folder: Path) -> None:
    write_votes(folder / "ans.xlsx", VOTES[:3], ("A", "not_agreed", "D"))


def spoil_columns_of_votes(folder: Path) -> None:
    write_sheet(folder / "ans.xlsx", [["A", "A"]], ["no.1", "correct_answer"])


def spoil_verifier(folder: Path) -> None:
    header = ["Question", "correct_answer", "guide_answer", "AI_chosen_answer"]
    write_sheet(folder.parent / "sys_result.xlsx", [["دیگر؟", "A", "A", "A"]], header)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_column, "no column correct_answer"),
        (spoil_length, "has 1 answers"),
        (spoil_questions, "has 1 questions that"),
        (spoil_key, "another correct option than in experiment_no1"),
        (spoil_copy, "is the same file as"),
        (spoil_empty, "holds no answers"),
        (spoil_ids, "the id a-1 stands there twice"),
        (spoil_key_of_lines, "the letter of the right one and an answer are needed"),
        (spoil_votes_of_six, "votes of 6 runs, and 5 runs"),
        (spoil_rows_of_votes, "has 3 rows"),
        (spoil_columns_of_votes, "no column ensemble_answer"),
        (spoil_verifier, "has no row, or another correct option"),
    ],
)
def test_runs_that_do_not_fit_are_told_in_a_line(tmp_path: Path, spoil: Any, told: str) -> None:
    spoil(write_runs(tmp_path / "cot" / "anatomy" / "m"))
    done = gaokerena("evaluate", "self-consistency", tmp_path / "cot", "--to", tmp_path / "out")
    assert done.exit_code == 1
    assert isinstance(done.exception, GaokerenaError)
    assert told in str(done.exception)
    assert not (tmp_path / "out" / "chains.json").exists()


def test_a_question_that_the_sheet_decides_otherwise_is_found(tmp_path: Path) -> None:
    """In run 1 of the first question the sheet of votes has B where the run's file has A."""
    folder = write_runs(tmp_path / "cot" / "anatomy" / "gaokerena-r1.0")
    typed = ("BAABC", *VOTES[1:])
    write_votes(folder / "ans.xlsx", typed, ("A", "not_agreed", "D", "D"))
    write_runs(tmp_path / "cot" / "anatomy" / "aya-expanse", ("AAAAA", "BBBBB", "CCCCC", "DDDDD"))
    guides = ["A", "هیچ یک از متن‌ها با دیگری نمی‌خواند.", "D", "D"]
    write_sheet(
        tmp_path / "cot" / "anatomy" / "sys_result.xlsx",
        [[q, "ABCD"[n], guides[n], ("A", "B", "D", "D")[n]] for n, q in enumerate(QUESTIONS)],
        ["Question", "correct_answer", "guide_answer", "AI_chosen_answer"],
    )
    # The folder of a subject may be given itself.
    done = gaokerena(
        "evaluate", "self-consistency", tmp_path / "cot" / "anatomy", "--to", tmp_path / "out"
    )
    assert done.exit_code == 0, done.output
    summary = json.loads((tmp_path / "out" / "chains.json").read_text())
    [otherwise] = summary["decided_otherwise"]
    assert (otherwise["row"], otherwise["votes_of_runs"], otherwise["votes_of_sheet"]) == (
        2, "run 1: A", "run 1: B",
    )  # fmt: skip
    assert (otherwise["by_runs"], otherwise["by_sheet_of_votes"]) == ("A", None)
    [verifier] = summary["verifier_sheets"]
    assert (verifier["system"], verifier["guides"]) == ("gaokerena-r1.0", 3)
    rows = {(row["system"], row["by"]): row for row in summary["figures"]}
    ours = rows["gaokerena-r1.0", "labels"]
    assert (ours["accuracy"], ours["verified_accuracy"]) == (0.5, 0.75)
    cells = {(c["system"], c["figure"]): c for c in summary["published"]}
    assert not cells["gaokerena-r1.0", "plain"]["follows"]
    assert cells["gaokerena-r1.0", "plain"]["sheet_of_votes_percent"] == pytest.approx(25)
    assert cells["gaokerena-r1.0", "plain"]["difference_percent"] == pytest.approx(50 - 42.22)
    page = (tmp_path / "out" / "chains.html").read_text()
    assert "Decided otherwise" in page
    assert "pass@3" in (tmp_path / "out" / "chains.md").read_text()


def test_files_of_several_systems_in_one_folder_are_no_runs(tmp_path: Path) -> None:
    """`SUBJECT/ONE.xlsx` and `SUBJECT/OTHER.xlsx` are answer files of two systems."""
    write_runs(tmp_path / "anatomy")
    with pytest.raises(GaokerenaError, match="no runs of a known subject"):
        collect_runs(tmp_path, tmp_path / "out")
    write_runs(tmp_path / "anatomy" / "m")
    found = collect_runs(tmp_path, tmp_path / "out")
    assert ([each.system for each in found.sets], len(found.passed_over)) == (["m"], 5)
    for given in (tmp_path / "anatomy", tmp_path / "anatomy" / "m"):
        [runs] = collect_runs(given, tmp_path / "out").sets
        assert (runs.subject, runs.system, runs.runs) == ("anatomy", "m", 5)


def test_a_verifier_s_sheet_of_no_one_system_is_passed_over(tmp_path: Path) -> None:
    write_runs(tmp_path / "anatomy" / "one")
    write_sheet(
        tmp_path / "anatomy" / "sys_result.xlsx",
        [[question, "ABCD"[n], "BACC"[n], "A"] for n, question in enumerate(QUESTIONS)],
        ["Question", "correct_answer", "guide_answer", "AI_chosen_answer"],
    )
    done = gaokerena("evaluate", "self-consistency", tmp_path, "--to", tmp_path / "out")
    assert done.exit_code == 0, done.output
    summary = json.loads((tmp_path / "out" / "chains.json").read_text())
    assert summary["verifier_sheets"] == []
    [passed_over] = summary["passed_over"]
    assert passed_over.endswith("sys_result.xlsx")


def test_systems_are_compared_on_the_same_questions(tmp_path: Path) -> None:
    write_runs(tmp_path / "anatomy" / "first", ("AAA", "BBB", "CCC", "DDD"))
    write_runs(tmp_path / "anatomy" / "second", ("AAA", "CCC", "DDA", "DDB"))
    done = gaokerena("evaluate", "self-consistency", tmp_path, "--to", tmp_path / "out",
                     "--penalty", "1/3")  # fmt: skip
    assert done.exit_code == 0, done.output
    rows = json.loads((tmp_path / "out" / "chains.json").read_text())["comparisons"]
    by_labels = next(row for row in rows if row["by"] == "labels")
    assert (by_labels["only_first"], by_labels["only_second"]) == (2, 0)
    assert by_labels["p_exact"] == pytest.approx(0.5)
    assert by_labels["mark_difference"] == pytest.approx((0 + 4 / 3 + 4 / 3 + 0) / 4)
    assert by_labels["pass@1_difference"] == pytest.approx((0 + 1 + 1 + 1 / 3) / 4)


def test_published_marks_follow_from_a_penalty_of_a_third() -> None:
    """All 21 pairs of figures are whole numbers of answers at 1/3, four of them at 0.33."""
    tables, counts = reasoning_tables(), paper_tables()["items"]
    pairs = [
        (tables["plain"][system][subject], tables["negative"][system][subject], counts[subject])
        for system in tables["systems"]
        for subject in counts
        if subject in tables["plain"][system]
    ]
    assert len(pairs) == 21
    assert all(counts_behind(*pair, 1 / 3) for pair in pairs)
    assert sum(counts_behind(*pair, 0.33) is not None for pair in pairs) == 4


def test_published_averages_are_not_those_of_their_cells() -> None:
    found = published_averages(["gaokerena-r1.0", "aya-expanse", "gaokerena-v1", "qwen"])
    assert len(found) == 7
    assert not any(each.follows for each in found)
    plain = next(each for each in found if (each.system, each.figure) == ("gaokerena_r", "plain"))
    assert plain.from_cells == pytest.approx(48.66, abs=0.01)


@pytest.mark.real_data
def test_the_authors_anatomy_follows_from_the_files_of_the_runs(real_data: Path) -> None:
    """42.22 follows from the runs; one label of the sheet of votes is another than in its run."""
    folder = real_data / "reasoning" / "cot"
    counted = {}
    for found in collect_runs(folder, folder / "none").sets:
        figures = compute(decide(found, "labels"), penalty=0.33, up_to=3)
        wrong = figures.accuracy.total - figures.accuracy.hits - figures.unanswered.hits
        counted[found.system] = (figures.accuracy.hits, wrong, figures.unanswered.hits)
    assert counted == {
        "aya-expanse": (55, 64, 16),
        "gaokerena-r1.0": (57, 59, 19),
        "gaokerena-v1": (53, 47, 35),
    }
