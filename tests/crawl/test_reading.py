"""What a page's bytes, clocks, descriptions and control characters become in a record."""

import re
import time

import pytest
from parsel import Selector
from web_poet import HttpResponse

from gaokerena_data.crawl.pages import ArticlePage, GuessedArticlePage, QuestionPage, RecordPage
from gaokerena_data.crawl.reading.dates import iso_date
from gaokerena_data.crawl.reading.encodings import decode_page
from gaokerena_data.crawl.reading.structured import read_described
from gaokerena_data.records import Article
from gaokerena_data.text.bylines import split_answers, split_questions
from spiders.niniban import NinibanQuestion

MANY_CASES = True  # see tests/conftest.py


TEXT = "سرماخوردگی بیشتر در فصل سرد دیده می‌شود و با استراحت و مایعات گرم بهتر می‌شود. " * 3
OLD_TEXT = TEXT.replace("ی", "ي")
HTML = "<html><head>{head}</head><body><h1>سرماخوردگی</h1><div class=b>{text}</div></body></html>"


CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)


class Plain(ArticlePage):
    extractor = "nabz@1"
    body = ".b"


class Guessed(GuessedArticlePage):
    extractor = "nabz@1"
    body = ".b"


class Asked(QuestionPage):
    extractor = "drhast@1"
    question = ".b"
    answer = ".a"


def read(
    page: type[RecordPage], body: bytes, url: str = "https://nabz.site/a", label: str | None = None
) -> RecordPage:
    headers = {} if label is None else {"Content-Type": label}
    return page(HttpResponse(url=url, body=body, status=200, headers=headers))


def article(body: bytes, label: str | None = None) -> Article:
    [record] = read(Plain, body, label=label).records()
    assert isinstance(record, Article)
    return record


def html(text: str = TEXT, head: str = "") -> str:
    return HTML.format(text=text, head=head)


@pytest.mark.parametrize(
    "label",
    [
        None,
        "text/html",
        "text/html; charset=windows-1256",
        "text/html; charset=iso-8859-1",
        "text/html; charset=us-ascii",
        "text/html; charset=nonsense",
    ],
)
@pytest.mark.parametrize("bad", [b"\xff", b"\xd8 ", b"\x80\x81", b"\xe2\x80"])
def test_a_bad_byte_of_utf_8_costs_no_more_than_itself(label: str | None, bad: bytes) -> None:
    raw = html().encode()
    middle = raw.index("استراحت".encode())
    record = article(raw[:middle] + bad + raw[middle:], label)
    assert "".join(record.content.replace("\ufffd", "").split()) == "".join(TEXT.split())
    assert record.title == "سرماخوردگی"


@pytest.mark.parametrize("encoding", ["cp1256", "iso-8859-6", "mac_farsi"])
@pytest.mark.parametrize("label", [None, "text/html; charset=utf-8", "text/html; charset=latin-1"])
def test_an_old_encoding_is_found_whatever_is_declared(encoding: str, label: str | None) -> None:
    old = OLD_TEXT.replace("\u200c", " ") if encoding != "cp1256" else OLD_TEXT
    old = old.replace("ک", "ك").replace("گ", "ك") if encoding == "iso-8859-6" else old
    record = article(html(old).replace("سرماخوردگی", "سرما").encode(encoding), label)
    assert record.content == " ".join(old.split())


@pytest.mark.parametrize("label", [None, "utf-8", "windows-1256", "iso-8859-1"])
@pytest.mark.parametrize(("new", "old"), [(1, 1), (5, 1), (1, 5)])
def test_old_comments_under_a_new_template_are_read_as_both(
    label: str | None, new: int, old: int
) -> None:
    text = " ".join(TEXT.split())
    comment = "سلام، من هم همين مشكل را دارم و با آب نمك بهتر شدم. "
    raw = html(f"<p>{text * new}</p><p>MARK</p>").encode()
    raw = raw.replace(b"MARK", (comment * 3 * old).encode("cp1256"))
    content = article(raw, label and f"text/html; charset={label}").content
    assert text in content
    assert content.count(comment.strip()) == 3 * old


def test_utf_16_is_read_with_its_mark_and_without() -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert article(html().encode(encoding)).content == " ".join(TEXT.split())


def test_a_page_in_another_language_is_read_as_it_is_declared() -> None:
    german = "Fieber über 39 Grad, Grüße"
    for encoding, label in (("latin-1", "iso-8859-1"), ("cp1252", "windows-1252")):
        assert decode_page(german.encode(encoding), f"text/html; charset={label}") == german


@pytest.mark.parametrize("text", ["????? ???? ??? " * 20, "\ufffd" * 90, "Lorem ipsum dolor " * 9])
def test_a_text_without_persian_from_a_persian_site_is_no_record(text: str) -> None:
    body = html(text).encode()
    assert read(Plain, body).records() == []
    assert read(Guessed, body).records() == []
    assert read(Asked, body).records() == []
    marker = f"<div id=echo_detail>سوال مخاطب نی‌نی‌بان:<p>{text}</p></div>"
    assert read(NinibanQuestion, marker.encode()).records() == []


def test_a_site_of_another_language_says_so() -> None:
    class English(Plain):
        language = "en"

    assert len(read(English, html("Lorem ipsum dolor " * 9).encode()).records()) == 1


@pytest.mark.parametrize(
    ("clock", "hour"),
    [
        ("ساعت 8:05 ب.ظ", "20:05"),
        ("۸:۰۵ ب ظ", "20:05"),
        ("8:05 بعدازظهر", "20:05"),
        ("8:05 بعد از ظهر", "20:05"),
        ("عصر ساعت ۵:۱۰", "17:10"),
        ("۱۱:۳۰ شب", "23:30"),
        ("۱۲:۱۵ ظهر", "12:15"),
        ("۱:۱۵ ظهر", "13:15"),
        ("12:05 ب.ظ", "12:05"),
        ("10:00 PM", "22:00"),
        ("10:00pm", "22:00"),
        ("10:00 p.m.", "22:00"),
        ("12:00 AM", "00:00"),
        ("08:05 ق.ظ", "08:05"),
        ("8:05 صبح", "08:05"),
        ("۲:۳۰ بامداد", "02:30"),
        ("12:30 شب", "00:30"),
        ("20:05 ب.ظ", "20:05"),
        ("15:30", "15:30"),
    ],
)
@pytest.mark.parametrize("day", ["۱۱ مرداد ۱۴۰۲", "1402/05/11", "2023-08-02", "August 2, 2023"])
def test_a_clock_of_twelve_hours(day: str, clock: str, hour: str) -> None:
    assert iso_date(f"{day} {clock}") == f"2023-08-02T{hour}:00"


def ld(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


PERSON = '{"@type": "Person", "name": "دکتر آزاد نیک"}'
WORDS = (
    '"@type": "Article", "headline": "تب و لرز", "datePublished": "2023-08-02T08:00:00+03:30",'
    '"keywords": "تب، لرز"'
)


@pytest.mark.parametrize(
    "described",
    [
        ld(f'{{{WORDS}, "author": {PERSON}}}'),
        ld(f'{{{WORDS}, "author": [{PERSON}]}}'),
        ld(f'[{{"@type": "Organization", "name": "x"}}, {{{WORDS}, "author": "دکتر آزاد نیک"}}]'),
        ld(
            '{"@graph": [{"@type": "WebPage", "name": "x"},'
            f'{{{WORDS}, "author": {{"@id": "#p"}}}}, {{"@id": "#p", "name": "دکتر آزاد نیک"}}]}}'
        ),
        ld("{not json") + ld(f'// by a plug-in\n{{{WORDS}, "author": {PERSON}}}'),
        '<div itemscope itemtype="https://schema.org/Article"><b itemprop=headline>تب و لرز</b>'  # noqa: ISC004
        '<i itemprop=author itemscope itemtype="https://schema.org/Person">'
        "<b itemprop=name>دکتر آزاد نیک</b></i>"
        '<time itemprop=datePublished datetime="2023-08-02T08:00:00+03:30">دیروز</time>'
        '<meta itemprop=keywords content="تب، لرز"></div>',
    ],
)
def test_schema_org_fills_what_selectors_do_not_find_and_the_record_says_so(
    described: str,
) -> None:
    body = html().replace("<h1>سرماخوردگی</h1>", described)
    for page, used in ((Plain, "nabz@1+schema.org"), (Guessed, "nabz@1+schema.org")):
        made = read(page, body.encode())
        [record] = made.records()
        assert isinstance(record, Article)
        assert (record.title, record.author) == ("تب و لرز", "دکتر آزاد نیک")
        assert record.published_at == "2023-08-02T08:00:00+03:30"
        assert record.tags == ["تب", "لرز"]
        assert made.extractor_used == used
    # What a selector finds is not overruled.
    assert article(html(head=described).encode()).title == "سرماخوردگی"


def test_a_page_that_says_nothing_of_itself_is_the_page_object_s_alone() -> None:
    page = read(Plain, html().encode())
    assert page.records()
    assert page.extractor_used == "nabz@1"


@pytest.mark.parametrize(
    "control",
    [
        "\x1b]0;x\x07",
        "\x1b[2J",
        "\x9b31m",
        "\u202e",
        "\u2066",
        "&#27;[31m",
        "&#x9b;",
        "\x7f",
        "\x08",
        "\ufff9",
        "\U000e0041\U000e007f",
        "&#xE0041;",
    ],
)
def test_control_characters_never_reach_a_record(control: str) -> None:
    head = f'<meta name=author content="دکتر{control}">'
    body = html(TEXT + control + "پایان", head).replace("</h1>", f"{control}</h1>")
    body += ld(f'{{"@type": "Article", "keywords": "تب{control}"}}')
    for page in (Plain, Guessed, Asked):
        for record in read(page, body.encode()).records():
            texts = [record.title, *record.tags]
            texts += [getattr(record, name, None) for name in ("content", "question", "author")]
            assert not CONTROLS.search("".join(filter(None, texts)))


@pytest.mark.parametrize(
    "unit",
    [
        *("a", " ", "\n", "۱۱ ", "1402/", "8:05 ", "12 مرداد ", "ب.", "پاسخ ", "پاسخ دکتر ", "("),
        *("سوال مخاطب ", "دکتر الف، متخصص ", ". پاسخ دکتر ا،", "\u202e", "جواب:\n"),
    ],
)
def test_no_text_takes_more_than_time_in_its_length(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    began = time.process_time()
    iso_date(text)
    split_answers(text, nameless=True)
    split_questions(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "page",
    [
        '<div itemscope itemtype="http://schema.org/Article" itemprop="author">' * 3000,
        '<div itemscope itemtype="http://schema.org/Article"><p itemprop=name>x</p></div>' * 9000,
        ld("[" * 100_000),
        ld('{"a":' * 5000 + "1" + "}" * 5000),
        ld("[" + ",".join(['{"@type":"Article"}'] * 100_000) + "]"),
        ld('{"@type":"Article","keywords":"' + "a," * 200_000 + '"}'),
    ],
)
def test_a_description_is_read_in_time_whatever_it_holds(page: str) -> None:
    document = Selector(text=page)
    began = time.process_time()
    read_described(document)
    assert time.process_time() - began < 5


def test_a_niniban_page_with_a_patient_s_result_has_one_answer() -> None:
    text = (
        "سوال مخاطب نی‌نی‌بان:<p>بیست هفته‌ام.</p><p>جواب آزمایشم آمده: قند ۹۵</p>"
        "<p>پاسخ آزمایش قبلی هم همین بود.</p><p>پاسخ دکتر سارا صبوری، متخصص زنان:</p>"
        "<p>طبیعی است.</p><p>پاسخ دکتر رضا کیان، متخصص تغذیه:</p><p>رژیم بگیرید.</p>"
    )
    body = f"<h1>قند</h1><div id=echo_detail>{text}</div>".encode()
    records = read(NinibanQuestion, body, "https://niniban.com/بخش-1/2-قند").records()
    assert [(r.answered_by, r.answer) for r in records if not isinstance(r, Article)] == [
        ("دکتر سارا صبوری", "طبیعی است."),
        ("دکتر رضا کیان", "رژیم بگیرید."),
    ]
    assert not isinstance(records[0], Article)
    assert records[0].question.splitlines()[1:] == [
        "جواب آزمایشم آمده: قند ۹۵",
        "پاسخ آزمایش قبلی هم همین بود.",
    ]
