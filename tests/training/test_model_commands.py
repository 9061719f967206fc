import json
import re
from pathlib import Path

import pytest
from transformers import AutoModelForCausalLM
from typer.testing import CliRunner

from gaokerena_data.cli import app
from tests.training.tiny_models import write_base, write_run
from training.runs.footprint import EMISSIONS, estimate


def told(*arguments: object) -> str:
    done = CliRunner().invoke(app, ["train", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_merge_tells_how_alike_the_two_are(tmp_path: Path) -> None:
    base = write_base(tmp_path / "base")
    write_run(tmp_path / "run", AutoModelForCausalLM.from_pretrained(base), "pretrain", base)
    shown = told("merge", tmp_path / "run", "--to", tmp_path / "merged")
    record = json.loads((tmp_path / "merged" / "merge.json").read_text("utf-8"))
    assert f"differ by {record['parity']['relative']:.1e} of the largest" in shown
    assert f"same next token in 100.0% of {record['parity']['tokens']} places" in shown
    assert shown.rstrip().endswith(str(tmp_path / "merged"))


def test_the_paper_s_footprint() -> None:
    shown = told("footprint", "--hours", "19")
    assert shown.startswith("19 h x 250 W = 4.75 kWh, x 0.56 kg/kWh (asia-east1: the paper")
    assert shown.endswith("= 2.66 kg CO2e\n")
    assert "x 8 = 0.8 kWh, x 0.5 kg/kWh (IRN: given by hand) = 0.4 kg" in told(
        "footprint", "--hours", 1, "--watts", 100, "--devices", 8, "--region", "IRN",
        "--kg-per-kwh", 0.5,
    )  # fmt: skip


def write_emissions(folder: Path, hours: float, kwh: float | None) -> Path:
    measured = None if kwh is None else {"kwh": kwh, "kg_co2e": kwh / 2}
    summary = {"hours": hours, "formula": estimate(hours).as_json(), "measured": measured}
    folder.mkdir()
    (folder / EMISSIONS).write_text(json.dumps(summary | {"sessions": []}))
    return folder


def test_footprints_of_runs_are_added_up(tmp_path: Path) -> None:
    first = write_emissions(tmp_path / "pretrain", 16, 3.0)
    second = write_emissions(tmp_path / "instruct", 3, 0.5)
    rows = [re.split(r"\s{2,}", line.strip()) for line in told("footprint", first).splitlines()]
    assert rows[1] == ["16", "3", "1.5", "4", "2.24", str(first)]
    together = told("footprint", first, second).splitlines()[-1].split()
    assert together == ["19", "3.5", "1.75", "4.75", "2.66", "together"]
    unknown = write_emissions(tmp_path / "other", 1, None)
    assert told("footprint", first, unknown).splitlines()[-1].split()[1] == "unknown"


@pytest.mark.parametrize("arguments", [(), ("run", "--hours", "1")])
def test_a_footprint_is_of_runs_or_of_hours(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["train", "footprint", *arguments])
    assert done.exit_code == 2
    assert "give run folders, or --hours" in done.output
