"""What is asked first: rows that are probably bad, might hurt, or stand for others."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.candidates import read_candidates
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, question
from tests.review.rows import export, write_candidates


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Thirty scored rows: the later, the more are they worth; 10 to 13 have one answer."""
    workspace = Workspace(tmp_path / "workspace")
    rows = [(f"drhast-{n:02}", question(n), answer(10 if 10 <= n < 14 else n)) for n in range(30)]
    write_candidates(workspace, rows)
    return workspace


def score(workspace: Workspace, **special: tuple[float, float]) -> None:
    """Write what a scorer says, by default a worth of 0.7 to 0.99, and nothing harmful."""
    rows = [row.id for row in read_candidates(workspace, MF3QA)]
    said = [special.get(each[-2:], (0.7 + n / 100, 0.0)) for n, each in enumerate(rows)]
    columns = {"id": rows, "worth": [w for w, _ in said], "harmful": [h for _, h in said]}
    pq.write_table(pa.table(columns), workspace.curated("mf3qa") / "scores.parquet")


def asked(workspace: Workspace, **selection: int | None) -> list[str]:
    batch = export(workspace, "html", **({"sample": None} | selection)).batch
    return [row.id[-2:] for row in batch.rows]


def test_the_least_worth_is_asked_first(workspace: Workspace) -> None:
    score(workspace)
    order = asked(workspace)
    alone = [each for each in order if each < "10"]
    assert alone == ["00", "01", "02"]  # the tenth that is likeliest to be bad
    assert set(order) == {"00", "01", "02", "10", "11", "12", "13"}
    assert set(asked(workspace, first=2)) == {"00", "10"}


def test_what_might_hurt_and_what_stands_for_others_goes_before(workspace: Workspace) -> None:
    score(workspace, **{"10": (0.75, 0.0), "02": (0.72, 0.6)})
    order = asked(workspace)
    assert order[0] == "02"
    # Of equal chances, the answer that four rows have first: one word on it is one on all.
    assert order.index("10") < order.index("00")


def test_what_somebody_read_is_not_doubted_again(workspace: Workspace) -> None:
    score(workspace, **{"00": (1.0, 0.0), "01": (1.0, 0.0)})
    assert {"00", "01"}.isdisjoint(asked(workspace))


def test_without_scores_rows_stand_as_before(workspace: Workspace) -> None:
    assert asked(workspace) == ["10", "11", "12", "13"]


def test_damaged_scores_are_one_line(workspace: Workspace) -> None:
    (workspace.curated("mf3qa") / "scores.parquet").write_bytes(b"PAR1")
    with pytest.raises(GaokerenaError, match=r"scores\.parquet.*gaokerena curate mf3qa") as told:
        asked(workspace)
    assert "\n" not in str(told.value)


def test_a_sample_has_no_first_rows(workspace: Workspace) -> None:
    command = ["review", "export", "mf3qa", "--format", "html", "--sample", "3", "--first", "2"]
    done = CliRunner().invoke(app, [*command, "--workspace", str(workspace.root)])
    assert done.exit_code == 1
    assert isinstance(done.exception, GaokerenaError)
    assert "give one" in str(done.exception)
