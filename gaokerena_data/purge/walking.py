"""Every file of a workspace, and what a purge does to it."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.purge.contents.binaries import holds_as_text
from gaokerena_data.purge.contents.files import is_opaque, purge_bytes
from gaokerena_data.purge.contents.outcome import GONE, Outcome, UnreadableError
from gaokerena_data.purge.contents.warc import Patch, find_members, is_archive
from gaokerena_data.purge.frontiers import purge_frontier
from gaokerena_data.purge.sought import Sought
from gaokerena_data.workspace import Workspace, atomic_file, flush

type How = Literal["rewritten", "erased", "written over", "forgotten"]

PURGES = "purges"  # the folder of receipts
# What a purge never looks into: requests with their key, receipts, and version control's own files.
_LEFT_ALONE = {"takedowns.jsonl", "takedowns.key", PURGES, ".git"}
_HALF_WRITTEN = re.compile(r"^\..*\.part$|^\.(release|extract|texts)[.-].*$")
_MOVED_ASIDE = re.compile(r"^\.(?P<name>.*)\.old$")
# A cache of the Hub's clients names files by what they hold: they go whole.
_CACHED = re.compile(r"^(datasets|models|spaces)--")
# What is made anew from files that stay.
_DERIVED = re.compile(r"^reviews/[^/]+\.(settled|agreement)\.(json|png)$")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that holds what is sought.

    Args:
        path: of the file.
        how: what is done to it: written anew without it, erased whole, written over in place, or
            (a frontier) made to forget it.
        pieces: rows, lines, entries or records.
        outcome: its new bytes.
        patches: or what is written over.
    """

    path: Path
    how: How
    pieces: int
    outcome: Outcome | None = None
    patches: tuple[Patch, ...] = ()

    @property
    def after(self) -> str | None:
        """SHA-256 of what the file will be; None where it goes, or SQLite decides."""
        if self.patches:
            with self.path.open("rb") as file:
                return _patched_digest(file, self.patches)
        if self.outcome is None or self.outcome.data is None:
            return None
        return hashlib.sha256(self.outcome.data).hexdigest()


def _patched_digest(file: BinaryIO, patches: tuple[Patch, ...]) -> str:
    digest = hashlib.sha256()
    for patch in sorted(patches, key=lambda each: each.offset):
        _add(digest, file, patch.offset)
        digest.update(patch.data)
        file.seek(len(patch.data), os.SEEK_CUR)
    _add(digest, file, os.fstat(file.fileno()).st_size)
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", file: BinaryIO, until: int) -> None:
    while (left := until - file.tell()) > 0:
        digest.update(file.read(min(left, 1 << 20)))


def walk(root: Path) -> Iterator[Path]:
    """Every file below a folder that a purge looks into, in a fixed order; no link is followed."""
    for folder, names, files in os.walk(root):
        left_alone = _LEFT_ALONE if Path(folder) == root else set()
        names[:] = sorted(set(names) - left_alone - {".git"})
        for name in sorted(set(files) - left_alone):
            file = Path(folder) / name
            if file.is_file() and not file.is_symlink():
                yield file


def links_outside(root: Path) -> list[Path]:
    """Links that lead out of a folder: what lies behind them is not looked into."""
    within = root.resolve()
    return [
        path
        for path in sorted(root.rglob("*"))
        if path.is_symlink() and path.exists() and not path.resolve().is_relative_to(within)
    ]


def clear_left_behind(root: Path) -> None:
    """Bring folders back that a kill left moved aside, and delete what it left half written."""
    for path in sorted(root.rglob(".*")):
        if ".git" in path.parts:
            continue
        aside = _MOVED_ASIDE.match(path.name)
        if aside and path.is_dir():
            place = path.with_name(aside["name"])
            if place.exists():
                shutil.rmtree(path)
            else:
                path.rename(place)
        elif _HALF_WRITTEN.match(path.name):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def look_into(workspace: Workspace, file: Path, sought: Sought) -> Found | None:
    """What of one file is sought; None where it holds nothing.

    Raises:
        UnreadableError: nobody can say what it holds.
    """
    relative = file.relative_to(workspace.root)
    if relative.parts[0] == "frontier" and file.suffix == ".sqlite":
        try:
            pieces = purge_frontier(file, sought, dry_run=True)
        except GaokerenaError as error:
            raise UnreadableError(str(error)) from None
        return Found(file, "forgotten", pieces) if pieces else None
    if relative.parts[0] == "frontier" and file.name.endswith(("-wal", "-shm")):
        return None  # of the frontier beside it, which empties it
    with file.open("rb") as opened:
        if opened.read(2) == b"\x1f\x8b" and is_archive(opened):
            patches = find_members(opened, sought)
            return (
                Found(file, "written over", len(patches), None, tuple(patches)) if patches else None
            )
        opened.seek(0)
        if is_opaque(opened.read(4096)):
            opened.seek(0)
            outcome = GONE if holds_as_text(opened, sought) else None
        else:
            outcome = purge_bytes(file.read_bytes(), file.name, sought)
    if outcome is None:
        return None
    if _DERIVED.match(relative.as_posix()) or any(map(_CACHED.match, relative.parts)):
        outcome = Outcome(GONE.data, outcome.pieces)
    how: How = "erased" if outcome.data is None else "rewritten"
    return Found(file, how, outcome.pieces, outcome)


def erase(found: Found, sought: Sought) -> None:
    """Do to a file what was found to be done; killed at any moment, it is the old or the new."""
    if found.how == "forgotten":
        purge_frontier(found.path, sought)
    elif found.how == "erased":
        found.path.unlink(missing_ok=True)
    elif found.patches:
        with atomic_file(found.path) as part:
            shutil.copyfile(found.path, part)
            with part.open("r+b") as file:
                for patch in found.patches:
                    file.seek(patch.offset)
                    file.write(patch.data)
    elif found.outcome is not None and found.outcome.data is not None:
        with atomic_file(found.path) as part:
            part.write_bytes(found.outcome.data)


def remove_dead_links(root: Path) -> None:
    """Links of caches to files that went."""
    for path in sorted(root.rglob("*")):
        if path.is_symlink() and not path.exists() and any(map(_CACHED.match, path.parts)):
            path.unlink()
            flush(path.parent)
