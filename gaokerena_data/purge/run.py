"""`gaokerena purge`: what was taken down is erased from every file of a workspace."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from gaokerena_data.crawl.fetching.archive_index import index_archive
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.purge.collecting import collect
from gaokerena_data.purge.contents.outcome import UnreadableError
from gaokerena_data.purge.outside import imported_from, unreachable
from gaokerena_data.purge.receipt import Erasure, Journal, Plan, make_receipt, now_in_utc
from gaokerena_data.purge.releases import count_sought, follow, is_release, write_purged
from gaokerena_data.purge.sought import Sought
from gaokerena_data.purge.walking import (
    PURGES,
    clear_left_behind,
    erase,
    look_into,
    remove_dead_links,
    walk,
)
from gaokerena_data.release.manifest import MANIFEST
from gaokerena_data.takedowns.found import complete
from gaokerena_data.takedowns.matching import read_matcher
from gaokerena_data.takedowns.requests import Takedown
from gaokerena_data.workspace import Workspace, atomic_folder, room_needed, sha256_file

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Holding:
    """A file or release that holds what is sought, as it is told before anything is changed."""

    path: str
    how: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge came to.

    Args:
        receipt: its file; None where there was nothing to erase.
        erasures: what was done.
        left: files that still hold something, or cannot be read, one line each.
        unreachable: places that a purge does not reach, one line each.
    """

    receipt: Path | None
    erasures: list[Erasure]
    left: list[str]
    unreachable: list[str]


class Purge:
    """A purge of a workspace that nobody else works in meanwhile."""

    def __init__(self, workspace: Workspace, say: Say = lambda _line: None) -> None:
        self.workspace = workspace
        self._say = say
        self._journal = Journal(workspace)
        self._requests: list[Takedown] = []
        self.left: list[str] = []
        self.plan = Plan(Sought())

    def look_up(self) -> bool:
        """Find out what is to be erased; whether it is anything.

        Raises:
            GaokerenaError: the takedowns are damaged.
        """
        # When the words are gone, nobody can make fingerprints of them any more.
        complete(self.workspace)
        matcher = read_matcher(self.workspace)
        self._requests = matcher.requests
        sought = collect(self.workspace, matcher)
        imports = imported_from(self.workspace, sought)
        if self._journal.is_under_way:
            begun = self._journal.plan()
            sought = begun.sought.joined(sought)
            imports = tuple(sorted({*begun.imports, *imports}))
        self.plan = Plan(sought, imports)
        return bool(sought)

    @property
    def is_under_way(self) -> bool:
        """Whether an earlier purge was interrupted."""
        return self._journal.is_under_way

    def holdings(self) -> list[Holding]:
        """Every file that holds it; files that cannot be read are told in `left`."""
        self.left = []
        root = self.workspace.root
        found = []
        for place in _places(root):
            try:
                if place.is_dir():
                    pieces = sum(count_sought(place, self.plan.sought).values())
                    how = "rewritten"
                else:
                    each = look_into(self.workspace, place, self.plan.sought)
                    pieces, how = (each.pieces, str(each.how)) if each else (0, "")
            except (UnreadableError, GaokerenaError) as error:
                reason = " ".join(str(error).split())
                self.left.append(f"{place}: cannot be read ({reason}): look at it, or delete it")
                continue
            if pieces:
                found.append(Holding(place.relative_to(root).as_posix(), how, pieces))
        return found

    def run(self) -> Purged:
        """Erase, read back, and write the receipt. Interrupted, it is run again.

        Raises:
            GaokerenaError: the disk is full.
        """
        root = self.workspace.root
        with room_needed(root, "every file is as it was, or without what was taken down"):
            self._journal.begin(self.plan)
            clear_left_behind(root)
            for place in _places(root):
                self._purge(place)
            remove_dead_links(root)
            for folder in sorted(root.glob("archive/*")):
                if folder.is_dir():
                    index_archive(folder)
            for holding in self.holdings():
                self.left.append(f"{root / holding.path}: still holds it ({holding.pieces:,})")
            erasures = self._journal.erasures()
            told = unreachable(self.workspace, self.plan.imports)
            requests = [(each.kind, each.target) for each in self._requests]
            receipt = make_receipt(self.plan, requests, erasures, self.left, told)
            return Purged(self._journal.end(receipt), erasures, self.left, told)

    def _purge(self, place: Path) -> None:
        sought = self.plan.sought
        if place.is_dir():
            with suppress(GaokerenaError):  # one that is damaged is told when all is read back
                self._purge_release(place)
            return
        try:
            found = look_into(self.workspace, place, sought)
        except UnreadableError:
            return  # told when all is read back
        if found is None:
            return
        before = sha256_file(place)
        after = found.after
        self._note(Erasure(self._name(place), found.how, found.pieces, before, after, now_in_utc()))
        erase(found, sought)
        if place.exists() and after is None:  # a frontier: what SQLite made of it
            done = Erasure(
                self._name(place), found.how, found.pieces, before, sha256_file(place), now_in_utc()
            )
            self._journal.note(done)

    def _purge_release(self, folder: Path) -> None:
        pieces = sum(count_sought(folder, self.plan.sought).values())
        before = sha256_file(folder / MANIFEST)
        if pieces:
            with atomic_folder(folder) as part:
                write_purged(folder, self.plan.sought, part)
                is_left = any(part.glob("*/*.parquet"))
                after = sha256_file(part / MANIFEST) if is_left else None
                how = "rewritten" if is_left else "erased"
                self._note(Erasure(self._name(folder), how, pieces, before, after, now_in_utc()))
            if not is_left:
                shutil.rmtree(folder)
                return
        previous = _version_before(folder)
        if previous is not None and follow(folder, previous) and not pieces:
            after = sha256_file(folder / MANIFEST)
            self._note(Erasure(self._name(folder), "rewritten", 0, before, after, now_in_utc()))

    def _note(self, erasure: Erasure) -> None:
        self._journal.note(erasure)
        self._say(f"{erasure.how}: {erasure.path} ({erasure.pieces:,})")

    def _name(self, place: Path) -> str:
        return place.relative_to(self.workspace.root).as_posix()


@contextmanager
def alone_in(workspace: Workspace) -> Iterator[None]:
    """Hold the locks of all crawls and curations of a workspace, and the purge's own.

    Raises:
        GaokerenaError: another process works there.
    """
    folder = workspace.root / PURGES
    folder.mkdir(mode=0o700, exist_ok=True)
    locks = [
        folder / ".lock",
        *sorted(workspace.root.glob("frontier/*.lock")),
        *sorted(workspace.root.glob("curated/.*.lock")),
    ]
    with ExitStack() as held:
        for lock in locks:
            try:
                held.enter_context(FileLock(lock, timeout=0))
            except Timeout:
                raise GaokerenaError(
                    f"{lock}: another process works in this workspace: wait until it has ended"
                ) from None
        yield


def _places(root: Path) -> Iterator[Path]:
    """Every release as a whole, the older version first, then every other file."""
    releases = sorted(
        (file.parent for file in root.rglob(MANIFEST) if is_release(file.parent)), key=_order
    )
    yield from releases
    within = set(releases)
    for file in walk(root):
        if not within & set(file.parents):
            yield file


def _order(folder: Path) -> tuple[str, tuple[int, ...], str]:
    return str(folder.parent), _number(folder.name), folder.name


def _number(name: str) -> tuple[int, ...]:
    return tuple(map(int, name.split("."))) if re.fullmatch(r"\d+\.\d+\.\d+", name) else ()


def _version_before(folder: Path) -> Path | None:
    """The release that a release names as the one before it."""
    others = [
        each
        for each in folder.parent.iterdir()
        if _number(each.name) and _number(each.name) < _number(folder.name) and is_release(each)
    ]
    return max(others, key=lambda each: _number(each.name), default=None)
