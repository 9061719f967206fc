"""A repository on the Hub: what of it holds what was taken down, and the purge of it."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from gaokerena_data.hub.failures import explained, patiently
from gaokerena_data.hub.repository import HubRepository
from gaokerena_data.purge.collecting import collect
from gaokerena_data.purge.published.rewrite import Rewriting
from gaokerena_data.purge.published.stage import (
    Stage,
    drop_stage,
    make_stage,
    read_stage,
    stage_folder,
)
from gaokerena_data.purge.published.survey import Asked, Held, Survey, survey
from gaokerena_data.purge.receipt import Journal, now_in_utc
from gaokerena_data.purge.sought import Sought
from gaokerena_data.purge.walking import clear_left_behind
from gaokerena_data.takedowns.key import keep_key
from gaokerena_data.takedowns.requests import put_takedown
from gaokerena_data.workspace import Workspace

type Say = Callable[[str], None]

_MOST_FILES = 3


@dataclass(frozen=True, slots=True)
class PurgedHub:
    """What a purge on the Hub came to.

    Args:
        receipt: its file; None where nothing was to be done.
        left: what only the Hub's staff can remove, one line each.
        models: models that were trained on a version that held it, one line each.
        unread: what could not be read, one line each.
    """

    receipt: Path | None
    left: list[str]
    models: list[str]
    unread: list[str]


def look_into_hub(
    workspace: Workspace, repo_id: str, asked: Asked, say: Say = lambda _line: None
) -> Survey:
    """Look for what was taken down in every revision of a dataset on the Hub.

    Raises:
        GaokerenaError: no such repository, no right to read it, or no connection.
    """
    with _survey(workspace, HubRepository(repo_id), asked, Sought(), say) as (found, _, _):
        return found


def told(repo_id: str, found: Survey) -> list[str]:
    """What a survey found, one line each revision that holds anything."""
    lines = []
    for ref in found.references:
        if here := found.held(ref.commit):
            lines.append(f"{repo_id}@{ref.name} ({ref.kind}): {_counted(here)}")
        earlier = [
            commit
            for commit in found.histories[ref.ref]
            if commit != ref.commit and found.held(commit)
        ]
        if earlier:
            commits = ", ".join(each[:12] for each in earlier[:_MOST_FILES])
            more = ", ..." if len(earlier) > _MOST_FILES else ""
            lines.append(
                f"{repo_id}@{ref.name} ({ref.kind}): {len(earlier):,} earlier commits hold it "
                f"({commits}{more})"
            )
    return lines


def purge_hub(
    workspace: Workspace,
    repo_id: str,
    asked: Asked,
    *,
    confirm: Callable[[list[str]], bool] = lambda _lines: True,
    say: Say = lambda _line: None,
) -> PurgedHub | None:
    """Erase what was taken down from a dataset on the Hub. Interrupted, it is run again.

    Args:
        workspace: with the takedowns; what is to stand on the Hub waits in it meanwhile.
        repo_id: `ORGANIZATION/NAME`.
        asked: the takedowns.
        confirm: asked with what was found before anything is changed.
        say: told each step.

    Returns:
        What was done; None where nothing may be.

    Raises:
        GaokerenaError: what the Hub refuses.
    """
    repository = HubRepository(repo_id)
    repository.require_token()
    stage = read_stage(workspace, repo_id)
    unread: list[str] = []
    if stage is None:
        with _survey(workspace, repository, asked, Sought(), say) as (found, sought, scratch):
            unread = found.unread
            if found.is_clean and not unread:
                return PurgedHub(None, [], [], [])
            if not confirm(told(repo_id, found)):
                return None
            if found.is_clean:
                return PurgedHub(None, [], [], unread)
            _keep_prints(workspace, asked)
            stage = make_stage(workspace, repo_id, found, sought, scratch)
    Rewriting(repository, stage, say).run()
    say("reading everything back")
    with _survey(workspace, repository, asked, stage.sought, say, stage.commits) as read:
        found = read[0]
        left = _left(repo_id, found, stage)
        models = _models(repo_id, stage)
        receipt = _receipt(workspace, repo_id, stage, found, left, models)
    drop_stage(stage)
    return PurgedHub(receipt, left, models, [*unread, *found.unread])


def _keep_prints(workspace: Workspace, asked: Asked) -> None:
    """Keep what the Hub's tables told of the takedowns, for every later curation."""
    for request in asked.requests:
        if request.texts:
            keep_key(workspace, asked.key)
            put_takedown(workspace, request)


@contextmanager
def _survey(
    workspace: Workspace,
    repository: HubRepository,
    asked: Asked,
    sought: Sought,
    say: Say,
    more: tuple[str, ...] = (),
) -> Iterator[tuple[Survey, Sought, Path]]:
    """A survey, with the folder that it fetched into: it holds the words, and is deleted."""
    _clear_left_behind(workspace)
    sought = collect(workspace, asked.matcher()).joined(sought)
    workspace.root.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=".hub.", suffix=".part", dir=workspace.root) as name,
        explained(repository.id),
    ):
        scratch = Path(name)
        found, sought = survey(repository, asked, sought, scratch, say, more)
        yield found, sought, scratch


def _clear_left_behind(workspace: Workspace) -> None:
    """Delete what a killed purge had fetched, or laid out by half."""
    clear_left_behind(stage_folder(workspace, "a/b").parent)
    for folder in workspace.root.glob(".hub.*.part"):
        shutil.rmtree(folder)


def _left(repo_id: str, found: Survey, stage: Stage) -> list[str]:
    """What still serves it after all that a token can do."""
    left = told(repo_id, found)
    named = {commit for history in found.histories.values() for commit in history}
    for commit in stage.commits:
        if commit not in named and (held := found.held(commit)):
            left.append(f"{repo_id}: commit {commit} is still read by its id: {_counted(held)}")
    return left


def _models(repo_id: str, stage: Stage) -> list[str]:
    """Models whose cards name the dataset, and a version that held it or none that did not."""
    api = HfApi(library_name="gaokerena-data")
    tags = {ref.removeprefix("refs/tags/") for ref in stage.before if ref.startswith("refs/tags/")}
    held = {tag for tag in tags if stage.rows.get(f"refs/tags/{tag}")}
    lines = []
    for model in patiently(lambda: list(api.list_models(filter=f"dataset:{repo_id}"))):
        card = _card(model.id)
        named = {tag for tag in tags if re.search(rf"(?<![\w.]){re.escape(tag)}(?![\w.])", card)}
        named |= {each for each in stage.commits if each in card}
        if named & (held | set(stage.commits)):
            version = ", ".join(sorted(named & (held | set(stage.commits))))
            lines.append(f"{model.id}: trained on {version}, which held it: train it again")
        elif not named:
            lines.append(f"{model.id}: trained on {repo_id}, its card names no version")
    return lines


def _card(model: str) -> str:
    repository = HubRepository(model, "model")
    with TemporaryDirectory() as scratch:
        try:
            file = repository.download("README.md", "main", Path(scratch))
        except HfHubHTTPError:
            return ""
        return file.read_text("utf-8", "replace")


def _receipt(
    workspace: Workspace,
    repo_id: str,
    stage: Stage,
    found: Survey,
    left: list[str],
    models: list[str],
) -> Path:
    after = {ref.ref: ref.commit for ref in found.references}
    receipt: dict[str, Any] = {
        "format": 1,
        "purged_at": now_in_utc(),
        "repository": repo_id,
        "ids": sorted(stage.sought.ids),
        "revisions": [
            {
                "ref": ref,
                "pieces": stage.rows.get(ref, 0),
                "before": commit,
                "after": after.get(ref),
            }
            for ref, commit in sorted(stage.before.items())
        ],
        "deleted_for_ever": sorted(stage.objects),
        "left": left,
        "models": models,
        "unread": found.unread,
        "references": [asdict(each) for each in found.references],
    }
    return Journal(workspace).keep(receipt)


def _counted(held: list[Held]) -> str:
    files = ", ".join(each.path for each in held[:_MOST_FILES])
    more = ", ..." if len(held) > _MOST_FILES else ""
    return f"{sum(each.pieces for each in held):,} pieces in {files}{more}"
