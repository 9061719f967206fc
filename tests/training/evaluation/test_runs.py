"""Runs that stop and go on: torn lines, other settings, two at once, a kill in the middle."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from gaokerena_data.datasets.benchmark import Benchmark, Column
from gaokerena_data.datasets.registry import BENCHMARKS
from gaokerena_data.errors import GaokerenaError
from tests.openai_server import chat_server
from tests.waiting import wait_until
from training.evaluation.asking.answer_log import open_log, read_log
from training.evaluation.asking.batches import run_choices
from training.evaluation.questions.benchmarks import Item, load_benchmark
from training.evaluation.questions.free_form import load_questions
from training.evaluation.report.tables import build_report
from training.evaluation.scoring.multiple_choice import collect
from training.evaluation.systems.model import Generation
from training.models.decoding import Decoding

GAOKERENA = Path(sys.executable).with_name("gaokerena")
DECODING = Decoding()


class Fixed:
    """A system that always answers [B] and remembers what it was asked."""

    name = "fixed"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def answer_choices(self, items: Sequence[Item], decoding: Decoding) -> list[Generation]:
        self.asked += [item.id for item in items]
        return [Generation("پاسخ صحیح: [B]", 5, 0.1) for _ in items]

    def answer_questions(self, questions: Sequence[str], decoding: Decoding) -> list[Generation]:
        raise NotImplementedError


def items(count: int, subject: str = "ibmsee") -> list[Item]:
    return [
        Item(f"{subject}-{n}", subject, n, f"پرسش {n}", ("یک", "دو", "سه", "چهار"), "AB"[n % 2])
        for n in range(count)
    ]


def test_a_run_asks_only_what_is_missing(tmp_path: Path) -> None:
    asked = items(5)
    first = Fixed()
    options = {"file_name": "fixed", "batch_size": 2, "decoding": DECODING}
    run_choices(first, asked[:3], tmp_path, **options)  # type: ignore[arg-type]
    second = Fixed()
    [path] = run_choices(second, asked, tmp_path, **options)  # type: ignore[arg-type]
    assert second.asked == ["ibmsee-3", "ibmsee-4"]
    assert [entry["id"] for entry in read_log(path)] == [item.id for item in asked]
    cell = build_report(collect(tmp_path)[0]).cell("ibmsee", "fixed")
    assert cell.ours is not None
    assert (cell.ours.accuracy.hits, cell.ours.accuracy.total) == (2, 5)


@pytest.mark.parametrize(
    "change",
    [{"correct": "C"}, {"question": "پرسشی دیگر"}, {"options": ("یک", "دو", "سه", "پنج")}],
)
def test_a_question_that_has_changed_since_is_told(tmp_path: Path, change: dict[str, Any]) -> None:
    """Its stored answer is to other words, and its stored key may be wrong."""
    asked = items(3)
    options = {"file_name": "fixed", "batch_size": 2, "decoding": DECODING}
    [path] = run_choices(Fixed(), asked, tmp_path, **options)  # type: ignore[arg-type]
    before = path.read_bytes()
    now = [*asked[:2], replace(asked[2], **change)]
    with pytest.raises(GaokerenaError, match=f"ibmsee-2 with another {next(iter(change))}"):
        run_choices(Fixed(), now, tmp_path, **options)  # type: ignore[arg-type]
    assert path.read_bytes() == before


def test_a_torn_line_is_taken_off_and_asked_again(tmp_path: Path) -> None:
    system = Fixed()
    [path] = run_choices(system, items(4), tmp_path, file_name="f", batch_size=4, decoding=DECODING)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    again = Fixed()
    run_choices(again, items(4), tmp_path, file_name="f", batch_size=4, decoding=DECODING)
    assert again.asked == ["ibmsee-3"]
    assert path.read_bytes() == whole


def test_other_settings_never_go_on_in_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with open_log(path, {"system": "one", "seed": 1}) as log:
        log.append([{"id": "x"}])
    with (
        pytest.raises(GaokerenaError, match="says other seed than"),
        open_log(path, {"system": "one", "seed": 2}),
    ):
        pass


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    with (
        open_log(tmp_path / "a.jsonl", {}),
        pytest.raises(GaokerenaError, match="another process"),
        open_log(tmp_path / "a.jsonl", {}),
    ):
        pass


def test_a_line_without_an_id_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "x"}\n[1]\n', encoding="utf-8")
    with pytest.raises(GaokerenaError, match="line 2"):
        read_log(path)


def test_a_killed_command_loses_one_batch_at_most(tmp_path: Path) -> None:
    """SIGKILL in the middle of `evaluate choices` against an endpoint, then the same command."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Question", "Option1", "Option2", "Option3", "Option4", "Correct answer"])
    for number in range(60):
        sheet.append([f"پرسش {number}؟", "کبد", "کلیه", "طحال", "ریه", 2])
    book.save(tmp_path / "ibmsee.xlsx")
    path, batch = tmp_path / "answers" / "ibmsee" / "m.jsonl", 4
    killed = threading.Event()

    def answer(prompt: str) -> str:
        if len(server.prompts) > 5 * batch:
            killed.wait(300)
        return "پاسخ صحیح: [B]"

    with chat_server(answer) as server:
        command = [
            str(GAOKERENA), "evaluate", "choices", "--model", "m", "--endpoint", server.url,
            "--benchmark", "ibmsee", "--source", str(tmp_path), "--to", str(tmp_path / "answers"),
            "--batch-size", str(batch),
        ]  # fmt: skip
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        wait_until(lambda: path.is_file() and path.stat().st_size > 2_000, "answers are kept")
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed.set()
        kept = path.read_bytes()
        done = kept.count(b"\n")
        assert 0 < done < 60
        finished = subprocess.run(command, capture_output=True, check=True, timeout=600)
    assert finished.stdout.decode().strip() == str(path)
    assert path.read_bytes().startswith(kept[: kept.rfind(b"\n") + 1])
    assert [entry["question"] for entry in read_log(path)] == [f"پرسش {n}؟" for n in range(60)]
    assert len(server.prompts) <= 60 + batch


def test_benchmarks_and_questions_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match="choose from"):
        load_benchmark("mmlu", str(tmp_path))
    with pytest.raises(GaokerenaError, match="cannot be"):
        load_benchmark("ibmsee", str(tmp_path))
    with pytest.raises(GaokerenaError, match="cannot be loaded"):
        load_questions(str(tmp_path / "none"))


def test_a_released_benchmark_loads_by_its_published_columns(tmp_path: Path) -> None:
    columns = {"id": ["ibmsee-1"], "Question": ["کدام عضو صفرا می‌سازد؟"]}
    columns |= {f"Option{n}": [text] for n, text in enumerate(("کبد", "کلیه", "ریه", "معده"), 1)}
    table = pa.table(columns | {"Correct answer": [1], "Topic": ["فیزیولوژی"]})
    (tmp_path / "default").mkdir()
    pq.write_table(table, tmp_path / "default" / "test.parquet")
    [found] = load_benchmark("ibmsee", str(tmp_path))
    assert (found.id, found.correct, found.options[0]) == ("ibmsee-1", "A", "کبد")


@pytest.fixture
def declared() -> Iterator[Benchmark]:
    """A benchmark that only this test declares: two subjects, three options, names of its own."""
    options = ("Gozine_a", "Gozine_b", "Gozine_c")
    columns = tuple(Column(name, pa.string(), name) for name in ("Soal", *options, "Kelid"))
    changes: dict[str, Any] = {"name": "azmoon", "configs": ("dakheli", "jarrahi")}
    changes |= {"columns": columns, "options": options, "choice": "Kelid"}
    benchmark = replace(BENCHMARKS["ibmsee"], **changes)
    BENCHMARKS.use([benchmark])
    yield benchmark
    BENCHMARKS.use([])


def exam_row(question: str, correct: int) -> dict[str, Any]:
    return {
        "Soal": question, "Gozine_a": "کبد", "Gozine_b": "کلیه", "Gozine_c": "ریه",
        "Kelid": correct,
    }  # fmt: skip


def test_a_benchmark_that_is_only_declared_loads_from_a_release(
    tmp_path: Path, declared: Benchmark
) -> None:
    for config, correct in zip(declared.configs, (1, 3), strict=True):
        (tmp_path / config).mkdir()
        table = pa.Table.from_pylist([exam_row(f"پرسش {config}؟", correct)])
        pq.write_table(table, tmp_path / config / "test.parquet")
    card = "".join(
        f"- config_name: {config}\n"
        f"  data_files:\n  - split: test\n    path: {config}/test.parquet\n"
        for config in declared.configs
    )
    (tmp_path / "README.md").write_text(f"---\nconfigs:\n{card}---\n", encoding="utf-8")
    found = load_benchmark("azmoon", str(tmp_path))
    assert [(item.subject, item.question, item.correct) for item in found] == [
        ("dakheli", "پرسش dakheli؟", "A"),
        ("jarrahi", "پرسش jarrahi؟", "C"),
    ]
    assert found[0].options == ("کبد", "کلیه", "ریه")


def test_a_benchmark_that_is_only_declared_loads_from_spreadsheets(
    tmp_path: Path, declared: Benchmark
) -> None:
    for config in declared.configs:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        row = exam_row(f"پرسش {config}؟", 2)
        sheet.append(list(row))
        sheet.append(list(row.values()))
        book.save(tmp_path / f"{config}.xlsx")
    found = load_benchmark("azmoon", str(tmp_path))
    assert [(item.subject, item.correct) for item in found] == [("dakheli", "B"), ("jarrahi", "B")]


def test_questions_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    lines = [{"id": "a-1", "Question": "تب دارم؟", "Answer": "آب بنوشید."}, {"Question": "سرفه؟"}]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    found = load_questions(str(path))
    assert [(q.id, q.reference) for q in found] == [("a-1", "آب بنوشید."), ("2", "")]


@pytest.mark.real_data
def test_the_authors_benchmarks_load(real_data: Path) -> None:
    folder = str(real_data / "benchmarks")
    assert len(load_benchmark("mmlu_medical_fa", folder)) == 1089
    found = load_benchmark("ibmsee", folder)
    assert len(found) == len({item.id for item in found}) == 168
