"""A released version of a dataset, or of a model, onto the Hub: verified, planned, pushed."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.failures import explained, patiently
from gaokerena_data.hub.manifest import (
    MANIFEST,
    Manifest,
    file_problems,
    parse_manifest,
    read_manifest,
    row_problems,
)
from gaokerena_data.hub.push import Change, Version, plan, push
from gaokerena_data.hub.repository import HubRepository, References, RemoteFile, RepoType
from gaokerena_data.workspace import sha256_file

type PublishState = Literal["published", "tagged", "unchanged", "planned"]


@dataclass(frozen=True)
class PublishResult:
    """What publishing came to.

    Args:
        outcome: `published`; `tagged` when an earlier run had sent the content already;
            `unchanged` when the version was there; `planned` after a dry run.
        target: the repository, or the folder.
        tag: the version's tag.
        commit: the commit that has the tag; None for a folder and after a dry run.
        changes: what was changed, or would be.
        creates: whether the repository or folder was made, or would be.
    """

    outcome: PublishState
    target: HubRepository | Path
    tag: str
    commit: str | None
    changes: list[Change]
    creates: bool


@dataclass(frozen=True)
class Head:
    """What the repository holds now; `manifest` is None where no version was published to it."""

    commit: str
    files: Mapping[str, RemoteFile]
    manifest: Manifest | None

    @classmethod
    def read(cls, repository: HubRepository, references: References | None) -> "Head":
        """Look at the head of main. A repository that is still to be made has an empty one."""
        return cls("", {}, None) if references is None else cls.at(repository, references.head)

    @classmethod
    def at(cls, repository: HubRepository, commit: str) -> "Head":
        """Look at a commit."""
        files = repository.files(commit)
        if MANIFEST not in files:
            return cls(commit, files, None)
        with tempfile.TemporaryDirectory() as scratch:
            content = repository.download(MANIFEST, commit, Path(scratch)).read_bytes()
        return cls(commit, files, parse_manifest(content, f"{MANIFEST} of {repository.id}"))

    def sha256(self, repository: HubRepository, path: str) -> str:
        """The hash of a file's bytes; a small file is fetched, the Hub keeps only its git id."""
        if self.files[path].lfs:
            return self.files[path].oid
        with tempfile.TemporaryDirectory() as scratch:
            return sha256_file(repository.download(path, self.commit, Path(scratch)))


def publish(
    release: Path,
    repo_id: str,
    *,
    repo_type: RepoType = "dataset",
    private: bool = False,
    gated: bool = False,
    dry_run: bool = False,
    parent: str | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> PublishResult:
    """Publish a release: one commit with what changed, and one tag on it.

    The repository is made if there is none. Files that others put there stay; files of an earlier
    version that this one no longer has go.

    Args:
        release: folder written by `gaokerena release`.
        repo_id: `ORGANIZATION/NAME`.
        repo_type: `dataset`, or `model`; the manifest of a model states files and no rows.
        private: make the repository private, before anything is sent.
        gated: readers must accept the terms on the card first (automatic approval).
        dry_run: change nothing, find out what would be changed.
        parent: the head's commit id, when the head holds something that the versions published
            from here do not know (edits on the Hub, files from before) and may be overwritten.
        say: told each step, one line.

    Raises:
        GaokerenaError: for a release that is not as its manifest says, a version that exists with
            other content, a head that holds others' work, and whatever the Hub refuses.
    """
    manifest = verified(release)
    repository = HubRepository(repo_id, repo_type)
    if not dry_run:
        repository.require_token()
    with explained(repo_id):
        prepared = patiently(
            lambda: _prepare(release, manifest, repository, parent, None if dry_run else private),
            say,
        )
        version, changes = prepared.version, prepared.changes
        if dry_run:
            outcome: PublishState = "unchanged" if prepared.is_published else "planned"
            changes = [] if prepared.is_published else changes
            return PublishResult(outcome, repository, version.tag, None, changes, prepared.creates)
        patiently(lambda: repository.restrict(private=private, gated=gated), say)
    pushed = push(repository, version, parent=parent or prepared.head, say=say)
    outcome = "unchanged"
    if pushed.tagged:
        outcome = "published" if pushed.committed else "tagged"
    done = changes if pushed.committed else []
    return PublishResult(outcome, repository, version.tag, pushed.commit, done, prepared.creates)


def verified(release: Path) -> Manifest:
    """The manifest of a release whose files and rows are what it says.

    Raises:
        GaokerenaError: when they are not; the first difference is named.
    """
    manifest = read_manifest(release)
    if "README.md" not in manifest.files:
        raise GaokerenaError(f"{release} has no README.md, its card: make the release again")
    for problem in chain(file_problems(release, manifest), row_problems(release, manifest)):
        raise GaokerenaError(
            f"{release}: {problem}: make the release again, a release is never edited"
        )
    return manifest


def release_files(release: Path, manifest: Manifest) -> dict[str, Path]:
    """Path in the repository -> file, of all that is published."""
    return {path: release / path for path in (*sorted(manifest.files), MANIFEST)}


def owner(manifest: Manifest, earlier: Manifest | None) -> Callable[[str], bool]:
    """Which paths belong to the versions: the data folders, and what the last version listed."""
    folders = {path.rpartition("/")[0] for path in manifest.files if path.endswith(".parquet")}
    listed = earlier.files.keys() if earlier else set()
    return lambda path: path in listed or path.rpartition("/")[0] in folders - {""}


@dataclass(frozen=True)
class _Prepared:
    """What was found before anything is sent."""

    version: Version
    head: str
    changes: list[Change]
    creates: bool
    is_published: bool


def _prepare(
    release: Path,
    manifest: Manifest,
    repository: HubRepository,
    parent: str | None,
    private: bool | None,
) -> _Prepared:
    """Look at the repository, and make it if there is none and `private` says how."""
    references = repository.references()
    creates = references is None
    if references is None and private is not None:
        repository.create(private=private)
        references = repository.references()
    head = Head.read(repository, references)
    version = Version(
        files=release_files(release, manifest),
        tag=manifest.tag,
        message=f"{manifest.dataset} {manifest.version}",
        owns=owner(manifest, head.manifest),
    )
    changes = plan(version, head.files)
    if references is not None and version.tag in references.tags:
        return _Prepared(version, head.commit, changes, creates, is_published=True)
    if references is not None and version.tag in references.branches:
        raise GaokerenaError(
            f"{repository.id} has a branch called {version.tag}, which would hide the tag: delete "
            "or rename the branch first"
        )
    repository.validate_card(release / "README.md")
    if changes and parent != head.commit:
        _refuse_older(repository, manifest, head)
        refuse_others_work(repository, head, changes)
    return _Prepared(version, head.commit, changes, creates, is_published=False)


def refuse_others_work(repository: HubRepository, head: Head, changes: list[Change]) -> None:
    """Stop before anything is overwritten that no version published from here has put there.

    Raises:
        GaokerenaError: names the first such file, and the way out.
    """
    stamps = head.manifest.files if head.manifest else {}
    for change in changes:
        if change.action == "add" or change.path == MANIFEST:
            continue
        stamp = stamps.get(change.path)
        if stamp is None or head.sha256(repository, change.path) != stamp.sha256:
            since = "put there"
            if head.manifest:
                since = f"changed since {head.manifest.version} was published"
            raise GaokerenaError(
                f"{repository.id}: {change.path} was {since} by somebody else: "
                f"{_way_out(repository, head)}"
            )


def _refuse_older(repository: HubRepository, manifest: Manifest, head: Head) -> None:
    if head.manifest is not None and head.manifest.number > manifest.number:
        raise GaokerenaError(
            f"{repository.id} holds version {head.manifest.version}, which is newer than "
            f"{manifest.version}: {_way_out(repository, head)}"
        )


def _way_out(repository: HubRepository, head: Head) -> str:
    return (
        f"look at {repository.url}/commits/main; if it may be overwritten, run again with "
        f"--parent {head.commit}"
    )
