"""A model behind an endpoint, asked as any other, and runs in which it does not answer all."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from gaokerena_data.errors import GaokerenaError
from tests.command_line import CommandLine
from tests.openai_server import Said, chat_server, completion, error
from training.evaluation.asking.answer_log import read_log
from training.evaluation.scoring.multiple_choice import collect, score
from training.evaluation.systems.endpoint import EndpointModel
from training.evaluation.systems.opening import open_model
from training.models.decoding import Decoding

DECODING = Decoding(max_new_tokens=16)


def test_answers_come_back_in_order_with_tokens() -> None:
    with chat_server(lambda prompt: f"جواب {prompt}") as server:
        model = EndpointModel("m", server.url, key_variable="EVAL_TEST_KEY")
        found = model.generate(["یک", "دو", "سه"], Decoding(16, 0.5, 1.1, 7))
    assert [answer.text for answer in found] == ["جواب یک", "جواب دو", "جواب سه"]
    assert [answer.tokens for answer in found] == [2, 2, 2]
    asked = {key: value for key, value in server.bodies[0].items() if key != "messages"}
    assert asked == {
        "model": "m", "max_tokens": 16, "temperature": 0.5, "repetition_penalty": 1.1, "seed": 7,
    }  # fmt: skip


def test_an_endpoint_takes_no_adapter_and_scores_no_text() -> None:
    with pytest.raises(GaokerenaError, match="no adapter"):
        open_model("m", adapter="a", endpoint="http://127.0.0.1:9/v1")
    with pytest.raises(GaokerenaError, match="method generate"):
        open_model("m", endpoint="http://127.0.0.1:9/v1").score_choices(["q"], ["[A]"])


def exam(folder: Path, count: int) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Question", "Option1", "Option2", "Option3", "Option4", "Correct answer"])
    for number in range(count):
        sheet.append([f"پرسش {number} کدام است؟", "کبد", "کلیه", "طحال", "ریه", 2])
    book.save(folder / "ibmsee.xlsx")


def test_a_question_that_is_not_taken_stops_no_run_and_is_asked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    exam(tmp_path, 6)
    says: dict[int, Said] = {
        1: error(400, "this question is not for me"),
        3: completion(None, refusal="در این باره چیزی نمی‌گویم"),
        4: completion("", "length", reasoning_content="اول باید دید ..."),
    }

    def respond(prompt: str) -> Said:
        number = next(n for n in range(6) if f"پرسش {n} " in prompt)
        return says.get(number, "پاسخ صحیح: [B]")

    gaokerena = CommandLine(capsys, monkeypatch)
    with chat_server(respond) as server:
        words = [
            "evaluate", "choices", "--model", "m", "--endpoint", server.url, "--benchmark",
            "ibmsee", "--source", tmp_path, "--to", tmp_path / "answers", "--batch-size", 2,
        ]  # fmt: skip
        first = gaokerena(*words)
        asked = len(server.prompts)
        del says[1]
        second = gaokerena(*words)
        assert len(server.prompts) == asked + 1
    assert (first.code, second.code) == (0, 0)
    assert "3 of 6 questions have no answer" in first.err
    assert "1 rejected, 1 refused, 1 out_of_tokens" in first.err
    assert "this question is not for me" in first.err
    assert "2 of 6 questions have no answer: 1 refused, 1 out_of_tokens" in second.err

    path = tmp_path / "answers" / "ibmsee" / "m.jsonl"
    entries = {entry["question_number"] if "question_number" in entry else entry["id"]: entry
               for entry in read_log(path)}  # fmt: skip
    assert len(entries) == 6
    assert sum(entry["answer"] is None for entry in entries.values()) == 2
    assert "" not in [entry["answer"] for entry in entries.values()]
    [found] = collect(tmp_path / "answers")[0]
    assert sorted(answer.missing or "" for answer in found.answers)[-2:] == [
        "out_of_tokens", "refused",
    ]  # fmt: skip
    assert (score(found.answers, "ours").accuracy.hits, len(found.answers)) == (4, 6)
    told = gaokerena("evaluate", "report", tmp_path / "answers", "--to", tmp_path / "report")
    assert told.code == 0, told.err
    for name in ("report.md", "report.html"):
        page = (tmp_path / "report" / name).read_text("utf-8")
        assert "Questions without an answer" in page
        assert "1 out_of_tokens, 1 refused of 6" in page.replace("\\_", "_")


def test_a_run_without_one_answer_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    exam(tmp_path, 30)
    with chat_server(lambda _: error(400, "no such thing as this model's questions")) as server:
        done = CommandLine(capsys, monkeypatch)(
            "evaluate", "choices", "--model", "m", "--endpoint", server.url, "--benchmark",
            "ibmsee", "--source", tmp_path, "--to", tmp_path / "answers",
        )  # fmt: skip
    assert done.code == 1
    assert "answered 400: no such thing as this model's questions" in done.err.splitlines()[-1]
    assert len(server.prompts) == 8  # one batch, and no more


def test_an_answer_with_every_end_of_a_line_stays_one_line(tmp_path: Path) -> None:
    """U+2028 and its like end a line for `splitlines`, and for none of our files."""
    from training.evaluation.asking.batches import run_free_form
    from training.evaluation.questions.free_form import Question
    from training.evaluation.systems.system import Direct

    text = "یک\u2028دو\u2029سه\x85چهار\x0bپنج\x0cشش\x1cهفت\r\nهشت"
    path = tmp_path / "answers.jsonl"
    with chat_server(lambda _: text) as server:
        model = Direct(EndpointModel("m", server.url, key_variable="EVAL_TEST_KEY"))
        questions = [Question(str(n), "سرفه دارم", "") for n in range(2)]
        run_free_form(model, questions[:1], path, batch_size=1, decoding=DECODING)
        run_free_form(model, questions, path, batch_size=1, decoding=DECODING)
    assert len(server.prompts) == 2
    assert [entry["answer"] for entry in read_log(path)] == [text, text]
    assert [json.loads(line)["id"] for line in path.read_bytes().split(b"\n")[:-1]] == ["0", "1"]


def test_what_was_not_answered_is_asked_after_all_others(tmp_path: Path) -> None:
    from training.evaluation.asking.batches import run_free_form
    from training.evaluation.questions.free_form import Question
    from training.evaluation.systems.system import Direct

    path, refused = tmp_path / "answers.jsonl", ["نخست"]

    def respond(prompt: str) -> Said:
        return error(400, "no") if any(each in prompt for each in refused) else "خوب"

    questions = [Question(name, f"پرسش {name}", "") for name in ("نخست", "دوم", "سوم")]
    with chat_server(respond) as server:
        model = Direct(EndpointModel("m", server.url, key_variable="EVAL_TEST_KEY"))
        run_free_form(model, questions[:1], path, batch_size=1, decoding=DECODING)
        refused.clear()
        run_free_form(model, questions, path, batch_size=1, decoding=DECODING)
        asked = [next(each.id for each in questions if each.id in p) for p in server.prompts]
    assert asked == ["نخست", "دوم", "سوم", "نخست"]
    assert [entry["answer"] for entry in read_log(path)] == ["خوب"] * 3
