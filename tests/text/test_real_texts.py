"""The text functions on the authors' published rows; every exception is counted and explained.

Real rows may hold personal data, so a failure names a row and never prints it.
"""

import json
import re
from collections import Counter
from pathlib import Path

import hazm
import pytest
from python_calamine import CalamineWorkbook

from gaokerena_data.text.counting import count_words
from gaokerena_data.text.language import detect_language
from gaokerena_data.text.normalization.cleaning import clean
from gaokerena_data.text.normalization.hazm_path import fast_hazm, one_pass
from gaokerena_data.text.normalization.joins import may_join
from gaokerena_data.text.normalization.repair import repair
from gaokerena_data.text.normalization.spans import protect, restore
from gaokerena_data.text.normalizer import normalize
from gaokerena_data.text.privacy import find_personal_data

pytestmark = pytest.mark.real_data

MARK = "\ue000"
PERSIAN_DIGITS = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩%.", "۰۱۲۳۴۵۶۷۸۹" * 2 + "٪٫")

# Spans of other kinds than names and messengers, by the authors' files.
PERSONAL = {
    "doctoryab_qa_filtered": Counter(mobile=2),
    "drhast_qa_filtered_part1": Counter(
        mobile=13, birth_date=9, landline=3, handle=4, patient_link=2, address=1
    ),
    "isovisit_qa": Counter(),
    "kqa_fa": Counter(),
    "niniban_qa_crawled": Counter(birth_date=47),
    "niniban_qa_filtered": Counter(birth_date=32),
}


@pytest.fixture(scope="module")
def rows(real_data: Path) -> dict[str, list[tuple[str, str]]]:
    """Questions and answers of each file of the authors, in order."""
    tables = {}
    for file in sorted((real_data / "legacy").glob("*.xlsx")):
        sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
        tables[file.stem] = [(str(row[0]), str(row[1])) for row in sheet[1:]]
    lines = (real_data / "legacy" / "kqa_fa.jsonl").read_text("utf-8").splitlines()
    records = map(json.loads, lines)
    tables["kqa_fa"] = [(record["Question"], record["Free_form_answer"]) for record in records]
    return tables


@pytest.fixture(scope="module")
def texts(rows: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Every different text."""
    return list(dict.fromkeys(text for table in rows.values() for row in table for text in row))


def damaged(span: str) -> str:
    """A pattern of what hazm may make of a protected span: other digits, spaces anywhere."""
    chars = []
    for char in span:
        forms = {char, char.translate(PERSIAN_DIGITS), fast_hazm(char) or char}
        if char == " ":
            forms |= {"\u200c", ""}
        chars.append("(?:" + "|".join(map(re.escape, sorted(forms))) + ")")
    return "[ \u200c]?".join(chars)


def equals_outside(text: str) -> bool:
    """Whether normalization and stock hazm agree on all that stands outside protected spans."""
    masked, spans = protect(text)
    segments = restore(fast_hazm(masked), [MARK] * len(spans), persian_digits=False).split(MARK)
    assert len(segments) == len(spans) + 1
    pattern = ""
    for i, span in enumerate(spans):
        # hazm parts a sign from the number that it touches: the span is protected from that.
        left, right = ("" if edge.isalnum() else "[ \u200c]?" for edge in (span[0], span[-1]))
        if left:
            segments[i] = segments[i].removesuffix(" ")
        if right:
            segments[i + 1] = segments[i + 1].removeprefix(" ")
        pattern += re.escape(segments[i]) + left + damaged(span) + right
    return re.fullmatch(pattern + re.escape(segments[-1]), fast_hazm(text)) is not None


def explanation(text: str) -> str:
    """Why a text may differ from stock hazm outside protected spans."""
    cleaned = clean(text)
    if fast_hazm(cleaned) != fast_hazm(text):
        return "characters settled before hazm"
    repaired = repair(cleaned)
    if repaired != cleaned:
        return "a number put together"
    masked, spans = protect(repaired)
    every = restore(fast_hazm(masked), spans)
    reviewed = restore(one_pass(masked, may_join=may_join)[0], spans)
    if reviewed != normalize(text):
        return "a second pass"
    if every != reviewed:
        same = every.replace("\u200c", " ") == reviewed.replace("\u200c", " ")
        return "a join that was not made" if same else "unexplained"
    return "equal" if equals_outside(repaired) else "unexplained"


def check_explained(texts: list[str]) -> None:
    counts = Counter(map(explanation, texts))
    # A sign that stays between a number and a word («۷۵/میلی گرم») keeps hazm from a join behind.
    assert counts["unexplained"] < 0.005 * len(texts)
    assert counts["equal"] > 0.9 * len(texts)


def test_outside_protected_spans_hazm_is_unchanged(texts: list[str]) -> None:
    check_explained(texts[::12])


@pytest.mark.slow
@pytest.mark.usefixtures("slow")
def test_it_is_unchanged_in_every_text(texts: list[str]) -> None:
    check_explained(texts)


@pytest.mark.slow
@pytest.mark.usefixtures("slow")
def test_the_fast_path_equals_hazm_on_every_text(texts: list[str]) -> None:
    stock = hazm.Normalizer()
    assert [i for i, text in enumerate(texts) if stock.normalize(text) != fast_hazm(text)] == []


def test_cutting_a_text_changes_nothing(texts: list[str]) -> None:
    some = [(i, f"{text} پزشک") for i, text in enumerate(texts) if i % 12 == 0]
    # A text with a letter that no rule knows is never cut (see `text.normalization.stretches`).
    assert [i for i, text in some if normalize(f"{text} ꡃ") != f"{normalize(text)} ꡃ"] == []


def test_normalization_is_idempotent(texts: list[str]) -> None:
    some = [(i, normalize(text)) for i, text in enumerate(texts) if i % 12 == 0]
    assert [i for i, text in some if normalize(text) != text] == []


def test_word_counts_reproduce_the_authors_filter(rows: dict[str, list[tuple[str, str]]]) -> None:
    kept: dict[str, str] = {}
    for question, answer in rows["niniban_qa_crawled"]:
        if count_words(answer) >= 45:
            kept.setdefault(question, answer)
    assert list(kept.items()) == rows["niniban_qa_filtered"]


def test_real_rows_are_persian(texts: list[str]) -> None:
    labels = Counter(map(detect_language, texts[::12]))
    assert labels["fa"] > 0.999 * len(texts[::12])


@pytest.mark.slow
@pytest.mark.usefixtures("slow")
def test_detection_agrees_with_langdetect(texts: list[str]) -> None:
    """But where langdetect takes short Persian questions for Urdu, Arabic, Catalan or Italian."""
    import langdetect

    langdetect.DetectorFactory.seed = 0
    differ = Counter[str]()
    for text in texts:
        try:
            named = langdetect.detect(text)
        except langdetect.LangDetectException:
            named = "unknown"
        if named != detect_language(text):
            differ[named] += 1
    assert differ["fa"] == 0
    assert differ.total() <= 0.003 * len(texts)


def test_personal_numbers_in_the_real_rows(rows: dict[str, list[tuple[str, str]]]) -> None:
    found = {
        table: Counter(
            span.kind
            for row in pairs
            for text in row
            for span in find_personal_data(text)
            if span.kind not in ("name", "messenger")
        )
        for table, pairs in rows.items()
    }
    assert found == PERSONAL


DOSE = re.compile(
    r"[\d۰-۹٠-٩]+(?:[./,٫×x*-][\d۰-۹٠-٩]+)* ?"
    r"(?:mg|ml|cc|gr|میلی|گرم|سی‌?سی|واحد|درصد|%|سال|ماه|هفته|روز|بار|عدد|قرص|کیلو|سانت|درجه|ساعت)"
)


def test_no_dose_or_age_is_taken_for_personal_data(texts: list[str]) -> None:
    taken = []
    for i, text in enumerate(texts):
        doses = [match.span() for match in DOSE.finditer(text)]
        if doses:
            taken += [
                i
                for span in find_personal_data(text)
                for start, end in doses
                if span.start < end and start < span.end
            ]
    assert taken == []
