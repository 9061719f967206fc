"""K-QA's two measures from known labels, a chat model, and an NLI classifier."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from typer.testing import CliRunner

from gaokerena_data.errors import GaokerenaError
from tests.training.evaluation.conftest import chat_server
from training.evaluation.asking.answer_log import read_log
from training.evaluation.commands import app
from training.evaluation.report.summaries import read_summary
from training.evaluation.scoring.entailment import Label, read_label
from training.evaluation.scoring.kqa import read_statements, run_kqa, summarize

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

    def label(self, pairs: Sequence[tuple[str, str]]) -> list[Label | None]:
        return [self.table.get(statement, "neutral") for _, statement in pairs]


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
    found = summarize(labels, system="ours", entailment="known")
    assert found["comprehensiveness"] == pytest.approx((1 / 2 + 1) / 2)
    assert found["hallucination"] == pytest.approx((1 / 4 + 0) / 2)
    assert found["contradictions_per_question"] == 0.5
    assert (found["questions"], found["statements"]) == (2, 5)


def test_a_chat_model_labels_through_the_command(files: tuple[Path, Path], tmp_path: Path) -> None:
    words = {"entails": "تأیید", "contradicts": "تناقض", "neutral": "هیچ‌کدام"}

    def respond(prompt: str) -> str:
        statement = prompt.split("## گزاره\n")[1].split("\n\n", maxsplit=1)[0]
        return words[str(Known().label([("", statement)])[0])]

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


def test_labels_that_cannot_be_read_are_left_out_and_counted(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    class Shy(Known):
        table = Known.table | {"مایعات لازم است": None}

    statements, answers = files
    labels = run_kqa(
        Shy(), read_statements(str(statements)), answers, tmp_path / "l.jsonl", batch_size=9
    )
    found = summarize(labels, system="ours", entailment="known")
    assert found["unlabelled"] == 1
    assert found["comprehensiveness"] == 1


@pytest.mark.parametrize(
    ("text", "label"),
    [("«تأیید»", "entails"), ("تناقض دارد", "contradicts"), ("هیچ‌کدام", "neutral"),
     ("entailment", "entails"), ("تأیید یا تناقض", None), ("", None)],
)  # fmt: skip
def test_labels_are_read(text: str, label: str | None) -> None:
    assert read_label(text) == label


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
    assert set(together) <= {"entails", "neutral", "contradicts"}
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
