"""Invented articles of a magazine that no rule has anything against."""

import pyarrow.parquet as pq

from gaokerena_data.datasets.kind import ARTICLE
from gaokerena_data.records import Article, article_id
from gaokerena_data.workspace import Workspace
from tests.pairs import ADVICE, CAUSES, SUBJECTS

SOURCE = "hidoctor"


def article(number: int, title: str | None = "راهنمای خانواده") -> Article:
    subject, cause = SUBJECTS[number % 12], CAUSES[number * 3 % 7]
    first, second = ADVICE[number % 7], ADVICE[(number // 7 + number + 2) % 7]
    content = (
        f"{subject} در پژوهش شماره {number} این مجله بررسی شد و {number + 31} بیمار در آن شرکت "
        f"کردند.\nپزشکان می‌گویند علت آن بیشتر {cause} است و درمان در {number % 9 + 2} هفته اثر "
        f"می‌کند.\nبرای پیشگیری، {first} و پس از {number + 4} روز {second}.\n"
        f"اگر در سن {number % 60 + 18} سالگی به دارو حساسیت دارید، پیش از مصرف آن با داروساز "
        f"مشورت کنید و نتیجه آزمایش {number + 5} را همراه ببرید تا دوز مناسب برایتان تنظیم شود."
    )
    url = f"https://hidoctor.ir/{number}"
    return Article(id=article_id(SOURCE, url), source=SOURCE, content=content, title=title, url=url)


def write_articles(workspace: Workspace, articles: list[Article]) -> None:
    """Write articles where a crawl's extraction would, in the order in which they are given."""
    folder = workspace.extracted("article", SOURCE)
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(ARTICLE.table(articles), folder / "crawl.parquet")
