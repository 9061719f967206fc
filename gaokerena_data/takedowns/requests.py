"""Takedowns: what its author, its site or a patient asked to be left out, and why.

They stand in one file of the workspace, `takedowns.jsonl`, sorted and one a line, so that version
control shows who asked for what. `takedowns.matching` says of records which of them were meant.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from gaokerena_data.crawl.reading.canonical import canonical_url
from gaokerena_data.errors import GaokerenaError, damage_told
from gaokerena_data.sources import SOURCES
from gaokerena_data.takedowns.prints import TextPrint
from gaokerena_data.workspace import Workspace, atomic_file

type TargetKind = Literal["host", "id", "url"]

_ID = re.compile(r"[a-z0-9_]+-[0-9a-f]{16}")
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


@dataclass(frozen=True, slots=True, order=True)
class Takedown:
    """One request.

    Args:
        kind: what `target` is.
        target: a record's or thread's id, a page's url, or a host with all its subdomains.
        reason: why, as the ledger and `gaokerena why` will tell it.
        twins: whether what says the same is meant too: always for an id or a page, for a host
            where it was asked for.
        key: name of the key of the fingerprints (see `takedowns.key`).
        texts: fingerprints of what was taken down; none before a record of it was found.
    """

    kind: TargetKind
    target: str
    reason: str
    twins: bool = field(default=True, compare=False)
    key: str | None = field(default=None, compare=False)
    texts: tuple[TextPrint, ...] = field(default=(), compare=False, repr=False)

    def as_json(self) -> dict[str, Any]:
        """As it stands in the file; what can be said by silence is left out."""
        told: dict[str, Any] = {"kind": self.kind, "target": self.target, "reason": self.reason}
        if self.kind == "host" and self.twins:
            told["twins"] = True
        if self.texts:
            told |= {"key": self.key, "texts": [each.as_json() for each in self.texts]}
        return told


class Takedowns:
    """All requests of a workspace, looked up by what a record is known by."""

    def __init__(self, requests: Iterable[Takedown]) -> None:
        self.requests = sorted(requests)
        self._ids = {each.target: each.reason for each in self.requests if each.kind == "id"}
        self._urls = {
            settled_url(each.target): each.reason for each in self.requests if each.kind == "url"
        }
        self._hosts = {each.target: each.reason for each in self.requests if each.kind == "host"}

    def matches(
        self, record_id: str, url: str | None = None, host: str | None = None
    ) -> str | None:
        """Why a record may not be published, or None where nobody asked.

        Args:
            record_id: the record's id, or its thread's.
            url: its page.
            host: its site, where the url does not tell; a record of an older crawl, which has
                neither, is held to be of the hosts of the source in its id.
        """
        if reason := self._ids.get(record_id):
            return reason
        if self._urls and url and (reason := self._urls.get(settled_url(url))):
            return reason
        if not self._hosts:
            return None
        hosts = [host or ""]
        if url and (named := _host_of(url)):
            hosts = [named, *hosts]
        elif host is None:
            source = SOURCES.get(record_id.rpartition("-")[0])
            hosts = list(source.hosts) if source else []
        return next((reason for each in hosts if (reason := self._of_host(each))), None)

    def _of_host(self, host: str) -> str | None:
        labels = host.lower().rstrip(".").split(".")
        for start in range(len(labels)):
            if reason := self._hosts.get(".".join(labels[start:])):
                return reason
        return None


def load_takedowns(workspace: Workspace) -> Takedowns:
    """The workspace's requests; none where there is no file.

    Raises:
        GaokerenaError: for a line that is not a request. Nothing is curated past a damaged file:
            what it asked for would be published.
    """
    file = workspace.takedowns_file
    if not file.exists():
        return Takedowns([])
    with damage_told(file, "restore it from version control"):
        lines = file.read_text("utf-8").split("\n")
    requests = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            requests.append(_read_line(line))
        except GaokerenaError as error:
            raise GaokerenaError(f"{file}:{number}: {error}") from None
    return Takedowns(requests)


_KEYS = {"kind", "target", "reason", "twins", "key", "texts"}


def _read_line(line: str) -> Takedown:
    try:
        told = json.loads(line)
        texts = tuple(TextPrint.from_json(each) for each in told.get("texts", []))
        # What was typed by hand must mean what `add` would have made of it.
        settled = make_takedown(told["target"], told["reason"], twins=told.get("twins", False))
        kind, key = told["kind"], told.get("key")
    except (KeyError, TypeError, ValueError, AttributeError, GaokerenaError) as error:
        raise GaokerenaError(f"not a takedown ({error}); mend the line or take it out") from None
    if not told.keys() <= _KEYS or (texts and not isinstance(key, str)):
        raise GaokerenaError("not a takedown (keys); mend the line or take it out")
    if settled.kind != kind:
        raise GaokerenaError(f"{settled.target!r} is a {settled.kind}, not a {kind}")
    return replace(settled, key=key, texts=texts)


def write_takedowns(workspace: Workspace, requests: Iterable[Takedown]) -> bool:
    """Write the workspace's file, sorted.

    Returns:
        Whether it has changed.
    """
    file = workspace.takedowns_file
    lines = "".join(
        json.dumps(each.as_json(), ensure_ascii=False) + "\n" for each in sorted(requests)
    )
    if file.is_file() and file.read_bytes() == lines.encode():
        return False
    with atomic_file(file) as part:
        part.write_text(lines, "utf-8")
    return True


def add_takedown(workspace: Workspace, target: str, reason: str) -> tuple[Takedown, bool]:
    """Write a request into the workspace's file, by its name alone.

    `takedowns.found.complete` adds the fingerprints, and `gaokerena takedown add` does both.

    Args:
        workspace: whose file.
        target: an id, a url or a host.
        reason: why; a new reason takes the place of an older one for the same target.

    Returns:
        The request, and whether the file has changed.

    Raises:
        GaokerenaError: an empty reason, a target that is none of the three, a damaged file.
    """
    return put_takedown(workspace, make_takedown(target, reason))


def put_takedown(workspace: Workspace, request: Takedown) -> tuple[Takedown, bool]:
    """Write a request into the file, in place of an older one for the same target.

    Fingerprints that the older one has are kept: its words may be gone by now.
    """
    others = []
    for each in load_takedowns(workspace).requests:
        if (each.kind, each.target) != (request.kind, request.target):
            others.append(each)
        elif not request.texts:
            request = replace(request, key=each.key, texts=each.texts)
    return request, write_takedowns(workspace, [*others, request])


def find_request(workspace: Workspace, target: str) -> Takedown:
    """The request for a target, in whatever spelling of it.

    Raises:
        GaokerenaError: there is none, or the file is damaged.
    """
    wanted = make_takedown(target, "find")
    for each in load_takedowns(workspace).requests:
        if each.kind == wanted.kind and (
            each.target == wanted.target
            or (each.kind == "url" and settled_url(each.target) == settled_url(wanted.target))
        ):
            return each
    raise GaokerenaError(
        f"{workspace.takedowns_file}: nobody asked for {wanted.target} to be taken down; "
        "`gaokerena takedown list` shows all requests"
    )


def remove_takedown(workspace: Workspace, target: str) -> Takedown:
    """Take a request out of the file; the next curation knows nothing of it.

    Raises:
        GaokerenaError: there is none for this target, or the file is damaged.
    """
    gone = find_request(workspace, target)
    requests = load_takedowns(workspace).requests
    write_takedowns(
        workspace,
        [each for each in requests if (each.kind, each.target) != (gone.kind, gone.target)],
    )
    return gone


def make_takedown(target: str, reason: str, *, twins: bool = False) -> Takedown:
    """A request from what a person typed.

    Args:
        target: an id, a url or a host.
        reason: why.
        twins: of a host, whether what says the same as its records is meant too.

    Raises:
        GaokerenaError: an empty reason, or a target that is neither id, url nor host.
    """
    target, reason = target.strip(), " ".join(reason.split())
    if not reason:
        raise GaokerenaError(f"{target}: give a reason; the ledger will state it")
    if re.match(r"https?://", target, re.IGNORECASE):
        if not _host_of(target):
            raise GaokerenaError(f"{target!r} is not a url that can be read")
        return Takedown("url", target, reason)
    if _ID.fullmatch(target):
        return Takedown("id", target, reason)
    host = target.lower().rstrip(".").removeprefix("www.")
    if _HOST.fullmatch(host):
        return Takedown("host", host, reason, bool(twins))
    raise GaokerenaError(
        f"{target!r} is no id (drhast-0123456789abcdef), url (https://...) or host (drhast.com)"
    )


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def settled_url(url: str) -> str:
    """One spelling of a page, as crawls know it, without its scheme and with its letters readable.

    >>> settled_url("HTTP://www.drhast.com:80/q/%D8%AA%D8%A8/?utm_source=mail#a")
    'drhast.com/q/تب'

    Args:
        url: of a page, with or without a scheme; whatever is none comes back as it was.
    """
    url = url.strip()
    whole = url if re.match(r"[a-z]+://", url, re.IGNORECASE) else f"https://{url}"
    bare = canonical_url(whole).partition("://")[2]
    return unquote(bare).replace("\u200c", "").rstrip("/")
