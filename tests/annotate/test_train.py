"""`annotate train` and `apply`: from labels and a curated workspace to scores."""

import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.annotate.apply import apply
from gaokerena_data.annotate.scorer_figures import auc, wilson
from gaokerena_data.annotate.train import folds_of, train
from gaokerena_data.curate.run import curate
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.scoring.model_files import packaged_folder
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, pair, question, write_records
from tests.scoring.invented import pairs, write_labels

COUNT = 150


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Curated pairs, all but twenty with labels."""
    workspace = Workspace(tmp_path_factory.mktemp("train"))
    records = [pair("niniban", *texts) for texts in pairs(COUNT)]
    write_records(workspace, records)
    curate(workspace, "mf3qa", lambda *_: None, workers=1)
    write_labels(workspace.root / "labels.jsonl", [record.id for record in records[:-20]])
    return workspace


def trained(workspace: Workspace, to: Path) -> Path:
    return train(workspace, "mf3qa", [workspace.root / "labels.jsonl"], to).folder


def test_a_scorer_is_trained_applied_and_told(workspace: Workspace, tmp_path: Path) -> None:
    made = train(workspace, "mf3qa", [workspace.root / "labels.jsonl"], tmp_path / "one")
    assert made.figures.auc["worth"].low > 0.9
    assert made.figures.pairs == COUNT - 20
    card = (made.folder / "README.md").read_text("utf-8")
    assert "130 labels (invented-reader; rubric invented@1)" in card
    assert "license: cc-by-nc-sa-4.0" in card
    assert "Against clinicians" not in card  # nobody decided anything
    applied = apply(workspace, "mf3qa", made.folder)
    rows = {row["id"]: row for row in pq.read_table(applied.file).to_pylist()}
    assert (applied.records, applied.scored_by) == (COUNT, "mf3qa-scorer@1")
    unseen = [pair("niniban", *texts).id for texts in pairs(COUNT)[-20:]]
    worth = [rows[each]["worth"] for each in unseen]
    good = [number % 3 != 0 for number in range(COUNT - 20, COUNT)]
    assert min(w for w, is_good in zip(worth, good, strict=True) if is_good) > max(
        w for w, is_good in zip(worth, good, strict=True) if not is_good
    )


def test_the_same_labels_train_the_same_bytes(workspace: Workspace, tmp_path: Path) -> None:
    one, other = (trained(workspace, tmp_path / name) for name in ("one", "other"))
    for file in sorted(one.iterdir()):
        assert (other / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_curation_goes_by_a_scorer_of_ones_own(workspace: Workspace, tmp_path: Path) -> None:
    folder = trained(workspace, tmp_path / "one")
    workspace.config_file.write_text(
        f'[mf3qa]\ndrop_faults = []\n[mf3qa.scores]\nmodel = "{folder}"\nmin_worth = 0.5\n'
    )
    curation = curate(workspace, "mf3qa", lambda *_: None, workers=1)
    workspace.config_file.unlink()
    gone = {row["id"] for row in curation.ledger.to_pylist() if row["step"] == "worth@1"}
    bad = {pair("niniban", *texts).id for texts in pairs(COUNT)[::3]}
    assert gone == bad


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "no label"),
        ('{"id": "niniban-1"}', r"no label \(labelled_by"),
        ("[]", "no label"),
        ("\ud800", None),
    ],
)
def test_what_is_no_label_is_told_by_its_line(
    workspace: Workspace, tmp_path: Path, line: str, what: str | None
) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_bytes(b"\n" + line.encode("utf-8", "surrogatepass") + b"\n")
    where = ":2: " if what else ": cannot be read"
    with pytest.raises(GaokerenaError, match=rf"labels\.jsonl{where}{what or ''}") as told:
        train(workspace, "mf3qa", [file], tmp_path / "one")
    assert "\n" not in str(told.value)


def test_too_few_labels_are_one_line(workspace: Workspace, tmp_path: Path) -> None:
    file = write_labels(tmp_path / "labels.jsonl", ["niniban-nobody", "drhast-nobody"])
    with pytest.raises(GaokerenaError, match="0 of the labels are of records that are here"):
        train(workspace, "mf3qa", [file], tmp_path / "one")


def test_articles_are_no_pairs(workspace: Workspace) -> None:
    with pytest.raises(GaokerenaError, match="no pairs of question and answer"):
        train(workspace, "medical_corpus")


def test_without_scikit_learn_it_says_what_to_install(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(GaokerenaError, match=r"pip install 'gaokerena-data\[annotate\]'") as told:
        train(workspace, "mf3qa")
    assert "\n" not in str(told.value)
    # Scores need nothing of it.
    assert apply(workspace, "mf3qa", packaged_folder("mf3qa")).records == COUNT


def test_twins_and_threads_stand_in_one_fold() -> None:
    from gaokerena_data.annotate.fitting import Pairs

    asked = [question(n) for n in range(40)] + [f"{question(n)} ممنون" for n in range(40)]
    told = [answer(n) for n in range(40)] + [answer(n + 400) for n in range(40)]
    threads = [f"t{n}" for n in range(80)]
    threads[79] = "t0"
    folds = folds_of(Pairs(asked, told), threads)
    assert all(folds[n] == folds[n + 40] for n in range(40))
    assert folds[79] == folds[0]
    assert len(set(folds.tolist())) > 2


def test_intervals_and_areas_are_those_of_the_textbook() -> None:
    import numpy as np

    found = wilson(5, 150)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0143, 0.0757)
    assert wilson(0, 0).high == 1.0
    assert auc(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.4, 0.35, 0.8])) == 0.75
