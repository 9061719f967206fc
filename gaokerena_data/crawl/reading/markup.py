"""The text of a page's nodes, as a reader sees it.

Selectors may list alternatives with commas. Nothing here changes the page.
"""

import re
from collections.abc import Iterator
from typing import Any

from parsel import Selector
from web_poet import HttpResponse

from gaokerena_data.crawl.reading.dates import iso_date
from gaokerena_data.crawl.reading.encodings import decode_page
from gaokerena_data.text.script import PERSIAN_LETTERS

# What no reader sees as text of the page.
_UNSEEN = frozenset(
    ("script", "style", "noscript", "template", "svg", "iframe", "button", "form", "audio", "video")
)
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot"),
        *("thead", "tr", "ul"),
    )
)
_CELLS = frozenset(("td", "th"))
_DIGIT = re.compile(r"\s*[-−+]?\d")
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r" ?\n\s*")  # where spaces are single
# C0 and C1, embeddings, overrides and isolates of direction, marks of byte order, no characters,
# and tags, which nobody sees.
_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_PERSIAN = re.compile(f"[{PERSIAN_LETTERS}]")


def page_text(response: HttpResponse) -> str:
    """The body as text, whatever encoding its labels claim: see `encodings.decode_page`."""
    return decode_page(bytes(response.body), response.headers.get("Content-Type", ""))


def clean_text(text: str) -> str:
    """The text without what no reader sees: control characters, and overrides of direction.

    They come with text that was pasted, or from somebody who means harm: on a terminal an escape
    sequence is an order. Spaces of any kind are one space; half-spaces stay.
    """
    seen = without_controls(_SPACES.sub(" ", text))  # a tab is a space, not a control
    return _EMPTY_LINES.sub("\n", _SPACES.sub(" ", seen)).strip()


def without_controls(text: str) -> str:
    """The text without control characters, its lines and spaces as they are."""
    return _CONTROLS.sub("", text)


def has_persian(text: str) -> bool:
    """Whether any letter of a text is of the Persian script."""
    return _PERSIAN.search(text) is not None


def block_text(node: Selector, strip: str = "") -> str:
    """The text a reader sees in `node`, one line a block, nothing inserted inside a line.

    Inline markup adds no space: a word half in bold, or a half-space before a linked suffix,
    stays one word. A row of a table is one line, its cells parted by `|`, so that a number stays
    with its name.

    Args:
        node: an element, or a text or attribute.
        strip: CSS of elements inside it to leave out, besides scripts, buttons and the like.
    """
    if isinstance(node.root, str):
        return clean_text(node.root)
    left_out = {found.root for found in node.css(strip)} if strip else set()
    return clean_text("".join(_pieces(node.root, left_out)))


def first_block(node: Selector | None, css: str, strip: str = "") -> str:
    """The text of the first node under `css` that has any, and of its siblings under `css`.

    A text is often written as several `<p>` beside each other, with no node of its own around it.
    """
    texts: list[str] = []
    around = None
    for found in node.css(css) if node is not None and css else ():
        # A text or an attribute, as `::text` and `::attr()` select them, stands alone.
        parent = None if isinstance(found.root, str) else found.root.getparent()
        if texts and (parent is None or parent is not around):
            break
        if text := block_text(found, strip):
            texts.append(text)
            around = parent
    return "\n".join(texts)


def first_text(node: Selector | None, css: str) -> str | None:
    """The first text under `css` on one line, or None."""
    return next(iter(all_texts(node, css)), None)


def last_text(node: Selector | None, css: str) -> str | None:
    """The last text under `css` on one line (the innermost of a breadcrumb), or None."""
    return next(reversed(all_texts(node, css)), None)


def all_texts(node: Selector | None, css: str) -> list[str]:
    """Every text under `css`, each on one line, without empty ones and repeats."""
    if node is None or not css:
        return []
    texts = (" ".join(block_text(found).split()) for found in node.css(css))
    return list(dict.fromkeys(filter(None, texts)))


def first_date(node: Selector | None, css: str) -> str | None:
    """The first text under `css` that holds a date, as ISO 8601, or None."""
    return next(filter(None, map(iso_date, all_texts(node, css))), None)


def _pieces(root: Any, left_out: set[Any]) -> Iterator[str]:
    # A list of what is to be done rather than recursion: a hostile page nests without end.
    todo = [(root, False)]
    cells = 0
    while todo:
        element, closing = todo.pop()
        tag = element.tag
        if closing:
            cells -= tag in _CELLS
            yield _gap(tag, cells)
        elif isinstance(tag, str) and tag not in _UNSEEN and element not in left_out:
            if tag in _CELLS and element.getprevious() is not None:
                yield " | "
            if tag == "sup" and _ends_in_digit(element) and _DIGIT.match(element.text or ""):
                yield "^"  # «۱۰³» must not become «۱۰۳»
            yield _gap(tag, cells)
            cells += tag in _CELLS
            # A line break in the source is a space; only markup makes lines.
            yield (element.text or "").replace("\n", " ")
            todo.append((element, True))
            todo.extend((child, False) for child in reversed(element))
            continue
        if element is not root:
            yield (element.tail or "").replace("\n", " ")


def _gap(tag: str, cells: int) -> str:
    if tag not in _BLOCKS:
        return ""
    return " " if cells else "\n"


def _ends_in_digit(element: Any) -> bool:
    before = element.getprevious()
    text = element.getparent().text if before is None else before.tail
    return bool(text) and text[-1].isdigit()
