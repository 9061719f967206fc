"""The report beyond the paper: other benchmarks and systems, topics, pairs, what answers took."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from statsmodels.stats.multitest import multipletests
from typer.testing import CliRunner

from gaokerena_data.datasets.registry import BENCHMARKS
from gaokerena_data.errors import GaokerenaError
from tests.training.evaluation.answer_sheets import row, write_sheet
from training.evaluation.asking.usage import parse_price
from training.evaluation.commands import app
from training.evaluation.report.render import render
from training.evaluation.report.tables import build_report
from training.evaluation.scoring.multiple_choice import collect
from training.evaluation.scoring.statistics import holm

SYSTEMS = {"gaokerena": 0.6, "aya": 0.4, "qwen3-8b": 0.7, "dorna2": 0.3}
TOPICS = ("داخلی", "اطفال", "زنان")


def write_answers(
    root: Path, subject: str = "persianmedqa", systems: dict[str, float] | None = None, n: int = 90
) -> Path:
    """Answer files as our own runs write them, in each of which so many answers are right."""
    for system, share in (systems or SYSTEMS).items():
        dice = Random(system)
        (root / subject).mkdir(parents=True, exist_ok=True)
        lines = [
            {
                "id": f"{subject}-{number}", "subject": subject, "row": number,
                "question": f"پرسش {number}؟", "options": ["الف", "ب", "پ", "ت", "ث"],
                "correct": "E", "topic": TOPICS[number % 3],
                "answer": "[E]" if dice.random() < share else "[A]",
                "tokens": 10, "seconds": 0.5,
            }
            for number in range(n)
        ]  # fmt: skip
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (root / subject / f"{system}.jsonl").write_text(text + "\n", encoding="utf-8")
    return root


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["report", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_another_benchmark_stands_in_every_format(tmp_path: Path) -> None:
    report = build_report(collect(write_answers(tmp_path))[0])
    assert report.others == {"persianmedqa": "PersianMedQA"}
    cell = report.cell("persianmedqa", "qwen3-8b")
    assert cell.best is not None
    assert (cell.paper, cell.items, cell.answered) == (None, 90, 90)
    for form in ("md", "html", "tex"):
        text = render(report, form)
        assert "PersianMedQA" in text
        assert "qwen3-8b" in text
        assert "اطفال" in text
        assert "Table III" not in text  # none of its cells has answers
    assert set(report.baselines["persianmedqa"]) == set("ABCDE")
    assert report.baselines["persianmedqa"]["E"].share == 1


def test_the_paper_s_cells_stay_beside_another_benchmark(tmp_path: Path) -> None:
    write_answers(tmp_path)
    write_answers(tmp_path, "anatomy", {"aya": 0.4}, n=135)
    report = build_report(collect(tmp_path)[0])
    assert report.cell("anatomy", "aya").paper == 40.74
    assert "Table III" in render(report, "md")


@pytest.fixture
def declared() -> Iterator[None]:
    BENCHMARKS.use(
        [replace(BENCHMARKS["persianmedqa"], name="pharm_board", title="A board of pharmacy <b>")]
    )
    yield
    BENCHMARKS.use([])


@pytest.mark.usefixtures("declared")
def test_a_benchmark_that_is_only_declared_appears(tmp_path: Path) -> None:
    report = build_report(collect(write_answers(tmp_path, "pharm_board"))[0])
    assert "A board of pharmacy &lt;b&gt;" in render(report, "html")
    assert report.answering("pharm_board")


def test_scores_by_topic_add_up_to_the_whole(tmp_path: Path) -> None:
    report = build_report(collect(write_answers(tmp_path))[0])
    tables = report.topic_tables()["persianmedqa"]
    assert sorted(tables) == sorted(TOPICS)
    for system in SYSTEMS:
        cell = report.cell("persianmedqa", system)
        assert cell.best is not None
        hits = sum(scores[system].accuracy.hits for scores in tables.values())
        assert hits == cell.best.accuracy.hits
    assert {score.accuracy.total for s in tables.values() for score in s.values()} == {30}


def test_topics_come_from_the_benchmark_s_file_where_answers_lack_them(tmp_path: Path) -> None:
    write_sheet(tmp_path / "a" / "kopp" / "aya.xlsx", [row("[A]", "A"), row("[B]", "B")])
    header = ["Question", "Option1", "Option2", "Option3", "Option4", "Correct answer", "Topic"]
    options = ["کبد", "کلیه", "طحال", "ریه"]
    rows = [["کدام؟", *options, 1, "تشریح"], ["کدام؟", *options, 1, "بافت‌شناسی"]]
    write_sheet(tmp_path / "b" / "ibmsee.xlsx", rows, header)
    run(str(tmp_path / "a"), "--to", str(tmp_path / "r"), "--benchmarks", str(tmp_path / "b"))
    text = (tmp_path / "r" / "report.md").read_text(encoding="utf-8")
    assert "| تشریح | 100.0 (1) |" in text
    assert "| بافت‌شناسی | 0.0 (1) |" in text


def test_p_values_are_corrected_as_statsmodels_does() -> None:
    dice = Random(7)
    for size in (1, 2, 9, 40):
        values = [dice.random() ** 3 for _ in range(size)] + [0.0, 1.0, 0.02, 0.02]
        assert holm(values) == pytest.approx(list(multipletests(values, method="holm")[1]))
    assert holm([]) == []


def test_every_pair_is_compared_and_corrected_for_all(tmp_path: Path) -> None:
    write_answers(tmp_path)
    write_answers(tmp_path, "medmcqa_fa")
    sets = collect(tmp_path)[0]
    some = build_report(sets).comparisons
    assert {(pair.first, pair.tests) for pair in some} == {("gaokerena", 6)}
    every = build_report(sets, every_pair=True).comparisons
    assert {pair.tests for pair in every} == {12}
    ours = [pair for pair in every if pair.reading == "ours"]
    assert len(ours) == 12
    assert [pair.corrected for pair in ours] == holm([pair.test.exact for pair in ours])
    chosen = build_report(sets, first="dorna2").comparisons
    assert {pair.first for pair in chosen} == {"dorna2"}
    with pytest.raises(GaokerenaError, match="no answers of a system called 'gpt'"):
        build_report(sets, first="gpt")


def test_answers_are_paired_by_their_ids(tmp_path: Path) -> None:
    """All questions have the same options here: by these alone, a lost answer would move others."""
    write_answers(tmp_path, systems={"aya": 0.5, "qwen3-8b": 0.5})
    lines = (tmp_path / "persianmedqa" / "aya.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "persianmedqa" / "qwen3-8b.jsonl").write_text("\n".join(lines[20:]) + "\n", "utf-8")
    [pair, _] = build_report(collect(tmp_path)[0]).comparisons
    assert (pair.test.only_first, pair.test.only_second) == (0, 0)


def test_seconds_tokens_and_dollars_a_question(tmp_path: Path) -> None:
    write_answers(tmp_path / "a")
    run(str(tmp_path / "a"), "--to", str(tmp_path / "r"), "--price", "qwen3-8b=0,100")
    report = json.loads((tmp_path / "r" / "report.json").read_text(encoding="utf-8"))
    used = {entry["system"]: entry for entry in report["usage"]}
    assert used["qwen3-8b"]["dollars"] == pytest.approx(10 * 100 / 1e6)
    assert used["dorna2"]["dollars"] is None
    assert (used["dorna2"]["seconds"], used["dorna2"]["tokens"]) == (0.5, 10)
    assert "0.001000" in (tmp_path / "r" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["gpt", "gpt=1", "gpt=a,b", "=1,2", "gpt=-1,2", "gpt=inf,2"])
def test_what_is_no_price_is_told(text: str) -> None:
    with pytest.raises(GaokerenaError, match="is no price"):
        parse_price(text)


def test_a_summary_of_an_unknown_kind_is_shown_as_tables(tmp_path: Path) -> None:
    write_answers(tmp_path / "a")
    summary: dict[str, Any] = {
        "kind": "emergency_questions", "system": "aya <b>", "asked": 1200, "refused": 0.25,
        "interval": {"low": 0.1, "high": 0.4}, "nothing": None, "passed": True,
        "by_kind": [{"name": "قلب", "right": 3}, {"name": "مغز", "right": 4, "wrong": 1}],
    }  # fmt: skip
    path = tmp_path / "s.json"
    path.write_text(json.dumps(summary), encoding="utf-8")
    run(str(tmp_path / "a"), "--to", str(tmp_path / "r"), "--also", str(path))
    for form in ("md", "html"):
        text = (tmp_path / "r" / f"report.{form}").read_text(encoding="utf-8")
        assert "Emergency questions" in text
        for shown in ("1,200", "interval, low", "0.25", "قلب", "مغز"):
            assert shown in text, (form, shown)
        assert "<b>" not in text


def test_summaries_of_one_kind_stand_side_by_side(tmp_path: Path) -> None:
    summaries: list[dict[str, Any]] = [
        {
            "kind": "robustness", "benchmark": "ibmsee", "items": 9, "system": system,
            "rows": [{"variant": "letters", "accuracy": share}],
        }
        for system, share in (("aya", 0.5), ("dorna2", 0.25))
    ]  # fmt: skip
    report = build_report(collect(write_answers(tmp_path))[0], also=summaries)
    text = render(report, "md")
    assert text.count("## Robustness") == 1
    assert "| system | benchmark | items |" in text
    assert "| aya | ibmsee | 9 |" in text
    assert "| system | benchmark | variant | accuracy |" in text
    assert "| dorna2 | ibmsee | letters | 0.25 |" in text


def test_the_page_prints_and_keeps_its_first_column(tmp_path: Path) -> None:
    text = render(build_report(collect(write_answers(tmp_path))[0]), "html")
    assert "@media print" in text
    assert "position: sticky" in text
    assert not re.search(r"https?://", text)  # nothing is fetched
