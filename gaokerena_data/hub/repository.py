"""One repository on the Hub, of any type: what it holds, and the few ways to change it."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
    RepoCard,
    get_token,
)
from huggingface_hub.errors import RepositoryNotFoundError
from huggingface_hub.hf_api import RepoFile

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import sha256_file

type RepoType = Literal["dataset", "model"]
type Operation = CommitOperationAdd | CommitOperationCopy | CommitOperationDelete

BRANCH = "main"
# How a repository is called: ORGANIZATION/NAME.
REPOSITORY_ID = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


@dataclass(frozen=True)
class RemoteFile:
    """A file of a revision: its size in bytes and the hash that the Hub keeps of it.

    That is the sha256 of the content for a large file (`lfs`), the git blob id for a small one.
    """

    size: int
    oid: str
    lfs: bool

    def is_copy_of(self, file: Path) -> bool:
        """Whether a local file has the same content."""
        if file.stat().st_size != self.size:
            return False
        return self.oid == (sha256_file(file) if self.lfs else blob_id(file.read_bytes()))


@dataclass(frozen=True)
class References:
    """Branch and tag names, each with its commit."""

    branches: Mapping[str, str]
    tags: Mapping[str, str]

    @property
    def head(self) -> str:
        """The commit that people get who name no revision."""
        return self.branches[BRANCH]


class HubRepository:
    """A repository as the Hub has it. Nothing is cached: every call asks.

    Its methods raise what huggingface_hub raises; callers wrap them in `failures.explained`.
    """

    def __init__(self, repo_id: str, repo_type: RepoType = "dataset") -> None:
        self.id = repo_id
        self.type = repo_type
        self._api = HfApi(library_name="gaokerena-data")

    @property
    def endpoint(self) -> str:
        """The Hub that is asked."""
        return self._api.endpoint

    @property
    def url(self) -> str:
        """Its page."""
        prefix = "datasets/" if self.type == "dataset" else ""
        return f"{self._api.endpoint}/{prefix}{self.id}"

    def require_token(self) -> None:
        """Make sure that there is a token before anything is tried.

        Raises:
            GaokerenaError: when there is none.
        """
        if get_token() is None:
            raise GaokerenaError(
                f"{self.id}: no token to publish with: run `hf auth login`, or set HF_TOKEN to one "
                "that may write there"
            )

    def references(self) -> References | None:
        """Its branches and tags; None when there is no such repository (or no right to see it)."""
        try:
            refs = self._api.list_repo_refs(self.id, repo_type=self.type)
        except RepositoryNotFoundError:
            return None
        return References(
            {ref.name: ref.target_commit for ref in refs.branches},
            {ref.name: ref.target_commit for ref in refs.tags},
        )

    def files(self, revision: str) -> dict[str, RemoteFile]:
        """Every file of a revision, by path."""
        entries = self._api.list_repo_tree(
            self.id, recursive=True, revision=revision, repo_type=self.type
        )
        files = {}
        for entry in entries:
            if not isinstance(entry, RepoFile):
                continue
            if entry.path.startswith("/") or ".." in entry.path.split("/"):
                raise GaokerenaError(f"{self.id} lists a file outside of itself: {entry.path!r}")
            files[entry.path] = (
                RemoteFile(entry.size, entry.lfs.sha256, lfs=True)
                if entry.lfs
                else RemoteFile(entry.size, entry.blob_id, lfs=False)
            )
        return files

    def download(self, path: str, revision: str, folder: Path) -> Path:
        """Fetch one file of a revision into a folder, at the same relative path.

        It comes from the Hub: what the client's own cache holds of that revision is not believed.
        """
        return Path(
            self._api.hf_hub_download(
                self.id,
                path,
                revision=revision,
                repo_type=self.type,
                local_dir=folder,
                cache_dir=folder / ".cache" / "none",
            )
        )

    def create(self, *, private: bool) -> None:
        """Make it, empty."""
        self._api.create_repo(self.id, repo_type=self.type, private=private, exist_ok=True)

    def restrict(self, *, private: bool, gated: bool) -> None:
        """Make it private, or gated with automatic approval, or both; never the other way."""
        if private:
            self._api.update_repo_settings(self.id, private=True, repo_type=self.type)
        if gated:
            self._api.update_repo_settings(self.id, gated="auto", repo_type=self.type)

    def validate_card(self, card: Path) -> None:
        """Have the Hub check the metadata of a card.

        Raises:
            GaokerenaError: with the Hub's complaint.
        """
        try:
            RepoCard.load(card).validate(repo_type=self.type)
        except ValueError as error:
            reason = " ".join(str(error).split())
            raise GaokerenaError(f"{card} has metadata that the Hub refuses: {reason}") from error

    def commit(self, operations: Iterable[Operation], message: str, parent: str) -> str:
        """Add one commit on top of `parent`, all of it or nothing; its id."""
        info = self._api.create_commit(
            self.id,
            operations,
            commit_message=message,
            parent_commit=parent,
            revision=BRANCH,
            repo_type=self.type,
        )
        return str(info.oid)

    def tag(self, name: str, commit: str, message: str) -> None:
        """Put a new tag on a commit."""
        self._api.create_tag(
            self.id, tag=name, revision=commit, tag_message=message, repo_type=self.type
        )


def blob_id(content: bytes) -> str:
    """The id that git gives to a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
