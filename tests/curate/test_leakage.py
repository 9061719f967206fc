from pathlib import Path

import pytest

from gaokerena_data.curate.rules.containment import ContainmentSettings
from gaokerena_data.curate.settings import load_settings
from gaokerena_data.curate.splits.leakage import Leak, count_leaks
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.datasets.settings import DatasetSettings
from gaokerena_data.imports.tables import read_table
from gaokerena_data.workspace import Workspace
from tests.curate.sayings import advice, opinion
from tests.pairs import answer, question


@pytest.fixture
def settings(tmp_path: Path) -> DatasetSettings:
    return load_settings(Workspace(tmp_path), MF3QA)


def leaks_of(splits: dict[str, dict[str, list[str]]], settings: DatasetSettings) -> list[Leak]:
    assert isinstance(settings, ContainmentSettings)
    return count_leaks(splits, settings.near_duplicates, settings.containment)


def test_rows_of_the_later_split_are_counted_once(settings: DatasetSettings) -> None:
    train = {"answer": [answer(n) for n in range(10)] + [answer(3)]}
    dev = {
        "answer": [
            answer(3),
            answer(4).replace(" ", "  "),
            answer(5).replace("حتما", "لطفا"),
            answer(50),
        ]
    }
    assert leaks_of({"train": train, "dev": dev}, settings) == [
        Leak("answer", "dev", "train", identical=2, near=3, contained=3, rows=4)
    ]


def test_a_short_text_leaks_only_when_it_is_the_same(settings: DatasetSettings) -> None:
    train = {"question": ["قرص ۲۵", "سلام"]}
    test = {"question": ["قرص ۵۰", "سلام"]}
    [leak] = leaks_of({"train": train, "test": test}, settings)
    assert (leak.identical, leak.near) == (1, 1)


def test_every_pair_of_splits_and_every_field_is_compared(settings: DatasetSettings) -> None:
    splits = {
        name: {"question": [question(n)], "answer": [answer(n)]}
        for n, name in enumerate(("train", "dev", "test"))
    }
    leaks = leaks_of(splits, settings)
    assert [(leak.field, leak.other, leak.split) for leak in leaks] == [
        (field, *pair)
        for field in ("question", "answer")
        for pair in (("train", "dev"), ("train", "test"), ("dev", "test"))
    ]
    assert not any(leak.near for leak in leaks)


def test_a_text_is_contained_in_one_text_in_several_or_in_another_field(
    settings: DatasetSettings,
) -> None:
    train = {
        "question": [f"همکارم نوشته: {advice(1)} درست است؟", "دیگر چه کنم؟"],
        "answer": [f"{opinion(9)} {advice(2)}", f"{opinion(2)} {advice(8)}"],
    }
    asked = {
        advice(1): 1,  # in a question
        opinion(9): 1,  # in an answer
        f"{advice(2)} {opinion(2)}": 1,  # one half in each of two
        f"{advice(2)} {opinion(3)}": 0,  # only half
        opinion(4): 0,
        " ".join(advice(1).split()[:7]): 0,  # too short to tell
        " ".join(advice(1).split()[:8]): 1,
    }
    for text, contained in asked.items():
        dev = {"question": [text], "answer": [opinion(5)]}
        leaks = leaks_of({"train": train, "dev": dev}, settings)
        assert [(leak.field, leak.contained) for leak in leaks] == [
            ("question", contained),
            ("answer", 0),
        ]


def test_empty_splits_leak_nothing(settings: DatasetSettings) -> None:
    some: dict[str, list[str]] = {"answer": [advice(1)]}
    none: dict[str, list[str]] = {"answer": []}
    for splits in ({"train": some, "test": none}, {"train": none, "test": some}):
        [leak] = leaks_of(splits, settings)
        assert (leak.identical, leak.near, leak.contained) == (0, 0, 0)


@pytest.mark.real_data
def test_the_published_dev_split_leaks(real_data: Path, settings: DatasetSettings) -> None:
    rows = read_table(real_data / "legacy" / "niniban_qa_filtered.xlsx").rows
    answers = [str(row["Answer"]) for row in rows if isinstance(row, dict)]
    # The authors' dev split is the first 2,000 rows of this file.
    splits = {"train": {"answer": answers[2_000:]}, "dev": {"answer": answers[:2_000]}}
    [leak] = leaks_of(splits, settings)
    assert leak.identical == 467
    assert 0.31 <= leak.near / leak.rows < 0.32
    assert leak.contained == 743
