"""Run a command and watch what it takes: time, and memory of all its processes."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """What a command took.

    Attributes:
        seconds: from its start to its end.
        cpu_seconds: of all its processes, user and system.
        peak_mb: the most its processes held together (proportional set size, 10**6 bytes).
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float


def run_measured(command: Sequence[str], cwd: Path, log: Path) -> Usage:
    """Run a command to its end, its output going to `log`.

    Raises:
        RuntimeError: it failed; the message names the log.
    """
    peak = 0
    # Of each process as last seen: a pool's processes may end before anybody waits for them.
    ticks: dict[int, int] = {}
    os.sync()  # what the run before it wrote is none of its business
    # Nor is it a matter of the command that some machines let Python keep nothing it compiled.
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    started = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        while process.poll() is None:
            session = dict(_session(process.pid))
            peak = max(peak, sum(_held(pid) for pid in session))
            ticks.update(session)
            # Looking costs time too, and more of a short run's than of a long one's.
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.5)
    seconds = time.monotonic() - started
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: see {log}")
    return Usage(seconds, sum(ticks.values()) / os.sysconf("SC_CLK_TCK"), peak / 1e6)


def _session(leader: int) -> Iterator[tuple[int, int]]:
    """The processes of a session, whoever their parent is by now, and their clock ticks."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # After the name, which may hold anything, in brackets.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            yield int(folder.name), int(fields[11]) + int(fields[12])


def _held(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
