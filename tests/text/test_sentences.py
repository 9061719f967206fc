"""Sentences: where a text is parted, where it is not, and that nothing of it is lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gaokerena_data.text.sentence_splitter import sentence_spans, sentences

# `|` stands where a sentence ends and another begins.
PARTED = [
    "تب دارم.| سرفه هم می‌کنم!| چه بخورم؟| ممنون…| منتظرم",
    "واقعا؟!!| باورم نمی‌شود؟؟؟| بله",
    "سه روز است تب دارم.|لطفا کمک کنید.|ممنون",  # without a space
    "سه روز است تب دارم .| لطفا کمک کنید ؟| ممنون",  # with one before
    "قند ناشتا ۱۲۰.| فشار ۱۳.۸ بود.| وزنم 72.5 کیلوست.",
    "قرص ۲.۵ میلی‌گرم، روزی ۱ بار.| نصف قرص یعنی .۵ همان",
    "سال ۱۴۰۲.| بعد از عید",
    "روزی 5 mg. بعد از غذا بخورید.| تمام شد.",
    "هر 8 hr. یک قرص ۵۰۰ mg. با آب",
    "Take 5 mg. daily.| Then stop.| Ask Dr. Smith at 8 a.m. or 9.30 p.m. tomorrow.",
    "دکتر. رضایی و مهندس. کریمی آمدند.| رفتند.",
    "سلام آقای دکتر.| دخترم تب دارد.",
    "رفتم دکتر.| گفت سرماخوردگی است.",
    "م. رضایی و A. B. Karimi نوشته‌اند.| خواندم.",
    "ص. ۱۲ و صص. ۳۰ تا ۴۰ را ببینید.| همین.",
    "بقراط در ۴۶۰ ق.م. زاده شد.| او پزشک بود.",
    "سال ۱۲۹۹ ه.ش. و ۲۰۲۰ م. هر دو",
    "کمبود ویتامین د.| روزی یک قرص.",
    "گروه خونم O+.| همسرم گروه B.| مشکلی هست؟",
    "۱. تب| ۲. لرز| الف. سرفه| 10. درد",
    "از https://example.ir/a.b?c=1.5!x بخوانید.| یا www.example.com.| یا a.b@example.com بنویسید.",
    "سایت example.com را ببینید.| نسخه ۲.۰.۱ آمد.",
    "ساعت ۸.۳۰ یا ۱۹:۴۵ بیایید.| ساعت ۱۰ نوبت است.",
    "درد دارم...| خیلی زیاد....| چه کنم",
    "... و بعد خوب شدم.| [...] همین",
    "پرسید «چرا نیامدی؟» و رفت.| گفت: «نمی‌دانم.»| خندید.",
    "قرص (روزی دو بار!) بخورید.| (با آب.)| بعد بخوابید.",
    "مرسی!! 🌹🌹| خدا نگهدار",
    "کووید-19.| آنفلوآنزا",
    "روزی یک عدد Vit. D3 بخورید.| ممنون",
]


@pytest.mark.parametrize("marked", PARTED)
def test_where_a_text_is_parted(marked: str) -> None:
    text = marked.replace("| ", " ").replace("|", "")
    if marked.startswith("۱. تب"):
        text = marked.replace("| ", "\r\n")
    assert sentences(text) == [part.strip() for part in marked.split("|")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\u2028", "\u2029", "\x85"])
def test_a_line_end_is_an_end(end: str) -> None:
    assert sentences(f"تب دارم{end}دکتر.{end}سرفه هم{end}") == ["تب دارم", "دکتر.", "سرفه هم"]


ALPHABET = "ابم دی‌ک.. ؟!…«»()[]\n\r ۲2aAZ.mg🌹\u2028\u064b:/'\"\x85\x1c"


@given(st.text(ALPHABET, max_size=80) | st.text(max_size=60))
@example(" \t ")
@example("!! ?? دکتر.\u00a0\u3000")
def test_every_character_is_of_one_sentence_or_of_a_gap(text: str) -> None:
    spans = sentence_spans(text)
    assert sentences(text) == [text[start:end] for start, end in spans]
    borders = [0, *(place for span in spans for place in span), len(text)]
    assert borders == sorted(borders)
    gaps = [text[borders[i] : borders[i + 1]] for i in range(0, len(borders), 2)]
    assert not "".join(gaps).strip()
    for part in sentences(text):
        assert part == part.strip()
        assert part
        assert sentences(part)
        assert len(part.splitlines()) == 1


@given(st.lists(st.sampled_from(["تب دارم.", "چرا؟", "بله!", "دوز ۲.۵ mg است."]), max_size=6))
def test_sentences_put_together_come_apart_again(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_a_hostile_line_takes_linear_time() -> None:
    """Whatever is quadratic does not come back."""
    for unit in (
        "؟ ",
        "... ",
        "«",
        "( ",
        "«.» ",
        "۱. ",
        "a.",
        "www.",
        "https://.",
        "! 🌹",
        " .",
        "دکتر.",
    ):
        assert sentence_spans(unit * (200_000 // len(unit)))
