"""What counts as saying what was taken down, text by text."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from gaokerena_data.takedowns.key import keyed
from gaokerena_data.takedowns.letters import read_letters
from gaokerena_data.takedowns.matching import TakedownMatcher
from gaokerena_data.takedowns.prints import Side, TextPrint, make_prints
from gaokerena_data.takedowns.requests import Takedown, Takedowns, make_takedown
from gaokerena_data.text.word_forms import words

KEY = bytes(range(16))
ASKED = "از وقتی قرص آهن می‌خورم شکمم سفت شده و مدفوعم سیاه است، باید قطعش کنم؟"
SAID = (
    "سیاه شدن مدفوع با قرص آهن طبیعی است و نشانه خونریزی نیست. برای سفتی شکم روزی هشت لیوان آب و "
    "آلوی خیسانده بخورید و قرص را یک شب در میان مصرف کنید."
)
TEMPLATE = "سلام. لطفا برای معاینه به پزشک متخصص مراجعه کنید. موفق باشید."


def matcher(*texts: tuple[Side, str]) -> TakedownMatcher:
    prints = tuple(make_prints(texts, KEY))
    return TakedownMatcher(
        Takedowns([Takedown("id", "drhast-0123456789abcdef", "خواست", texts=prints)]), KEY
    )


def test_the_keyed_hash_is_siphash() -> None:
    """The published vector of eight bytes (Aumasson and Bernstein's vectors.h)."""
    message = np.frombuffer(bytes(range(8)), "<u8").astype(np.uint64)
    assert keyed(message, KEY).tolist() == [0x93F5F5799A932462]


def test_fingerprints_of_today_are_those_of_any_later_version() -> None:
    """They outlive every library: whoever changes what is hashed is stopped here."""
    [found] = make_prints([("heading", "تب و لرز دارم؛ ۳۹ درجه")], KEY)
    assert (found.letters, f"{found.whole:016x}") == (16, WHOLE)
    assert found.grams.tolist() == GRAMS


WHOLE = "6ff709294a19cb02"
GRAMS = [368157670, 1145745820, 1209890922, 2809254266, 3163336306]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("می‌رود", "میرود"),
        ("كليه ي راست", "کلیه‌ی راست"),
        ("فشارِ خونّ", "فشار خون"),
        ("دُرد مـــزمن", "درد مزمن"),
        ("۱۲ قرص در ٣ روز", "12 قرص در 3 روز"),
        ("ﻗﺮﺹ ﺁﻫﻦ", "قرص اهن"),
        ("ہمیشہ درد کلیہ", "همیشه درد کلیه"),
        ("خیلے ڪم مے‌خوابم", "خیلی کم می‌خوابم"),
        ("Vitamin D3", "vitamin d3"),
        ("درد\u200b\u200f‎داشتم!?", "درد داشتم"),
    ],
)
def test_spacing_marks_and_keyboards_are_no_part_of_a_text(one: str, other: str) -> None:
    units, starts = read_letters([one, other])
    assert units[: starts[1]].tolist() == units[starts[1] :].tolist()


def test_letters_that_near_duplicates_take_for_one_are_one_here() -> None:
    for code in range(0x600, 0x800):
        letter = chr(code)
        if letter.isalpha() and words(letter) not in ([], [letter]):
            units = read_letters([letter, *words(letter)]).units.tolist()
            assert len(set(units)) <= 1, f"{code:x}"


@pytest.mark.parametrize(
    ("asked", "said", "is_meant"),
    [
        (ASKED, "این پاسخ دیگری است که هیچ چیز از آن یکی در خود ندارد.", True),  # a question alone
        (f"{ASKED}!!", TEMPLATE, True),
        (ASKED.replace("کنم؟", "کنیم"), "پاسخی دیگر", True),
        ("پرسش کسی دیگر درباره چیزی دیگر", SAID, True),  # an answer alone
        ("پرسش کسی دیگر درباره چیزی دیگر", f"دوستی نوشت: {SAID} و من هم", True),
        ("پرسش کسی دیگر درباره چیزی دیگر", SAID[:90], True),
        ("پرسش کسی دیگر درباره چیزی دیگر", TEMPLATE, False),
        ("پرسش کسی دیگر درباره چیزی دیگر", "با قرص آهن آب زیاد بخورید.", False),
        ("از وقتی قرص آهن می‌خورم حالم خوب است", "خدا را شکر", False),
    ],
)
def test_a_question_or_an_answer_alone_is_enough_but_not_what_is_said_to_many(
    asked: str, said: str, *, is_meant: bool
) -> None:
    found = matcher(("heading", ASKED), ("answer", SAID), ("answer", TEMPLATE))
    assert bool(found.by_texts([asked], [said], is_pair=True)) is is_meant


def test_what_is_said_to_many_counts_with_its_question() -> None:
    found = matcher(("heading", "تب دارم"), ("answer", TEMPLATE))
    assert found.by_texts(["تب دارم!"], [TEMPLATE], is_pair=True)
    assert not found.by_texts(["تب دارم"], [SAID], is_pair=True)
    assert not found.by_texts(["لرز دارم"], [TEMPLATE], is_pair=True)


def test_an_article_is_known_by_its_content_not_by_its_title() -> None:
    title = "ده خوراکی پرآهن برای صبحانه کودکان"
    found = matcher(("content", f"{ASKED} {SAID} بیشتر بخوانید: {title}"))
    assert not found.by_texts([title], ["متنی دیگر درباره عدس و اسفناج و جگر"], is_pair=False)
    assert found.by_texts(["نامه‌ها"], [f"{SAID} {ASKED}"], is_pair=False)
    # A question that a magazine made its title is still that question.
    assert matcher(("heading", ASKED)).by_texts([ASKED], ["متن"], is_pair=False)


def test_one_text_of_any_kind_is_known() -> None:
    found = matcher(("heading", ASKED), ("answer", f"{SAID} {TEMPLATE}"))
    texts = [f"<p>{ASKED}</p>", "چیزی دیگر", None, TEMPLATE, SAID]
    assert found.of_texts(texts) == ["خواست", None, None, None, "خواست"]
    assert TakedownMatcher(Takedowns([]), None).of_text(ASKED) is None


def test_long_texts_keep_a_part_of_their_grams_and_are_found_all_the_same() -> None:
    parts = [f"بند {n}: روز {n * 7} هفته {n * 3} وزن او {n * 11} بود." for n in range(400)]
    long = " ".join(parts)
    [found] = make_prints([("content", long)], KEY)
    assert (found.rate, len(found.grams) < 5_000) == (4, True)
    index = matcher(("content", long))
    piece = long[2_000:2_400]
    for text in (long, f"مقدمه {long}", piece, long.replace("بند 20:", "بخش 20:")):
        assert index.by_texts([""], [text], is_pair=False), text[:30]
    assert not index.by_texts([""], [long[::-1]], is_pair=False)


def test_nothing_of_the_words_and_nothing_without_the_key_is_in_a_request() -> None:
    prints = tuple(make_prints([("heading", ASKED), ("answer", SAID)], KEY))
    request = Takedown("id", "drhast-0123456789abcdef", "خواست", key="x", texts=prints)
    told = json.dumps(request.as_json(), ensure_ascii=False)
    assert not [word for word in f"{ASKED} {SAID}".split() if len(word) > 3 and word in told]
    assert [TextPrint.from_json(each) for each in json.loads(told)["texts"]] == list(prints)
    other = make_prints([("heading", ASKED), ("answer", SAID)], bytes(16))
    for one, two in zip(prints, other, strict=True):
        assert one.whole != two.whole
        assert not set(one.grams.tolist()) & set(two.grams.tolist())
    assert TakedownMatcher(Takedowns([request]), bytes(16)).of_text(ASKED) is None


def test_names_are_looked_up_by_arrays_as_one_by_one() -> None:
    takedowns = Takedowns(
        [
            make_takedown("drhast-0123456789abcdef", "a"),
            make_takedown("https://niniban.com/x/12", "b"),
            make_takedown("isovisit.com", "c"),
        ]
    )
    ids = ["drhast-0123456789abcdef", "niniban-1", "niniban-2", "isovisit-3", "x-4", "drhast-5"]
    urls = [None, "http://www.niniban.com/x/12/", None, None, "https://a.isovisit.com/", "https://"]
    found = TakedownMatcher(takedowns, None).by_names(ids, urls)
    alone = {
        row: reason
        for row, (name, url) in enumerate(zip(ids, urls, strict=True))
        if (reason := takedowns.matches(name, url))
    }
    assert found == alone == {0: "a", 1: "b", 3: "c", 4: "c"}
    threads: Sequence[str] = ["drhast-0123456789abcdef"] * 6
    assert set(TakedownMatcher(takedowns, None).by_names(ids, urls, threads)) == set(range(6))
