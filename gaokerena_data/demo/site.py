"""What all sites of the replica have in common: robots.txt, opt-outs, faults, switches, truth."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from gaokerena_data.crawl.reading.canonical import canonical_url
from gaokerena_data.demo.wire import (
    Fault,
    Reply,
    compressed,
    document,
    faulty,
    not_found,
    revalidated,
)

type Switch = Literal["layout change", "robots down", "bomb", "hang"]
type Scale = Literal["small", "medium", "large"]


@dataclass(frozen=True, slots=True)
class Size:
    """How large the sites are.

    Args:
        questions: of drhast, those of the island not counted.
        listed: how many of them drhast lists.
        related: links from each of them to others.
        threads: of each other forum; niniban has twice as many.
        articles: of each magazine.
    """

    questions: int
    listed: int
    related: int
    threads: int
    articles: int


SIZES: dict[Scale, Size] = {
    "small": Size(questions=60, listed=20, related=8, threads=20, articles=8),
    "medium": Size(questions=2_000, listed=200, related=30, threads=200, articles=120),
    "large": Size(questions=50_000, listed=2_000, related=100, threads=2_000, articles=2_000),
}
_NAMES = re.compile(r'\b(class|id)="([^"]*)"')
_BAD: dict[Switch, Fault] = {"bomb": "bomb", "hang": "hangs"}
FIRST_RUN = "Sat, 01 Mar 2025 08:00:00 GMT"
SECOND_RUN = "Wed, 05 Mar 2025 08:00:00 GMT"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as a site sees it.

    Args:
        path: percent-decoded.
        query: the parameters, the last value of each.
        headers: by lower-case name.
        visit: how often this target has been asked for, this time included; counts from 1.
    """

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    visit: int = 1

    @property
    def page(self) -> int:
        """The parameter `page`; 1 where it is absent, 0 where it is no number."""
        value = self.query.get("page", "1")
        return int(value) if value.isdecimal() else 0


class Site(ABC):
    """One site of the replica.

    Attributes:
        name: the source's name.
        host: the host as the site's own links write it.
        disallowed: path prefixes that robots.txt forbids.
        crawl_delay: seconds that robots.txt asks for between two requests.
        opted_out: path patterns that `/.well-known/tdmrep.json` reserves.
        renamed: class names that a change of layout replaces.
    """

    name: ClassVar[str]
    host: ClassVar[str]
    disallowed: tuple[str, ...] = ("/wp-admin/",)
    crawl_delay: ClassVar[float | None] = None
    opted_out: tuple[str, ...] = ()
    renamed: ClassVar[tuple[str, ...]]

    def __init__(self, seed: int, size: Size) -> None:
        self.seed = seed
        self.size = size
        self.edition = 0
        self.switches: set[Switch] = set()
        # Path -> what is wrong with it: at its first visit, or at every one.
        self.once: dict[str, Fault] = {}
        self.always: dict[str, Fault] = {}

    @abstractmethod
    def page(self, asked: Asked) -> Reply | None:
        """What a path answers when nothing is wrong; None where there is no such page."""

    @abstractmethod
    def pages(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Every page that a whole crawl can reach, as its path, with the records it shows."""

    @property
    @abstractmethod
    def victim(self) -> str:
        """The path of the page that "bomb" and "hang" turn bad."""

    def fates(self) -> dict[str, list[str]]:
        """The other linked paths, by what becomes of them; extended by the sites."""
        ends: dict[str, list[str]] = {"refused": [], "opted_out": [], "gone": [], "failed": []}
        ends |= {"off_site": [], "empty": [], "unreachable": [], "redirected": []}
        ends |= {"added": [], "changed": []}
        for path, fault in self.always.items():
            if fault in {"gone", "missing"}:
                ends["gone"].append(path)
            elif fault == "missing, said softly":
                ends["empty"].append(path)
            elif fault in {"server error", "bomb", "hangs", "truncated"}:
                ends["failed"].append(path)
        if self.switches & {"bomb", "hang"}:
            ends["failed"].append(self.victim)
        return ends

    def truth(self) -> dict[str, Any]:
        """The ground truth: `pages` by canonical url, and the fates of all others."""
        fates = self.fates()
        return {
            "pages": {
                self.known_as(path): {"records": shown}
                for path, shown in self.pages()
                if path not in fates["failed"]
            },
            **{fate: sorted(map(self.known_as, paths)) for fate, paths in fates.items()},
        }

    def answer(self, asked: Asked) -> Reply:
        """The reply to a request, with everything that is wrong with this site."""
        if asked.path == "/robots.txt":
            down = "robots down" in self.switches
            return not_found(status=503) if down else document(self.robots(), "text/plain")
        if asked.path == "/.well-known/tdmrep.json" and self.opted_out:
            rules = [{"location": place, "tdm-reservation": 1} for place in self.opted_out]
            return document(json.dumps(rules), "application/json")
        normal = self.page(asked)
        fault = self.always.get(asked.path)
        bad = [_BAD[switch] for switch in self.switches if switch in _BAD]
        if bad and self.known_as(asked.path) == self.known_as(self.victim):
            fault = bad[0]
        if fault is None and asked.visit == 1:
            fault = self.once.get(asked.path)
        if fault is not None:
            return faulty(fault, normal or not_found())
        return not_found() if normal is None else normal

    def robots(self) -> str:
        """The text of robots.txt."""
        lines = ["User-agent: *", *(f"Disallow: {quote(path)}" for path in self.disallowed)]
        if self.crawl_delay is not None:
            lines.append(f"Crawl-delay: {self.crawl_delay}")
        return "\n".join([*lines, ""])

    def url(self, path: str) -> str:
        """The full url of a path, percent-encoded."""
        return f"https://{self.host}{quote(path, safe='/?=&')}"

    def known_as(self, path: str) -> str:
        """The canonical url of a path, or of a url of another site: how the manifest names it."""
        return canonical_url(path if "://" in path else self.url(path))

    def rendered(self, template: str, **values: Any) -> str:
        """A page's HTML; `site`, `host` and `edition` are always there."""
        html = (
            _environment()
            .get_template(template)
            .render(site=self.name, host=self.host, edition=self.edition, **values)
        )
        return _NAMES.sub(self._renamed, html) if "layout change" in self.switches else html

    def _renamed(self, names: re.Match[str]) -> str:
        new = (f"v2-{name[::-1]}" if name in self.renamed else name for name in names[2].split())
        return f'{names[1]}="{" ".join(new)}"'


def sent(reply: Reply, asked: Asked, modified: str) -> Reply:
    """A page with validators, or 304; gzip-encoded where the crawler takes that."""
    checked = revalidated(
        reply,
        modified,
        asked.headers.get("if-none-match", ""),
        asked.headers.get("if-modified-since", ""),
    )
    takes_gzip = "gzip" in asked.headers.get("accept-encoding", "")
    return compressed(checked) if checked.status == 200 and takes_gzip else checked


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("gaokerena_data.demo"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
