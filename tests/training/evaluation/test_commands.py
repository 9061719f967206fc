"""A tiny model through every command of `gaokerena evaluate` and `gaokerena translate`."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gaokerena_data.cli import app
from training.evaluation.asking.answer_log import read_log
from training.evaluation.reading.answers import read_answer_file
from training.evaluation.report.render import FORMATS

type Speaking = Callable[[str], Path]
KQA = {
    "Question": "برای سرماخوردگی چه کنم؟",
    "Answer": "استراحت کنید.",
    "Must_have": ["استراحت لازم است"],
    "Nice_to_have": ["عسل کمک می‌کند"],
}


def gaokerena(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def write_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    return path


def test_from_answers_to_the_report(speaking_model: Speaking, exam: Path, tmp_path: Path) -> None:
    ours, theirs = speaking_model("گزینه [B]"), speaking_model("پاسخ: استراحت کنید")
    judge, reader = speaking_model("پاسخ دوم بهتر است"), speaking_model("تأیید")
    answers = tmp_path / "answers"
    asked = ["--benchmark", "ibmsee", "--source", exam, "--to", answers]
    evaluate = ["evaluate", "choices", *asked, "--model", ours]
    gaokerena(*evaluate, "--name", "gaokerena")
    gaokerena(*evaluate, "--name", "scored", "--method", "log-likelihood")
    [path] = answers.glob("*/gaokerena.jsonl")
    assert [answer.chosen for answer in read_answer_file(path)] == ["B", "B", "B"]
    assert json.loads(path.with_suffix(".settings.json").read_text())["model"] == str(ours)

    questions = write_lines(
        tmp_path / "kqa.jsonl", [KQA | {"Question": f"{n}؟"} for n in range(12)]
    )
    for model, name in ((ours, "gaokerena"), (theirs, "aya")):
        gaokerena("evaluate", "free-form", "--model", model, "--questions", questions, "--to",
                  tmp_path / f"{name}.jsonl")  # fmt: skip
    gaokerena("evaluate", "free-form", "--model", ours, "--questions", questions, "--to",
              tmp_path / "gaokerena.jsonl", "--time", tmp_path / "time.json")  # fmt: skip
    told = gaokerena("evaluate", "judge", tmp_path / "gaokerena.jsonl", tmp_path / "aya.jsonl",
                     "--model", judge, "--to", tmp_path / "verdicts.jsonl", "--yes")  # fmt: skip
    assert "gaokerena wins 50.0%" in told
    assert "position bias" in told
    told = gaokerena("evaluate", "kqa", tmp_path / "aya.jsonl", "--statements", questions,
                     "--model", reader, "--to", tmp_path / "labels.jsonl")  # fmt: skip
    assert "comprehensiveness 100.0%, hallucination rate 0.0% over 12 of 12 questions" in told
    gaokerena("evaluate", "contamination", "--test", f"kqa={questions}", "--train",
              f"train={questions}", "--to", tmp_path / "contamination.json")  # fmt: skip

    kinds = ("verdicts.summary", "labels.summary", "time", "contamination")
    summaries = [tmp_path / f"{kind}.json" for kind in kinds]
    also = [word for path in summaries for word in ("--also", path)]
    gaokerena("evaluate", "report", answers, "--to", tmp_path / "report", *also)
    figures = [f"{name}.{form}" for name in ("figure_3", "accuracies") for form in ("png", "svg")]
    names = {path.name for path in (tmp_path / "report").iterdir()}
    assert names == {*(f"report.{form}" for form in (*FORMATS, "json")), *figures}
    html = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    for heading in ("Win rates", "K-QA", "Inference time", "Contamination", "pass mark"):
        assert heading in html


def test_a_pipeline_and_translations(speaking_model: Speaking, exam: Path, tmp_path: Path) -> None:
    english, persian = speaking_model("the kidney"), speaking_model("پاسخ صحیح کلیه است")
    gaokerena("evaluate", "choices", "--model", english, "--into-english", english,
              "--into-persian", persian, "--chat-translators", "--benchmark", "ibmsee", "--source",
              exam, "--to", tmp_path, "--name", "medmobile_parsinlu")  # fmt: skip
    entries = read_log(tmp_path / "ibmsee" / "medmobile_parsinlu.jsonl")
    assert {entry["answer"] for entry in entries} == {"پاسخ صحیح کلیه است"}
    assert [entry["chosen"] for entry in entries] == ["B", "B", None]
    assert not any("flags" in entry for entry in entries)

    mmlu = {"question": "Which organ?", "choices": ["liver", "kidney", "lung", "7 skins"]}
    source = write_lines(tmp_path / "anatomy_en.jsonl", [mmlu | {"answer": 1}])
    to = tmp_path / "anatomy.jsonl"
    command = ["translate", "mmlu", source, "--to", to, "--translator", persian, "--chat"]
    assert "0 rows" in gaokerena(*command)
    held = read_log(to.with_suffix(".review.jsonl"))
    assert [entry["source"] for entry in held] == ["liver", "lung", "7 skins"]
    right = {"liver": "کبد", "lung": "ریه", "7 skins": "۷ پوست"}
    corrections = [entry | {"translation": right[entry["source"]]} for entry in held]
    fixed = write_lines(tmp_path / "reviewed.jsonl", corrections)
    assert "1 rows" in gaokerena(*command, "--corrections", fixed)
    [row] = [json.loads(line) for line in to.read_text(encoding="utf-8").splitlines()]
    assert (row["option4"], row["answer"]) == ("۷ پوست", 2)
    kqa = write_lines(tmp_path / "kqa_en.jsonl", [KQA | {"Free_form_answer": "Rest."}])
    told = gaokerena("translate", "kqa", kqa, "--to", tmp_path / "kqa_fa.jsonl", "--translator",
                     persian, "--chat")  # fmt: skip
    assert "1 rows" in told


@pytest.mark.parametrize("command", ["choices", "free-form", "judge", "kqa", "contamination"])
def test_help_tells_every_option(command: str) -> None:
    told = gaokerena("evaluate", command, "--help")
    assert "Options:" in told
    assert "--to" in told
