"""One repository on disk: git for the history, a folder of LFS objects for the large files.

It lies at `ROOT/KIND/NAMESPACE/NAME/.git`, LFS objects under `.git/lfs/objects` where git-lfs (and
any other reader of such repositories) expects them.
"""

import base64
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

KINDS = ("models", "datasets")

# A file or folder as the Hub's listings have it: type, oid, size, path and lfs.
type Entry = dict[str, Any]

_GIT_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_NAME": "maintainer" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "maintainer@localhost" for who in ("AUTHOR", "COMMITTER")},
}
_POINTER = re.compile(rb"version https://git-lfs\S+\noid sha256:(\w{64})\nsize (\d+)\n")
_HASH = re.compile(r"[0-9a-f]{40}")
_NO_OBJECT = "0" * 40


class HubError(Exception):
    """An answer that is not a success: status, message and the Hub's error code."""

    def __init__(self, status: int, message: str, code: str = "", **extra: Any) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.extra = extra
        self.headers: dict[str, str] = {}


class Repository:
    """A repository that exists, unless `missing` is 0.

    Raises:
        HubError: with status `missing` when it does not exist.
    """

    def __init__(self, root: Path, kind: str, repo_id: str, *, missing: int = 404) -> None:
        self.kind = kind
        self.id = repo_id
        self.folder = root / kind / repo_id
        if missing and not self.folder.is_dir():
            raise HubError(missing, "Repository not found", "RepoNotFound")

    def create(self, settings: dict[str, Any]) -> None:
        """Make it, with the first commit that the Hub makes too: `.gitattributes`."""
        self.folder.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        self.update_settings(settings)
        attributes = "".join(
            f"*.{ending} filter=lfs diff=lfs merge=lfs -text\n"
            for ending in ("parquet", "safetensors")
        )
        blob = self._write_blob(attributes.encode())
        tree = self.git("mktree", stdin=f"100644 blob {blob}\t.gitattributes\n".encode())
        commit = self.git("commit-tree", tree, stdin=b"initial commit")
        self.git("update-ref", "refs/heads/main", commit)

    @property
    def settings(self) -> dict[str, Any]:
        """Visibility and gating."""
        file = self.folder / ".git" / "hub.json"
        stored = json.loads(file.read_text()) if file.exists() else {}
        return {"private": False, "gated": False, **stored}

    def update_settings(self, new: dict[str, Any]) -> None:
        file = self.folder / ".git" / "hub.json"
        file.write_text(json.dumps({**self.settings, **new}))

    def git(self, *arguments: str, stdin: bytes = b"", index: Path | None = None) -> str:
        """Run git here; its output without the last line break."""
        return self._run(arguments, stdin, index).decode().rstrip("\n")

    def revision(self, name: str) -> str:
        """The commit that a branch, tag or hash stands for."""
        if _HASH.fullmatch(name):
            with suppress(subprocess.CalledProcessError):
                return _read(self.folder, ("rev-parse", f"{name}^{{commit}}")).decode().strip()
        for candidate in (f"refs/heads/{name}", f"refs/tags/{name}", name):
            commit = self.reference(f"{candidate}^{{commit}}")
            if commit:
                return commit
        raise HubError(404, f"Invalid rev id: {name}", "RevisionNotFound")

    def reference(self, name: str) -> str | None:
        """What a full reference's name points to, or None."""
        try:
            return self.git("rev-parse", "--verify", "--quiet", name)
        except subprocess.CalledProcessError:
            return None

    def entries(self, commit: str, path: str = "", *, deep: bool = True) -> Iterator[Entry]:
        """Files and folders under a path as the Hub lists them, LFS pointers followed."""
        depth = ("-r", "-t") if deep else ()
        try:
            listing = _read(self.folder, ("ls-tree", "-l", "-z", *depth, f"{commit}:{path}"))
        except subprocess.CalledProcessError as error:
            raise HubError(404, f"{path} does not exist", "EntryNotFound") from error
        for line in filter(None, listing.decode().split("\0")):
            details, name = line.split("\t", 1)
            _, kind, oid, size = details.split()
            full = f"{path}/{name}" if path else name
            if kind == "tree":
                yield {"type": "directory", "oid": oid, "size": 0, "path": full}
            else:
                yield self._file_entry(oid, int(size), full)

    def entry(self, commit: str, path: str, kind: str = "") -> Entry:
        """One file or folder; only a `kind` of entry if that is given."""
        parent = path.rpartition("/")[0]
        for entry in self.entries(commit, parent, deep=False):
            if entry["path"] == path and kind in ("", entry["type"]):
                return entry
        raise HubError(404, f"{path} does not exist on {commit}", "EntryNotFound")

    def content(self, entry: Entry) -> bytes:
        """A file's bytes, those of the LFS object where it is one."""
        if "lfs" in entry:
            stored = self.lfs_path(entry["lfs"]["oid"])
            if not stored.exists():  # it was permanently deleted
                raise HubError(404, f"{entry['path']} has no content any more", "EntryNotFound")
            return stored.read_bytes()
        return _read(self.folder, ("cat-file", "blob", entry["oid"]))

    def files(self, revision: str = "main") -> dict[str, bytes]:
        """Every file of a revision, for tests to compare."""
        commit = self.revision(revision)
        return {e["path"]: self.content(e) for e in self.entries(commit) if e["type"] == "file"}

    def lfs_path(self, oid: str) -> Path:
        """Where the LFS object of that sha256 lies, or would lie."""
        return self.folder / ".git" / "lfs" / "objects" / oid[:2] / oid[2:4] / oid

    def lfs_objects(self) -> list[tuple[Path, str]]:
        """Every LFS object with a path that it has, or had, in some commit."""
        names: dict[str, str] = {}
        for commit in self.git("rev-list", "--all").split():
            for entry in self.entries(commit):
                if "lfs" in entry:
                    names.setdefault(entry["lfs"]["oid"], entry["path"])
        stored = sorted((self.folder / ".git" / "lfs" / "objects").glob("*/*/*"))
        return [(file, names.get(file.name, file.name)) for file in stored]

    def squash(self, branch: str, message: str) -> None:
        """Make a branch one commit without parents, with the files of its head."""
        head = self.reference(f"refs/heads/{branch}")
        if not head:
            raise HubError(404, f"Invalid rev id: {branch}", "RevisionNotFound")
        commit = self.git("commit-tree", f"{head}^{{tree}}", stdin=message.encode())
        self.git("update-ref", f"refs/heads/{branch}", commit, head)

    def delete_lfs(self, oids: set[str], *, rewrite: bool) -> None:
        """Delete LFS objects; with `rewrite`, also what points to them in any history."""
        for oid in oids:
            self.lfs_path(oid).unlink(missing_ok=True)
        if not rewrite:
            return
        new: dict[str, str] = {}
        for commit in self.git("rev-list", "--all", "--reverse", "--topo-order").split():
            new[commit] = self._without(commit, oids, new)
        listing = self.git("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)")
        for line in listing.splitlines():
            name, *targets = line.split()
            if new[targets[-1]] != targets[-1]:
                self.git("update-ref", name, new[targets[-1]])

    def _without(self, commit: str, oids: set[str], new: dict[str, str]) -> str:
        """A commit of the same message without the files that point to deleted objects."""
        parents = self.git("show", "-s", "--format=%P", commit).split()
        gone = [e["path"] for e in self.entries(commit) if e.get("lfs", {}).get("oid") in oids]
        if not gone and all(new[parent] == parent for parent in parents):
            return commit
        with tempfile.TemporaryDirectory() as scratch:
            index = Path(scratch) / "index"
            self.git("read-tree", commit, index=index)
            changes = "".join(f"0 {_NO_OBJECT}\t{path}\n" for path in gone)
            self.git("update-index", "--index-info", stdin=changes.encode(), index=index)
            tree = self.git("write-tree", index=index)
        message = self.git("show", "-s", "--format=%B", commit)
        links = [word for parent in parents for word in ("-p", new[parent])]
        return self.git("commit-tree", tree, *links, stdin=message.encode())

    def commit(self, branch: str, payload: bytes) -> str:
        """Add one commit from the Hub's NDJSON operations; all of them or none.

        Raises:
            HubError: 412 when the branch is not at the stated parent any more.
        """
        lines = [json.loads(line) for line in payload.splitlines() if line]
        header: dict[str, Any] = next(o["value"] for o in lines if o["key"] == "header")
        parent = self.reference(f"refs/heads/{branch}")
        if not parent:
            raise HubError(404, f"Invalid rev id: {branch}", "RevisionNotFound")
        if header.get("parentCommit") not in (None, parent):
            raise HubError(412, "A commit has happened since. Please refresh and try again.")
        with tempfile.TemporaryDirectory() as scratch:
            index = Path(scratch) / "index"
            self.git("read-tree", parent, index=index)
            changes = [
                change
                for operation in lines
                if operation["key"] != "header"
                for change in self._changes(parent, operation["key"], operation["value"])
            ]
            self.git("update-index", "--index-info", stdin="".join(changes).encode(), index=index)
            tree = self.git("write-tree", index=index)
        message = "\n\n".join(filter(None, (header.get("summary"), header.get("description"))))
        commit = self.git("commit-tree", tree, "-p", parent, stdin=message.encode())
        self.git("update-ref", f"refs/heads/{branch}", commit, parent)
        return commit

    def _changes(self, parent: str, key: str, value: dict[str, Any]) -> list[str]:
        path = value["path"].rstrip("/")
        if key == "file":
            return [f"100644 {self._write_blob(base64.b64decode(value['content']))}\t{path}\n"]
        if key == "lfsFile":
            stored = self.lfs_path(value["oid"])
            if not stored.exists():
                raise HubError(422, f"LFS object {value['oid']} was never uploaded")
            pointer = (
                "version https://git-lfs.github.com/spec/v1\n"
                f"oid sha256:{value['oid']}\nsize {stored.stat().st_size}\n"
            )
            return [f"100644 {self._write_blob(pointer.encode())}\t{path}\n"]
        if key == "deletedFile":
            self.entry(parent, path)
            return [f"0 {_NO_OBJECT}\t{path}\n"]
        if key == "deletedFolder":
            entries = self.entries(parent, path)
            return [f"0 {_NO_OBJECT}\t{e['path']}\n" for e in entries if e["type"] == "file"]
        raise HubError(400, f"unknown operation {key}")

    def _file_entry(self, oid: str, size: int, path: str) -> Entry:
        entry: Entry = {"type": "file", "oid": oid, "size": size, "path": path}
        if 120 < size < 200:  # the size of a pointer; anything else need not be read
            found = _POINTER.match(_read(self.folder, ("cat-file", "blob", oid)))
            if found:
                length = int(found[2])
                entry["size"] = length
                entry["lfs"] = {"oid": found[1].decode(), "size": length, "pointerSize": size}
        return entry

    def _write_blob(self, content: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", stdin=content)

    def _run(
        self, arguments: tuple[str, ...], stdin: bytes = b"", index: Path | None = None
    ) -> bytes:
        return _run_git(self.folder, arguments, stdin, index)


def _run_git(
    folder: Path, arguments: tuple[str, ...], stdin: bytes = b"", index: Path | None = None
) -> bytes:
    environment = {**os.environ, **_GIT_ENVIRONMENT}
    if index is not None:
        environment["GIT_INDEX_FILE"] = str(index)
    finished = subprocess.run(
        ("git", "-C", str(folder), *arguments),
        input=stdin,
        capture_output=True,
        check=True,
        env=environment,
    )
    return finished.stdout


@cache
def _read(folder: Path, arguments: tuple[str, ...]) -> bytes:
    """What git says of an object named by its hash: the same for ever, so it is asked once."""
    return _run_git(folder, arguments)
