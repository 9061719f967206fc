"""What every test may ask for."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

# One profile for all: no deadline (the machine may be busy), the same examples at every run.
settings.register_profile("gaokerena", deadline=None, derandomize=True)
settings.load_profile("gaokerena")

# A shell that starts the tests in the background has Ctrl-C ignored: every process that a test
# starts would ignore it too, and those that are to be stopped by it would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Models and matrices are tiny here. With a thread a core in every worker, and in every process that
# a worker starts, threads wait for one another: seconds become minutes on a busy machine.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

ROOT = Path(__file__).parents[1]

pytest_plugins = ["tests.demo.demonstration", "tests.hub_server.fixture"]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the authors' published files, or a skip that says how to get them."""
    folder = Path(os.environ.get("GAOKERENA_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "legacy").is_dir():
        pytest.skip(
            f"no real data in {folder}: set GAOKERENA_REAL_DATA to a folder with the authors' "
            "files (docs/real-data.md names them)"
        )
    return folder


@pytest.fixture
def slow() -> None:
    """Skip the full form of a long check unless it is asked for."""
    if os.environ.get("GAOKERENA_SLOW") != "1":
        pytest.skip("the full form of a long check: set GAOKERENA_SLOW=1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where a module says MANY_CASES, `make test` runs the first case of each test alone."""
    seen: set[tuple[Path, str]] = set()
    for item in items:
        if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
            continue
        if getattr(item.module, "MANY_CASES", False):
            test = item.path, item.originalname
            if test in seen:
                item.add_marker(pytest.mark.thorough)
            seen.add(test)
