"""`gaokerena crawl` on pages as sites serve them: the record holds the words that a reader sees."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from gaokerena_data.crawl.commands import crawl as crawl_command
from gaokerena_data.crawl.commands import extract as extract_command
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.workspace import Workspace
from tests.crawl.raw_site import RawSite, page
from tests.crawl.small_magazine import sitemap

app = typer.Typer()
app.command("crawl")(crawl_command)
app.command("extract")(extract_command)

SITE = "https://salammag.com"
TEXT = "سردرد تنشی با استراحت و آب کافی بهتر می شود، اگر دو هفته ماند نزد پزشک برويد. " * 5
OLD = TEXT.replace("ی", "ي")  # windows-1256 has no Persian yeh
ESCAPES = "\x1b]0;x\x07\x1b[2J\x9b31m\u202e\u2066\U000e0041"
SPOKEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


def article(text: str = TEXT, head: str = "", title: str = "سردرد") -> str:
    return (
        f"<html><head>{head}</head><body><h1>{title}</h1>"
        f"<article><div class='entry-content'><p>{text}</p></div></article></body></html>"
    )


def served(body: str | bytes, label: str = "") -> bytes:
    data = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html{label}\r\nContent-Length: {len(data)}"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + data


type Records = dict[str, dict[str, object]]
type Crawled = Callable[..., tuple[Records, str, list[str]]]


@pytest.fixture
def crawled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crawled:
    """Crawls a magazine of these pages, and reads the archive again."""

    def run(pages: dict[str, bytes], *links: str) -> tuple[Records, str, list[str]]:
        listed = sitemap(*(links or [SITE + path for path in pages]))
        answers = pages | {"/sitemap_index.xml": listed}
        with RawSite(lambda path: answers.get(path, page("gone", "404 Not Found"))) as site:
            monkeypatch.setenv(CONNECT_ALL, site.address)
            words = ["salammag", "--workspace", str(tmp_path)]
            result = CliRunner().invoke(app, ["crawl", *words, "--delay", "0"])
            assert result.exit_code == 0, result.output
        file = Workspace(tmp_path).extracted("article", "salammag") / "crawl.parquet"
        before = file.read_bytes()
        again = CliRunner().invoke(app, ["extract", *words])
        assert again.exit_code == 0, again.output
        assert file.read_bytes() == before
        rows = {row["url"].removeprefix(SITE): row for row in pq.read_table(file).to_pylist()}
        return rows, result.output + again.output, site.paths

    return run


def test_a_page_is_read_whatever_its_encoding_and_its_label_say(crawled: Crawled) -> None:
    whole = article().encode()
    middle = whole.index("استراحت".encode())
    pages = {
        "/a-bad-byte": served(whole[:middle] + b"\xff" + whole[middle:], "; charset=windows-1256"),
        "/utf-8-as-latin": served(whole, "; charset=iso-8859-1"),
        "/cp1256-unsaid": served(article(OLD).replace("سردرد</h1>", "تب</h1>").encode("cp1256")),
        "/cp1256-as-utf-8": served(article(OLD + "تب").encode("cp1256"), "; charset=utf-8"),
        "/utf-16": served(article(TEXT + "لرز").encode("utf-16")),
        "/both": served(whole.replace(b"</p>", ("<br>" + OLD).encode("cp1256") + b"</p>")),
    }
    records, *_ = crawled(pages)
    assert records.keys() == pages.keys()
    for row in records.values():
        words = str(row["content"]).replace("\ufffd", "").replace("ي", "ی")
        assert words.startswith(TEXT[:60].replace("ي", "ی"))
        assert "\ufffd" * 2 not in str(row["content"])


def test_a_page_s_own_words_fill_author_day_and_tags(crawled: Crawled) -> None:
    said = {
        "@type": "Article",
        "author": {"name": "دکتر آزاد نیک"},
        "datePublished": "2023-08-02T20:05:00+03:30",
        "keywords": "سردرد، تب",
    }
    graph = {"@graph": [{"@type": "WebPage"}, said | {"author": {"@id": "#p"}}]}
    graph["@graph"].append({"@id": "#p", "name": "دکتر آزاد نیک"})
    items = (
        "<div itemscope itemtype='https://schema.org/Article'><i itemprop=author itemscope "
        "itemtype='https://schema.org/Person'><b itemprop=name>دکتر آزاد نیک</b></i>"
        "<meta itemprop=datePublished content='چهارشنبه ۱۱ مرداد ۱۴۰۲ ساعت ۸:۰۵ ب.ظ'>"
        "<meta itemprop=keywords content='سردرد، تب'></div>"
    )
    script = '<script type="application/ld+json">{}</script>'
    pages = {
        "/one": served(article(head=script.format(json.dumps(said)))),
        "/graph": served(article(TEXT + "یک", head=script.format(json.dumps(graph)))),
        "/items": served(article(TEXT + "دو").replace("<article>", items + "<article>")),
    }
    records, *_ = crawled(pages)
    assert records.keys() == pages.keys()
    for row in records.values():
        assert (row["author"], row["tags"]) == ("دکتر آزاد نیک", ["سردرد", "تب"])
        assert str(row["published_at"]).startswith("2023-08-02T20:05:00")
        assert str(row["provenance"]["extractor"]).endswith("+schema.org")  # type: ignore[index]


def test_who_answers_at_niniban_is_told_from_what_a_patient_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "سوال مخاطب نی‌نی‌بان:<p>بیست هفته‌ام.</p>"
    one, two = "<p>پاسخ دکتر سارا صبوری، متخصص زنان:</p>", "<p>پاسخ دکتر رضا کیان، متخصص تغذیه:</p>"
    threads = {
        "/s/1-result": f"{asked}<p>جواب آزمایشم آمد: قند ۹۵</p>{one}<p>طبیعی است.</p>",
        "/s/2-two": f"{asked}{one}<p>نگران نباشید.</p>{two}<p>رژیم بگیرید.</p>",
        "/s/3-none": f"{asked}<p>پاسخ آزمایش قبلی هم همین بود، چه کنم؟</p>",
        "/s/4-earlier": f"{asked}<p>پاسخ سونوگرافی خوب بود.</p>{two}<p>ادامه دهید.</p>",
    }
    pages = {
        path: page(f"<h1>پرسش</h1><div id=echo_detail>{text}</div>")
        for path, text in threads.items()
    }
    listing = page("".join(f"<h3><a href='{path}'>x</a></h3>" for path in threads))
    gone = page("gone", "404 Not Found")
    with RawSite(lambda path: listing if "page=1" in path else pages.get(path, gone)) as site:
        monkeypatch.setenv(CONNECT_ALL, site.address)
        words = ["crawl", "niniban", "--delay", "0", "--workspace", str(tmp_path)]
        assert CliRunner().invoke(app, words).exit_code == 0
    file = Workspace(tmp_path).extracted("question_answer", "niniban") / "crawl.parquet"
    found: dict[str, list[tuple[str, str]]] = {}
    for row in pq.read_table(file).sort_by("answer_position").to_pylist():
        said = (row["answered_by"], row["answer"])
        found.setdefault(row["url"].removeprefix("https://niniban.com"), []).append(said)
    sara, reza = "دکتر سارا صبوری", "دکتر رضا کیان"
    assert found == {
        "/s/1-result": [(sara, "طبیعی است.")],
        "/s/2-two": [(sara, "نگران نباشید."), (reza, "رژیم بگیرید.")],
        "/s/3-none": [(None, "")],
        "/s/4-earlier": [(reza, "ادامه دهید.")],
    }


def test_spellings_of_one_page_are_asked_for_once(crawled: Crawled) -> None:
    spellings = [
        *("/tab", "//tab", "/tab/", "/tab;jsessionid=0A1B", "/tab?PHPSESSID=1f", "/tab?ref=home"),
        *("/tab?srsltid=AfmB", "/tab?utm_source=a&amp;fbclid=b", "/tab#more", "/tab.", "/%74ab"),
    ]
    links = [*(SITE + each for each in spellings), "https://www.salammag.com./tab"]
    records, _, paths = crawled({"/tab": served(article())}, *links)
    assert list(records) == ["/tab"]
    assert len([path for path in paths if "ab" in path]) == 1


def test_what_a_page_carries_reaches_neither_a_record_nor_the_terminal(crawled: Crawled) -> None:
    entities = "&#27;[31m&#x9b;2J&#x202e;"
    meta = f'<meta name="author" content="دکتر {ESCAPES}نیک">'
    described = json.dumps({"@type": "Article", "headline": "تب" + ESCAPES, "keywords": ESCAPES})
    pages = {
        "/title": served(article(title=f"سردرد{ESCAPES}")),
        "/text": served(article(TEXT + ESCAPES + entities + "پایان")),
        "/doctor": served(article(TEXT + "یک", head=meta)),
        "/described": served(
            article(TEXT + "دو", head=f'<script type="application/ld+json">{described}</script>')
        ),
    }
    records, output, _ = crawled(pages)
    assert records.keys() == pages.keys()
    for row in records.values():
        assert not SPOKEN.search(json.dumps(row, ensure_ascii=False, default=str))
    assert not SPOKEN.search(output)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "harm",
    [
        "Content-Usage: /" + "*a" * 5_000 + " train-ai=n",
        "Disallow: /" + "*a" * 5_000 + "$",
        "User-agent: " + "a" * 50_000 + "\nDisallow: " + "/*" * 20_000,
    ],
    ids=["usage", "disallow", "agent"],
)
def test_no_pattern_of_a_site_makes_a_crawl_stand_still(crawled: Crawled, harm: str) -> None:
    dates = f"<time datetime='{'12 مهر ' * 20_000}'>{'1402/' * 20_000}</time>"
    long = "/" + "a" * 1_500
    pages = {
        "/robots.txt": page(f"User-agent: *\n{harm}\n", kind="text/plain"),
        "/tab": served(article(head=f"<meta property='article:published_time' content='{dates}'>")),
        long: served(article(TEXT + dates)),
    }
    records, *_ = crawled(pages, f"{SITE}/tab", SITE + long)
    assert records.keys() == {"/tab", long}
