import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gaokerena_data.release.build import Release
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, clean_records, pair, question
from tests.release.command_line import app
from tests.release.versions import released


def run(*words: str) -> str:
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def workspace(made: Release, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("workspace") / "begun"
    room = Workspace(shutil.copytree(made.folder.parents[2], folder))
    released(room, [*clean_records()[1:], pair("drhast", question(300), answer(300))], "1.1.0")
    return room


def test_diff_as_text_and_as_files(workspace: Workspace, tmp_path: Path) -> None:
    told = run("diff", "mf3qa", "1.0.0", "1.1.0", "--workspace", str(workspace.root))
    assert "mf3qa 1.0.0 -> 1.1.0: a minor change" in told
    assert "config uncleaned: train " in told
    assert "unassigned" not in told
    for form in ("json", "html"):
        file = tmp_path / f"diff.{form}"
        old, new = (str(workspace.release("mf3qa", version)) for version in ("1.0.0", "1.1.0"))
        words = ["diff", "mf3qa", old, new, "--format", form, "--output", str(file)]
        assert run(*words, "--workspace", str(workspace.root)) == f"-> {file}\n"
        assert clean_records()[0].id in file.read_text("utf-8")


def test_takedown_says_which_versions_hold_it(workspace: Workspace) -> None:
    record = clean_records()[0].id
    words = ["takedown", "add", record, "--reason", "asked by the patient", "--yes"]
    told = run(*words, "--workspace", str(workspace.root))
    assert f"id {record}: asked by the patient" in told
    # What says nearly the same is told too; the record itself stands in the older version alone.
    lines = [line for line in told.splitlines() if line.startswith("mf3qa 1.") and record in line]
    places = [line.removeprefix("mf3qa 1.0.0: ").partition("-")[0] for line in lines]
    (split,) = {place.partition("/")[2] for place in places}
    assert places == [f"{config}/{split}" for config in ("data", "scored", "uncleaned")]
    assert record in run("takedown", "list", "--workspace", str(workspace.root))
    told = run("takedown", "find", "doctor-yab.ir", "--workspace", str(workspace.root))
    assert "mf3qa 1.1.0: data/test-00000-of-00001.parquet: 10 rows (" in told
    told = run("takedown", "find", "isovisit.com", "--workspace", str(workspace.root))
    assert "no released version" in told
