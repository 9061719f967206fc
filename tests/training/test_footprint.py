import json
import logging
import socket
from pathlib import Path

import pytest

from gaokerena_data.errors import GaokerenaError
from training.runs.footprint import (
    EMISSIONS,
    add_up,
    estimate,
    grid_factor,
    measure_footprint,
    read_footprint,
)


def work() -> int:
    return sum(number * number for number in range(3_000_000))


def test_the_paper_s_nineteen_hours_come_to_its_figure() -> None:
    paper = estimate(19)
    assert paper.kwh == pytest.approx(4.75)
    assert paper.kg_co2e == pytest.approx(2.66)
    assert "paper" in paper.factor.source


def test_devices_and_watts_multiply() -> None:
    assert estimate(19, devices=2).kg_co2e == pytest.approx(5.32)
    assert estimate(1, watts=500).kwh == pytest.approx(0.5)


def test_another_region_takes_its_factor_from_a_table_that_is_named() -> None:
    iran, finland = estimate(1, region="IRN"), estimate(1, region="europe-north1")
    assert iran.factor.source.startswith("codecarbon ")
    assert iran.kg_co2e > 3 * finland.kg_co2e > 0
    assert estimate(1, region="IRN", kg_per_kwh=0.5).kg_co2e == pytest.approx(0.125)


def test_the_grid_s_factor_today_is_not_the_paper_s() -> None:
    assert grid_factor("asia-east1").kg_per_kwh == pytest.approx(0.451)


@pytest.mark.parametrize("region", ["atlantis", "", "iran"])
def test_an_unknown_region_is_refused_before_anything_is_measured(
    region: str, tmp_path: Path
) -> None:
    with (
        pytest.raises(GaokerenaError, match="no carbon factor is known"),
        measure_footprint(tmp_path, region=region),
    ):
        pytest.fail("the block must not run")
    assert not list(tmp_path.iterdir())


def test_a_measurement_is_offline_quiet_and_adds_sessions_up(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: asked.append(address))
    monkeypatch.setenv("CODECARBON_ELECTRICITYMAPS_API_TOKEN", "somebody's token")
    monkeypatch.setenv("CODECARBON_OUTPUT_METHODS", "csv,api")
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.INFO)
    run = tmp_path / "run"
    run.mkdir()
    with measure_footprint(run, devices=2) as footprint:
        work()
    first = footprint.summary()
    assert first == footprint.summary() == read_footprint(run)
    assert first["measured"]["kwh"] > 0
    assert first["measured"]["kg_co2e"] == pytest.approx(first["measured"]["kwh"] * 0.451)
    parts = sum(first["measured"][f"{part}_kwh"] for part in ("cpu", "gpu", "ram"))
    assert parts == pytest.approx(first["measured"]["kwh"])
    formula = first["hours"] * 2 * 0.25 * 0.56
    assert first["formula"]["kg_co2e"] == pytest.approx(formula)

    with measure_footprint(run, devices=2) as footprint:
        work()
    second = footprint.summary()
    sessions = json.loads((run / EMISSIONS).read_text("utf-8"))["sessions"]
    assert len(sessions) == 2
    assert second["hours"] * 3600 == pytest.approx(sum(s["seconds"] for s in sessions))
    assert second["measured"]["kwh"] == pytest.approx(sum(s["kwh"] for s in sessions))
    assert not asked
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_a_training_that_fails_has_its_footprint_written(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), measure_footprint(tmp_path):
        raise KeyboardInterrupt
    assert read_footprint(tmp_path)["hours"] > 0


def test_no_measurement_does_not_stop_a_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codecarbon.core.resource_tracker import ResourceTracker

    def broken(_self: object) -> None:
        raise OSError("no counters")

    monkeypatch.setattr(ResourceTracker, "set_CPU_GPU_ram_tracking", broken)
    with measure_footprint(tmp_path) as footprint:
        work()
    assert footprint.summary()["measured"] is None
    assert footprint.summary()["formula"]["kwh"] > 0


def test_runs_add_up_as_in_the_paper() -> None:
    def summary(hours: float, *, measured: bool) -> dict[str, object]:
        known = {"kwh": hours, "kg_co2e": hours / 2} if measured else None
        return {"hours": hours, "formula": estimate(hours).as_json(), "measured": known}

    both = add_up([summary(16, measured=True), summary(3, measured=True)])
    assert both["formula_kg_co2e"] == pytest.approx(2.66)
    assert both["measured_kwh"] == pytest.approx(19)
    half = add_up([summary(16, measured=True), summary(3, measured=False)])
    assert half["hours"] == pytest.approx(19)
    assert half["measured_kg_co2e"] is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sessions": 3}', "not json"])
def test_a_broken_file_is_told_in_one_line(content: str, tmp_path: Path) -> None:
    (tmp_path / EMISSIONS).write_text(content)
    with pytest.raises(GaokerenaError, match="not what a training run writes") as caught:
        read_footprint(tmp_path)
    assert "\n" not in str(caught.value)
    with pytest.raises(GaokerenaError, match="is it the folder of a training run"):
        read_footprint(tmp_path / "elsewhere")
