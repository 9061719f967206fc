"""One planted workspace for all tests of this room; each gets a copy."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gaokerena_data.takedowns.found import find_meant, keep_found
from gaokerena_data.takedowns.requests import make_takedown
from gaokerena_data.workspace import Workspace
from tests.conftest import ROOT
from tests.hub.forks import Done
from tests.purge.planted import RECORD_ID, plant

type Command = Callable[..., Done]

# Kills itself at the Nth moment at which a file is opened, moved or deleted; 0 counts them.
MOMENTS = """
import os, signal, sys
moment, seen = int(os.environ["MOMENT"]), 0

def hook(event, arguments):
    global seen
    if event not in {"open", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"}:
        return
    if os.environ["ROOT_OF_MOMENTS"] not in str(arguments[0]):
        return
    seen += 1
    if seen == moment:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
from gaokerena_data import cli
try:
    cli.main()
finally:
    print("moments", seen)
"""


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The words everywhere, and a takedown of them."""
    workspace = plant(tmp_path_factory.mktemp("planted") / "workspace")
    keep_found(workspace, find_meant(workspace, make_takedown(RECORD_ID, "the patient asked")))
    return workspace.root


@pytest.fixture
def workspace(planted: Path, tmp_path: Path) -> Workspace:
    return Workspace(shutil.copytree(planted, tmp_path / "workspace", symlinks=True))


@pytest.fixture
def gaokerena(tmp_path: Path) -> Command:
    """Run a command in a process of its own, which a test may kill at a moment."""

    def run(*arguments: str, moment: int = 0, said: str = "") -> Done:
        environment = {
            **os.environ,
            "GAOKERENA_WORKSPACE": str(tmp_path / "workspace"),
            "PYTHONPATH": str(ROOT),
            "MOMENT": str(moment),
            "ROOT_OF_MOMENTS": str(tmp_path),
            "HF_HOME": str(tmp_path / "home"),
        }
        done = subprocess.run(
            [sys.executable, "-c", MOMENTS, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=environment,
            input=said,
        )
        assert done.returncode in {0, 1, -signal.SIGKILL}, done.stderr[-3000:]
        return Done(done.returncode, done.stdout, done.stderr)

    return run
