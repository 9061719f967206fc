"""`gaokerena takedown purge --hub`: a repository on the Hub without what was taken down.

Each step looks at what is there and does what is missing, so that a run that was cut off is run
again. In order: the head of every branch is made clean, its history becomes one commit, the old
tags are deleted, every version is published again without what is sought, and the large files that
held it are deleted for ever. Then every revision is read back.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.failures import explained, patiently
from gaokerena_data.hub.push import Version, plan
from gaokerena_data.hub.repository import BRANCH, HubRepository
from gaokerena_data.purge.published.stage import Stage
from gaokerena_data.purge.published.survey import read_references

type Say = Callable[[str], None]

_MESSAGE = "Rows were erased on request"


class Rewriting:
    """The steps of a purge on the Hub."""

    def __init__(self, repository: HubRepository, stage: Stage, say: Say) -> None:
        self._repository = repository
        self._stage = stage
        self._say = say
        self._api = HfApi(library_name="gaokerena-data")

    def run(self) -> None:
        """Do what is not done yet.

        Raises:
            GaokerenaError: what the Hub refuses.
        """
        stage = self._stage
        with explained(self._repository.id):
            for name, folder in stage.branches.items():
                self._step(f"clean {name}", partial(self._bring, name, folder))
                self._step(f"squash {name}", partial(self._squash, name))
            for name in stage.tags:
                self._step(f"delete {name}", partial(self._delete_tag, name))
            for name, folder in stage.tags.items():
                self._step(f"publish {name}", partial(self._publish, name, folder))
            if BRANCH in stage.branches:
                head = stage.branches[BRANCH]
                self._step("publish the head", partial(self._bring, BRANCH, head))
            for name in stage.requests:
                self._step(f"close {name}", partial(self._close, name))
            self._step("delete large files", self._delete_objects)

    def _step(self, name: str, act: Callable[[], None]) -> None:
        if name not in self._stage.done:
            self._say(name)
            patiently(act, self._say)
            self._stage.finish(name)

    def _bring(self, branch: str, folder: Path) -> None:
        """Make the head of a branch what a folder holds."""
        head = self._commits("branch").get(branch)
        if head is None:
            raise GaokerenaError(f"{self._repository.id}: the branch {branch} has gone: run again")
        version = _version(folder)
        changes = plan(version, self._repository.files(head))
        if not changes:
            return
        self._api.create_commit(
            self._repository.id,
            [
                CommitOperationDelete(change.path)
                if change.action == "delete"
                else CommitOperationAdd(change.path, str(version.files[change.path]))
                for change in changes
            ],
            commit_message=_MESSAGE,
            parent_commit=head,
            revision=branch,
            repo_type="dataset",
        )

    def _squash(self, branch: str) -> None:
        self._api.super_squash_history(
            self._repository.id, branch=branch, commit_message=_MESSAGE, repo_type="dataset"
        )

    def _delete_tag(self, name: str) -> None:
        if name in self._commits("tag"):
            self._api.delete_tag(self._repository.id, tag=name, repo_type="dataset")

    def _publish(self, name: str, folder: Path) -> None:
        """Put a version's files on the head of main, and its tag on them."""
        tagged = self._commits("tag").get(name)
        if tagged is not None:
            if plan(_version(folder), self._repository.files(tagged)):
                raise GaokerenaError(
                    f"{self._repository.id}: somebody has made the tag {name} anew meanwhile: "
                    "delete it, then run again"
                )
            return
        self._bring(BRANCH, folder)
        head = self._commits("branch")[BRANCH]
        self._api.create_tag(
            self._repository.id,
            tag=name,
            revision=head,
            tag_message=f"{name}: {_MESSAGE.lower()}",
            repo_type="dataset",
        )

    def _close(self, request: str) -> None:
        number = int(request.rpartition("/")[2])
        try:
            self._api.change_discussion_status(
                self._repository.id, number, "closed", repo_type="dataset"
            )
        except HfHubHTTPError as error:
            if error.response.status_code not in (400, 404, 409):  # closed, or merged, already
                raise

    def _delete_objects(self) -> None:
        """Delete the large files that held it, and those that no branch or tag leads to."""
        used = {
            file.oid
            for kind in ("branch", "tag")
            for commit in self._commits(kind).values()
            for file in self._repository.files(commit).values()
            if file.lfs
        }
        listed = list(self._api.list_lfs_files(self._repository.id, repo_type="dataset"))
        gone = [each for each in listed if each.file_oid in self._stage.objects - used]
        if gone:
            self._api.permanently_delete_lfs_files(
                self._repository.id, gone, rewrite_history=True, repo_type="dataset"
            )

    def _commits(self, kind: str) -> dict[str, str]:
        references = read_references(self._api, self._repository.id)
        return {each.name: each.commit for each in references if each.kind == kind}


def _version(folder: Path) -> Version:
    """A folder as all that a revision is to hold."""
    files = {
        file.relative_to(folder).as_posix(): file
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    return Version(files, "", _MESSAGE, lambda _path: True)
