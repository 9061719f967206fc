"""Rules on one record: what each drops, and what it leaves alone."""

from pathlib import Path

import pyarrow as pa

from gaokerena_data.curate.measures.measure import measure
from gaokerena_data.curate.rules.medical_page import MedicalPage, drop_other_pages
from gaokerena_data.curate.rules.quality import Bounds, Quality, drop_poor
from gaokerena_data.curate.settings import load_settings
from gaokerena_data.curate.sifted import Sifted
from gaokerena_data.datasets.medical_corpus import MEDICAL_CORPUS
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.text.document_signals import DOCUMENT_SIGNALS
from gaokerena_data.workspace import Workspace

NOWHERE = Workspace(Path("no-such-workspace"))
ARTICLES = load_settings(NOWHERE, MEDICAL_CORPUS)
PAIRS = load_settings(NOWHERE, MF3QA)
assert isinstance(ARTICLES, MedicalPage)
assert isinstance(ARTICLES, Quality)
assert isinstance(PAIRS, Quality)
PAIRS_BOUNDS = PAIRS.quality
PAGES, BOUNDS = ARTICLES.pages, ARTICLES.quality
ARTICLE = (
    "میگرن سردردی است که معمولا یک طرف سر را می‌گیرد و با تهوع و حساسیت به نور همراه است.\n"
    "پزشک برای تشخیص آن به آزمایش خون یا سی‌تی‌اسکن نیاز ندارد و علائم بیمار کافی است.\n"
    "درمان با مسکن‌های ساده آغاز می‌شود؛ اگر حمله‌ها بیش از چهار بار در ماه تکرار شوند، دارویی "
    "مانند پروپرانولول روزی دو بار ۴۰ میلی‌گرم تجویز می‌شود."
)
MENU = (
    "صفحه اصلی\nدرباره ما\nتماس با ما\nبیماری‌ها\nداروها\nپزشکان\nنوبت‌دهی\nورود و ثبت‌نام\n"
    "آزمایشگاه‌ها"
)
SHOP = (
    "قیمت و خرید دستگاه بخور سرد مدل ۲۲۰: ارسال رایگان به سراسر کشور، ضمانت اصالت کالا.\n"
    "قیمت: ۱٬۸۵۰٬۰۰۰ تومان با تخفیف جشنواره. برای خرید، کالا را به سبد خرید بیفزایید و پرداخت کنید."
)
NEWS = (
    "به گزارش خبرنگار ما، معاون وزیر بهداشت در مراسم افتتاح بیمارستان استان گفت: دولت اعلام کرده "
    "است که نماینده مجلس و استاندار در این نشست حضور دارند. رئیس دانشگاه نیز افزود که بازدید بعدی "
    "هفته آینده است."
)
TRAVEL = (
    "جاده چالوس در بهار پر از شکوفه است و مسافران برای دیدن مناظر آن از صبح زود راه می‌افتند.\n"
    "بهترین زمان سفر اردیبهشت است و شب‌ها می‌توان در چادر یا مهمان‌خانه‌های کنار راه ماند."
)


def measured(*bodies: str) -> pa.Table:
    keys = [str(place) for place in range(len(bodies))]
    batch = pa.table({"key": keys, "heading": ["عنوان"] * len(bodies), "body": list(bodies)})
    table = measure(batch, ARTICLES.near_duplicates)
    for name in ("id", "source", "origin"):
        table = table.append_column(name, table["key"])
    return table


def reasons(outcome: Sifted) -> dict[str, str]:
    rows = outcome.dropped.to_pylist()
    for row in rows:
        assert row["value"] is not None
        assert row["threshold"] is not None
    return {row["id"]: row["reason"] for row in rows}


def test_pages_that_are_no_articles_are_named_for_what_they_are() -> None:
    table = measured(ARTICLE, MENU, SHOP, NEWS, TRAVEL)
    outcome = drop_other_pages(table, PAGES)
    assert reasons(outcome) == {
        "1": "menu_page",
        "2": "shop_page",
        "3": "news_flash",
        "4": "not_medical",
    }
    assert outcome.kept["id"].to_pylist() == ["0"]


def test_a_long_report_with_medicine_in_it_is_no_news_flash() -> None:
    table = measured(NEWS + "\n" + "\n".join([ARTICLE] * 8))
    assert reasons(drop_other_pages(table, PAGES)) == {}


def test_poor_texts_are_named_by_the_signal_that_gives_them_away() -> None:
    repeated = "\n".join([ARTICLE] * 4)
    spam = "قرص لاغری " * 40 + "با مشورت پزشک"
    found = ARTICLE.replace("\u200c", "").split()
    glued = " ".join("".join(found[at : at + 4]) for at in range(0, len(found), 4))
    outcome = drop_poor(measured(ARTICLE, repeated, spam, glued), BOUNDS)
    assert reasons(outcome) == {"1": "repeated_lines", "2": "one_pair_of_words", "3": "odd_words"}


def test_a_short_answer_has_no_statistics() -> None:
    """Of one word, of one letter, a list: however odd its means are. Greetings are greetings."""
    short = (
        "پروژسترون‌تراپی",
        "هیپوگلیسمی",
        "۸",
        "بله بله بله بله بله بله بله",
        "الکتروانسفالوگرافی\nآمنیوسنتز",
    )
    bounds = Bounds(
        min_words=10,
        most=dict.fromkeys(DOCUMENT_SIGNALS, 0.0),
        least={"mean_word_length": 99.0, "medical_share": 1.0},
    )
    table = measured(*short, "با سلام. موفق باشید", ARTICLE)
    assert reasons(drop_poor(table, bounds)) == {
        "5": "boilerplate",
        "6": "lines_without_end",
    }
    assert reasons(drop_poor(measured(*short), PAIRS_BOUNDS)) == {}
