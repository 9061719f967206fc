"""What is to be erased: by what it is known, and how it is known again in any text or row."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any
from urllib.parse import unquote

import numpy as np

from gaokerena_data.purge.words import Words, words_of
from gaokerena_data.takedowns.requests import settled_url

# What tables, logs and batches call the id of a record, or of its thread.
ID_NAMES = ("id", "record_id", "thread_id", "thread")
URL_NAMES = ("url", "final_url")

URL = re.compile(r"https?://[^\s\"'<>]+")

_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}")
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Sought:
    """What was taken down.

    Args:
        words: of its texts.
        ids: of its records and their threads.
        urls: of its pages, each in the spelling of `settled_url`.
        hosts: whose pages all are, those of their subdomains too.
        url_digests: of pages whose urls are known no more.
    """

    words: Words = field(default_factory=Words)
    ids: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    url_digests: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.words) or bool(self.ids) or self.names_pages

    @property
    def names_pages(self) -> bool:
        """Whether there is a page or a host to be erased."""
        return bool(self.urls or self.hosts or self.url_digests)

    def joined(self, other: "Sought") -> "Sought":
        """Both."""
        return Sought(
            self.words.joined(other.words),
            self.ids | other.ids,
            self.urls | other.urls,
            self.hosts | other.hosts,
            self.url_digests | other.url_digests,
        )

    def in_text(self, text: str) -> bool:
        """Whether a text of any kind holds the words: also escaped, in markup, in a url."""
        return bool(self.words) and bool(text) and bool(self.words.among(self.readings(text)).any())

    def readings(self, text: str) -> list[str]:
        """How a text may be read; see `readings`."""
        return readings(text, pieces=bool(len(self.words.wholes)))

    def is_page(self, url: str | None) -> bool:
        """Whether a url is that of a page to be erased."""
        if not url or not self.names_pages:
            return False
        settled = settled_url(url)
        if settled in self.urls or (self.url_digests and _digest(settled) in self.url_digests):
            return True
        labels = re.split(r"[/:?]", settled, maxsplit=1)[0].split(".")
        return any(".".join(labels[at:]) in self.hosts for at in range(len(labels)))

    def is_named(self, row: Mapping[str, Any]) -> bool:
        """Whether a row says by its id or url that it is to be erased."""
        return any(row.get(name) in self.ids for name in ID_NAMES if row.get(name)) or any(
            self.is_page(row[name]) for name in URL_NAMES if isinstance(row.get(name), str)
        )

    def to_json(self) -> str:
        """For a file: hashes and ids, no words; a url may say them."""
        return json.dumps(
            {
                "windows": _packed(self.words.windows),
                "wholes": _packed(self.words.wholes),
                "ids": sorted(self.ids),
                "urls": sorted(self.url_digests.union(map(_digest, self.urls))),
                "hosts": sorted(self.hosts),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Sought":
        """What `to_json` gave.

        Raises:
            ValueError, KeyError, TypeError: it is something else.
        """
        found = json.loads(text)
        words = Words(_unpacked(found["windows"]), _unpacked(found["wholes"]))
        ids, digests, hosts = (frozenset(found[name]) for name in ("ids", "urls", "hosts"))
        return cls(words, ids, frozenset(), hosts, digests)

    def with_urls(self, urls: Iterable[str]) -> "Sought":
        """With more pages."""
        return replace(self, urls=self.urls.union(map(settled_url, urls)))

    def with_ids(self, ids: Iterable[str]) -> "Sought":
        """With more ids."""
        return replace(self, ids=self.ids.union(ids))

    def with_words(self, words: Words) -> "Sought":
        """With other words."""
        return replace(self, words=words)


def words_of_urls(urls: Iterable[str]) -> Words:
    """The words that pages have in their urls: links and sitemaps say them where texts do not."""
    said = [re.sub(r"[-_+/]", " ", unquote(url.partition("/")[2])) for url in urls]
    return Words(words_of(said).windows)


def readings(text: str, *, pieces: bool = True) -> list[str]:
    """A text as it is, and as it reads without escapes, percent-encoding and markup.

    Args:
        text: of any kind.
        pieces: whether each line, and each text between two tags, is read by itself too: short
            texts are known only as a whole.
    """
    found = [text]
    if _ESCAPE.search(text):
        found.append(_ESCAPE.sub(lambda match: chr(int(match[0][2:], 16)), text))
    if _PERCENT.search(text):
        found.append(unquote(found[-1], errors="replace"))
    if "<" in text or "&" in text:
        # Twice: some pages escape what is escaped already.
        found.append(unescape(unescape(_TAG.sub("\n", text))))
    if pieces and "\n" in found[-1]:
        found += {line.strip() for line in found[-1].split("\n")} - {""}
    return found


def texts_in(value: Any) -> Iterable[str]:
    """Every string in a value of JSON, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield str(name)
            yield from texts_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def _packed(hashes: np.ndarray) -> str:
    return base64.b64encode(hashes.astype("<u8").tobytes()).decode()


def _unpacked(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<u8").astype(np.uint64)
