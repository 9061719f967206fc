"""Progress as a terminal and as a log see it."""

from io import StringIO

import pytest
from rich.console import Console

from gaokerena_data.progress import show_progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("gaokerena_data.progress.time.monotonic", lambda: now[0])
    return now


def test_a_log_gets_a_line_every_tenth_with_the_speed_and_the_time_left(
    clock: list[float],
) -> None:
    log = StringIO()
    with show_progress(Console(file=log, width=200)) as report:
        for done in range(0, 2_001, 20):
            clock[0] = done / 50
            report("measure", done, 2_000)
        report("script", 0, 0)
    lines = log.getvalue().splitlines()
    assert len(lines) == 12
    assert lines[0] == "measure: 0 of 2,000"
    assert lines[1] == "measure: 200 of 2,000, 50/s, 36 s left"
    assert lines[10] == "measure: 2,000 of 2,000, 50/s"
    assert lines[11] == "script: 0 of 0"


def test_a_terminal_gets_a_bar_a_step_with_records_a_second() -> None:
    screen = StringIO()
    terminal = Console(file=screen, force_terminal=True, width=120, color_system=None)
    with show_progress(terminal) as report:
        report("measure", 0, 4_000)
        report("measure", 2_000, 4_000)
        report("measure", 4_000, 4_000)
        report("script", 0, 9)
    shown = screen.getvalue()
    assert "measure" in shown
    assert "4000/4000" in shown
    assert "/s" in shown
    assert "script" in shown
    assert "0/9" in shown
