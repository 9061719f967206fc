"""Back to an earlier version: a new commit with its content. No tag and no history is touched."""

from collections.abc import Callable

from huggingface_hub import CommitOperationCopy, CommitOperationDelete

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.failures import explained, patiently
from gaokerena_data.hub.manifest import MANIFEST
from gaokerena_data.hub.publish import (
    Head,
    PublishResult,
    PublishState,
    owner,
    refuse_others_work,
)
from gaokerena_data.hub.push import Change
from gaokerena_data.hub.repository import HubRepository, References


def roll_back(
    repo_id: str,
    dataset: str,
    version: str,
    *,
    dry_run: bool = False,
    parent: str | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> PublishResult:
    """Make the head of a repository what it was at a published version.

    For people who name no revision the newer versions are gone; those who name a tag still get it.
    Nothing is sent from here: the Hub copies its own files.

    Args:
        repo_id: `ORGANIZATION/NAME`.
        dataset: name of the dataset, checked against the version's manifest.
        version: its number.
        dry_run: change nothing, find out what would be changed.
        parent: see `publish.publish`.
        say: told each step, one line.

    Raises:
        GaokerenaError: when the version is not on the Hub, is another dataset's, or the head holds
            others' work.
    """
    repository = HubRepository(repo_id)
    if not dry_run:
        repository.require_token()
    tag = f"v{version}"

    def once() -> PublishResult:
        references = repository.references()
        if references is None or tag not in references.tags:
            raise GaokerenaError(f"{repo_id} has no version {tag} to go back to")
        commit = references.tags[tag]
        changes, head = _changes(repository, references, commit, dataset)
        if changes and parent != head.commit:
            refuse_others_work(repository, head, changes)
        outcome: PublishState = "unchanged"
        if changes and dry_run:
            outcome = "planned"
        elif changes:
            say(f"taking {repo_id} back to {tag}")
            title = f"Back to {dataset} {version}"
            commit = repository.commit(_operations(changes, commit), title, head.commit)
            outcome = "published"
        return PublishResult(outcome, repository, tag, commit, changes, creates=False)

    with explained(repo_id):
        result = patiently(once, say)
        if result.outcome == "published":
            references = patiently(repository.references, say)
            if (
                references is None
                or _changes(repository, references, references.tags[tag], dataset)[0]
            ):
                raise GaokerenaError(f"{repo_id}: the head is still not {tag}: run again")
    return result


def _changes(
    repository: HubRepository, references: References, commit: str, dataset: str
) -> tuple[list[Change], Head]:
    """What has to change in the head so that it is that version."""
    wanted = Head.at(repository, commit)
    if wanted.manifest is None or wanted.manifest.dataset != dataset:
        raise GaokerenaError(f"{repository.id} holds no version of {dataset} at {commit[:12]}")
    head = Head.read(repository, references)
    owns = owner(wanted.manifest, head.manifest)
    paths = {*wanted.manifest.files, MANIFEST}
    changes = [
        Change("delete", path, file.size)
        for path, file in head.files.items()
        if path not in paths and owns(path)
    ]
    for path in paths:
        if path not in head.files:
            changes.append(Change("add", path, wanted.files[path].size))
        elif head.files[path].oid != wanted.files[path].oid:
            changes.append(Change("replace", path, wanted.files[path].size))
    return sorted(changes, key=lambda change: change.path), head


def _operations(
    changes: list[Change], commit: str
) -> list[CommitOperationCopy | CommitOperationDelete]:
    return [
        CommitOperationDelete(change.path)
        if change.action == "delete"
        else CommitOperationCopy(change.path, change.path, src_revision=commit)
        for change in changes
    ]
