"""`annotate train`: from labels, and the texts that they are of, to a scorer and its card."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.annotate.fitting import (
    Numbers,
    Pairs,
    Read,
    Rows,
    assemble,
    calibrate,
    fit_all,
    need_sklearn,
    read_features,
    targets,
)
from gaokerena_data.annotate.scorer_card import scorer_card
from gaokerena_data.annotate.scorer_figures import Figures, figures_of
from gaokerena_data.curate.told.measured_texts import measured_texts
from gaokerena_data.datasets.registry import find_dataset
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.scoring.label_files import (
    REVIEW,
    one_each,
    packaged_labels,
    read_labels,
    workspace_labels,
)
from gaokerena_data.scoring.model_files import write_scorer
from gaokerena_data.scoring.scored_fields import NUMBERS
from gaokerena_data.text.near_duplicates.clusters import clusters
from gaokerena_data.text.near_duplicates.search import find_near_duplicates
from gaokerena_data.workspace import Workspace, atomic_file

type Progress = Callable[[str, int, int], None]

FOLDS = 5
# Fewer cannot be told apart from chance.
MIN_LABELS = 60
VERSION = 1


@dataclass(frozen=True, slots=True)
class Trained:
    """A scorer on disk, and what it is worth."""

    folder: Path
    figures: Figures


def train(
    workspace: Workspace,
    dataset: str,
    files: Sequence[Path] = (),
    to: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Trained:
    """Train a scorer and write it with its card.

    The same labels and texts give the same bytes.

    Args:
        workspace: with the dataset curated; its texts are joined to the labels by id.
        dataset: of pairs of question and answer.
        files: of labels; those of the workspace by default, or else the packaged ones.
        to: the scorer's folder; `annotations/DATASET/scorer` by default.
        progress: told (what, done, total) as it goes.

    Raises:
        GaokerenaError: no scikit-learn, no labels, or too few of records that are here.
    """
    need_sklearn()
    declaration = find_dataset(workspace, dataset)
    if declaration.kind.thread is None:
        raise GaokerenaError(f"{dataset}: its records are no pairs of question and answer")
    labels = one_each(read_labels(files or _default_files(workspace, dataset)))
    table = measured_texts(workspace, declaration)
    places = {each: place for place, each in enumerate(table["id"].to_pylist())}
    labels = [label for label in labels if label.id in places]
    if len(labels) < MIN_LABELS:
        raise GaokerenaError(
            f"{dataset}: {len(labels)} of the labels are of records that are here, and it takes "
            f"{MIN_LABELS}; label more with `gaokerena annotate`, or name their file with --labels"
        )
    of_label = [places[label.id] for label in labels]
    labelled, threads = _pairs(table, of_label), table["thread"].take(pa.array(of_label))
    others = _pairs(table, sorted(set(range(table.num_rows)).difference(of_label)))
    read = read_features(labelled, others)
    ids = [label.id for label in labels]
    folds = folds_of(labelled, pc.coalesce(threads, pa.array(ids)).to_pylist())
    wanted = targets(labels)
    held_out = held_out_numbers(read, wanted, folds, progress)
    curves = {name: calibrate(name, held_out[name], wanted[name]) for name in NUMBERS}
    linear = fit_all(read, wanted)
    progress("train", FOLDS + 1, FOLDS + 1)
    scorer = assemble(f"{dataset}-scorer@{VERSION}", read, linear, curves)
    clinical = np.array([label.rubric == REVIEW for label in labels], np.bool_)
    figures = figures_of(wanted, held_out, curves, clinical)
    folder = to or workspace.root / "annotations" / dataset / "scorer"
    made_of = {
        "labels": len(labels),
        "labelled_by": sorted({label.labelled_by for label in labels}),
        "rubrics": sorted({label.rubric for label in labels}),
        "records": table.num_rows,
    }
    write_scorer(scorer, folder, made_of)
    with atomic_file(folder / "README.md") as part:
        part.write_text(scorer_card(scorer.name, declaration, made_of, figures, FOLDS), "utf-8")
    return Trained(folder, figures)


def folds_of(labelled: Pairs, threads: Sequence[str]) -> Rows:
    """The fold of each labelled pair; what is alike stands in one, so that no twin helps.

    Args:
        labelled: the pairs.
        threads: the thread of each.
    """
    first, second = [], []
    for texts in labelled:
        matches = find_near_duplicates(texts, n=3, threshold=0.7)
        first.append(matches.first)
        second.append(matches.second)
    _, of_thread = np.unique(np.array(threads), return_inverse=True)
    order = np.argsort(of_thread, kind="stable")
    same = np.flatnonzero(np.diff(of_thread[order]) == 0)
    joined = clusters(
        np.concatenate([*first, order[same]]),
        np.concatenate([*second, order[same + 1]]),
        len(threads),
    )
    # The largest first, each into the fold that has least so far; then by place.
    names, counts = np.unique(joined, return_counts=True)
    drawn = np.random.default_rng(1).permutation(len(names))
    order = drawn[np.argsort(-counts[drawn], kind="stable")]
    filled = np.zeros(FOLDS, np.int64)
    fold_of = np.zeros(len(names), np.int64)
    for cluster in order.tolist():
        fold_of[cluster] = filled.argmin()
        filled[fold_of[cluster]] += counts[cluster]
    found: Rows = fold_of[np.searchsorted(names, joined)]
    return found


def held_out_numbers(
    read: Read, wanted: dict[str, Numbers], folds: Rows, progress: Progress
) -> dict[str, Numbers]:
    """What each head says of each pair when it is fitted on the other folds."""
    numbers = {name: np.zeros(len(folds)) for name in wanted}
    for fold in range(FOLDS):
        progress("train", fold, FOLDS + 1)
        inside, outside = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        held = read[inside]
        fitted = fit_all(read[outside], {name: said[outside] for name, said in wanted.items()})
        for name, head in fitted.items():
            numbers[name][inside] = head(held)
    return numbers


def _pairs(table: pa.Table, rows: Sequence[int]) -> Pairs:
    some = table.take(pa.array(rows, pa.int64()))
    return Pairs(some["heading"].to_pylist(), some["body"].to_pylist())


def _default_files(workspace: Workspace, dataset: str) -> list[Path]:
    own = workspace_labels(workspace, dataset)
    files = (packaged_labels(dataset), own, own.with_name("reviewed.jsonl"))
    found = [file for file in files if file is not None and file.is_file()]
    if not found:
        raise GaokerenaError(
            f"{own}: not there; label records with `gaokerena annotate {dataset}`, or name a file "
            "with --labels"
        )
    return found
