"""Pages of a magazine that are no medical articles."""

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.datasets.settings import Count, Settings, Share

NAME = "medical_page@1"


class Pages(Settings):
    """By which signs a page of a magazine is no medical article."""

    menu_line_end_share: Share
    menu_words_per_line: Count
    max_shop_share: Share
    max_news_share: Share
    news_words: Count
    min_medical_share: Share


class MedicalPage(Settings):
    """The signs and their thresholds."""

    pages: Pages


def drop_other_pages(table: pa.Table, pages: Pages) -> Sifted:
    """Drop pages of a magazine that are no medical articles.

    Menus and lists of links, pages of a shop, short news, and what has hardly a word of medicine.
    """
    columns = (
        *("line_end_share", "words_per_line", "shop_share", "news_share", "medical_share"),
        "body_words",
    )
    ends, line, shop, news, medical, words = (table[name].to_numpy() for name in columns)
    signs = [
        (
            "menu_page",
            (ends < pages.menu_line_end_share) & (line < pages.menu_words_per_line),
            ends,
            pages.menu_line_end_share,
        ),
        ("shop_page", shop > pages.max_shop_share, shop, pages.max_shop_share),
        (
            "news_flash",
            (news > pages.max_news_share) & (words < pages.news_words),
            news,
            pages.max_news_share,
        ),
        ("not_medical", medical < pages.min_medical_share, medical, pages.min_medical_share),
    ]
    masks = [mask for _, mask, _, _ in signs]
    which = np.select(masks, range(len(signs)), default=-1)
    gone = which >= 0
    return leave_out(
        table,
        gone,
        NAME,
        [signs[k][0] for k in which[gone].tolist()],
        value=pa.array(np.select(masks, [measured for _, _, measured, _ in signs])),
        threshold=pa.array(np.array([0.0, *(threshold for *_, threshold in signs)])[which + 1]),
    )


RULE = Rule(
    NAME,
    "pages of a magazine that are no medical articles (`pages`)",
    ("menu_page", "shop_page", "news_flash", "not_medical"),
    lambda table, curating: drop_other_pages(table, curating.read(MedicalPage).pages),
    MedicalPage,
)
