"""What a page says of itself in schema.org's words: title, author, date and tags.

Nearly every magazine writes them for search engines, as JSON-LD or as microdata, whatever its
markup looks like. Both are read in time linear in the page, which whoever wrote it may have meant
to be read for ever.
"""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from parsel import Selector

from gaokerena_data.crawl.reading.dates import iso_date
from gaokerena_data.crawl.reading.markup import block_text, clean_text

_MOST_OBJECTS = 5_000  # of a page; more is no description
_MOST_VALUES = 20  # of one property
_MOST_LETTERS = 2_000  # of one value
_DATES = ("datePublished", "dateCreated")
_COMMENT = re.compile(r"\A\s*(?://[^\n]*|<!--|/\*[^*]*\*/|<!\[CDATA\[)|(?:-->|\]\]>)\s*\Z")
_SEPARATORS = re.compile("[,،;؛|]")
# What a page is about, the surest word first.
_KINDS = ("article", "posting", "question", "qapage", "medicalwebpage", "webpage")


@dataclass(frozen=True, slots=True)
class Described:
    """What schema.org's words on a page say; what they do not say is None or empty."""

    title: str | None = None
    author: str | None = None
    published_at: str | None = None
    tags: list[str] = field(default_factory=list)


def read_described(page: Selector) -> Described:
    """What a page says of itself: JSON-LD first, then microdata."""
    linked, micro = _read_json_ld(page), _read_microdata(page)
    return Described(
        linked.title or micro.title,
        linked.author or micro.author,
        linked.published_at or micro.published_at,
        linked.tags or micro.tags,
    )


def _read_json_ld(page: Selector) -> Described:
    objects = list(_objects(page))
    about = min(objects, key=_rank, default=None)
    if about is None or _rank(about) == len(_KINDS):
        return Described()
    named = (each for each in objects if isinstance(each.get("@id"), str) and "name" in each)
    by_id = {each["@id"]: each for each in named}
    dates = (iso_date(_text(about.get(key))) for key in _DATES)
    return Described(
        _text(about.get("headline")) or _text(about.get("name")),
        _name(about.get("author"), by_id),
        next(filter(None, dates), None),
        _tags(about.get("keywords")),
    )


def _objects(page: Selector) -> Iterator[dict[str, Any]]:
    """Every JSON object of a page, without recursion; a script that is no JSON is left out."""
    todo: deque[Any] = deque()
    for script in page.css('script[type="application/ld+json" i]::text').getall():
        try:
            todo.append(json.loads(_COMMENT.sub("", script), strict=False))
        except (ValueError, RecursionError):
            continue
    seen = 0
    while todo and seen < _MOST_OBJECTS:
        each = todo.popleft()
        seen += 1
        if isinstance(each, dict):
            yield each
            each = list(each.values())
        if isinstance(each, list):
            todo += [value for value in each[:_MOST_OBJECTS] if isinstance(value, dict | list)]


def _rank(thing: dict[str, Any]) -> int:
    """How sure it is that the page is about this thing: 0 for an article."""
    kinds = thing.get("@type")
    named = " ".join(str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]))
    return next((n for n, word in enumerate(_KINDS) if word in named.lower()), len(_KINDS))


def _name(value: Any, by_id: dict[str, dict[str, Any]]) -> str | None:
    """An author's name, of whatever form: a text, a person, a list of them, a reference."""
    for each in value if isinstance(value, list) else [value]:
        person = each
        if isinstance(person, dict) and "name" not in person:
            key = person.get("@id")
            person = by_id.get(key, person) if isinstance(key, str) else person
        name = _text(person.get("name") if isinstance(person, dict) else person)
        if name and not name.startswith(("http://", "https://")):
            return name
    return None


def _tags(value: Any) -> list[str]:
    words = value if isinstance(value, list) else [value]
    texts = (text for word in words if (text := _text(word)))
    parted = (part for text in texts for part in _SEPARATORS.split(text))
    return list(dict.fromkeys(filter(None, (part.strip() for part in parted))))


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value", value.get("name"))
    if not isinstance(value, str):
        return None
    # Some write entities and elements into their JSON.
    if len(value) > _MOST_LETTERS:
        return None
    shown = Selector(text=value).xpath("string()").get("") if re.search("[&<]", value) else value
    return " ".join(clean_text(shown).split()) or None


def _read_microdata(page: Selector) -> Described:
    """The first few elements of each property, found in one walk over the page."""
    found: dict[str, list[Any]] = {name: [] for name in ("headline", "author", *_DATES, "keywords")}
    is_described = False
    for element in _elements(page.root):
        is_described |= "schema.org/" in element.get("itemtype", "").lower()
        for name in element.get("itemprop", "").split()[:_MOST_VALUES]:
            if len(found.get(name, ())) < _MOST_VALUES and name in found:
                found[name].append(element)
    if not is_described:
        return Described()
    persons = (_within(element, "name") for element in found["author"])
    return Described(
        _first_value(found["headline"]),
        _first_value(person for person in persons if person is not None),
        next(filter(None, (iso_date(_value(each)) for key in _DATES for each in found[key])), None),
        _tags([_value(element) for element in found["keywords"]]),
    )


def _elements(root: Any) -> Iterator[Any]:
    return (each for each in root.iter() if isinstance(each.tag, str))  # no comments


def _within(author: Any, name: str) -> Any:
    """The element with a person's name inside the person's own; the person's where none is."""
    for each in _elements(author):
        if name in each.get("itemprop", "").split():
            return each
    return author


def _first_value(elements: Iterable[Any]) -> str | None:
    return next(filter(None, map(_value, elements)), None)


def _value(element: Any) -> str | None:
    stated = element.get("content") or element.get("datetime")
    text = clean_text(stated) if stated else block_text(Selector(root=element, type="html"))
    one_line = " ".join(text.split())
    return one_line if 0 < len(one_line) <= _MOST_LETTERS else None
