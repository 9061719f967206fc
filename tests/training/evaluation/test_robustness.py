"""The same questions in other orders, labels and words, by a model and behind an endpoint."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import chisquare
from typer.testing import CliRunner

from tests.openai_server import chat_server
from training.evaluation.asking.answer_log import read_log
from training.evaluation.commands import app
from training.evaluation.questions.benchmarks import Item, load_benchmark
from training.evaluation.questions.prompts import choices_prompt
from training.evaluation.questions.variants import (
    can_vary,
    names_others,
    order_of,
    speaks_of_all,
    variants,
)
from training.evaluation.report.summaries import read_summary

MANY_CASES = True


def run(*words: object, fails: bool = False) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert (done.exit_code != 0) == fails, (done.output, done.exception)
    return f"{done.output}{done.exception or ''}"


def item(*options: str, name: str = "q", correct: str = "A") -> Item:
    return Item(name, "ibmsee", 1, "کدام؟", options, correct)


def ask(url: str, exam: Path, to: Path, *more: object) -> dict[str, Any]:
    run("robustness", "--benchmark", "ibmsee", "--source", exam, "--model", "m", "--endpoint", url,
        "--to", to, *more)  # fmt: skip
    return read_summary(to / "m.robustness.json")


def knows(prompt: str) -> str:
    """Whoever knows: the label that stands before the right organ, in its own script."""
    right = next(
        organ
        for asked, organ in (("صفرا", "کبد"), ("ادرار", "کلیه"), ("انسولین", "پانکراس"))
        if asked in prompt
    )
    found = re.search(rf"\[(\w+)\] : {right}", prompt)
    assert found is not None
    return f"پاسخ صحیح گزینه [{found.group(1)}] است."


def test_who_knows_is_the_same_in_every_way(exam: Path, tmp_path: Path) -> None:
    with chat_server(knows) as server:
        summary = ask(server.url, exam, tmp_path)
        assert len(server.prompts) == 3 * 9
        assert ask(server.url, exam, tmp_path) == summary
        assert len(server.prompts) == 3 * 9  # a later run goes on with what is there
        assert "says other seed" in run(
            "robustness", "--benchmark", "ibmsee", "--source", exam, "--model", "m", "--endpoint",
            server.url, "--to", tmp_path, "--order-seed", 5, fails=True,
        )  # fmt: skip
    assert summary["lowest"] == summary["highest"] == summary["same_option"] == 1
    assert summary["sd"] == 0
    asked = [row["variant"] for row in summary["rows"]]
    assert asked == ["paper", "order_1", "order_2", "order_3", "digits", "persian_letters",
                     "prompt_1", "prompt_2", "prompt_3"]  # fmt: skip
    first = load_benchmark("ibmsee", str(exam))[0]
    assert choices_prompt(first.question, first.options) in server.prompts[:3]  # asked at once
    assert any("[۱] : کبد" in prompt for prompt in server.prompts)
    assert any("[الف] : کبد" in prompt for prompt in server.prompts)


def test_who_likes_a_place_is_found_out(exam: Path, tmp_path: Path) -> None:
    with chat_server(lambda prompt: "گزینه دوم") as server:
        summary = ask(server.url, exam, tmp_path, "--orders", 8)
    assert summary["position_chi_squared"] == pytest.approx(24 * 3)  # all of 24 in one of four
    assert summary["position_p"] == pytest.approx(chisquare([0, 24, 0, 0]).pvalue)
    assert summary["chosen_B"] == 24
    assert summary["same_option"] == 0
    paper = summary["rows"][0]
    assert (paper["accuracy"], paper["as_in_first"]) == (pytest.approx(1 / 3), 3)
    accuracies = [row["accuracy"] for row in summary["rows"]]
    assert summary["sd"] == pytest.approx(np.std(accuracies, ddof=1))
    assert (summary["lowest"], summary["highest"]) == (min(accuracies), max(accuracies))


def test_what_is_not_read_is_the_same_as_nothing(exam: Path, tmp_path: Path) -> None:
    with chat_server(lambda prompt: "نمی‌دانم") as server:
        summary = ask(server.url, exam, tmp_path, "--orders", 0)
    assert (summary["same_option"], summary["read_in_all"], summary["position_p"]) == (0, 0, None)
    assert {row["unread"] for row in summary["rows"]} == {3}


def test_items_that_cannot_be_put_otherwise_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [
        (["کبد", "کلیه", "گزینه‌های الف و ب"], 1),
        (["کبد", "کلیه", "همهٔ موارد"], 1),
        (["کبد", "کلیه", "طحال"], 1),
    ]
    source = tmp_path / "ibmsee.jsonl"
    text = "".join(
        json.dumps({"question": f"صفرا {n}؟", "options": options, "answer": key}) + "\n"
        for n, (options, key) in enumerate(rows)
    )
    source.write_text(text, encoding="utf-8")
    with chat_server(knows) as server:
        summary = ask(server.url, source, tmp_path)
    assert (summary["items"], summary["left_out"]) == (2, 1)
    # Of the two, the one whose last option keeps its place says nothing about liking a place.
    assert summary["position_answers"] == 3


@pytest.mark.thorough
def test_a_tiny_model_by_log_likelihood(tiny_model: Path, exam: Path, tmp_path: Path) -> None:
    told = run("robustness", "--benchmark", "ibmsee", "--source", exam, "--model", tiny_model,
               "--to", tmp_path, "--name", "tiny", "--method", "log-likelihood")  # fmt: skip
    assert "9 ways to ask" in told
    entries = read_log(tmp_path / "digits" / "ibmsee" / "tiny.jsonl")
    assert all(len(entry["scores"]) == 4 for entry in entries)


def test_a_tiny_model_and_a_pipeline(
    speaking_model: Callable[[str], Path], exam: Path, tmp_path: Path
) -> None:
    model = speaking_model("گزینه [B]")
    asked = ["robustness", "--benchmark", "ibmsee", "--source", exam, "--model", model, "--limit",
             2, "--orders", 1, "--max-new-tokens", 8, "--name", "tiny"]  # fmt: skip
    run(*asked, "--to", tmp_path / "alone")
    assert read_summary(tmp_path / "alone" / "tiny.robustness.json")["variants"] == 7
    persian = speaking_model("پاسخ صحیح کلیه است")
    told = run(*asked, "--to", tmp_path / "pipeline", "--into-english", model, "--into-persian",
               persian, "--chat-translators", "--keep-untranslated")  # fmt: skip
    assert "its orders alone are varied" in told
    assert read_summary(tmp_path / "pipeline" / "tiny.robustness.json")["variants"] == 2
    assert "no log-likelihoods" in run(*asked, "--to", tmp_path / "x", "--into-english", model,
                                       "--method", "log-likelihood", fails=True)  # fmt: skip


def test_the_right_option_goes_with_its_text() -> None:
    options = ("کبد", "کلیه", "طحال", "همهٔ موارد")
    for way in variants(orders=6):
        put = way.put(item(*options, correct="C"))
        assert put.options["ABCD".index(put.correct)] == "طحال"
        assert sorted(put.options) == sorted(options)
        assert put.options[3] == "همهٔ موارد"


def test_orders_are_drawn_evenly_and_by_the_seed() -> None:
    drawn = [tuple(order_of(item("a", "b", "c", name=str(n)), "0")) for n in range(3000)]
    counts = [drawn.count(order) for order in sorted(set(drawn))]
    assert len(counts) == 6
    assert chisquare(counts).pvalue > 0.001
    assert drawn[:5] == [tuple(order_of(item("a", "b", "c", name=str(n)), "0")) for n in range(5)]
    other = [tuple(order_of(item("a", "b", "c", name=str(n)), "1")) for n in range(3000)]
    assert other != drawn


@pytest.mark.parametrize(
    "option",
    ["الف و ب", "گزینه‌های ۱ و ۳ صحیح است", "موارد الف، ب و ج", "A and C", "هر دو گزینهٔ ب و د",
     "گزینه ۲ درست است", "1 و 2", "both A and B are correct", "ب و ج صحیح می‌باشند",
     "موارد اول و سوم", "گزینهٔ دو و چهار"],
)  # fmt: skip
def test_options_that_name_labels_are_seen(option: str) -> None:
    assert names_others(option)
    assert not can_vary(item("کبد", option))


@pytest.mark.parametrize(
    "option",
    ["هپاتیت ب", "ویتامین A و D", "هپاتیت B و C", "۱ تا ۲ روز", "کبد و طحال", "گروه خونی A",
     "الف", "انتروکوک و کلبسیلا", "بتا و آلفا", "12 و 24 ساعت", "ویتامین‌های ب۶ و ب۱۲",
     "سه‌ماههٔ اول و دوم", "مهره‌های ۴ و ۵ کمری"],
)  # fmt: skip
def test_options_that_name_no_labels_stay(option: str) -> None:
    assert not names_others(option)


@pytest.mark.parametrize(
    "option",
    ["همهٔ موارد", "هیچ‌کدام", "هیچ یک از موارد فوق", "همه موارد بالا", "تمام گزینه‌ها",
     "All of the above", "none of these", "هر سه مورد", "هر سه", "همه‌ی موارد", "کلیه موارد",
     "هر سه ساختار"],
)  # fmt: skip
def test_options_that_speak_of_all_are_seen(option: str) -> None:
    assert speaks_of_all(option)


@pytest.mark.parametrize(
    "option", ["کلیه", "کلیهٔ راست", "همهٔ مفاصل کوچک", "هر دو ریه", "هیچ دارویی لازم نیست"]
)
def test_options_that_speak_of_the_body_are_not(option: str) -> None:
    assert not speaks_of_all(option)
