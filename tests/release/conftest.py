"""A first version, curated and released once for all tests of this room."""

import shutil
from pathlib import Path

import pytest

from gaokerena_data.release.build import Release
from gaokerena_data.workspace import Workspace
from tests.pairs import clean_records
from tests.release.versions import released


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """1.0.0 of `mf3qa`, of clean records."""
    return released(Workspace(tmp_path_factory.mktemp("release")), clean_records(), "1.0.0")


@pytest.fixture
def begun(made: Release, tmp_path: Path) -> Workspace:
    """A workspace of its own that holds that version."""
    return Workspace(shutil.copytree(made.folder.parents[2], tmp_path / "workspace"))
