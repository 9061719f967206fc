"""Every revision of a repository on the Hub, looked into: branches, tags, pull requests, converts.

And the history of each, commit by commit. A content is fetched once, in however many revisions it
stands. What cannot be read is told: nobody may say that nothing is there who has not looked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.hf_api import GitRefInfo

from gaokerena_data.hub.failures import patiently
from gaokerena_data.hub.repository import HubRepository, RemoteFile
from gaokerena_data.purge.collecting import look_up, without_kept
from gaokerena_data.purge.contents.files import purge_bytes
from gaokerena_data.purge.contents.outcome import UnreadableError
from gaokerena_data.purge.sought import Sought
from gaokerena_data.takedowns.found import with_prints
from gaokerena_data.takedowns.matching import TakedownMatcher
from gaokerena_data.takedowns.places import TextTable, read_columns
from gaokerena_data.takedowns.requests import Takedown, Takedowns

type Kind = Literal["branch", "tag", "pull request", "convert"]
type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reference:
    """A name on the Hub, and the commit that it means now.

    Args:
        kind: what it is.
        name: as people write it: `main`, `v1.0.0`, `refs/pr/3`.
        ref: in full: `refs/heads/main`.
        commit: its head.
    """

    kind: Kind
    name: str
    ref: str
    commit: str


@dataclass(frozen=True, slots=True)
class Held:
    """A file of a commit that holds what is sought."""

    commit: str
    path: str
    oid: str
    lfs: bool
    pieces: int


@dataclass(slots=True)
class Asked:
    """The takedowns, with the key of their fingerprints."""

    requests: list[Takedown]
    key: bytes

    def matcher(self) -> TakedownMatcher:
        """They, ready to be asked."""
        return TakedownMatcher(Takedowns(self.requests), self.key)

    def learn(self, files: list[Path]) -> None:
        """Take fingerprints of what tables have of them, so that twins are found by their words."""
        tables = []
        for file in files:
            try:
                columns = read_columns(pq.read_schema(file))
            except (pa.ArrowException, OSError):
                continue  # it is told where its rows are read
            if columns is not None:
                tables.append(TextTable(file, "releases", file.name, columns))
        of_names = [each for each in self.requests if each.twins]
        others = [each for each in self.requests if not each.twins]
        self.requests = [*with_prints(tables, of_names, self.key), *others]


@dataclass(slots=True)
class Survey:
    """What a repository holds.

    Args:
        references: all its names.
        histories: commits of each reference, by its full name, the newest first.
        trees: files of each commit.
        pieces: of each content, by its hash: how much of it is sought.
        unread: what could not be read, one line each.
    """

    references: list[Reference] = field(default_factory=list)
    histories: dict[str, list[str]] = field(default_factory=dict)
    trees: dict[str, dict[str, RemoteFile]] = field(default_factory=dict)
    pieces: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def held(self, commit: str) -> list[Held]:
        """The files of a commit that hold what is sought."""
        return [
            Held(commit, path, file.oid, file.lfs, self.pieces[file.oid])
            for path, file in sorted(self.trees.get(commit, {}).items())
            if self.pieces.get(file.oid)
        ]

    def holding(self, ref: Reference) -> list[Held]:
        """The files of a reference that do, in its head or anywhere in its history."""
        return [each for commit in self.histories[ref.ref] for each in self.held(commit)]

    @property
    def is_clean(self) -> bool:
        """Whether no revision holds any of it."""
        return not any(self.pieces.values())

    def objects(self) -> set[str]:
        """The hashes of large files (LFS) that hold what is sought."""
        return {
            file.oid
            for tree in self.trees.values()
            for file in tree.values()
            if file.lfs and self.pieces.get(file.oid)
        }


def read_references(api: HfApi, repo_id: str) -> list[Reference]:
    """Every name of a dataset repository."""
    found = api.list_repo_refs(repo_id, repo_type="dataset", include_pull_requests=True)
    groups: list[tuple[Kind, list[GitRefInfo]]] = [
        ("branch", found.branches),
        ("tag", found.tags),
        ("pull request", found.pull_requests or []),
        ("convert", found.converts),
    ]
    return [
        Reference(
            kind,
            each.name if kind in ("branch", "tag") else each.ref,
            each.ref,
            each.target_commit,
        )
        for kind, group in groups
        for each in group
    ]


def survey(
    repository: HubRepository,
    asked: Asked,
    sought: Sought,
    scratch: Path,
    say: Say = lambda _line: None,
    more: tuple[str, ...] = (),
) -> tuple[Survey, Sought]:
    """Look into every revision.

    Args:
        repository: which.
        asked: the takedowns; they are given fingerprints of what only the Hub has.
        sought: what is known of them here.
        scratch: an empty folder for what is fetched.
        say: told each step.
        more: commits to look into that no name leads to any more.

    Returns:
        What was found, and what is sought with all that the Hub's own tables tell of it.
    """
    found = Survey()
    api = HfApi(library_name="gaokerena-data")
    found.references = patiently(lambda: read_references(api, repository.id), say)
    for ref in found.references:
        found.histories[ref.ref] = _history(api, repository, ref, found)
    commits = {each for history in found.histories.values() for each in history}
    for commit in [*sorted(commits), *more]:
        try:
            found.trees[commit] = patiently(lambda at=commit: repository.files(at), say)  # type: ignore[misc]
        except HfHubHTTPError as error:
            if commit in commits:
                found.unread.append(f"commit {commit[:12]}: {_reason(error)}")
    say(f"{len(found.references):,} names, {len(commits):,} commits of {repository.id}")
    contents = dict(_fetch(repository, found, scratch, say))
    tables = [file for file in contents.values() if file.suffix == ".parquet"]
    asked.learn(tables)
    matcher = asked.matcher()
    sought = look_up(tables, matcher, sought)
    if sought.words:
        sought = without_kept(tables, matcher, sought)
    for oid, file in contents.items():
        try:
            outcome = purge_bytes(file.read_bytes(), file.name, sought)
        except UnreadableError as error:
            found.unread.append(f"{file.name} ({oid[:12]}): {error}")
            continue
        found.pieces[oid] = outcome.pieces if outcome else 0
    return found, sought


def _history(api: HfApi, repository: HubRepository, ref: Reference, found: Survey) -> list[str]:
    try:
        listed = patiently(
            lambda: api.list_repo_commits(repository.id, repo_type="dataset", revision=ref.commit)
        )
    except HfHubHTTPError as error:
        found.unread.append(f"the history of {ref.name}: {_reason(error)}")
        return [ref.commit]
    return list(dict.fromkeys([ref.commit, *(each.commit_id for each in listed)]))


def _fetch(
    repository: HubRepository, found: Survey, scratch: Path, say: Say
) -> Iterator[tuple[str, Path]]:
    """Every content once: its hash, and where it lies now."""
    seen: set[str] = set()
    for commit, tree in found.trees.items():
        for path, file in sorted(tree.items()):
            if file.oid in seen:
                continue
            seen.add(file.oid)
            folder = scratch / file.oid
            try:
                copy = patiently(
                    lambda at=commit, name=path, to=folder: repository.download(name, at, to),  # type: ignore[misc]
                    say,
                )
            except HfHubHTTPError as error:
                if error.response.status_code != 404:
                    found.unread.append(f"{path} of {commit[:12]}: {_reason(error)}")
                continue  # a pointer whose content was permanently deleted
            yield file.oid, copy


def _reason(error: HfHubHTTPError) -> str:
    return " ".join((error.server_message or f"HTTP {error.response.status_code}").split())
