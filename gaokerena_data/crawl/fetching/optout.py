"""Opt-outs from text and data mining, wherever a site may state one. Pure functions.

Sources: TDM Reservation Protocol (W3C Community Group, tdmrep), the IETF AI preferences drafts
(`Content-Usage`, in an HTTP header or in robots.txt), content signals (contentsignals.org: the same
as `Content-Signal`, with `ai-train`), and the `noai` directive.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parsel import Selector

from gaokerena_data.outside_text import marked_encoding

NONE = "none"
# What a dataset for training does; `bots` is the category above them all.
_USES = {"ai", "train-ai", "ai-train", "genai", "train-genai", "tdm"}
_ANY_USE = "bots"
_PREFERENCES = {"content-usage", "content-signal"}  # lines of robots.txt, headers
_AGENT_LINE = re.compile(r"\s{0,80}user[- ]?agent\s{0,80}:?\s{0,80}([a-z_-]+|\*)", re.IGNORECASE)
_SIGNS = re.compile(rb"tdm-reservation|noai|content-usage", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reservation:
    """One rule of a site: the paths it covers, and whether mining is reserved there."""

    pattern: str
    reserved: bool


def parse_tdmrep(body: bytes) -> list[Reservation]:
    """The rules of `/.well-known/tdmrep.json`; anything that is not one is passed over."""
    try:
        rules = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return [
        Reservation(str(rule["location"]), str(rule.get("tdm-reservation")) == "1")
        for rule in (rules if isinstance(rules, list) else [])
        if isinstance(rule, dict) and "location" in rule
    ]


def robots_text(body: bytes) -> str:
    """A robots.txt as text, each group under the product token of the agent it names.

    Editors on Windows write a byte order mark, or UTF-16, and concatenation leaves marks in the
    middle; any of them hides the line it stands in. `User-agent: name/2 (comment)` is `name`
    (RFC 9309, 2.2.1).
    """
    text = _decoded(body).replace("\ufeff", "").replace("\x00", "")
    return "\n".join(map(_with_token, text.splitlines()))


def _decoded(body: bytes) -> str:
    if marked := marked_encoding(body):
        return body.decode(marked, "replace")
    # Latin text in UTF-16 without its mark: every other byte is nothing.
    odd, even = body[1:200:2], body[:200:2]
    if len(body) > 1 and odd.count(0) > len(odd) * 0.7:
        return body.decode("utf-16-le", "replace")
    if len(body) > 1 and even.count(0) > len(even) * 0.7:
        return body.decode("utf-16-be", "replace")
    return body.decode("utf-8", "replace")


def _with_token(line: str) -> str:
    found = _AGENT_LINE.match(line)
    return line if found is None else f"User-agent: {found[1]}"


def parse_robots_usage(body: bytes, agent: str) -> list[Reservation]:
    """The `Content-Usage` lines of robots.txt in the groups for `agent` or for all.

    A line is `Content-Usage: [PATH] PREFERENCES`, as in `Content-Usage: /blog/ train-ai=n`, or the
    same as `Content-Signal: search=yes, ai-train=no`.
    """
    groups: dict[str, list[Reservation]] = {}
    agents: list[str] = []
    in_rules = True
    for raw in robots_text(body).splitlines():
        name, _, value = raw.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            agents = [] if in_rules else agents
            agents.append(value.lower())
            in_rules = False
        elif name:
            in_rules = True
        if name in _PREFERENCES:
            path, _, preferences = (
                value.rpartition(" ") if value.startswith("/") else ("/", "", value)
            )
            rule = Reservation(f"{path.strip()}*", _reserves(preferences))
            for group in agents or ["*"]:
                groups.setdefault(group, []).append(rule)
    named = [rules for group, rules in groups.items() if group == agent.lower()]
    # The longest path decides, as it does between Allow and Disallow (RFC 9309, 2.2.2).
    rules = named[0] if named else groups.get("*", [])
    return sorted(rules, key=lambda rule: len(rule.pattern), reverse=True)


def reserved_path(rules: Iterable[Reservation], path: str) -> bool:
    """Whether the first rule whose pattern covers `path` reserves it."""
    for rule in rules:
        if _covers(rule.pattern, path):
            return rule.reserved
    return False


def header_opt_out(headers: Iterable[tuple[str, str]]) -> str | None:
    """The opt-out that response headers state, as they put it."""
    for name, value in headers:
        match name.lower():
            case "tdm-reservation" if value.strip() == "1":
                return "tdm-reservation header"
            case known if known in _PREFERENCES and _reserves(value):
                return f"{name} header: {value.strip()}"
            case "x-robots-tag" if re.search(r"\bnoai\b", value, re.IGNORECASE):
                return "noai header"
    return None


def meta_opt_out(body: bytes, encoding: str = "utf-8") -> str | None:
    """The opt-out that a page's meta elements state."""
    if not _SIGNS.search(body):  # parsing is dear, and most pages state none
        return None
    page = Selector(text=body.decode(encoding, "replace"), type="html")
    for element in page.css("meta"):
        name = _attribute(element, "name") or _attribute(element, "http-equiv")
        content = _attribute(element, "content")
        if name == "tdm-reservation" and content == "1":
            return "tdm-reservation meta"
        if name in {"robots", "gaokerena-data"} and re.search(r"\bnoai\b", content):
            return "noai meta"
        if name == "content-usage" and _reserves(content):
            return f"Content-Usage meta: {content}"
    return None


def _attribute(element: Any, name: str) -> str:
    return str(element.attrib.get(name, "")).strip().lower()


def _reserves(preferences: str) -> bool:
    wishes = {}
    for preference in preferences.split(","):
        use, _, wish = preference.partition("=")
        wishes[use.strip().lower()] = wish.strip().lower()[:1]
    stated = [wishes[use] for use in _USES if use in wishes]
    return "n" in stated or (not stated and wishes.get(_ANY_USE) == "n")


def _covers(pattern: str, path: str) -> bool:
    """Whether a pattern with `*` and a final `$` covers a path: each part where it first fits.

    No regular expression: with many stars its time is exponential, and sites write the patterns.
    """
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not anchored or path == first
    at = len(first)
    for part in others[:-1]:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if anchored:
        return len(path) - at >= len(others[-1]) and path.endswith(others[-1])
    return path.find(others[-1], at) >= 0
