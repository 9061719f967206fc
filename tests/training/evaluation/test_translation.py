"""Benchmarks into Persian: order kept, failures held back for review, resumed, importable."""

import json
import re
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from gaokerena_data.benchmarks.imports import import_benchmark
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.release.build import release
from gaokerena_data.release.folder import open_release
from gaokerena_data.workspace import Workspace
from tests.openai_server import chat_server
from training.evaluation.asking.referees import read_rating
from training.evaluation.asking.translation import (
    RowCounts,
    read_corrections,
    translate_rows,
)
from training.evaluation.systems.model import Generation
from training.evaluation.systems.translator import Language
from training.evaluation.translate_commands import app
from training.models.decoding import Decoding

MMLU = [
    {"question": "Which organ makes bile?", "option1": "Liver", "option2": "Kidney",
     "option3": "Lung", "option4": "Skin", "answer": 1, "Source": "anatomy"},
    {"question": "How many lobes has the right lung of 2?", "option1": "3 lobes",
     "option2": "2 lobes", "option3": "1 lobe", "option4": "5 lobes", "answer": 1,
     "Source": "anatomy"},
]  # fmt: skip
KQA = [
    {
        "Question": "Is Lexapro safe?",
        "Free_form_answer": "Take 10 mg of escitalopram.",
        "Must_have": ["It is an SSRI", "The dose is 10 mg"],
        "Nice_to_have": [],
    }
]


def in_persian(text: str) -> str:
    """A word for a word, but for names and what was protected."""
    persian = cycle(("واژه", "سخن", "گفته", "لغت", "عبارت"))
    return re.sub(r"\b[a-z]{2,}\b", lambda _: next(persian), text)


class Marker:
    """Translates by putting a Persian word in front, and remembers what it was asked."""

    name = "marker"

    def __init__(self, spoil: str = "") -> None:
        self.spoil = spoil
        self.asked: list[str] = []

    def translate(self, texts: Sequence[str], into: Language) -> list[str]:
        self.asked += texts
        return [
            "ترجمه " + ("" if self.spoil and self.spoil in text else in_persian(text))
            for text in texts
        ]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_options_stay_in_order_and_the_result_is_imported(tmp_path: Path) -> None:
    path = tmp_path / "anatomy.jsonl"
    translator = Marker()
    assert translate_rows("mmlu", MMLU, translator, path) == RowCounts(2, 0)
    assert "ترجمه 3 واژه" in lines(path)[1]["option1"]
    assert lines(path)[0]["answer"] == 1
    assert any("[[0]]" in text for text in translator.asked)
    imported = import_benchmark(Workspace(tmp_path / "w"), "mmlu_medical_fa", path)
    [first, second] = pq.read_table(imported.path).to_pylist()
    assert [first[f"option{n}"] for n in range(1, 5)] == [
        "ترجمه Liver", "ترجمه Kidney", "ترجمه Lung", "ترجمه Skin",
    ]  # fmt: skip
    assert second["answer"] == 1


def test_mmlu_as_it_is_on_the_hub(tmp_path: Path) -> None:
    row = {"question": "Bile?", "choices": ["Skin", "Liver", "Lung", "Eye"], "answer": 1}
    translate_rows("mmlu", [row], Marker(), tmp_path / "anatomy.jsonl")
    [found] = lines(tmp_path / "anatomy.jsonl")
    assert (found["option2"], found["answer"]) == ("ترجمه Liver", 2)


def test_a_row_with_a_problem_waits_for_a_person(tmp_path: Path) -> None:
    path = tmp_path / "anatomy.jsonl"
    assert translate_rows("mmlu", MMLU, Marker("many lobes"), path) == RowCounts(1, 1)
    [held] = lines(path.with_suffix(".review.jsonl"))
    assert held["id"] == "2:question:0"
    assert held["problems"]
    reviewed = tmp_path / "reviewed.jsonl"
    entry = held | {"translation": "ریهٔ راست از ۲ ریه چند لوب دارد؟"}
    reviewed.write_text(json.dumps(entry, ensure_ascii=False) + "\n", encoding="utf-8")
    again = Marker()
    corrections = read_corrections(reviewed)
    assert translate_rows("mmlu", MMLU, again, path, corrections=corrections) == RowCounts(2, 0)
    assert again.asked == []
    assert lines(path)[1]["question"] == entry["translation"]


@pytest.mark.parametrize(
    ("given", "comes_in"),
    [({}, 0), ({"translation": ""}, 0), ({"translation": "  "}, 0), ({"accepted": True}, 1),
     ({"accepted": "no"}, 0), ({"translation": "چند لوب از ۲ تا دارد؟"}, 1)],
)  # fmt: skip
def test_a_correction_counts_where_somebody_made_one(
    tmp_path: Path, given: dict[str, Any], comes_in: int
) -> None:
    path, reviewed = tmp_path / "anatomy.jsonl", tmp_path / "reviewed.jsonl"
    low = Referee("a", "5", of_lobes="4")
    translate_rows("mmlu", MMLU, Marker(), path, referees=[low])
    [held] = lines(path.with_suffix(".review.jsonl"))
    reviewed.write_text(json.dumps(held | given, ensure_ascii=False) + "\n", encoding="utf-8")
    counts = translate_rows(
        "mmlu", MMLU, Marker(), path, referees=[low], corrections=read_corrections(reviewed)
    )
    assert counts == RowCounts(1 + comes_in, 1 - comes_in)


def test_a_correction_of_another_text_is_refused(tmp_path: Path) -> None:
    path, reviewed = tmp_path / "anatomy.jsonl", tmp_path / "reviewed.jsonl"
    translate_rows("mmlu", MMLU, Marker(), path)
    for other in ({"id": "9:question:0"}, {"source": "Which organ makes urine?"}):
        entry = {"id": "1:question:0", "source": MMLU[0]["question"], "translation": "؟"} | other
        reviewed.write_text(json.dumps(entry, ensure_ascii=False) + "\n", encoding="utf-8")
        corrections = read_corrections(reviewed)
        with pytest.raises(GaokerenaError, match="of another text"):
            translate_rows("mmlu", MMLU, Marker(), path, corrections=corrections)


def test_a_text_that_was_not_translated_waits_and_is_asked_for_again(tmp_path: Path) -> None:
    class Silent(Marker):
        def translate(self, texts: Sequence[str], into: Language) -> list[str]:
            done = super().translate(texts, into)
            return ["" if "lobes" in text else each for text, each in zip(texts, done, strict=True)]

    path = tmp_path / "anatomy.jsonl"
    counts = translate_rows("mmlu", MMLU, Silent(), path)
    assert (counts.written, counts.to_review) == (1, 1)
    again = Marker()
    assert translate_rows("mmlu", MMLU, again, path) == RowCounts(2, 0)
    assert again.asked
    assert all("lobes" in text for text in again.asked)


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "anatomy.jsonl"
    translate_rows("mmlu", MMLU, Marker(), path)
    whole = path.read_bytes()
    log = path.with_suffix(".log.jsonl")
    kept = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(kept[:6]) + kept[6][:11])
    again = Marker()
    translate_rows("mmlu", MMLU, again, path)
    assert len(again.asked) == 4
    assert path.read_bytes() == whole


def test_other_texts_never_go_on_in_the_same_log(tmp_path: Path) -> None:
    path = tmp_path / "anatomy.jsonl"
    translate_rows("mmlu", MMLU, Marker(), path)
    with pytest.raises(GaokerenaError, match="of other texts"):
        translate_rows("mmlu", MMLU[::-1], Marker(), path)


def test_kqa_through_the_command_to_a_release(tmp_path: Path) -> None:
    source, to = tmp_path / "kqa_en.jsonl", tmp_path / "kqa_fa.jsonl"
    source.write_text(json.dumps(KQA[0]) + "\n", encoding="utf-8")
    with chat_server(lambda prompt: "ترجمه " + in_persian(prompt.rpartition("\n\n")[2])) as server:
        result = CliRunner().invoke(
            app,
            ["kqa", str(source), "--to", str(to), "--translator", "m", "--endpoint", server.url],
        )
    assert result.exit_code == 0, result.output
    assert "1 rows in" in result.output
    workspace = Workspace(tmp_path / "w")
    imported = import_benchmark(workspace, "kqa_fa", to)
    released = release(workspace, "kqa_fa", "1.0.0")
    assert open_release(released.folder).counts() == {"default": {"test": 1}}
    [row] = pq.read_table(imported.path).to_pylist()
    assert row["Must_have"] == ["ترجمه It واژه سخن SSRI", "ترجمه The واژه سخن 10 mg"]
    assert row["Free_form_answer"] == "ترجمه Take 10 mg واژه escitalopram."


def test_a_row_without_a_column_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match="row 1 has no option1"):
        translate_rows("mmlu", [{"question": "?"}], Marker(), tmp_path / "a.jsonl")


class Referee:
    """Says what it is told to, and remembers how often it was asked."""

    def __init__(self, name: str, says: str, of_lobes: str = "5") -> None:
        self.name = name
        self.says, self.of_lobes = says, of_lobes
        self.asked = 0

    def generate(self, prompts: Sequence[str], decoding: Decoding) -> list[Generation]:
        self.asked += len(prompts)
        return [
            Generation(self.of_lobes if "many lobes" in prompt else self.says, 1, 0.0)
            for prompt in prompts
        ]

    def score_choices(
        self, prompts: Sequence[str], continuations: Sequence[str]
    ) -> list[list[float]]:
        raise NotImplementedError


def test_what_both_referees_rate_5_is_kept_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "anatomy.jsonl"
    first, second = Referee("a", "5"), Referee("b", '{"rating": 5}', of_lobes="4/5")
    counts = translate_rows("mmlu", MMLU, Marker(), path, referees=[first, second])
    assert counts == RowCounts(1, 1)
    [held] = lines(path.with_suffix(".review.jsonl"))
    assert held["problems"] == ["rated 4 of 5 by b"]
    assert held["ratings"] == {"a": 5, "b": 4}
    asked = first.asked, second.asked
    translate_rows("mmlu", MMLU, Marker(), path, referees=[first, second])
    assert (first.asked, second.asked) == asked


def test_a_rating_that_cannot_be_read_holds_a_row_back_and_is_asked_for_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "anatomy.jsonl"
    vague = Referee("a", "5", of_lobes="a good translation")
    assert translate_rows("mmlu", MMLU, Marker(), path, referees=[vague]) == RowCounts(1, 1)
    [held] = lines(path.with_suffix(".review.jsonl"))
    assert held["problems"] == ["not rated by a"]
    plain = Referee("a", "5")
    assert translate_rows("mmlu", MMLU, Marker(), path, referees=[plain]) == RowCounts(2, 0)
    assert plain.asked == 1


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("5", 5), ("امتیاز: ۴", 4), ("**Rating:** 3", 3), ("4/5", 4), ("۵ از ۵", 5),
        ('```json\n{"rating": 2, "why": "a dose"}\n```', 2), ('{"rating": 9}', None),
        ("<think>5</think>3", 3), ("<think>5", None), ("between 3 and 4", None),
        ("Rating: 4. Rating: 5.", None), ("10", None), ("", None),
    ],
)  # fmt: skip
def test_ratings_are_read(text: str, rating: int | None) -> None:
    assert read_rating(text) == rating
