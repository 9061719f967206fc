"""Preference pairs from their files to a release that a trainer of preferences loads."""

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.imports.records import import_file
from gaokerena_data.workspace import Workspace
from tests.command_line import CommandLine
from tests.reasoning.pairs import row, write_jsonl

WRONG = {
    101: ({"prefered_answer": "همهٔ شواهد را سنجیدیم و پاسخ نهایی: [D]"}, "chosen_names_another"),
    102: ({"prefered_answer": "این موضوع پیچیده است و باید بیشتر بررسی شود."}, "chosen_names_none"),
    103: (
        {"rejected_answer": "پس از بررسی هر چهار اندام، پاسخ صحیح گزینه [B] است."},
        "rejected_names_the_right_one",
    ),
    104: ({"prompt": row(104)["prompt"] + "\nپاسخ صحیح: B"}, "prompt_tells_the_answer"),
    105: ({"correct_choice": "E"}, "no_correct_option"),
    106: ({"prompt": "کدام اندام صفرا می‌سازد؟"}, "no_options"),
    107: (
        {"rejected_answer": "The organ in question is the liver, because it makes bile. Answer: C"},
        "rejected_in_other_language",
    ),
    108: (
        {"rejected_answer": "این اندام در بیماری نقشی ندارد. " * 60 + " پاسخ صحیح گزینه [C] است."},
        "rejected_is_longer",
    ),
    109: ({"rejected_answer": row(109)["prefered_answer"]}, "same_as_chosen"),
    110: (
        {"rejected_answer": "شماره ملی بیمار ۰۰۱۲۳۴۵۶۷۹ است و پاسخ صحیح گزینه [C] خواهد بود."},
        "identifies_a_patient",
    ),
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("GAOKERENA_WORKSPACE", str(tmp_path / "w"))
    return Workspace(tmp_path / "w")


@pytest.fixture
def gaokerena(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(capsys, monkeypatch)


def test_a_pair_is_read_from_the_authors_columns(workspace: Workspace, tmp_path: Path) -> None:
    made = import_file(
        workspace, "gaokerena-r", write_jsonl(tmp_path / "a.jsonl", [row(1, correct_choice="ب")])
    )
    [pair] = pq.read_table(made.path).to_pylist()
    assert pair["question_id"] == "q-1"
    assert pair["correct_option"] == "B"
    assert pair["instruction"].endswith("## پرسش")
    assert pair["prompt"].startswith("در بیماری شمارهٔ 1 ")
    assert (pair["student"], pair["method"]) == ("CohereLabs/aya-expanse-8b", None)


def test_what_a_build_says_of_a_pair_stays(workspace: Workspace, tmp_path: Path) -> None:
    theirs = row(3)
    built = {
        "id": "p1",
        "question_id": "q-77",
        "prompt": theirs["prompt"],
        "chosen": theirs["prefered_answer"],
        "rejected": theirs["rejected_answer"],
        "correct_option": "B",
        "method": "A",
        "teacher": "استاد",
        "student": "شاگرد",
        "teacher_settings": '{"temperature": 0.2}',
        "student_settings": None,
    }
    made = import_file(workspace, "reason", write_jsonl(tmp_path / "b.jsonl", [built]))
    [pair] = pq.read_table(made.path).to_pylist()
    kept = ("question_id", "method", "teacher", "student", "teacher_settings", "student_settings")
    assert {name: pair[name] for name in kept} == {name: built[name] for name in kept}


def test_each_fault_is_left_out_with_its_reason_and_the_rest_trains(
    workspace: Workspace, tmp_path: Path, gaokerena: CommandLine
) -> None:
    rows = [row(number) for number in range(40)]
    # Two more answers to the first question: they stand where it stands.
    rows += [row(0, prefered_answer="شرح دیگری از همین بیماری دارم. پاسخ نهایی: [B]")]
    rows += [row(number, **changed) for number, (changed, _) in WRONG.items()]
    assert gaokerena("import", "gaokerena_r", write_jsonl(tmp_path / "p.jsonl", rows)).code == 0
    assert gaokerena("curate", "preference_pairs").code == 0
    ledger = pq.read_table(workspace.curated("preference_pairs") / "ledger.parquet").to_pylist()
    reasons = {each["origin"]: each["reason"] for each in ledger if each["decision"] == "dropped"}
    expected = {
        f"p.jsonl:{place}": reason for place, (_, reason) in enumerate(WRONG.values(), start=42)
    }
    assert {origin: reasons.get(origin) for origin in expected} == expected

    assert gaokerena("release", "preference_pairs", "1.0.0").code == 0
    _loads_as_preferences(workspace.release("preference_pairs", "1.0.0"))


def _loads_as_preferences(release: Path) -> None:
    datasets = pytest.importorskip("datasets")
    splits = datasets.load_dataset(str(release))
    assert set(splits) == {"train", "dev"}
    questions = {name: set(split["question_id"]) for name, split in splits.items()}
    assert not questions["train"] & questions["dev"]
    pair = splits["train"][0]
    roles = {
        name: [turn["role"] for turn in pair[name]] for name in ("prompt", "chosen", "rejected")
    }
    assert roles == {"prompt": ["user"], "chosen": ["assistant"], "rejected": ["assistant"]}
    assert "گام به گام" in pair["prompt"][0]["content"]
    assert Counter(splits["train"]["Source"]).keys() == {"gaokerena_r"}
    trl = pytest.importorskip("trl")
    assert trl.is_conversational(pair)
