"""Energy and carbon of a training: measured by codecarbon, and by the paper's formula.

The paper (section V.C) multiplies: 250 W a GPU, 19 hours, 0.56 kg CO2e a kWh for Google's region
asia-east1. codecarbon reads the machine's counters, or estimates from its load where there are
none. Both are kept, since the one compares with the paper and the other with the truth.
"""

import json
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.runs.json_files import write_json

EMISSIONS = "emissions.json"
PAPER_REGION = "asia-east1"
PAPER_WATTS = 250.0
PAPER_FACTORS = {PAPER_REGION: 0.56}  # kg CO2e/kWh; codecarbon's own table has 0.451 today

_PAPER_SOURCE = "the paper, section V.C, after Lacoste et al. 2019"
_SAMPLE_SECONDS = 15
_SAMPLES_A_SAVE = 4
_PARTS = ("cpu", "gpu", "ram")


@dataclass(frozen=True, slots=True)
class Factor:
    """How much carbon a unit of electricity costs somewhere.

    Args:
        region: a cloud region (`asia-east1`), or a country by its three letters (`IRN`).
        kg_per_kwh: kilograms of CO2 equivalent a kilowatt hour.
        source: who says so.
    """

    region: str
    kg_per_kwh: float
    source: str

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"region": self.region, "kg_per_kwh": self.kg_per_kwh, "source": self.source}


@dataclass(frozen=True, slots=True)
class Estimate:
    """The paper's formula: hours x watts x devices x factor."""

    hours: float
    watts: float
    devices: int
    factor: Factor

    @property
    def kwh(self) -> float:
        """Energy in kilowatt hours."""
        return self.hours * self.watts * self.devices / 1000

    @property
    def kg_co2e(self) -> float:
        """Kilograms of CO2 equivalent."""
        return self.kwh * self.factor.kg_per_kwh

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "hours": self.hours,
            "watts": self.watts,
            "devices": self.devices,
            "kwh": self.kwh,
            "factor": self.factor.as_json(),
            "kg_co2e": self.kg_co2e,
        }


def estimate(
    hours: float,
    *,
    watts: float = PAPER_WATTS,
    devices: int = 1,
    region: str = PAPER_REGION,
    kg_per_kwh: float | None = None,
) -> Estimate:
    """Estimate a footprint as the paper does.

    Args:
        hours: wall time.
        watts: what one device draws.
        devices: how many work at once.
        region: whose electricity; see `Factor`.
        kg_per_kwh: another factor than the one known for the region.

    Raises:
        GaokerenaError: a region that nobody has a factor for.

    Example:
        >>> round(estimate(19).kg_co2e, 2)
        2.66
    """
    if kg_per_kwh is not None:
        factor = Factor(region, kg_per_kwh, "given by hand")
    elif region in PAPER_FACTORS:
        factor = Factor(region, PAPER_FACTORS[region], _PAPER_SOURCE)
    else:
        factor = grid_factor(region)
    return Estimate(hours, watts, devices, factor)


def grid_factor(region: str) -> Factor:
    """What codecarbon's own tables, which come with it, say of a region of Google's or a country.

    Raises:
        GaokerenaError: neither table knows it, or codecarbon is not installed.
    """
    try:
        from codecarbon._version import __version__
        from codecarbon.input import DataSource
    except ModuleNotFoundError as error:
        raise GaokerenaError(
            "a footprint needs codecarbon: pip install 'gaokerena-data[train]'"
        ) from error
    data: Any = DataSource()  # type: ignore[no-untyped-call]
    clouds = data.get_cloud_emissions_data()
    cloud = clouds[(clouds["provider"] == "gcp") & (clouds["region"] == region.lower())]
    if len(cloud):
        return Factor(region, float(cloud["impact"].iloc[0]) / 1000, f"codecarbon {__version__}")
    country = data.get_global_energy_mix_data().get(region.upper(), {})
    if "carbon_intensity" in country:
        return Factor(region, country["carbon_intensity"] / 1000, f"codecarbon {__version__}")
    raise GaokerenaError(
        f"region {region!r}: no carbon factor is known for it: name a region of Google's cloud "
        "(asia-east1) or a country by three letters (IRN), or give --kg-per-kwh"
    )


class Footprint:
    """The footprint of a run over all its sessions: a run that was stopped goes on in a new one."""

    def __init__(
        self,
        folder: Path,
        region: str,
        watts: float,
        devices: int,
        kg_per_kwh: float | None = None,
    ) -> None:
        self._file = folder / EMISSIONS
        self._estimate = (watts, devices, region, kg_per_kwh)
        self._grid = grid_factor(region)
        self._earlier = _earlier_sessions(self._file)
        self._start = time.monotonic()
        self._seconds: float | None = None
        self._measured: dict[str, Any] = {}
        self._writing = threading.Lock()

    @property
    def grid(self) -> Factor:
        """The factor that measured energy is multiplied with."""
        return self._grid

    def summary(self) -> dict[str, Any]:
        """What `run.json` and the card say: `hours`, `formula`, `measured` (None without data)."""
        sessions = [*self._earlier, self._session()]
        hours = sum(session["seconds"] for session in sessions) / 3600
        watts, devices, region, factor = self._estimate
        formula = estimate(hours, watts=watts, devices=devices, region=region, kg_per_kwh=factor)
        return {
            "hours": hours,
            "formula": formula.as_json(),
            "measured": _sum_measured(sessions, self._grid),
        }

    def save(self, measured: dict[str, Any] | None = None) -> None:
        """Write `emissions.json`, whole or not at all; `measured` replaces this session's data."""
        with self._writing:
            self._measured = measured or self._measured
            content = self.summary() | {"sessions": [*self._earlier, self._session()]}
            write_json(content, self._file)

    def close(self) -> None:
        """Stop the clock and write the last state."""
        self._seconds = time.monotonic() - self._start
        self.save()

    def _session(self) -> dict[str, Any]:
        seconds = time.monotonic() - self._start if self._seconds is None else self._seconds
        return {"seconds": seconds, **self._measured}


@contextmanager
def measure_footprint(
    folder: Path,
    *,
    region: str = PAPER_REGION,
    watts: float = PAPER_WATTS,
    devices: int = 1,
    kg_per_kwh: float | None = None,
) -> Iterator[Footprint]:
    """Measure what is done inside, without a network; to be used by the main process only.

    `FOLDER/emissions.json` is written every minute and at the end, so that a killed run loses a
    minute of it at most. A run that goes on adds its sessions up. Where codecarbon cannot measure,
    the training goes on all the same, and `measured` is None.

    Args:
        folder: the run's folder.
        region: whose electricity; see `Factor`.
        watts: what the formula takes for one device.
        devices: how many the formula counts.
        kg_per_kwh: the formula's factor, instead of the one known for the region.

    Yields:
        The footprint; its `summary()` may be asked inside and after the block.

    Raises:
        GaokerenaError: before anything is measured, for an unknown region or a broken file.
    """
    footprint = Footprint(folder, region, watts, devices, kg_per_kwh)
    tracker = _tracker(footprint)
    tracker.start()
    try:
        yield footprint
    finally:
        tracker.stop()
        footprint.close()


def read_footprint(folder: Path) -> dict[str, Any]:
    """The summary of a run's `emissions.json`.

    Raises:
        GaokerenaError: there is none, or it cannot be read.
    """
    file = folder / EMISSIONS
    if not file.is_file():
        raise GaokerenaError(f"{folder} has no {EMISSIONS}: is it the folder of a training run?")
    return {key: value for key, value in _read(file).items() if key != "sessions"}


def add_up(summaries: Sequence[dict[str, Any]]) -> dict[str, float | None]:
    """Hours, energy and carbon of several runs; measured sums are None where one is missing.

    Example:
        >>> formula = {"kwh": 4.75, "kg_co2e": 2.66}
        >>> with_counter = {"hours": 19, "formula": formula, "measured": formula}
        >>> total = add_up([with_counter, with_counter | {"measured": None}])
        >>> total["hours"], total["formula_kwh"], total["measured_kwh"]
        (38, 9.5, None)
    """
    measured = [summary["measured"] for summary in summaries]
    complete = bool(measured) and None not in measured
    return {
        "hours": sum(summary["hours"] for summary in summaries),
        "formula_kwh": sum(summary["formula"]["kwh"] for summary in summaries),
        "formula_kg_co2e": sum(summary["formula"]["kg_co2e"] for summary in summaries),
        "measured_kwh": sum(each["kwh"] for each in measured) if complete else None,
        "measured_kg_co2e": sum(each["kg_co2e"] for each in measured) if complete else None,
    }


def _tracker(footprint: Footprint) -> Any:
    """A tracker of codecarbon's: no network, no files and no words of its own."""
    from codecarbon import OfflineEmissionsTracker
    from codecarbon.output_methods.base_output import BaseOutput

    class Keep(BaseOutput):
        def out(self, total: Any, _delta: Any) -> None:
            footprint.save(_of_codecarbon(total))

        def live_out(self, total: Any, _delta: Any) -> None:
            with suppress(OSError):  # in a thread of codecarbon's; the next minute tries again
                footprint.save(_of_codecarbon(total))

    logging.getLogger("codecarbon").setLevel(logging.CRITICAL)  # it speaks before log_level is read
    return OfflineEmissionsTracker(
        output_methods=[],
        output_handlers=[Keep()],
        emissions_endpoint="",
        electricitymaps_api_token="",
        force_carbon_intensity_g_co2e_kwh=footprint.grid.kg_per_kwh * 1000,
        measure_power_secs=_SAMPLE_SECONDS,
        api_call_interval=_SAMPLES_A_SAVE,
        allow_multiple_runs=True,
        tracking_mode="machine",
        log_level="critical",
    )


def _of_codecarbon(total: Any) -> dict[str, Any]:
    return {
        "kwh": total.energy_consumed,
        **{f"{part}_kwh": getattr(total, f"{part}_energy") for part in _PARTS},
        "cpu": total.cpu_model,
        "gpu": total.gpu_model or None,
        "codecarbon": total.codecarbon_version,
    }


def _sum_measured(sessions: Sequence[dict[str, Any]], grid: Factor) -> dict[str, Any] | None:
    """The energy of all sessions; a session without any makes the sum unknown."""
    if not all("kwh" in session for session in sessions):
        return None
    kwh = sum(session["kwh"] for session in sessions)
    last = sessions[-1]
    return {
        "kwh": kwh,
        **{f"{p}_kwh": sum(session[f"{p}_kwh"] for session in sessions) for p in _PARTS},
        "factor": grid.as_json(),
        "kg_co2e": kwh * grid.kg_per_kwh,
        **{key: last[key] for key in ("cpu", "gpu", "codecarbon")},
    }


def _earlier_sessions(file: Path) -> list[dict[str, Any]]:
    return list(_read(file)["sessions"]) if file.exists() else []


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except ValueError:
        content = None
    if not isinstance(content, dict) or not isinstance(content.get("sessions"), list):
        raise GaokerenaError(
            f"{file} is not what a training run writes: remove it, or give another run folder"
        )
    return content
