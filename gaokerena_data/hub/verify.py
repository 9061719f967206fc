"""Is a release, here or on the Hub, still what its manifest says? Every byte and row is read."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.failures import explained, patiently
from gaokerena_data.hub.folder import folder_target
from gaokerena_data.hub.manifest import (
    MANIFEST,
    Manifest,
    file_problems,
    parse_manifest,
    read_manifest,
    row_problems,
)
from gaokerena_data.hub.repository import BRANCH, HubRepository, RepoType


@dataclass(frozen=True)
class Verification:
    """What was found.

    Args:
        manifest: what the release says of itself.
        commit: the commit that was read; None for a folder.
        problems: one line each; none when all is as stated.
    """

    manifest: Manifest
    commit: str | None
    problems: list[str]


@dataclass(frozen=True)
class Pinned:
    """A revision on the Hub that cannot move any more."""

    repository: HubRepository
    revision: str
    commit: str

    @property
    def name(self) -> str:
        """`ORG/NAME@REVISION`."""
        return f"{self.repository.id}@{self.revision}"


def verify(
    target: str,
    say: Callable[[str], None] = lambda _line: None,
    repo_type: RepoType = "dataset",
) -> Verification:
    """Hash every file and every row of a release again.

    Args:
        target: a folder, or `ORG/NAME@TAG` on the Hub (`ORG/NAME` for its head).
        say: told each step, one line.
        repo_type: what it is on the Hub; a model has files and no rows.

    Raises:
        GaokerenaError: when there is no such thing, or it has no manifest.
    """
    folder = folder_target(target) or Path(target)
    if folder.is_dir():
        return _verified(folder, read_manifest(folder), None)
    if folder_target(target):
        raise GaokerenaError(f"{folder}: there is no such folder")
    pinned = pin(target, repo_type)
    with fetched(pinned, say) as (copy, manifest):
        return _verified(copy, manifest, pinned.commit)


def pin(target: str, repo_type: RepoType = "dataset") -> Pinned:
    """Find the commit that `ORG/NAME@REVISION` means now.

    A client that is asked for a tag may answer from its cache when the Hub is not there, a commit
    id can only be right.

    Raises:
        GaokerenaError: no such repository or revision, or the Hub cannot be asked.
    """
    repo_id, _, revision = target.partition("@")
    repository = HubRepository(repo_id, repo_type)
    with explained(repo_id):
        references = patiently(repository.references)
    if references is None:
        raise GaokerenaError(
            f"{repo_id}: no such folder here, and no such repository on {repository.endpoint} that "
            "your token may see"
        )
    known = {**references.branches, **references.tags}
    revision = revision or BRANCH
    if revision in known:
        return Pinned(repository, revision, known[revision])
    if len(revision) == 40 and set(revision) <= set("0123456789abcdef"):
        return Pinned(repository, revision, revision)
    tags = ", ".join(references.tags) or "none yet"
    raise GaokerenaError(f"{repo_id} has no version {revision}; its tags are: {tags}")


@contextmanager
def fetched(
    pinned: Pinned, say: Callable[[str], None] = lambda _line: None
) -> Iterator[tuple[Path, Manifest]]:
    """A version's files as they are on the Hub, in a folder that is removed again.

    Yields:
        The folder, and the manifest in it. Files of others (`.gitattributes`) are not fetched,
        unless they lie among the data.

    Raises:
        GaokerenaError: when the revision holds no manifest, or cannot be fetched.
    """
    repository, commit = pinned.repository, pinned.commit
    with tempfile.TemporaryDirectory(prefix="gaokerena-") as scratch:
        copy = Path(scratch) / "copy"
        with explained(repository.id):
            listed = patiently(lambda: repository.files(commit), say)
            if MANIFEST not in listed:
                raise GaokerenaError(
                    f"{pinned.name} has no {MANIFEST}: it was not published by `gaokerena publish`"
                )

            def fetch(path: str) -> Path:
                say(f"reading {path} ({listed[path].size:,} bytes)")
                cached = patiently(
                    lambda: repository.download(path, commit, Path(scratch) / "download"), say
                )
                target = copy / path
                target.parent.mkdir(parents=True, exist_ok=True)
                return cached.replace(target)

            manifest = parse_manifest(fetch(MANIFEST).read_bytes(), f"{MANIFEST} of {pinned.name}")
            folders = {path.rpartition("/")[0] for path in manifest.files} - {""}
            for path in sorted(listed):
                if path in manifest.files or path.rpartition("/")[0] in folders:
                    fetch(path)
        yield copy, manifest


def _verified(folder: Path, manifest: Manifest, commit: str | None) -> Verification:
    problems = [*file_problems(folder, manifest), *row_problems(folder, manifest)]
    return Verification(manifest, commit, problems)
