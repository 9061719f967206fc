"""Planted overlaps between test and training texts are found, each in its column."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from gaokerena_data.errors import GaokerenaError
from training.evaluation.commands import app
from training.evaluation.questions.sources import TextSource, parse_source
from training.evaluation.report.summaries import read_summary
from training.evaluation.scoring.contamination import Overlap, find_overlaps, grams

LONG = "برای درمان کم‌خونی فقر آهن باید قرص آهن را با معده خالی و همراه آب پرتقال میل کنید"


def overlap(test: str, train: str) -> tuple[int, int, int]:
    [found] = find_overlaps({"mf3qa": [{"answer": test}]}, "corpus", [{"content": train}])
    return found.touched, found.covered, found.verbatim


def test_a_verbatim_text_is_found_whatever_its_spelling() -> None:
    typed = LONG.replace("ی", "ي").replace("ک", "ك").replace("\u200c", " ") + "."
    assert overlap(LONG, typed) == (1, 1, 1)


def test_a_text_inside_a_longer_one_is_nearly_whole() -> None:
    assert overlap(LONG, f"پزشک گفت {LONG} و دو هفته بعد آزمایش بدهید") == (1, 1, 0)


def test_a_shared_sentence_is_a_touch() -> None:
    head = " ".join(LONG.split()[:9])
    assert overlap(LONG, f"{head} هر روز") == (1, 0, 0)


def test_a_short_shared_phrase_is_none() -> None:
    assert overlap(LONG, "قرص آهن را با معده خالی بخورید") == (0, 0, 0)


def test_columns_are_told_apart() -> None:
    rows = [{"question": "تب دارم چه کنم؟", "answer": LONG}, {"question": "سرفه دارم چه کنم؟"}]
    train = [{"question": "تب دارم، چه کنم"}, {"content": LONG}]
    assert find_overlaps({"mf3qa": rows}, "train", train) == [
        Overlap("mf3qa", "question", "train", 2, 1, 1, 1),
        Overlap("mf3qa", "answer", "train", 1, 1, 1, 1),
    ]


def test_test_sets_are_told_apart() -> None:
    tests = {"mf3qa": [{"question": LONG}], "ibmsee": [{"question": "سرفه دارم"}]}
    found = find_overlaps(tests, "corpus", [{"content": LONG}])
    assert [(row.test, row.touched) for row in found] == [("mf3qa", 1), ("ibmsee", 0)]


@given(st.text())
def test_every_text_with_words_has_a_gram_and_shares_it_with_itself(text: str) -> None:
    own = grams(text)
    if own:
        [found] = find_overlaps({"test": [{"answer": text}]}, "train", [{"answer": text}])
        assert (found.touched, found.covered, found.verbatim) == (1, 1, 1)


def test_the_command(tmp_path: Path) -> None:
    for name, rows in {
        "test": [{"Question": "تب دارم؟", "Answer": LONG}, {"Question": "سرفه؟", "Answer": "آب"}],
        "train": [{"Question": "دیگر", "Answer": LONG}],
    }.items():
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = CliRunner().invoke(
        app,
        ["contamination", "--test", f"mf3qa={tmp_path / 'test.jsonl'}", "--train",
         f"train={tmp_path / 'train.jsonl'}", "--to", str(tmp_path / "c.json")],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    summary = read_summary(tmp_path / "c.json")
    assert [(row["column"], row["items"], row["verbatim"]) for row in summary["rows"]] == [
        ("question", 2, 0),
        ("answer", 2, 1),
    ]
    assert len(summary["sources"]["train"]["sha256"]) == 64


@pytest.mark.parametrize("text", ["", "mf3qa", "=x", "x="])
def test_a_source_without_name_or_place_is_refused(text: str) -> None:
    with pytest.raises(GaokerenaError, match="NAME=LOCATION"):
        parse_source(text, "test")


def test_a_source_may_name_its_split() -> None:
    assert parse_source("a=org/name#dev", "test") == TextSource("a", "org/name", "dev")


def test_a_source_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app,
        ["contamination", "--test", f"a={tmp_path / 'no.jsonl'}", "--train", "b=x", "--to",
         str(tmp_path / "c.json")],
    )  # fmt: skip
    assert isinstance(result.exception, GaokerenaError)
    assert "cannot be loaded" in str(result.exception)
