"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# One profile for all: no deadline (the machine may be busy), the same examples at every run.
settings.register_profile("gaokerena", deadline=None, derandomize=True)
settings.load_profile("gaokerena")

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
