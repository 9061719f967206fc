"""Sitemaps as sites serve them: XML, gzip, feeds, plain text, with junk before and between.

The protocol is at sitemaps.org; what is read beyond it was seen on sites.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]

from gaokerena_data.crawl.reading.canonical import host_of

_BEGIN = re.compile(rb"<\?xml|<(?:\w{1,20}:)?(?:urlset|sitemapindex|rss|feed|RDF)\b")
_TEXT_HEAD = 4096  # bytes in which a plain list of urls must show its first
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,15}:")
_ENTRIES = {"url", "sitemap", "item", "entry"}
_WIDE = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_END = re.compile(rb"</(?:\w{1,20}:)?(?:urlset|sitemapindex|rss|feed|RDF|html)\s{0,9}>")
_EMPTY = re.compile(rb"<(?:\w{1,20}:)?(?:urlset|sitemapindex)\b[^<>]{0,999}/>")
_ENTRY_END = re.compile(rb"</(?:\w{1,20}:)?(?:url|sitemap|item|entry)\s{0,9}>")


class NoSitemapError(ValueError):
    """What was answered in place of a sitemap."""


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One `<url>` or `<sitemap>`.

    Args:
        url: absolute.
        lastmod: as it stands there.
        is_sitemap: whether it names a sitemap rather than a page.
    """

    url: str
    lastmod: str | None
    is_sitemap: bool


def is_whole(body: bytes) -> bool:
    """Whether a sitemap in XML has its end; a plain list has none that could be missing.

    Args:
        body: its bytes, unpacked.
    """
    body = _narrow(body)
    return (
        _BEGIN.search(body) is None
        or _END.search(body) is not None
        or _EMPTY.search(body) is not None
    )


def sitemap_entries(body: bytes, base: str, longest: int) -> Iterator[SitemapEntry]:
    """The entries of a sitemap, of an index of them, of a feed, or of a plain list of urls.

    Args:
        body: its bytes, unpacked.
        base: the sitemap's own url, which relative entries are resolved against.
        longest: characters of a url; what is longer is passed over before it is looked at.

    Raises:
        NoSitemapError: when it is none of these: a page, a challenge, nothing at all.
    """
    body = _narrow(body)
    begin = _BEGIN.search(body)
    if begin is None:
        yield from _lines(body, base, longest)
        return
    if not is_whole(body):  # half a url is another url
        body = body[: max((end.end() for end in _ENTRY_END.finditer(body)), default=len(body))]
    root: str | None = None
    found: dict[str, str] = {}
    for event, element in _events(body[begin.start() :]):
        name = _name(element)
        if root is None:
            root = name
            if root.lower() == "html":
                raise NoSitemapError(f"no sitemap but a page: {_shown(body)}")
        if event == "start":
            if name in _ENTRIES:
                found = {}
            continue
        if name in {"loc", "link", "lastmod", "updated"} and _name(element.getparent()) in _ENTRIES:
            text = (element.text or element.get("href") or "").strip()
            found.setdefault("lastmod" if name in {"lastmod", "updated"} else "loc", text)
        elif name in _ENTRIES:
            url = _absolute(found.get("loc", ""), base, longest)
            if url is not None:
                yield SitemapEntry(url, found.get("lastmod") or None, name == "sitemap")
            _forget(element)
    if root is None:
        raise NoSitemapError(f"no sitemap: {_shown(body)}")


def _narrow(body: bytes) -> bytes:
    for mark, encoding in _WIDE:
        if body.startswith(mark):
            text = body.decode(encoding, "replace")
            return re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text).encode()
    return body


def _events(xml: bytes) -> Iterator[tuple[str, Any]]:
    try:
        yield from etree.iterparse(
            BytesIO(xml),
            events=("start", "end"),
            recover=True,
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )
    except etree.XMLSyntaxError:
        return  # nothing more can be made of it


def _forget(element: Any) -> None:
    """Give back what was read: a sitemap has fifty thousand entries."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _name(element: Any) -> str:
    tag = None if element is None else element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _lines(body: bytes, base: str, longest: int) -> Iterator[SitemapEntry]:
    """A plain list: one url a line (sitemaps.org, "Text file")."""
    head = body[:_TEXT_HEAD].decode("utf-8-sig", "replace").strip()
    first = head.partition("\n")[0].strip()
    if head.startswith("<") or not _absolute(first, base, longest) or not _is_list(first, base):
        raise NoSitemapError(f"no sitemap: {_shown(body)}")
    for raw in body.removeprefix(b"\xef\xbb\xbf").splitlines():
        line = raw.strip()
        if line and len(line) <= 4 * longest:
            text = line.decode("utf-8", "replace")
            if _is_list(text, base) and (url := _absolute(text, base, longest)):
                yield SitemapEntry(url, None, is_sitemap=False)


def _is_list(line: str, base: str) -> bool:
    """Whether a line is a url rather than words."""
    return not re.search(r"\s", line) and (
        line.startswith(("/", "http:", "https:")) or "://" in line or _names_host(line, base)
    )


def _absolute(loc: str, base: str, longest: int) -> str | None:
    """A `<loc>` as an absolute http(s) url; None where it is none."""
    if not loc or len(loc) > longest:
        return None
    loc = "".join(loc.split("\n")).strip() if "\n" in loc else loc
    if not _SCHEME.match(loc) and _names_host(loc, base):
        loc = f"https://{loc}"
    try:
        url = urljoin(base, loc)
    except ValueError:
        return None
    return url if url.lower().startswith(("http://", "https://")) and host_of(url) else None


def _names_host(loc: str, base: str) -> bool:
    """Whether a url without a scheme begins with the site's host: `nabz.site/a`."""
    first = loc.partition("/")[0].lower().removeprefix("www.")
    return bool(first) and first == host_of(base)


def _shown(body: bytes) -> str:
    text = " ".join(body[:200].decode("utf-8", "replace").split())
    return repr(text[:80]) if text else "nothing at all"
