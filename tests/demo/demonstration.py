"""One run of `gaokerena demo` for all tests, in whichever process they run."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

GAOKERENA = Path(sys.executable).with_name("gaokerena")


@dataclass(frozen=True)
class Demo:
    """What the demo left and what it told. Whoever changes something copies the folder first."""

    folder: Path
    told: str


def run_demo(folder: Path) -> subprocess.CompletedProcess[str]:
    """The command, as a person gives it."""
    return subprocess.run(
        [GAOKERENA, "demo", "--workspace", folder],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The workspace of a demo, crawled, curated, released and published."""
    room = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        room = room.parent  # that of all workers: the first that asks runs it, the others wait
    folder, told = room / "demo", room / "demo.txt"
    with FileLock(room / "demo.lock"):
        if not told.exists():
            done = run_demo(folder)
            assert done.returncode == 0, done.stderr
            told.write_text(done.stdout, "utf-8")
    return Demo(folder, told.read_text("utf-8"))
