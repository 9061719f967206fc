"""Which option an answer chose: invented answers, invariances, and the authors' own readings."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.choices.folding import fold
from gaokerena_data.choices.reading import extract_choice
from training.evaluation.questions.benchmarks import Item, load_benchmark
from training.evaluation.reading.answers import INVALID, read_answer_file

OPTIONS = ("کبد", "کلیه", "طحال", "پانکراس")
LETTERS = "ABCD"
PERSIAN = ("الف", "ب", "ج", "د")
ORDINALS = ("اول", "دوم", "سوم", "چهارم")
LABEL = re.compile(r"(?<![A-Za-z0-9\u200c/+\-'])[A-D](?![A-Za-z0-9'/+\-])")
OTHER_LABEL = re.compile(
    r"گزینه\S*\s*(?:الف|ب|ج|د|\d|اول|دوم|سوم|چهارم)|^\W*(?:الف|ب|ج|د|[1-4۱-۴])\W"
)
# Invented answers of every style seen in models, with the option each of them chose.
LINES = Path(__file__).with_name("choice_cases.jsonl").read_text(encoding="utf-8").splitlines()
ALL_CASES = [
    pytest.param(case["answer"], case["options"], case["chosen"], id=f"{case['style']}-{number}")
    for number, case in enumerate(map(json.loads, LINES), start=1)
]
# {l} a Latin letter, {p} a Persian one, {n} a digit, {o} an ordinal, {t} the option's text.
TEMPLATES = (
    "{l}",
    "[{l}]",
    "**{l}**",
    "({l}) {t}",
    "{p}) {t}",
    "گزینه {n}",
    "گزینه {o} درست است",
    "پاسخ صحیح: [{l}] : {t}",
    "پاسخ صحیح گزینه {p} است.",
    "جواب درست {l} می‌باشد.",
    "پاسخ: {t}",
    "{t}",
    "The correct answer is {l}.",
    "با توجه به علائم بیمار، پاسخ صحیح گزینه [{l}] : {t} است.",
    "بنابراین، گزینه {l} بهترین پاسخ به این پرسش است.",
)


@pytest.mark.parametrize(("answer", "options", "chosen"), ALL_CASES)
def test_reads_the_choice(answer: str, options: list[str], chosen: str | None) -> None:
    assert extract_choice(answer, options) == chosen


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("index", range(4))
def test_every_template_names_every_option(template: str, index: int) -> None:
    answer = template.format(
        l=LETTERS[index],
        p=PERSIAN[index],
        n="۱۲۳۴"[index],
        o=ORDINALS[index],
        t=OPTIONS[index],
    )
    assert extract_choice(answer, OPTIONS) == LETTERS[index]


@pytest.mark.parametrize(("answer", "options", "chosen"), ALL_CASES)
def test_arabic_letters_and_bidi_marks_change_nothing(
    answer: str, options: list[str], chosen: str | None
) -> None:
    typed = answer.translate({ord("ی"): "ي", ord("ک"): "ك"}).replace(" ", " \u200f")
    assert extract_choice(typed, options) == chosen


@given(st.permutations(range(4)))
def test_an_answer_in_words_follows_its_option(order: list[int]) -> None:
    options = [OPTIONS[index] for index in order]
    chosen = extract_choice("پاسخ صحیح کلیه است.", options)
    assert chosen is not None
    assert options[LETTERS.index(chosen)] == "کلیه"


@given(st.sampled_from(LETTERS), st.sampled_from(LETTERS))
def test_the_last_word_counts(first: str, last: str) -> None:
    answer = f"ابتدا به نظر می‌رسید پاسخ گزینه {first} است. بنابراین پاسخ نهایی گزینه {last} است."
    assert extract_choice(answer, OPTIONS) == last


@given(st.text(max_size=200), st.lists(st.text(max_size=30), min_size=2, max_size=5))
def test_any_text_gives_a_letter_of_an_option_or_none(answer: str, options: list[str]) -> None:
    chosen = extract_choice(answer, options)
    assert chosen is None or chosen in "ABCDE"[: len(options)]


@pytest.mark.parametrize(
    "piece",
    [
        "A ",
        "[A] ",
        "گزینه ",
        "پاسخ صحیح ",
        "صحیح این ",
        "the answer is the ",
        "\\boxed{",
        "[",
        "*",
        "\n",
        "[A] : کبد\n",
        "نه ",
        "پاسخ نیست، ",
        "همه موارد ",
        "A\n",
        "1. ",
        "کبد ",
        "کبد (A) ",
        "گزینه A نیست ",
        "بنابراین، ",
        "را انتخاب ",
        "نمی‌کند ",
        "<think>",
        "«",
    ],
)
def test_a_long_repetitive_answer_is_read_at_all(piece: str) -> None:
    """Small models repeat themselves to the token limit; no rule may blow up on it."""
    assert extract_choice(piece * 3_000, OPTIONS) in {"A", None}


SINGLE = (
    "MMLU_Anatomy/gaokerena.xlsx",
    "MMLU_Anatomy/persianmind.xlsx",
    "kopp/gaokerena.xlsx",
    "kopp/persianmind.xlsx",
)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "least", "single"),
    [*((file, 0.96, True) for file in SINGLE), ("kopp/medmobile_gemma2b.xlsx", 0.88, False)],
)
def test_agrees_with_the_authors_readings(
    real_data: Path, file: str, least: float, single: bool
) -> None:
    answers = read_answer_file(real_data / "answers" / file)
    agreed = sum((answer.chosen or INVALID) == answer.human for answer in answers)
    assert agreed / len(answers) >= least
    if single:
        ours = sum(answer.chosen == answer.correct for answer in answers)
        theirs = sum(answer.human == answer.correct for answer in answers)
        assert abs(ours - theirs) / len(answers) <= 0.015


@pytest.mark.real_data
@pytest.mark.parametrize("file", SINGLE)
def test_other_letters_for_the_same_options_change_nothing(real_data: Path, file: str) -> None:
    """Rules that fit one file's letters by chance would not read the same answers rotated."""
    rotated = str.maketrans("ABCD", "BCDA")
    read = 0
    for answer in read_answer_file(real_data / "answers" / file):
        first, second, third, fourth = answer.options
        text = LABEL.sub(lambda match: match.group().translate(rotated), answer.answer)
        if any(map(LABEL.search, answer.options)) or OTHER_LABEL.search(text):
            continue
        expected = answer.chosen and answer.chosen.translate(rotated)
        options = (fourth, first, second, third)
        assert extract_choice(text, options, answer.question) == expected, answer.row
        read += 1
    assert read > 100


@pytest.mark.real_data
@pytest.mark.parametrize(
    "form", ["({l})", "**{l}**", "{l})", "[{p}]", "({p})", "«{p}»", "گزینه {n}"]
)
@pytest.mark.parametrize("file", SINGLE)
def test_other_spellings_of_the_label_change_nothing(real_data: Path, file: str, form: str) -> None:
    for answer in read_answer_file(real_data / "answers" / file):

        def spelled(match: re.Match[str]) -> str:
            place = LETTERS.index(match.group(2))
            label = form.format(l=LETTERS[place], p=PERSIAN[place], n="۱۲۳۴"[place])
            return label if form.startswith("گزینه") else (match.group(1) or "") + label

        text = re.sub(r"(گزینه[\s\u200c]*)?\[([A-D])\]", spelled, answer.answer)
        assert extract_choice(text, answer.options, answer.question) == answer.chosen, answer.row


FORMS = (
    "{t}",
    "[{l}] : {t}",
    "{l}. {t}",
    "{p}) {t}",
    "**{l}**\n\nدلیل: {t}",
    "پاسخ صحیح گزینه [{l}] : {t} است.",
    "The correct answer is {l}. {t}",
    "بنابراین، پاسخ صحیح گزینه {p} است: {t}",
    "{question}\n{all}\n\nپاسخ: [{l}] : {t}",
    "{rejected}\nپس پاسخ صحیح [{l}] است.",
)


def read_in_every_form(items: Iterable[Item]) -> None:
    for item in items:
        if len(set(map(fold, item.options))) < len(item.options):
            continue
        listed = [f"[{letter}] : {t}" for letter, t in zip(LETTERS, item.options, strict=True)]
        for place, text in enumerate(item.options):
            others = [line for line in listed if line != listed[place]]
            for form in FORMS:
                answer = form.format(
                    l=LETTERS[place],
                    p=PERSIAN[place],
                    t=text,
                    question=item.question,
                    all="\n".join(listed),
                    rejected="\n".join(f"گزینه {line} نادرست است." for line in others),
                )
                assert extract_choice(answer, item.options) == LETTERS[place], (item.id, form)


@pytest.mark.real_data
def test_every_option_of_real_exams_is_read_in_every_form(real_data: Path) -> None:
    """Whatever words real options hold, they are not taken for what is said of them."""
    folder = str(real_data / "benchmarks")
    read_in_every_form(load_benchmark("ibmsee", folder)[::4])
    read_in_every_form(load_benchmark("mmlu_medical_fa", folder)[::25])


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.usefixtures("slow")
def test_every_option_of_all_real_exams_is_read_in_every_form(real_data: Path) -> None:
    folder = str(real_data / "benchmarks")
    for name in ("ibmsee", "mmlu_medical_fa"):
        read_in_every_form(load_benchmark(name, folder))


DRUGS = ["آنتی‌هیستامین", "اپی‌نفرین", "کورتیکواستروئید", "سالبوتامول"]


@pytest.mark.parametrize(
    ("answer", "letter"),
    [
        ("گزینه A. پوزش، منظورم گزینه D بود.", "D"),
        ("پاسخ ج است. تصحیح: پاسخ د است.", "D"),
        ("My answer: A. Oops, B.", "B"),
        ("Answer: D. On second thought, answer: C", "C"),
        ("برخی پزشکان معتقدند A درست است، ولی پاسخ صحیح گزینه C است.", "C"),
        ("اگر کودک خس‌خس داشت A درست بود، ولی پاسخ گزینه D است.", "D"),
        ("Contrary to common belief in A, the answer is D.", "D"),
        ("در نگاه نخست گزینهٔ الف درست به نظر می‌آید، اما جواب د خواهد بود.", "D"),
        ("شما گفتید گزینهٔ A درست است؛ چنین نیست. پاسخ صحیح گزینه C است.", "C"),
        ("اگر بیمار باردار بود، گزینهٔ A درست می‌شد. پاسخ صحیح گزینه D است.", "D"),
        ("A نه، پاسخ گزینه C است.", "C"),
        ("ب و د هر دو صحیح‌اند.", None),
    ],
)
def test_what_is_corrected_or_held_by_others_is_no_answer(answer: str, letter: str | None) -> None:
    assert extract_choice(answer, DRUGS, "کدام دارو نخست داده می‌شود؟") == letter


def test_all_others_called_right_leave_the_exception() -> None:
    said = "گزینه A درست است. گزینه B درست است. گزینه D درست است."
    assert extract_choice(said, DRUGS, "همهٔ موارد زیر درست است به جز:") == "C"


def test_an_option_that_is_not_the_answer_is_not_chosen_where_the_exception_was_asked_for() -> None:
    asked = "همهٔ موارد زیر درست است به جز:"
    assert extract_choice("بنابراین گزینهٔ A پاسخ نیست.", DRUGS, asked) is None
    said = "گزینهٔ ب نمی‌تواند جواب باشد؛ گزینهٔ سوم پاسخ است."
    assert extract_choice(said, DRUGS, asked) == "C"
    assert extract_choice("گزینهٔ B نادرست است.", DRUGS, asked) == "B"
