"""Judges with planted biases, behind a real endpoint; they must be called out."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gaokerena_data.errors import GaokerenaError
from tests.training.evaluation.conftest import chat_server
from training.evaluation.asking.answer_log import read_log
from training.evaluation.asking.judge import (
    Pair,
    estimate_cost,
    judge_prompt,
    pair_answers,
    read_verdict,
)
from training.evaluation.commands import app
from training.evaluation.report.summaries import read_summary
from training.evaluation.scoring.win_rate import length_controlled, summarize

FIRST, SECOND, TIE = "پاسخ اول بهتر است", "پاسخ دوم بهتر است", "دو پاسخ برابرند"
QUESTIONS = 40


def answers_in(prompt: str) -> tuple[str, str]:
    found = re.search(r"## پاسخ اول\n(.*?)\n\n## پاسخ دوم\n(.*?)\n\n", prompt, re.DOTALL)
    assert found is not None
    return found.group(1), found.group(2)


def likes_good(prompt: str) -> str:
    one, two = answers_in(prompt)
    return TIE if ("خوب" in one) == ("خوب" in two) else FIRST if "خوب" in one else SECOND


def likes_long(prompt: str) -> str:
    """The longer answer, but for one question in five."""
    one, two = answers_in(prompt)
    number = re.search(r"پرسش (\d+)؟", prompt)
    assert number is not None
    longer = (len(one) > len(two)) == (int(number.group(1)) // 4 % 5 != 0)
    return FIRST if longer else SECOND


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Ours is good in 30 of 40 questions, theirs in 20, and ours is longer in 30."""
    paths = tmp_path / "ours.jsonl", tmp_path / "theirs.jsonl"
    for place, path in enumerate(paths):
        with path.open("w", encoding="utf-8") as file:
            for number in range(QUESTIONS):
                good = number < 30 if place == 0 else number % 2 == 0
                longer = (number % 4 != 0) == (place == 0)
                entry = {
                    "id": f"q{number}",
                    "question": f"پرسش {number}؟",
                    "reference": "به پزشک مراجعه کنید.",
                    "answer": ("خوب " if good else "بد ") + "آب بنوشید. " * (30 if longer else 10),
                }
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return paths


def judged(
    files: tuple[Path, Path], respond: Callable[[str], str], *options: str
) -> tuple[dict[str, Any], str]:
    to = files[0].with_name("verdicts.jsonl")
    with chat_server(respond) as server:
        result = CliRunner().invoke(
            app,
            ["judge", *map(str, files), "--model", "judge", "--endpoint", server.url, "--to",
             str(to), "--yes", *options],
        )  # fmt: skip
    assert result.exit_code == 0, result.output
    return read_summary(to.with_suffix(".summary.json")), result.output


@pytest.mark.parametrize(("says", "share"), [(SECOND, 0.0), (FIRST, 1.0)])
def test_a_judge_that_always_says_one_place_gives_half_and_is_called_out(
    files: tuple[Path, Path], says: str, share: float
) -> None:
    summary, output = judged(files, lambda prompt: says)
    assert summary["win_rate"] == 0.5
    assert summary["length_controlled"] == pytest.approx(0.5, abs=1e-3)
    assert summary["says_first"] == share
    assert summary["consistent"] == 0
    assert any("position bias" in warning for warning in summary["warnings"])
    assert "warning: position bias" in output


def test_a_fair_judge_finds_the_better_system(files: tuple[Path, Path]) -> None:
    summary, _ = judged(files, likes_good)
    # Ours alone is good in 15 questions, theirs alone in 5, the other 20 are ties.
    assert summary["win_rate"] == pytest.approx((15 + 20 / 2) / 40)
    assert (summary["ties"], summary["nulls"], summary["says_first"]) == (40, 0, 0.5)
    assert summary["interval"]["low"] < summary["win_rate"] < summary["interval"]["high"]
    assert summary["consistent"] == 1
    assert summary["warnings"] == []


def test_a_judge_that_likes_length_is_called_out(files: tuple[Path, Path]) -> None:
    summary, _ = judged(files, likes_long)
    assert summary["win_rate"] == 0.65
    assert summary["length_controlled"] == pytest.approx(0.5, abs=0.02)
    assert any(warning.startswith("length") for warning in summary["warnings"])


def test_the_papers_protocol_asks_once_with_ours_second(files: tuple[Path, Path]) -> None:
    summary, _ = judged(files, lambda prompt: SECOND, "--protocol", "paper")
    assert summary["win_rate"] == 1
    assert summary["verdicts"] == QUESTIONS
    assert any("one order only" in warning for warning in summary["warnings"])


def test_verdicts_that_cannot_be_read_are_counted_and_kept(files: tuple[Path, Path]) -> None:
    def half(prompt: str) -> str:
        return "نمی‌دانم" if re.search(r"پرسش \d*[02468]؟", prompt) else likes_good(prompt)

    summary, _ = judged(files, half)
    assert (summary["nulls"], summary["judged"]) == (40, 20)
    assert any("cannot be read" in warning for warning in summary["warnings"])
    entries = read_log(files[0].with_name("verdicts.jsonl"))
    assert len(entries) == 80
    assert {entry["text"] for entry in entries} >= {"نمی‌دانم", FIRST, SECOND}


def test_a_judge_that_never_says_anything_is_an_error(files: tuple[Path, Path]) -> None:
    verdicts = [{"question": "q0", "order": "first", "says": None}]
    with pytest.raises(GaokerenaError, match="none of judge's 1 verdicts"):
        summarize(verdicts, [], names=("a", "b"), judge="judge", protocol="both")


def test_verdicts_that_are_there_are_not_asked_again(files: tuple[Path, Path]) -> None:
    judged(files, likes_good)
    to = files[0].with_name("verdicts.jsonl")
    lines = to.read_bytes().splitlines(keepends=True)
    to.write_bytes(b"".join(lines[:70]) + lines[70][:9])
    with chat_server(likes_good) as server:
        result = CliRunner().invoke(
            app,
            ["judge", *map(str, files), "--model", "judge", "--endpoint", server.url, "--to",
             str(to), "--yes"],
        )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert len(server.prompts) == 10
    assert to.read_bytes() == b"".join(lines)


def test_the_cost_is_told_before_anything_is_sent(files: tuple[Path, Path]) -> None:
    with chat_server(likes_good) as server:
        result = CliRunner().invoke(
            app,
            ["judge", *map(str, files), "--model", "judge", "--endpoint", server.url, "--to",
             str(files[0].with_name("v.jsonl")), "--price-in", "2.5", "--price-out", "10"],
            input="n\n",
        )  # fmt: skip
    assert result.exit_code == 1
    assert "80 verdicts to ask for" in result.output
    assert "dollars" in result.output
    assert server.prompts == []


def test_the_estimate_grows_with_the_texts_and_shrinks_with_what_is_done() -> None:
    short = [Pair("q", "تب؟", "آب", "خوب", "بد")]
    long = [Pair("q", "تب؟", "آب", "خوب " * 500, "بد " * 500)]
    assert estimate_cost(long, "both").tokens_in > estimate_cost(short, "both").tokens_in
    assert estimate_cost(long, "both").tokens_in > 2 * estimate_cost(long, "paper").tokens_in * 0.9
    assert estimate_cost(short, "both", done=1).requests == 1
    assert estimate_cost(short, "both", done=2, price_in=1, price_out=1).dollars == 0


def test_both_orders_show_the_same_two_answers() -> None:
    pair = Pair("q", "تب؟", "آب", "الف {x}", "ب")
    assert answers_in(judge_prompt(pair, "first", "both")) == ("الف {x}", "ب")
    assert answers_in(judge_prompt(pair, "second", "paper")) == ("ب", "الف {x}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FIRST, "first"),
        ("«پاسخ دوم بهتر است.»", "second"),
        ("**پاسخ ۱ بهتر است**", "first"),
        ("دو پاسخ برابرند", "tie"),
        ("هر دو پاسخ برابر هستند", "tie"),
        ("Answer 2 is better", "second"),
        ("The first answer is better.", "first"),
        ("پاسخ اول بهتر است، نه، پاسخ دوم بهتر است", None),
        ("نمی‌توانم قضاوت کنم", None),
        ("", None),
    ],
)
def test_verdicts_are_read(text: str, says: str | None) -> None:
    assert read_verdict(text) == says


def test_files_without_a_common_question_are_an_error(tmp_path: Path) -> None:
    for name in "ab":
        entry = {"id": name, "question": "؟", "answer": ""}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(entry) + "\n", encoding="utf-8")
    with pytest.raises(GaokerenaError, match="share no question"):
        pair_answers(tmp_path / "a.jsonl", tmp_path / "b.jsonl")


def test_length_control_leaves_a_real_preference_alone() -> None:
    """Where length says nothing, the controlled win rate is the win rate."""
    pairs = [Pair(f"q{n}", "", "", "x" * (10 + n % 7), "x" * (10 + n % 5)) for n in range(200)]
    verdicts = [
        {"question": f"q{n}", "order": order, "says": order if n % 4 else other}
        for n in range(200)
        for order, other in (("first", "second"), ("second", "first"))
    ]
    assert length_controlled(verdicts, pairs) == pytest.approx(0.75, abs=0.02)


def test_a_win_rate_stands_in_the_report(files: tuple[Path, Path], tmp_path: Path) -> None:
    judged(files, lambda prompt: SECOND)
    answers = tmp_path / "answers" / "ibmsee" / "gaokerena.jsonl"
    answers.parent.mkdir(parents=True)
    line = {"question": "؟", "options": ["یک", "دو"], "correct": "A", "answer": "A"}
    answers.write_text(json.dumps(line) + "\n", encoding="utf-8")
    result = CliRunner().invoke(
        app,
        ["report", str(tmp_path / "answers"), "--to", str(tmp_path / "report"), "--also",
         str(tmp_path / "verdicts.summary.json")],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    html = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert ">theirs<" in html
    assert "position bias" in html
    assert html.count("<svg") == 2
