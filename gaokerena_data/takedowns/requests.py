"""Takedowns: what its author, its site or a patient asked to be left out, and why.

They stand in one file of the workspace, `takedowns.jsonl`, sorted and one a line, so that version
control shows who asked for what. Curation asks `Takedowns.matches` about every record.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.sources import SOURCES
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
    """

    kind: TargetKind
    target: str
    reason: str


class Takedowns:
    """All requests of a workspace, looked up by what a record is known by."""

    def __init__(self, requests: Iterable[Takedown]) -> None:
        self.requests = sorted(requests)
        self._ids = {each.target: each.reason for each in self.requests if each.kind == "id"}
        self._urls = {
            _settled_url(each.target): each.reason for each in self.requests if each.kind == "url"
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
        if self._urls and url and (reason := self._urls.get(_settled_url(url))):
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
    if not file.is_file():
        return Takedowns([])
    requests = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            request = Takedown(**json.loads(line))
            # What was typed by hand must mean what `add` would have made of it.
            settled = make_takedown(request.target, request.reason)
        except (TypeError, ValueError, AttributeError, GaokerenaError) as error:
            raise GaokerenaError(
                f"{file}:{number}: not a takedown ({error}); mend the line or take it out"
            ) from None
        if settled.kind != request.kind:
            raise GaokerenaError(
                f"{file}:{number}: {request.target!r} is a {settled.kind}, not a {request.kind}"
            )
        requests.append(settled)
    return Takedowns(requests)


def add_takedown(workspace: Workspace, target: str, reason: str) -> tuple[Takedown, bool]:
    """Write a request into the workspace's file.

    Args:
        workspace: whose file.
        target: an id, a url or a host.
        reason: why; a new reason takes the place of an older one for the same target.

    Returns:
        The request, and whether the file has changed.

    Raises:
        GaokerenaError: an empty reason, a target that is none of the three, a damaged file.
    """
    request = make_takedown(target, reason)
    old = load_takedowns(workspace).requests
    if request in old:
        return request, False
    others = [each for each in old if (each.kind, each.target) != (request.kind, request.target)]
    lines = [
        json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in sorted([*others, request])
    ]
    with atomic_file(workspace.takedowns_file) as part:
        part.write_text("".join(lines), "utf-8")
    return request, True


def make_takedown(target: str, reason: str) -> Takedown:
    """A request from what a person typed.

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
        return Takedown("host", host, reason)
    raise GaokerenaError(
        f"{target!r} is no id (drhast-0123456789abcdef), url (https://...) or host (drhast.com)"
    )


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _settled_url(url: str) -> str:
    """One spelling of a page: neither scheme, www, percent-encoding, slash nor fragment tells."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url
    path = unquote(parts.path).replace("\u200c", "").rstrip("/")
    return f"{host}{path}" + (f"?{unquote(parts.query)}" if parts.query else "")
