"""K-QA's two measures from known labels, a chat model, and an NLI classifier."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from typer.testing import CliRunner

from gaokerena_data.errors import GaokerenaError
from tests.openai_server import chat_server, completion
from training.evaluation.asking.answer_log import read_log
from training.evaluation.commands import app
from training.evaluation.reading.entailment_labels import Label
from training.evaluation.report.summaries import read_summary
from training.evaluation.scoring.entailment import Judged
from training.evaluation.scoring.entailment_check import check_entailment, read_labelled
from training.evaluation.scoring.kqa import as_published, read_statements, run_kqa, summarize

STATEMENTS = [
    {
        "Question": "برای سرماخوردگی چه کنم؟",
        "Must_have": ["استراحت لازم است", "مایعات لازم است"],
        "Nice_to_have": ["عسل کمک می‌کند", "آنتی‌بیوتیک لازم است"],
    },
    {"Question": "تب چیست؟", "Must_have": ["تب بالا رفتن دماست"], "Nice_to_have": []},
]
ANSWERS = ["استراحت کنید و عسل بخورید؛ آنتی‌بیوتیک نخورید.", "تب بالا رفتن دمای بدن است."]


class Known:
    """Labels by a table; every other statement is neutral."""

    name = "known"
    table: ClassVar[dict[str, Label | None]] = {
        "استراحت لازم است": "entails",
        "عسل کمک می‌کند": "entails",
        "آنتی‌بیوتیک لازم است": "contradicts",
        "تب بالا رفتن دماست": "entails",
    }

    def label(self, pairs: Sequence[tuple[str, str]]) -> list[Judged]:
        return [Judged(self.table.get(statement, "neutral")) for _, statement in pairs]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    statements, answers = tmp_path / "kqa.jsonl", tmp_path / "ours.jsonl"
    lines = [json.dumps(entry, ensure_ascii=False) for entry in STATEMENTS]
    statements.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with answers.open("w", encoding="utf-8") as file:
        for number, (entry, answer) in enumerate(zip(STATEMENTS, ANSWERS, strict=True), start=1):
            line = {"id": str(number), "question": entry["Question"], "answer": answer}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return statements, answers


def test_the_two_measures(files: tuple[Path, Path], tmp_path: Path) -> None:
    statements, answers = files
    labels = run_kqa(
        Known(), read_statements(str(statements)), answers, tmp_path / "l.jsonl", batch_size=2
    )
    found = summarize(labels, system="ours", entailment="known", asked=2)
    assert found["comprehensiveness"] == pytest.approx((1 / 2 + 1) / 2)
    assert found["hallucination"] == pytest.approx((1 / 4 + 0) / 2)
    assert found["contradictions_per_question"] == 0.5
    assert (found["questions"], found["statements"]) == (2, 5)
    assert found["as_published"] == {
        "questions": 2,
        "answered": 2,
        "comprehensiveness": 0.75,
        "comprehensiveness_of_answered": 0.75,
        "hallucination": 0.5,
        "hallucination_of_answered": 0.5,
        "contradicted": 1,
    }


def test_the_authors_formulas_divide_by_all_questions_and_keep_unread_statements() -> None:
    """Worked by hand: of four questions two are answered, one statement of three is unread."""
    labels: list[dict[str, Any]] = [
        {"question": "1", "statement": "must", "label": "entails"},
        {"question": "1", "statement": "must", "label": None},
        {"question": "1", "statement": "nice", "label": "contradicts"},
        {"question": "2", "statement": "must", "label": "contradicts"},
    ]
    found = as_published(labels, 4)
    assert found["comprehensiveness"] == pytest.approx((1 / 2 + 0) / 4)
    assert found["comprehensiveness_of_answered"] == pytest.approx((1 / 2 + 0) / 2)
    assert found["hallucination"] == 2 / 4
    assert found["hallucination_of_answered"] == 2 / 2


def test_an_answer_that_changed_is_read_anew_and_an_unread_statement_again(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    class Counting(Known):
        asked: ClassVar[list[str]] = []

        def label(self, pairs: Sequence[tuple[str, str]]) -> list[Judged]:
            self.asked.extend(statement for _, statement in pairs)
            return super().label(pairs)

    class Shy(Counting):
        table = Known.table | {"مایعات لازم است": None}

    statements, answers = files
    asked, to = read_statements(str(statements)), tmp_path / "l.jsonl"
    run_kqa(Shy(), asked, answers, to, batch_size=9)
    Counting.asked.clear()
    run_kqa(Counting(), asked, answers, to, batch_size=9)
    assert Counting.asked == ["مایعات لازم است"]
    text = answers.read_text(encoding="utf-8").replace("تب بالا رفتن دمای بدن است", "نمی‌دانم")
    answers.write_text(text, encoding="utf-8")
    Counting.asked.clear()
    labels = run_kqa(Counting(), asked, answers, to, batch_size=9)
    assert Counting.asked == ["تب بالا رفتن دماست"]
    assert len(labels) == 5


def test_a_model_is_held_against_physicians(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "physicians.csv"
    rows = [
        ("استراحت لازم است", "Entailment"),
        ("عسل کمک می‌کند", "Neutral"),
        ("آنتی‌بیوتیک لازم است", "Contradiction"),
        ("تب چیست", "Neutral"),
        ("کسی نمی‌داند", ""),
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["", "Question", "answer", "claim", "majority_label"])
        table.writerows([n, "؟", "پاسخ", claim, label] for n, (claim, label) in enumerate(rows))
    labelled = read_labelled(path)
    assert len(labelled) == 4
    found = check_entailment(Known(), labelled, batch_size=3)
    assert (found.same.hits, found.same.total, found.unread) == (3, 4, 0)
    assert found.by_label["neutral"].hits == 1
    assert found.kappa == pytest.approx(0.6364, abs=1e-4)  # (3/4 - 5/16) / (1 - 5/16)
    with pytest.raises(GaokerenaError, match="no column 'answer'"):
        read_labelled(files[0])


def test_a_chat_model_labels_through_the_command(files: tuple[Path, Path], tmp_path: Path) -> None:
    words = {"entails": "تأیید", "contradicts": "تناقض", "neutral": "هیچ‌کدام"}

    def respond(prompt: str) -> str:
        statement = prompt.split("## گزاره\n")[1].split("\n\n", maxsplit=1)[0]
        return words[str(Known().label([("", statement)])[0].label)]

    statements, answers = files
    to = tmp_path / "labels.jsonl"
    with chat_server(respond) as server:
        result = CliRunner().invoke(
            app,
            ["kqa", str(answers), "--statements", str(statements), "--to", str(to), "--model", "m",
             "--endpoint", server.url, "--batch-size", "2"],
        )  # fmt: skip
    assert result.exit_code == 0, result.output
    summary = read_summary(to.with_suffix(".summary.json"))
    assert summary["comprehensiveness"] == 0.75
    assert [entry["label"] for entry in read_log(to)] == [
        "entails", "neutral", "entails", "contradicts", "entails",
    ]  # fmt: skip


def test_a_reply_that_was_cut_off_is_no_label_and_its_words_are_kept(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    statements, answers = files
    to = tmp_path / "labels.jsonl"
    said = completion("برای تأیید گزاره باید", finish_reason="length")

    def respond(prompt: str) -> Any:
        return "تناقض" if "تب بالا رفتن دماست" in prompt else said

    with chat_server(respond) as server:
        result = CliRunner().invoke(
            app,
            ["kqa", str(answers), "--statements", str(statements), "--to", str(to), "--model", "m",
             "--endpoint", server.url],
        )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "4 of 5 statements have no label (4 cut off)" in result.output
    assert "over 1 of 2 questions" in result.output
    cut = [entry for entry in read_log(to) if entry["label"] is None]
    assert {entry["text"] for entry in cut} == {"برای تأیید گزاره باید"}


def test_a_blank_answer_is_none(files: tuple[Path, Path], tmp_path: Path) -> None:
    statements, answers = files
    text = answers.read_text(encoding="utf-8").replace(ANSWERS[1], " ")
    answers.write_text(text, encoding="utf-8")
    labels = run_kqa(
        Known(), read_statements(str(statements)), answers, tmp_path / "l.jsonl", batch_size=9
    )
    assert {label["question"] for label in labels} == {"1"}


def test_labels_that_cannot_be_read_are_left_out_and_counted(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    class Shy(Known):
        table = Known.table | {"مایعات لازم است": None}

    statements, answers = files
    labels = run_kqa(
        Shy(), read_statements(str(statements)), answers, tmp_path / "l.jsonl", batch_size=9
    )
    found = summarize(labels, system="ours", entailment="known", asked=2)
    assert found["unlabelled"] == 1
    assert found["comprehensiveness"] == 1


def test_answers_to_other_questions_are_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    statements, answers = files
    answers.write_text('{"id": "1", "question": "؟", "answer": ""}\n', encoding="utf-8")
    with pytest.raises(GaokerenaError, match="another question"):
        run_kqa(
            Known(), read_statements(str(statements)), answers, tmp_path / "l.jsonl", batch_size=2
        )
    answers.write_text('{"id": "9", "question": "؟", "answer": ""}\n', encoding="utf-8")
    with pytest.raises(GaokerenaError, match="none of K-QA"):
        run_kqa(
            Known(), read_statements(str(statements)), answers, tmp_path / "m.jsonl", batch_size=2
        )


@pytest.mark.parametrize(
    "row",
    [
        {"Question": "؟"},
        {"Question": "؟", "Must_have": "یک جمله", "Nice_to_have": []},
        {"Question": "؟", "Must_have": "__import__('os').getcwd()", "Nice_to_have": []},
        {"Question": "؟", "Must_have": [1], "Nice_to_have": []},
    ],
)
def test_a_row_without_statements_is_a_clear_error(tmp_path: Path, row: dict[str, object]) -> None:
    path = tmp_path / "kqa.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(GaokerenaError, match="row 1"):
        read_statements(str(path))


def test_a_printed_list_is_a_list(tmp_path: Path) -> None:
    """As in the authors' Persian file: a list's text, not a list."""
    path = tmp_path / "kqa.jsonl"
    row = {"Question": "؟", "Must_have": "['تب', 'سرفه']", "Nice_to_have": "[]"}
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    [found] = read_statements(str(path))
    assert (found.must, found.nice) == (("تب", "سرفه"), ())


def test_an_nli_classifier_labels(tiny_model: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    from training.evaluation.scoring.nli import NliEntailment

    tokenizer = AutoTokenizer.from_pretrained(tiny_model)
    folder = tmp_path / "nli"
    torch.manual_seed(0)
    sizes = {
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": 64,
        "pad_token_id": tokenizer.pad_token_id,
    }
    names = {0: "entailment", 1: "neutral", 2: "contradiction"}
    config = BertConfig(**sizes, id2label=names)
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    model = NliEntailment(str(folder))
    pairs = [("استراحت کنید. " * 200, "استراحت لازم است"), ("آب", "آب"), ("تب", "کبد")]
    together = model.label(pairs)
    assert len(together) == 3
    assert {judged.label for judged in together} <= {"entails", "neutral", "contradicts"}
    assert together == [model.label([pair])[0] for pair in pairs]
    other = BertConfig(**sizes, id2label={0: "no", 1: "yes"})
    BertForSequenceClassification(other).save_pretrained(folder)
    with pytest.raises(GaokerenaError, match="an NLI model has"):
        NliEntailment(str(folder))


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "must", "nice"), [("kqa_en.jsonl", 892, 697), ("kqa_fa.jsonl", 891, 697)]
)
def test_the_published_files_are_read(real_data: Path, name: str, must: int, nice: int) -> None:
    questions = read_statements(str(real_data / "legacy" / name))
    assert len(questions) == 201
    assert sum(len(question.must) for question in questions) == must
    assert sum(len(question.nice) for question in questions) == nice
