"""What all page objects do alike: decoding, text of nodes, soft 404s, ids."""

from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector
from web_poet import HttpResponse

from gaokerena_data.crawl.pages import ArticlePage, GuessedArticlePage, QuestionPage
from gaokerena_data.crawl.reading.markup import block_text, first_block, page_text

URL = "https://example.ir/blog/1"
PERSIAN = "سلام، می‌خواستم بپرسم قرص ۲.۵ میلی‌گرم"


class Magazine(ArticlePage):
    extractor = "example@1"
    body = ".body"
    strip = ".ad"
    cut_at = ("آیا این مقاله مفید بود؟",)
    tags = ".tags a"
    category = ".path a"


class Forum(QuestionPage):
    extractor = "example@1"
    question = ".question"
    answer = ".answer"
    answered_by = "b"
    strip = "b"


class Guessed(GuessedArticlePage):
    extractor: ClassVar[str] = "example@1"


def response(html: str | bytes, url: str = URL, **headers: str) -> HttpResponse:
    body = html if isinstance(html, bytes) else html.encode()
    return HttpResponse(url=url, body=body, status=200, headers=headers)


def text(html: str) -> str:
    return block_text(Selector(text=f"<div id=x>{html}</div>").css("#x")[0])


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>یک</p><p>دو</p>", "یک\nدو"),
        ("یک<br>دو<br/><br/>سه", "یک\nدو\nسه"),
        ("یک\n   دو\t سه&nbsp;&nbsp;چهار", "یک دو سه چهار"),
        ("می<b>‌خواهم</b> و کتاب<a href=#>ها</a>", "می‌خواهم و کتابها"),
        ("<ul><li>یک<li>دو</ul>", "یک\nدو"),
        ("الف<script>var x = 'ب'</script><style>.a{}</style><!-- ج -->د", "الفد"),
        ("<table><tr><td>قند<td><p>۱۲۰<br>بالا</p><tr><td>چربی</table>", "قند | ۱۲۰ بالا\nچربی"),
        ("۱۰<sup>۶</sup> و kg/m<sup>2</sup> و متن<sup>[۱]</sup>", "۱۰^۶ و kg/m2 و متن[۱]"),
        ("&lt;b&gt; &amp; <!-- پنهان -->", "<b> &"),
        ("<button>خرید</button><form>نام</form>", ""),
    ],
)
def test_text_of_a_node_is_what_a_reader_sees(html: str, shown: str) -> None:
    assert text(html) == shown


@given(st.lists(st.text(alphabet="ابپ 12.\u200c", min_size=1).filter(lambda t: t.strip())))
def test_no_character_of_a_paragraph_is_lost(paragraphs: list[str]) -> None:
    lines = [" ".join(paragraph.split()) for paragraph in paragraphs]
    assert text("".join(f"<p>{line}</p>" for line in lines)) == "\n".join(lines)


def test_taking_text_leaves_the_page_as_it_was() -> None:
    page = Magazine(response=response("<div class=body>الف<i class=ad>ب</i> ج</div>"))
    assert [record.content for record in page.records()] == ["الف ج"]
    assert page.records() == page.records()
    assert page.document.css(".ad")


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1256", "nonsense"])
def test_utf_8_is_read_as_utf_8_under_any_label(charset: str) -> None:
    html = f"<meta charset={charset}><p>{PERSIAN}</p>".encode()
    assert PERSIAN in page_text(response(html, **{"Content-Type": f"text/html; charset={charset}"}))


def test_other_encodings_are_read_as_labelled() -> None:
    arabic = "سلام دكتر"
    html = f"<p>{arabic}</p>".encode("windows-1256")
    assert arabic in page_text(
        response(html, **{"Content-Type": "text/html; charset=windows-1256"})
    )


def test_an_article_ends_where_the_site_asks_whether_it_was_useful() -> None:
    html = "<h1>عنوان</h1><div class=body>متن.<p>آیا این مقاله مفید بود؟ بله</p></div>"
    assert [record.content for record in Magazine(response=response(html)).records()] == ["متن."]


def test_an_article_holds_what_the_page_shows() -> None:
    html = """<title>عنوان | مجله</title><meta name=author content="نوید">
    <meta property="article:published_time" content="2023-08-02T15:30:00+03:30">
    <p class=path><a>خانه</a> › <a>پوست</a></p><h1> عنوان </h1><div class=body></div>
    <div class=body>متن</div><p class=tags><a>الف</a><a> </a><a>ب</a><a>الف</a></p>"""
    (record,) = Magazine(response=response(html)).records()
    assert (record.title, record.author, record.category) == ("عنوان", "نوید", "پوست")
    assert (record.tags, record.published_at) == (["الف", "ب"], "2023-08-02T15:30:00+03:30")
    assert record.url == URL
    assert record.content == "متن"


@pytest.mark.parametrize(
    "html",
    [
        "<title>صفحه مورد نظر یافت نشد</title><div class=body>متن</div>",
        "<title>مجله</title><h1>این مطلب حذف شده است</h1><div class=body>متن</div>",
        "<title>۴۰۴ - مجله</title><div class=body>متن</div>",
        "<title>Page not found - Mag</title><div class=body>متن</div>",
        "<title>مجله » صفحه‌ای یافت نشد!</title><div class=body>متن</div>",
        "<title>404 Not Found</title><div class=body>متن</div>",
        "<h1>متاسفانه صفحه مورد نظر شما یافت نشد.</h1><div class=body>متن</div>",
    ],
)
def test_a_soft_404_holds_no_record(html: str) -> None:
    page = Magazine(response=response(html))
    assert page.missing
    assert page.records() == []


@pytest.mark.parametrize(
    "heading",
    [
        "علت درد پیدا نشد؛ چه کنیم؟",
        "سوال: در سونوگرافی ضربان قلب پیدا نشد",
        "سوال در مورد رحمی که وجود ندارد",
        "آیا درمانی وجود ندارد",
        "نمونه ۴۰۴ میلی‌گرم",
    ],
)
def test_a_page_about_what_was_not_found_is_a_page(heading: str) -> None:
    html = f"<title>{heading} | دکتر هست</title><h1>{heading}</h1>"
    assert not Magazine(response=response(html)).missing


def test_answers_keep_their_ids_when_another_doctor_answers_first() -> None:
    one = "<div class=question>؟</div><p class=answer><b>دکتر الف</b> بله</p>"
    two = one.replace("<p", "<p class=answer><b>دکتر ب</b> نه</p><p", 1)
    (before,) = Forum(response=response(one)).records()
    first, second = Forum(response=response(two)).records()
    assert (second.id, second.answer, second.answer_position) == (before.id, "بله", 1)
    assert first.id != second.id
    assert first.thread_id == second.thread_id == before.thread_id


def test_paragraphs_beside_each_other_are_one_text_and_others_are_not() -> None:
    html = "<div><p>یک</p><i>-</i><p>دو</p></div><p>سه</p><a title=چهار></a><a title=پنج></a>"
    page = Selector(text=html)
    assert first_block(page, "p") == "یک\nدو"
    assert first_block(page, "a::attr(title)") == "چهار"
    assert first_block(page, ".none") == ""


def test_an_unanswered_question_is_kept() -> None:
    (record,) = Forum(response=response("<div class=question>چرا؟</div>")).records()
    assert (record.question, record.answer, record.answered_by) == ("چرا؟", "", None)


def test_where_nobody_knows_the_markup_a_library_finds_the_text() -> None:
    paragraph = "سردرد میگرنی با نور و صدا بدتر می‌شود و چند ساعت ادامه دارد. " * 6
    known = f"<h1>میگرن</h1><div class=content><p>{paragraph}</p></div>"
    unknown = f"<h1>میگرن</h1><section class=nobody-knows><p>{paragraph}</p></section>"
    by_selector = Guessed(response=response(known))
    by_library = Guessed(response=response(f"<html><body><main>{unknown}</main></body></html>"))
    assert by_selector.extractor_used == "example@1"
    assert by_library.extractor_used.startswith("trafilatura-")
    assert [record.content for record in by_selector.records()] == [paragraph.strip()]
    assert paragraph.strip() in by_library.records()[0].content


@given(st.binary(max_size=300))
def test_any_bytes_give_records_or_none(body: bytes) -> None:
    for page_object in (Magazine, Forum):
        assert isinstance(page_object(response=response(body)).records(), list)


@pytest.mark.parametrize("tag", ["div", "b", "td", "ul"])
def test_a_page_that_nests_without_end_is_read(tag: str) -> None:
    html = f"<h1>عنوان</h1><div class=body>{f'<{tag}>' * 10_000}متن</div>"
    known = Magazine(response=response(html)).records()
    assert all(record.content.endswith("متن") for record in known)
    assert len(Guessed(response=response(html)).records()) <= 1
