"""Routes that change a repository's content: LFS uploads, commits, tags and branches."""

import hashlib
import re
import threading
from typing import Any

from tests.hub_server.messages import Request, Response, kind_of
from tests.hub_server.repository import HubError

_LFS_ENDING = re.compile(r"\.(parquet|arrow|safetensors|bin|zip|gz|zst|png|jpg)$")
_LFS_SIZE = 10_000_000  # bytes; the Hub takes no larger file into git itself
_HEAD_LOCK = threading.Lock()  # the check of the parent and the move of the branch are one step


def preupload(request: Request, kind: str, repo_id: str, revision: str) -> Response:
    repository = request.writable(kind, repo_id)
    commit = repository.revision(revision)
    present = {entry["path"]: entry for entry in repository.entries(commit)}
    files = []
    for file in request.json["files"]:
        entry = present.get(file["path"])
        large = bool(_LFS_ENDING.search(file["path"])) or file["size"] > _LFS_SIZE
        files.append(
            {
                "path": file["path"],
                "uploadMode": "lfs" if large else "regular",
                "shouldIgnore": False,
                "oid": entry.get("lfs", entry)["oid"] if entry else None,
            }
        )
    return Response({"files": files, "commitOid": commit})


def lfs_batch(request: Request, prefix: str | None, repo_id: str) -> Response:
    repository = request.writable(kind_of(prefix), repo_id)
    base = f"{request.endpoint}/_lfs/{repository.kind}/{repo_id}"
    objects = []
    for wanted in request.json["objects"]:
        answer: dict[str, Any] = {"oid": wanted["oid"], "size": wanted["size"]}
        if not repository.lfs_path(wanted["oid"]).exists():
            answer["actions"] = {
                "upload": {"href": f"{base}/{wanted['oid']}", "header": {}},
                "verify": {"href": f"{base}/verify"},
            }
        objects.append(answer)
    return Response(
        {"transfer": "basic", "objects": objects}, content_type="application/vnd.git-lfs+json"
    )


def lfs_upload(request: Request, kind: str, repo_id: str, oid: str) -> Response:
    # As with the signed links of the real store: the link is the permission.
    if hashlib.sha256(request.body).hexdigest() != oid:
        raise HubError(400, "sha256 mismatch")
    target = request.stored(kind, repo_id).lfs_path(oid)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{oid}.{threading.get_ident()}.part")
    part.write_bytes(request.body)
    part.replace(target)
    return Response()


def lfs_verify(request: Request, kind: str, repo_id: str) -> Response:
    stored = request.writable(kind, repo_id).lfs_path(request.json["oid"])
    if not stored.exists() or stored.stat().st_size != request.json["size"]:
        raise HubError(404, "object missing")
    return Response()


def commit(request: Request, kind: str, repo_id: str, branch: str) -> Response:
    repository = request.writable(kind, repo_id)
    with _HEAD_LOCK:
        oid = repository.commit(branch, request.body)
    url = f"{request.url(kind, repo_id)}/commit/{oid}"
    return Response({"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""})


def tag(request: Request, kind: str, repo_id: str, name: str) -> Response:
    repository = request.writable(kind, repo_id)
    if request.method == "DELETE":
        if not repository.reference(f"refs/tags/{name}"):
            raise HubError(404, f"Invalid rev id: {name}", "RevisionNotFound")
        repository.git("update-ref", "-d", f"refs/tags/{name}")
        return Response()
    new, message = request.json["tag"], request.json.get("message")
    target = repository.revision(name)
    if repository.reference(f"refs/tags/{new}"):
        raise HubError(409, f"Tag {new} already exists")
    repository.git("tag", *(("-a", "-m", message) if message else ()), new, target)
    return Response()


def branch(request: Request, kind: str, repo_id: str, name: str) -> Response:
    repository = request.writable(kind, repo_id)
    if name.startswith("refs/"):
        raise HubError(400, f"Invalid reference for a branch: {name}")
    reference = f"refs/heads/{name}"
    if request.method == "DELETE":
        repository.git("update-ref", "-d", reference)
        return Response()
    if repository.reference(reference):
        raise HubError(409, f"Reference already exists: {name}")
    start = repository.revision(request.json.get("startingPoint") or "main")
    repository.git("update-ref", reference, start)
    return Response()


def super_squash(request: Request, kind: str, repo_id: str, name: str) -> Response:
    repository = request.writable(kind, repo_id)
    if repository.reference(f"refs/tags/{name}") or name.startswith("refs/"):
        raise HubError(400, f"Invalid reference for a branch: {name}")
    with _HEAD_LOCK:
        repository.squash(name, request.json.get("message") or "Super-squash")
    return Response()


def delete_lfs(request: Request, kind: str, repo_id: str) -> Response:
    repository = request.writable(kind, repo_id)
    asked = request.json["deletions"]
    with _HEAD_LOCK:
        repository.delete_lfs(set(asked["sha"]), rewrite=bool(asked["rewriteHistory"]))
    return Response()


def discussion_status(request: Request, kind: str, repo_id: str, number: str) -> Response:
    """Pull requests can be closed; their references stay."""
    repository = request.writable(kind, repo_id)
    if not repository.reference(f"refs/pr/{number}"):
        raise HubError(404, f"No discussion {number}")
    status = request.json["status"]
    closed = {**repository.settings.get("discussions", {}), number: status}
    repository.update_settings({"discussions": closed})
    event = {
        "id": f"{number}-{status}",
        "type": "status-change",
        "createdAt": "2026-11-01T08:00:00.000Z",
        "author": {"name": "maintainer"},
        "data": {"status": status},
    }
    return Response({"newStatus": event})
