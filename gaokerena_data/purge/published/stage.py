"""What is to stand on the Hub after a purge: every branch and version without what is sought.

It lies in `purges/hub/ORG--NAME/` until the purge has ended: a purge that is killed between the
deletion of a tag and its new publication goes on from here. No word of what was erased is in it.
"""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.repository import BRANCH, RemoteFile
from gaokerena_data.purge.published.survey import Reference, Survey
from gaokerena_data.purge.releases import copy_purged, is_release, write_purged
from gaokerena_data.purge.sought import Sought
from gaokerena_data.purge.walking import PURGES
from gaokerena_data.release.manifest import MANIFEST
from gaokerena_data.workspace import Workspace, atomic_file, atomic_folder

_FACTS = "stage.json"
_VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Stage:
    """What is to be published anew.

    Args:
        folder: where it lies.
        branches: name -> folder of the files of its head.
        tags: name -> folder of its files, in the order in which they are to be made.
        objects: hashes of the large files (LFS) that are to be deleted for ever.
        commits: the commits that held anything.
        requests: names of the pull requests whose references hold anything.
        before: full name of each reference -> its commit before.
        rows: full name of each reference -> how much of it was sought.
        sought: what is sought.
        done: steps that are done.
    """

    folder: Path
    branches: Mapping[str, Path]
    tags: Mapping[str, Path]
    objects: frozenset[str]
    commits: tuple[str, ...]
    requests: tuple[str, ...]
    before: Mapping[str, str]
    rows: Mapping[str, int]
    sought: Sought
    done: list[str]

    def finish(self, step: str) -> None:
        """Note that a step is done."""
        self.done.append(step)
        facts = json.loads((self.folder / _FACTS).read_text("utf-8")) | {"done": self.done}
        _write(self.folder / _FACTS, facts)


def stage_folder(workspace: Workspace, repo_id: str) -> Path:
    """Where a repository's purge lies while it is under way."""
    return workspace.root / PURGES / "hub" / repo_id.replace("/", "--")


def read_stage(workspace: Workspace, repo_id: str) -> Stage | None:
    """The purge of a repository that is under way, if there is one.

    Raises:
        GaokerenaError: its file is damaged.
    """
    folder = stage_folder(workspace, repo_id)
    if not (folder / _FACTS).is_file():
        return None
    try:
        facts = json.loads((folder / _FACTS).read_text("utf-8"))
        return Stage(
            folder,
            {name: folder / place for name, place in facts["branches"].items()},
            {name: folder / place for name, place in facts["tags"].items()},
            frozenset(facts["objects"]),
            tuple(facts["commits"]),
            tuple(facts["requests"]),
            facts["before"],
            facts["rows"],
            Sought.from_json(json.dumps(facts["sought"])),
            list(facts["done"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GaokerenaError(
            f"{folder / _FACTS}: damaged ({error}); delete the folder, and purge {repo_id} again"
        ) from None


def make_stage(
    workspace: Workspace, repo_id: str, found: Survey, sought: Sought, contents: Path
) -> Stage:
    """Lay out every branch and tag without what is sought.

    Args:
        workspace: where.
        repo_id: of the repository.
        found: what it holds.
        sought: what goes.
        contents: the folder that the survey fetched into, one folder a content.
    """
    folder = stage_folder(workspace, repo_id)
    named = sorted((ref for ref in found.references if ref.kind in ("branch", "tag")), key=_order)
    places = {ref.ref: f"{number:04d}" for number, ref in enumerate(named)}
    with atomic_folder(folder) as part:
        for ref in named:
            _lay_out(found.trees[ref.commit], contents, sought, part / places[ref.ref])
        facts: dict[str, Any] = {
            "branches": {ref.name: places[ref.ref] for ref in named if ref.kind == "branch"},
            "tags": {ref.name: places[ref.ref] for ref in named if ref.kind == "tag"},
            "objects": sorted(found.objects()),
            "commits": [commit for commit in found.trees if found.held(commit)],
            "requests": [
                ref.name
                for ref in found.references
                if ref.kind == "pull request" and found.holding(ref)
            ],
            "before": {ref.ref: ref.commit for ref in found.references},
            "rows": {
                ref.ref: sum(each.pieces for each in found.held(ref.commit))
                for ref in found.references
            },
            "sought": json.loads(sought.to_json()),
            "done": [],
        }
        (part / _FACTS).write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    stage = read_stage(workspace, repo_id)
    if stage is None:
        raise GaokerenaError(f"{folder}: was deleted meanwhile: run it again")
    return stage


def drop_stage(stage: Stage) -> None:
    """The purge has ended."""
    (stage.folder / _FACTS).unlink()
    shutil.rmtree(stage.folder)


def _lay_out(tree: Mapping[str, RemoteFile], contents: Path, sought: Sought, target: Path) -> None:
    """The files of a revision without what is sought, in a folder of their own."""
    whole = target.with_name(f"{target.name}.whole")
    for path, file in tree.items():
        copy = contents / file.oid
        found = [each for each in copy.rglob("*") if each.is_file() and ".cache" not in each.parts]
        if not found:
            continue  # its content was permanently deleted before
        place = whole / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found[0], place)
    target.mkdir(parents=True)
    if not whole.is_dir():
        return
    listed: set[str] = set()
    if is_release(whole):
        listed = {*json.loads((whole / MANIFEST).read_text("utf-8"))["files"], MANIFEST}
        others = whole.with_name(f"{whole.name}.others")
        for path in tree.keys() - listed:
            if (whole / path).is_file():
                (others / path).parent.mkdir(parents=True, exist_ok=True)
                (whole / path).replace(others / path)
        write_purged(whole, sought, target)
        shutil.rmtree(whole)
        whole = others
    for other in sorted(whole.rglob("*")):
        if not other.is_file():
            continue
        place = target / other.relative_to(whole)
        place.parent.mkdir(parents=True, exist_ok=True)
        copy_purged(other, place, sought)
    shutil.rmtree(whole, ignore_errors=True)


def _order(ref: Reference) -> tuple[bool, bool, tuple[int, ...], str]:
    version = _VERSION.fullmatch(ref.name)
    number = tuple(map(int, version.groups())) if version else ()
    return ref.kind == "branch", ref.name != BRANCH, number, ref.name


def _write(file: Path, facts: Mapping[str, Any]) -> None:
    with atomic_file(file) as part:
        part.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
