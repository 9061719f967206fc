"""Kinds of answers that were once misread, what a reading tells of itself, and agreement held out.

`choice_kinds.jsonl` holds invented members of each kind: a first line that chooses while the rest
praises others softly, questions for the exception, final statements, reactions of a body called
«پاسخ», thinking that was or was not closed, more than five options, refusals.
"""

import itertools
import json
from pathlib import Path

import pytest

from gaokerena_data.choices.calibration import confidence_of
from gaokerena_data.choices.exceptions import asks_exception
from gaokerena_data.choices.reading import (
    RULES,
    SEVERAL_OPTIONS,
    UNREAD,
    extract_choice,
    read_choice,
)
from gaokerena_data.errors import GaokerenaError
from tests.training.evaluation.calibrate import FILE, HELD_OUT, calibrate, files_of
from training.evaluation.reading.answers import read_answer_file
from training.evaluation.scoring.multiple_choice import AnswerSet, agreement, compare

MANY_CASES = True
LINES = Path(__file__).with_name("choice_kinds.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [
    pytest.param(*(case[key] for key in ("answer", "options", "question", "chosen")),
                 id=f"{case['style']}-{number}")
    for number, case in enumerate(map(json.loads, LINES), start=1)
]  # fmt: skip
ORGANS = ("کبد", "کلیه", "طحال", "پانکراس")


@pytest.mark.parametrize(("answer", "options", "question", "chosen"), CASES)
def test_reads_the_kind(answer: str, options: list[str], question: str, chosen: str | None) -> None:
    assert extract_choice(answer, options, question) == chosen


@pytest.mark.parametrize(
    ("question", "exception"),
    [
        ("کدام گزینه درباره انسولین نادرست است؟", True),
        ("کدام مورد از علائم کم‌خونی نیست؟", True),
        ("کدام دارو در این بیماری کاربردی ندارد؟", True),
        ("همه موارد زیر از عوارض چاقی هستند، به جز:", True),
        ("تمام گزینه‌ها صحیح‌اند مگر", True),
        ("Which of the following is NOT a symptom?", True),
        ("کدام تشخیص کمتر محتمل است؟", True),
        ("بیماری تب ندارد و سرفه نمی‌کند. کدام تشخیص محتمل‌تر است؟", False),
        ("کدام گزینه درست است؟", False),
        ("این عبارت درست است یا نادرست؟", False),
        ("", False),
    ],
)
def test_whether_the_exception_is_asked_for(question: str, exception: bool) -> None:
    assert asks_exception(question) is exception


def test_a_rejected_option_answers_only_a_question_for_the_exception() -> None:
    answer = "گزینه [B] نادرست است. درباره بقیه چیزی نمی‌گویم."
    assert extract_choice(answer, ORGANS, "کدام عبارت نادرست است؟") == "B"
    assert extract_choice(answer, ORGANS, "کدام عبارت درست است؟") is None


@pytest.mark.parametrize(
    "options",
    [
        {"A": "کبد", "B": "کلیه", "C": "طحال"},
        {"C": "طحال", "A": "کبد", "B": "کلیه"},
        {"الف": "کبد", "ب": "کلیه", "ج": "طحال"},
        {"1": "کبد", "2": "کلیه", "3": "طحال"},
        {"۱": "کبد", "۲": "کلیه", "۳": "طحال"},
    ],
)
def test_options_by_their_labels(options: dict[str, str]) -> None:
    assert extract_choice("پاسخ صحیح کلیه است.", options) == "B"


@pytest.mark.parametrize(
    "options", [{"A": "کبد", "C": "طحال"}, {"کبد": "A", "کلیه": "B"}, dict.fromkeys("ABab", "کبد")]
)
def test_labels_that_name_no_options_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(GaokerenaError, match="no labels of options"):
        extract_choice("A", options)


@pytest.mark.parametrize("place", range(26))
def test_every_letter_names_its_option(place: int) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    options = [f"داروی شماره یک{'‌' * n}یی" for n in range(26)]
    for form in ("پاسخ صحیح گزینه [{l}] است.", "[{l}]", "گزینه {n} درست است", "The answer is {l}."):
        answer = form.format(l=letters[place], n=place + 1)
        assert extract_choice(answer, options) == letters[place], form


def test_more_options_than_letters_are_refused() -> None:
    with pytest.raises(GaokerenaError, match="27 options"):
        extract_choice("A", [str(number) for number in range(27)])


def test_a_reading_says_its_rule_and_how_far_to_believe_it() -> None:
    final = read_choice("پاسخ صحیح گزینه [C] است.", ORGANS)
    words = read_choice("طحال", ORGANS)
    several = read_choice("پاسخ گزینه‌های A و B است.", ORGANS)
    nothing = read_choice("نمی‌دانم.", ORGANS)
    assert (final.letter, final.rule) == ("C", "last_word")
    assert (words.letter, words.rule) == ("C", "option_text")
    assert (several.letter, several.rule) == (None, SEVERAL_OPTIONS)
    assert (nothing.letter, nothing.rule) == (None, UNREAD)
    assert final.confidence > 0.99 > words.confidence
    assert confidence_of("a rule that nobody tried") == 0.5


def test_rules_have_names_and_sentences_of_their_own() -> None:
    assert len({rule.name for rule in RULES}) == len({rule.says for rule in RULES}) == len(RULES)


def test_every_rule_stands_in_the_docs_in_its_order() -> None:
    page = (Path(__file__).parents[3] / "docs" / "evaluation.md").read_text(encoding="utf-8")
    table = "\n".join(f"| `{rule.name}` | {rule.says} |" for rule in RULES)
    assert table in page


def agreed(paths: list[Path]) -> float:
    return agreement([answer for path in paths for answer in read_answer_file(path)]).share


@pytest.mark.real_data
@pytest.mark.parametrize(("pattern", "least"), [*zip(HELD_OUT, (0.99, 0.99, 0.97), strict=True)])
def test_agrees_with_people_on_what_the_rules_were_not_written_with(
    real_data: Path, pattern: str, least: float
) -> None:
    assert agreed(files_of(real_data, [pattern])) >= least


@pytest.mark.real_data
@pytest.mark.parametrize("model", ["aya-expanse", "gaokerena-v1", "gaokerena-r1.0"])
def test_reads_chains_of_thought_as_people_did(real_data: Path, model: str) -> None:
    paths = files_of(real_data, [f"reasoning/cot/anatomy/{model}/*_no?.xlsx"])
    assert len(paths) == 5
    assert agreed(paths) >= 0.97


@pytest.mark.real_data
@pytest.mark.thorough
def test_the_calibration_is_what_the_tuned_half_gives(real_data: Path) -> None:
    assert FILE.read_text(encoding="utf-8") == calibrate(real_data)


def conclusions(sets: list[AnswerSet]) -> list[tuple[AnswerSet, AnswerSet]]:
    """The pairs of answer files where people and rules come to other conclusions."""
    return [
        (first, second)
        for first, second in itertools.combinations(sets, 2)
        if (compare([first], [second], "human").exact < 0.05)
        != (compare([first], [second], "ours").exact < 0.05)
    ]


@pytest.mark.real_data
@pytest.mark.thorough
@pytest.mark.parametrize(
    "patterns",
    [("answers/kopp/*.xlsx",), ("answers/MMLU_Anatomy/*.xlsx", "reasoning/cot/*/*/*_no?.xlsx")],
)
def test_no_paired_test_is_decided_by_the_reading(
    real_data: Path, patterns: tuple[str, ...]
) -> None:
    paths = files_of(real_data, patterns)
    sets = [AnswerSet("any", str(path), path, read_answer_file(path)) for path in paths]
    assert len(sets) in {3, 17}
    assert conclusions(sets) == []
