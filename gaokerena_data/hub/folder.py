"""Publish to a plain folder: for a shared disk, an air-gapped machine, or the demo."""

import shutil
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.manifest import MANIFEST, read_manifest
from gaokerena_data.hub.publish import PublishResult, PublishState, release_files, verified
from gaokerena_data.hub.push import Change
from gaokerena_data.workspace import atomic_folder, sha256_file

_PREFIX = "file:"


def folder_target(target: str) -> Path | None:
    """The folder that a `--to` means, or None when it means a repository on the Hub.

    A folder starts with `file:`, `./`, `../`, `~` or `/`.
    """
    if target.startswith(_PREFIX):
        return Path(target.removeprefix(_PREFIX).removeprefix("//")).expanduser()
    if target.startswith(("./", "../", "/", "~")) or target in (".", ".."):
        return Path(target).expanduser()
    return None


def publish_to_folder(release: Path, target: Path, *, dry_run: bool = False) -> PublishResult:
    """Make a folder hold a release, whole or not at all, so that `load_dataset(FOLDER)` opens it.

    Args:
        release: folder written by `gaokerena release`.
        target: the folder; it is replaced if it holds an earlier version of the same dataset.
        dry_run: change nothing, find out what would be changed.

    Raises:
        GaokerenaError: for a release that is not as its manifest says, the same version with other
            content, a newer version, or a folder that holds something else.
    """
    manifest = verified(release)
    files = release_files(release, manifest)
    present: dict[str, Path] = {}
    if target.exists() and not target.is_dir():
        raise GaokerenaError(f"{target} is a file: name a folder")
    if target.is_dir() and any(target.iterdir()):
        there = read_manifest(target)
        if there.dataset != manifest.dataset:
            raise GaokerenaError(
                f"{target} holds the dataset {there.dataset}, not {manifest.dataset}: name another "
                "folder"
            )
        if there.number > manifest.number:
            raise GaokerenaError(
                f"{target} holds version {there.version}, newer than {manifest.version}: name "
                "another folder, or remove it first"
            )
        present = {
            path.relative_to(target).as_posix(): path
            for path in target.rglob("*")
            if path.is_file()
        }
    changes = _changes(files, present)
    same_version = MANIFEST in present and there.version == manifest.version
    if same_version and changes:
        raise GaokerenaError(
            f"{target} already holds {manifest.version} with other content ({changes[0].path} "
            "differs); a published version never changes: release it under a new number"
        )
    if changes and not dry_run:
        with atomic_folder(target, published=True) as part:
            for path, file in files.items():
                (part / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, part / path)
    outcome: PublishState = "unchanged" if not changes else "planned" if dry_run else "published"
    return PublishResult(outcome, target, manifest.tag, None, changes, not present)


def _changes(files: dict[str, Path], present: dict[str, Path]) -> list[Change]:
    changes = [
        Change("delete", path, file.stat().st_size)
        for path, file in present.items()
        if path not in files
    ]
    for path, file in files.items():
        size = file.stat().st_size
        if path not in present:
            changes.append(Change("add", path, size))
        elif present[path].stat().st_size != size or sha256_file(present[path]) != sha256_file(
            file
        ):
            changes.append(Change("replace", path, size))
    return sorted(changes, key=lambda change: change.path)
