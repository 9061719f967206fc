"""The commands, from an export to the figures."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.batch import read_batches
from gaokerena_data.review.commands import app
from gaokerena_data.workspace import Workspace
from tests.review.filling import fill_page
from tests.review.rows import make_workspace, wishes


def run(workspace: Workspace, *words: str) -> tuple[str, str]:
    done = CliRunner().invoke(app, [*words, "--workspace", str(workspace.root)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout, done.stderr


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "workspace")


def test_from_an_export_to_agreement_and_the_next_batch(workspace: Workspace) -> None:
    names = ["--reviewer", "maryam", "--reviewer", "reza"]
    out, _ = run(workspace, "export", "mf3qa", "--format", "html", "--sample", "20", *names)
    assert "20 rows of mf3qa" in out
    assert "4 of them for several reviewers" in out
    [batch] = read_batches(workspace, "mf3qa")
    folder = workspace.root / "reviews" / "batches" / batch.name
    shared = [row.id for row in batch.rows if len(row.reviewers) > 1]
    for name in ("maryam", "reza"):
        said = wishes(batch, name) | {row: {"choice": "accept"} for row in shared}
        if name == "reza":
            said[shared[0]] = {"choice": "reject", "reason": "outdated"}
        file = fill_page(folder / f"{batch.name}.{name}.html", batch, said)
        out, err = run(workspace, "import", "mf3qa", str(file))
        assert "0 refused" in out
        assert err == ""
    out, _ = run(workspace, "agreement", "mf3qa")
    assert "1 conflicts between reviewers" in out
    assert f"{shared[0]}: maryam accept, reza reject -> ask_again" in out
    out, _ = run(workspace, "export", "mf3qa", "--format", "xlsx", "--ask-again")
    again = next(b for b in read_batches(workspace, "mf3qa") if b.name != batch.name)
    assert {row.id: row.round for row in again.rows}[shared[0]] == 2


def test_refused_rows_are_named_on_stderr(workspace: Workspace) -> None:
    run(workspace, "export", "mf3qa", "--format", "html", "--sample", "5")
    [batch] = read_batches(workspace, "mf3qa")
    page = workspace.root / "reviews" / "batches" / batch.name / f"{batch.name}.reviewer.html"
    said = {row.id: {"choice": "accept"} for row in batch.rows}
    said[batch.rows[2].id] = {"choice": "[bold]maybe[/bold]"}
    out, err = run(workspace, "import", "mf3qa", str(fill_page(page, batch, said)))
    assert "4 decisions added, 0 known, 0 rows open, 1 refused" in out
    assert err == f"refused: decision 3: {batch.rows[2].id}: '[bold]maybe[/bold]' is no decision\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--strata", "colour"], "no stratum 'colour'"),
        (["--ask-again", "--sample", "3"], "leave out --sample"),
        (["--sample", "3", "--reviewer", "a", "--reviewer", "A"], "named twice"),
        (["--ask-again"], "nothing is open"),
    ],
)
def test_a_mistake_is_one_clear_error(workspace: Workspace, words: list[str], message: str) -> None:
    with pytest.raises(GaokerenaError, match=message):
        run(workspace, "export", "mf3qa", "--format", "html", *words)


def test_articles_are_not_reviewed(workspace: Workspace) -> None:
    with pytest.raises(GaokerenaError, match="medical_corpus: its rows are not reviewed"):
        run(workspace, "export", "medical_corpus", "--format", "html")
