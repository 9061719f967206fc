"""A release: a versioned folder that `load_dataset` opens and a machine can verify."""

import filecmp
import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from gaokerena_data.datasets.configs import SCORED
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.ledger import read_ledger
from gaokerena_data.progress import Progress
from gaokerena_data.release.differences.diff import compare
from gaokerena_data.release.folder import ReleaseFolder, open_release, parquet_path
from gaokerena_data.release.inputs import (
    ReleaseInput,
    Tables,
    count_taken_down,
    read_input,
)
from gaokerena_data.release.layout import lay_out
from gaokerena_data.release.losses import check_losses, count_inputs, find_losses
from gaokerena_data.release.manifest import MANIFEST, make_manifest
from gaokerena_data.release.messages import with_messages
from gaokerena_data.release.papers.card import Papers, render_card
from gaokerena_data.release.papers.changelog import CHANGELOG, make_entry, read_changelog
from gaokerena_data.release.papers.contamination import read_contamination
from gaokerena_data.release.papers.figures import draw_figures
from gaokerena_data.release.parquet import write_parquet
from gaokerena_data.release.personal import as_published
from gaokerena_data.release.scores import read_scores, with_scores
from gaokerena_data.release.statistics import STATISTICS, make_statistics
from gaokerena_data.release.tokens import DEFAULT_TOKENIZER, find_tokenizer
from gaokerena_data.release.versions import (
    check_version,
    parse_version,
    previous_release,
    released_versions,
)
from gaokerena_data.workspace import Workspace, atomic_file, atomic_folder, room_needed


@dataclass(frozen=True, slots=True)
class Release:
    """A released version on disk; `is_new` is false where the same bytes were there already."""

    folder: Path
    manifest: dict[str, Any]
    is_new: bool


def release(
    workspace: Workspace,
    dataset: str,
    version: str,
    tokenizer: str = DEFAULT_TOKENIZER,
    progress: Progress = lambda *_: None,
    *,
    accept_loss: bool = False,
) -> Release:
    """Write `releases/DATASET/VERSION/`: parquet files, card, statistics, figures, manifest.

    The version before it, if there is one, decides where each row stands and what the version
    number must be. The curation's ledger is kept beside the folder, for later diffs.

    Args:
        workspace: with the dataset curated, or the benchmark imported.
        dataset: which one.
        version: MAJOR.MINOR.PATCH.
        tokenizer: what tokens are counted by, see `release.tokens.find_tokenizer`.
        progress: told (what, done, total) as it goes.
        accept_loss: whether sources may be gone or have shrunk since the version before.

    Raises:
        GaokerenaError: not a version or one too low for what changed, nothing curated, no
            such tokenizer, a source that lost its records, the version exists with other content, a
            damaged split, a full disk.
    """
    with room_needed(workspace.root, "the last release is as it was"):
        return _release(workspace, dataset, version, tokenizer, progress, accept_loss)


def _check_losses(workspace: Workspace, given: ReleaseInput, version: str) -> None:
    most = given.run["settings"].get("max_source_loss")
    if given.ledger is not None and most is not None:
        had = count_inputs(workspace.release_ledger(given.dataset, version))
        lost = find_losses(had, count_inputs(given.ledger), most)
        check_losses(lost, given.dataset, version)


def _release(
    workspace: Workspace,
    dataset: str,
    version: str,
    tokenizer: str,
    progress: Progress,
    accept_loss: bool,
) -> Release:
    number = parse_version(version)
    counter = find_tokenizer(tokenizer)
    given = read_input(workspace, dataset)
    before = previous_release(workspace, dataset, number)
    if before is not None and not accept_loss:
        _check_losses(workspace, given, before.name)
    target = workspace.release(dataset, version)
    with TemporaryDirectory(prefix=".release-", dir=workspace.root) as name:
        made = Path(name)
        old = open_release(before) if before else None
        tables = _write_tables(_published(workspace, given, progress), old, made)
        diff = compare(old, open_release(made), given.ledger) if old else None
        if diff is not None:
            check_version(parse_version(diff.old.version), number, diff.level)
        entry = make_entry(version, open_release(made), diff, count_taken_down(given.run))
        papers = Papers(
            version,
            make_statistics(tables, counter, progress),
            [entry, *read_changelog(before)],
            _read_notes(workspace, dataset),
            read_contamination(workspace, dataset),
        )
        manifest = _write_papers(made, given, tables, papers, before)
        if target.exists():
            _refuse_other_content(made, target, version)
            return Release(target, manifest, is_new=False)
        _keep(made, target, given.ledger, workspace.release_ledger(dataset, version))
    return Release(target, manifest, is_new=True)


def _published(workspace: Workspace, given: ReleaseInput, progress: Progress) -> Tables:
    """Every config as it is published."""
    tables = with_messages(as_published(workspace, given, progress), given.kind)
    if SCORED not in given.declaration.configs:
        return tables
    coarse_age = given.run["settings"].get("generalize", {}).get("age", False)
    scores = read_scores(workspace.curated(given.dataset), given.dataset)
    scorer = given.run.get("scorer", {}).get("name")
    return with_scores(tables, scores, scorer, coarse_age=coarse_age)


def _keep(made: Path, target: Path, ledger: Path | None, kept_ledger: Path) -> None:
    """Bring a release to its place, with the ledger beside it: both of them, or neither."""
    with ExitStack() as undo:
        if ledger is not None:
            read_ledger(ledger)  # a damaged one is not kept
            undo.callback(kept_ledger.unlink, missing_ok=True)
            with atomic_file(kept_ledger) as part:
                shutil.copyfile(ledger, part)
        with atomic_folder(target) as part:
            shutil.copytree(made, part, dirs_exist_ok=True)
        undo.pop_all()


def find_release(workspace: Workspace, dataset: str, name: str) -> ReleaseFolder:
    """The release that a person named by its version, or by its folder.

    Raises:
        GaokerenaError: when there is none; the message lists the versions.
    """
    if Path(name).is_dir():
        return open_release(Path(name))
    folder = workspace.release(dataset, str(parse_version(name)))
    if not folder.is_dir():
        there = ", ".join(map(str, released_versions(workspace, dataset))) or "none"
        raise GaokerenaError(f"{folder}: no such release; the versions of {dataset}: {there}")
    return open_release(folder)


def _write_tables(tables: Tables, old: ReleaseFolder | None, made: Path) -> Tables:
    """Write all rows; gives them back in the order in which they now stand."""
    written: Tables = {}
    for config, splits in tables.items():
        written[config] = {}
        for split, table in splits.items():
            files = lay_out(table, old.ids(config, split) if old else [])
            for number, rows in enumerate(files):
                write_parquet(rows, made / parquet_path(config, split, number, len(files)))
            written[config][split] = pa.concat_tables(files)
    return written


def _write_papers(
    made: Path, given: ReleaseInput, tables: Tables, papers: Papers, before: Path | None
) -> dict[str, Any]:
    """Everything in a release that is not rows; the manifest comes last and names all the rest."""
    write_json(made / STATISTICS, papers.statistics)
    write_json(made / CHANGELOG, papers.changelog)
    figures = draw_figures(made, papers.statistics, given.run, papers.changelog)
    (made / "README.md").write_text(render_card(given, tables, papers, figures), "utf-8")
    manifest = make_manifest(made, given, papers.version, tables, before)
    write_json(made / MANIFEST, manifest)
    return manifest


def _read_notes(workspace: Workspace, dataset: str) -> str | None:
    file = workspace.card_notes(dataset)
    if not file.is_file():
        return None
    try:
        return file.read_text("utf-8").strip() or None
    except UnicodeDecodeError:
        raise GaokerenaError(f"{file}: not UTF-8 text; save it as UTF-8") from None


def write_json(path: Path, value: Any) -> None:
    """Write JSON as all papers of a release are written."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _refuse_other_content(made: Path, target: Path, version: str) -> None:
    names = {file.relative_to(made).as_posix() for file in made.rglob("*") if file.is_file()}
    there = {file.relative_to(target).as_posix() for file in target.rglob("*") if file.is_file()}
    _, differ, missing = filecmp.cmpfiles(made, target, sorted(names | there), shallow=False)
    if differ or missing:
        raise GaokerenaError(
            f"{target}: version {version} exists with other content "
            f"({(differ + missing)[0]} differs); give the next version"
        )
