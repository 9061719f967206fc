"""Routes that read: repository information, references, listings, history and files."""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import yaml

from tests.hub_server.messages import Request, Response, kind_of
from tests.hub_server.repository import HubError

PAGE = 1000  # entries of a listing
_GROUPS = {"heads": "branches", "tags": "tags", "convert": "converts", "pr": "pullRequests"}


def information(request: Request, kind: str, repo_id: str, revision: str | None) -> Response:
    repository = request.readable(kind, repo_id)
    commit = repository.revision(revision or "main")
    changed = _timestamp(repository.git("show", "-s", "--format=%cI", commit))
    settings = repository.settings
    siblings: list[dict[str, Any]] = []
    for entry in repository.entries(commit):
        if entry["type"] != "file":
            continue
        sibling: dict[str, Any] = {"rfilename": entry["path"]}
        if "blobs" in request.query:
            sibling |= {"size": entry["size"], "blobId": entry["oid"]}
            if "lfs" in entry:
                sibling["lfs"] = {"sha256": entry["lfs"]["oid"], **entry["lfs"]}
        siblings.append(sibling)
    answer: dict[str, Any] = {
        "_id": hashlib.md5(repo_id.encode()).hexdigest()[:24],
        "id": repo_id,
        "author": repo_id.split("/", maxsplit=1)[0],
        "sha": commit,
        "lastModified": changed,
        "createdAt": changed,
        "private": settings["private"],
        "gated": settings["gated"],
        "disabled": False,
        "downloads": 0,
        "likes": 0,
        "tags": [],
        "siblings": siblings,
    }
    if kind == "models":
        answer["modelId"] = repo_id
    return Response(answer)


def references(request: Request, kind: str, repo_id: str) -> Response:
    repository = request.readable(kind, repo_id)
    answer: dict[str, list[dict[str, str]]] = {"branches": [], "converts": [], "tags": []}
    if request.query.get("include_prs"):
        answer["pullRequests"] = []
    # For an annotated tag the third word is the commit, the second the tag object.
    listing = repository.git("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)")
    for line in listing.splitlines():
        name, *targets = line.split()
        group = _GROUPS[name.split("/")[1]]
        if group in answer:
            short = name.split("/", 2)[2] if group != "pullRequests" else name
            answer[group].append({"name": short, "ref": name, "targetCommit": targets[-1]})
    return Response(answer)


def tree(request: Request, kind: str, repo_id: str, revision: str, path: str | None) -> Response:
    repository = request.readable(kind, repo_id)
    deep = request.query.get("recursive", "").lower() in ("1", "true")
    entries = list(repository.entries(repository.revision(revision), path or "", deep=deep))
    start = int(request.query.get("cursor", 0))
    end = start + int(request.query.get("limit", PAGE))
    headers = {}
    if end < len(entries):
        query = urlencode({**request.query, "cursor": end})
        headers["Link"] = f'<{request.endpoint}{request.path}?{query}>; rel="next"'
    return Response(entries[start:end], headers=headers)


def paths_info(request: Request, kind: str, repo_id: str, revision: str) -> Response:
    repository = request.readable(kind, repo_id)
    commit = repository.revision(revision)
    sent = request.body.decode()
    paths = json.loads(sent)["paths"] if sent.startswith("{") else parse_qs(sent).get("paths", [])
    found = []
    for path in paths:
        try:
            found.append(repository.entry(commit, path.strip("/")))
        except HubError:
            continue  # the Hub leaves out what does not exist
    return Response(found)


def commits(request: Request, kind: str, repo_id: str, revision: str) -> Response:
    repository = request.readable(kind, repo_id)
    log = repository.git(
        "log", "--format=%H%x1f%cI%x1f%an%x1f%s%x1f%b%x1e", repository.revision(revision)
    )
    answer = []
    for record in filter(None, (part.strip("\n") for part in log.split("\x1e"))):
        oid, date, author, title, body = record.split("\x1f")
        answer.append(
            {
                "id": oid,
                "title": title,
                "message": body.strip(),
                "date": _timestamp(date),
                "authors": [{"user": author}],
            }
        )
    return Response(answer)


def resolve(
    request: Request, prefix: str | None, repo_id: str, revision: str, path: str
) -> Response:
    repository = request.readable(kind_of(prefix), repo_id, files=True)
    commit = repository.revision(revision)
    try:
        entry = repository.entry(commit, path, kind="file")
    except HubError as error:
        error.headers["X-Repo-Commit"] = commit  # clients remember that it is not there
        raise
    content = repository.content(entry)
    headers = {
        "X-Repo-Commit": commit,
        "ETag": f'"{entry.get("lfs", entry)["oid"]}"',
        "Accept-Ranges": "bytes",
    }
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("Range") or "")
    if not wanted:
        return Response(content, 200, "application/octet-stream", headers)
    last = len(content) - 1
    if wanted[1]:
        first, end = int(wanted[1]), min(int(wanted[2] or last), last)
    else:
        first, end = max(0, len(content) - int(wanted[2])), last
    if first > end:
        return Response(b"", 416, headers={"Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{end}/{len(content)}"
    return Response(content[first : end + 1], 206, "application/octet-stream", headers)


def lfs_files(request: Request, kind: str, repo_id: str) -> Response:
    repository = request.writable(kind, repo_id)
    return Response(
        [
            {
                "fileOid": file.name,
                "filename": name,
                "oid": file.name,
                "pushedAt": "2026-11-01T08:00:00.000Z",
                "ref": "refs/heads/main",
                "size": file.stat().st_size,
            }
            for file, name in repository.lfs_objects()
        ]
    )


def models(request: Request) -> Response:
    """Those whose cards name a dataset: `filter=dataset:ORG/NAME`."""
    wanted = request.query.get("filter", "").removeprefix("dataset:")
    found = []
    for folder in sorted((request.root / "models").glob("*/*")):
        repo_id = folder.relative_to(request.root / "models").as_posix()
        try:
            repository = request.readable("models", repo_id)
        except HubError:
            continue
        card = repository.files().get("README.md", b"").decode("utf-8", "replace")
        head = yaml.safe_load(card.split("---")[1]) if card.startswith("---") else {}
        if wanted in (head or {}).get("datasets", []):
            found.append({"id": repo_id, "modelId": repo_id, "tags": [f"dataset:{wanted}"]})
    return Response(found)


def _timestamp(git_date: str) -> str:
    moment = datetime.fromisoformat(git_date).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
