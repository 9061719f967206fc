"""The field's own harness, lm-eval, on our tasks: the same answers, the same numbers."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from lm_eval import simple_evaluate
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager
from typer.testing import CliRunner

from training.evaluation.asking.answer_log import read_log
from training.evaluation.asking.harness import score_answer, write_tasks
from training.evaluation.commands import app
from training.evaluation.questions.benchmarks import Item
from training.evaluation.questions.paper import MMLU
from training.evaluation.questions.prompts import choices_prompt
from training.evaluation.reading.answers import read_answer_file
from training.evaluation.report.tables import build_report
from training.evaluation.scoring.multiple_choice import collect, score

ANSWER = "گزینه [B]"


def harness(model: Any, tasks: Path, groups: list[str], **options: Any) -> dict[str, Any]:
    results: dict[str, Any] | None = simple_evaluate(
        model=model,
        tasks=groups,
        task_manager=TaskManager(include_path=str(tasks), include_defaults=False),
        log_samples=True,
        bootstrap_iters=100,
        **options,
    )
    assert results is not None
    return results


def ours(model: Path, exam: Path, to: Path, *options: str) -> list[dict[str, Any]]:
    common = ["--benchmark", "mmlu_medical_fa", "--source", str(exam)]
    done = CliRunner().invoke(
        app, ["choices", "--model", str(model), *common, "--to", str(to), *options]
    )
    assert done.exit_code == 0, done.output
    return [entry for subject in MMLU for entry in read_log(to / subject / f"{model.name}.jsonl")]


def samples(results: dict[str, Any], group: str) -> list[dict[str, Any]]:
    return [
        sample
        for subject in MMLU
        for sample in sorted(results["samples"][f"{group}_{subject}"], key=lambda s: s["doc_id"])
    ]


@pytest.fixture(scope="module")
def tasks(exam: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("harness") / "tasks"
    done = CliRunner().invoke(
        app,
        ["harness-tasks", "--benchmark", "mmlu_medical_fa", "--source", str(exam), "--to",
         str(folder)],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "--tasks mmlu_medical_fa_generate" in done.output
    return folder


def test_a_model_that_answers_gets_the_same_accuracy(
    speaking_model: Callable[[str], Path], exam: Path, tasks: Path, tmp_path: Path
) -> None:
    answering_model = speaking_model(ANSWER)
    entries = ours(answering_model, exam, tmp_path, "--max-new-tokens", "24")
    assert {entry["answer"] for entry in entries} == {ANSWER}
    group = "mmlu_medical_fa_generate"
    results = harness(
        "hf",
        tasks,
        [group],
        model_args=f"pretrained={answering_model},dtype=float32,device=cpu",
        apply_chat_template=True,
        batch_size=2,
    )
    cell = build_report(collect(tmp_path)[0]).cell("mmlu_average", answering_model.name)
    assert cell.ours is not None
    # Anatomy has one [B] in three, the other five subjects one in one: weighed by size, 6 of 8.
    assert cell.ours.accuracy.share == 6 / 8
    assert results["results"][group]["acc,none"] == pytest.approx(6 / 8)
    assert results["results"][group]["invalid,none"] == 0


@pytest.mark.parametrize("chat", [True, pytest.param(False, marks=pytest.mark.thorough)])
def test_both_methods_on_one_model(
    tiny_model: Path, exam: Path, tasks: Path, tmp_path: Path, chat: bool
) -> None:
    options = [] if chat else ["--no-chat"]
    written = ours(tiny_model, exam, tmp_path / "g", "--max-new-tokens", "12", *options)
    scored = ours(tiny_model, exam, tmp_path / "l", "--method", "log-likelihood", *options)
    groups = ["mmlu_medical_fa_generate", "mmlu_medical_fa"]
    results = harness(
        "hf",
        tasks,
        groups,
        model_args=f"pretrained={tiny_model},dtype=float32,device=cpu",
        apply_chat_template=chat,
        gen_kwargs="max_gen_toks=12",
        batch_size=2,
    )
    texts = [sample["resps"][0][0].strip() for sample in samples(results, groups[0])]
    assert [entry["answer"] for entry in written] == texts
    assert len(set(texts)) > 1
    for entry, sample in zip(scored, samples(results, groups[1]), strict=True):
        scores = [float(response[0][0]) for response in sample["resps"]]
        assert entry["scores"] == pytest.approx(scores, abs=1e-3)
    for group, chosen, entries in zip(groups, ("chosen", "scored"), (written, scored), strict=True):
        right = sum(entry[chosen] == entry["correct"] for entry in entries)
        assert results["results"][group]["acc,none"] == pytest.approx(right / len(entries))


NEW_EXAMS: dict[str, list[dict[str, Any]]] = {
    "persianmedqa": [
        {
            "id": f"p{number}", "question": f"بیمار {number} ساله با درد قفسه سینه. اقدام بعدی؟",
            "options": ["نوار قلب", "اکو", "آنژیو", "ترخیص", "تست ورزش"][: 3 + number % 3],
            "answer_idx": number % 3, "specialty": "قلب", "language": "fa",
        }
        for number in range(7)
    ],
    "persianmedqa_en": [
        {
            "id": f"e{number}", "question": f"A man of {number} has chest pain. What is next?",
            "options": ["ECG", "Echo", "Angiography", "Discharge"], "answer_idx": number % 4,
            "specialty": "قلب", "language": "en",
        }
        for number in range(3)
    ],
    "medmcqa_fa": [
        {"id": f"m{number}", "Question": f"پرسش {number}: عصب حرکتی دیافراگم؟",
         "Option1": "فرنیک", "Option2": "واگ", "Option3": "هیپوگلوس", "Option4": "فاسیال",
         "Correct_answer": number % 4, "subject_name": "Anatomy"}
        for number in range(4)
    ],
    "kopp_larger": [
        {"Question": f"پرسش {number}: آنزیم محدودکننده گلیکولیز؟", "Option1": "هگزوکیناز",
         "Option2": "فسفوفروکتوکیناز", "Option3": "پیروات کیناز",
         "Option4": "آلدولاز" if number % 2 else "", "Correct answer": 1 + number % 3}
        for number in range(4)
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.thorough if place else ())
        for place, name in enumerate(NEW_EXAMS)
    ],
)
def test_the_benchmarks_of_today_give_the_same_numbers(
    tiny_model: Path, tmp_path: Path, name: str
) -> None:
    """Options as lists and columns, three to five of them, keys from 0 and 1: one declaration."""
    exam = tmp_path / f"{name}.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) for row in NEW_EXAMS[name])
    exam.write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = ["--benchmark", name, "--source", str(exam)]
    tasks = tmp_path / "tasks"
    made = CliRunner().invoke(app, ["harness-tasks", *source, "--to", str(tasks)])
    assert made.exit_code == 0, made.output
    results = harness(
        "hf",
        tasks,
        [name, f"{name}_generate"],
        model_args=f"pretrained={tiny_model},dtype=float32,device=cpu",
        apply_chat_template=True,
        gen_kwargs="max_gen_toks=12",
        batch_size=2,
    )["results"]
    for group, method in ((name, ["--method", "log-likelihood"]), (f"{name}_generate", [])):
        to = tmp_path / group
        arguments = [*source, "--model", str(tiny_model), "--to", str(to), *method]
        done = CliRunner().invoke(app, ["choices", *arguments, "--max-new-tokens", "12"])
        assert done.exit_code == 0, done.output
        cell = build_report(collect(to)[0]).cell(name, tiny_model.name)
        assert cell.ours is not None
        assert cell.answered == len(NEW_EXAMS[name])
        assert results[group]["acc,none"] == pytest.approx(cell.ours.accuracy.share)


class Replay(LM):  # type: ignore[misc]  # lm_eval has no types
    """A model that gives answers somebody has already collected, by their prompts."""

    def __init__(self, answers: dict[str, str]) -> None:
        super().__init__()
        self.answers = answers

    def generate_until(self, requests: Sequence[Any], disable_tqdm: bool = False) -> list[str]:
        return [self.answers[request.args[0]] for request in requests]

    def loglikelihood(self, *_: Any) -> Any:
        raise NotImplementedError

    def loglikelihood_rolling(self, *_: Any) -> Any:
        raise NotImplementedError


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "subject"),
    [("kopp/gaokerena.xlsx", "ibmsee"), ("MMLU_Anatomy/persianmind.xlsx", "anatomy")],
)
def test_lm_eval_counts_the_authors_answers_as_we_do(
    real_data: Path, tmp_path: Path, file: str, subject: str
) -> None:
    answers = read_answer_file(real_data / "answers" / file)
    items = [
        # The row in the question keeps prompts apart; the reading does not see it.
        Item(str(a.row), subject, a.row, f"{a.row}. {a.question}", a.options, a.correct)
        for a in answers
    ]
    write_tasks("real", items, tmp_path / "tasks")
    texts = {
        choices_prompt(item.question, item.options): answer.answer
        for item, answer in zip(items, answers, strict=True)
    }
    found = harness(Replay(texts), tmp_path / "tasks", [f"real_generate_{subject}"])["results"]
    expected = score(answers, "ours")
    theirs = found[f"real_generate_{subject}"]
    assert theirs["acc,none"] == pytest.approx(expected.accuracy.share)
    assert theirs["invalid,none"] == pytest.approx(expected.invalid.share)
    # Wilson's interval of so many items is about as wide as the normal one of lm-eval's error.
    low, high = expected.accuracy.interval.low, expected.accuracy.interval.high
    assert (high - low) / 2 == pytest.approx(1.96 * theirs["acc_stderr,none"], rel=0.03)


def test_an_answer_is_scored_by_the_options_it_names() -> None:
    doc = {"options": ["کبد", "کلیه", "طحال", "ریه"], "target": 1}
    assert score_answer(doc, ["پاسخ صحیح کلیه است."]) == {"acc": 1.0, "invalid": 0.0}
    assert score_answer(doc, ["گزینه الف"]) == {"acc": 0.0, "invalid": 0.0}
    assert score_answer(doc, ["نمی‌دانم"]) == {"acc": 0.0, "invalid": 1.0}
