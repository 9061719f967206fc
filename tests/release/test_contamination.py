"""What cards say of contamination: counted by the command, dropped as soon as a side changes."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from gaokerena_data.benchmarks.imports import import_benchmark
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.release.build import release
from gaokerena_data.release.papers.contamination import read_contamination
from gaokerena_data.workspace import Workspace
from tests.benchmarks.exam_rows import ibmsee_row
from tests.imports.spreadsheets import write_xlsx
from tests.pairs import clean_records
from tests.release.versions import released
from training.evaluation.commands import app

UNKNOWN = "Not counted for the rows of this version."


def card_of(workspace: Workspace, dataset: str, version: str = "1.0.0") -> str:
    return (workspace.release(dataset, version) / "README.md").read_text("utf-8")


def import_exam(workspace: Workspace, folder: Path, leaked: str) -> None:
    rows = [ibmsee_row(1), ibmsee_row(2, Question=leaked)]
    import_benchmark(workspace, "ibmsee", write_xlsx(folder / "exam.xlsx", rows))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose exam asks a training question word for word, counted before 1.1.0."""
    folder = tmp_path_factory.mktemp("contamination")
    room = Workspace(folder / "workspace")
    released(room, clean_records(), "1.0.0")
    train = pq.read_table(room.curated("mf3qa") / "default" / "train.parquet")
    import_exam(room, folder, train["question"][0].as_py())
    done = CliRunner().invoke(app, ["contamination", "--workspace", str(room.root)])
    assert done.exit_code == 0, done.output
    assert "ibmsee (question) against mf3qa train: 1 of 2 touched" in done.output
    release(room, "ibmsee", "1.0.0")
    release(room, "mf3qa", "1.0.1")
    return room


def test_before_it_is_counted_a_card_says_so(workspace: Workspace) -> None:
    assert UNKNOWN in card_of(workspace, "mf3qa")


def test_a_benchmarks_card_shows_what_is_in_the_training_split(workspace: Workspace) -> None:
    card = card_of(workspace, "ibmsee")
    assert "| ibmsee: question | 2 | mf3qa train | 1 (50.0%) | 1 | 1 |" in card
    assert UNKNOWN not in card
    digest = read_contamination(workspace, "ibmsee")
    assert digest is not None
    assert f"mf3qa train (`{digest['sources']['mf3qa train'][:12]}`)" in card


def test_a_datasets_card_shows_its_own_tests_and_the_benchmarks(workspace: Workspace) -> None:
    card = card_of(workspace, "mf3qa", "1.0.1")
    for start in ("| mf3qa test: answer |", "| mf3qa dev: question |", "| ibmsee: question | 2 |"):
        assert start in card


def test_it_counts_the_same_again(workspace: Workspace) -> None:
    before = workspace.contamination_file.read_bytes()
    assert (
        CliRunner().invoke(app, ["contamination", "--workspace", str(workspace.root)]).exit_code
        == 0
    )
    assert workspace.contamination_file.read_bytes() == before
    assert str(workspace.root) not in before.decode()


def test_figures_of_other_files_are_not_shown(workspace: Workspace, tmp_path: Path) -> None:
    room = Workspace(tmp_path / "workspace")
    released(room, clean_records(), "1.0.0")
    import_exam(room, tmp_path, "کدام عضو صفرا می‌سازد و آن را کجا نگه می‌دارد؟")
    room.contamination_file.write_bytes(workspace.contamination_file.read_bytes())
    assert read_contamination(room, "ibmsee") is None  # the exam is another one
    own = read_contamination(room, "mf3qa")
    assert own is not None
    assert {row["test"] for row in own["rows"]} == {"mf3qa dev", "mf3qa test"}


@pytest.mark.parametrize("damage", [{}, {"n": 8, "sources": {}, "rows": [{"test": "a"}]}, []])
def test_a_damaged_report_is_a_clear_error(tmp_path: Path, damage: object) -> None:
    room = Workspace(tmp_path)
    room.contamination_file.write_text(json.dumps(damage), "utf-8")
    with pytest.raises(GaokerenaError, match="evaluate contamination"):
        read_contamination(room, "mf3qa")


def test_an_empty_workspace_has_nothing_to_count(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["contamination", "--workspace", str(tmp_path)])
    assert isinstance(done.exception, GaokerenaError)
    assert "curate a dataset" in str(done.exception)
