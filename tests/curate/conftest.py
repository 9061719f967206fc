"""Curations in processes of their own, which a test may kill."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gaokerena_data.workspace import Workspace
from tests.hub.forks import Done, Forks

type Command = Callable[..., Done]

# The command line, with shards so small that a test's few records fill many.
COMMAND = """
import sys
from gaokerena_data import cli
from gaokerena_data.curate.texts import signal_store as signals

signals.SHARD_ROWS = 20
{before}
cli.main()
"""


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    server = Forks({}, tmp_path_factory.mktemp("forks"), ["tests.curate.warm"])
    server.run("")  # until it is ready
    yield server
    server.stop()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def gaokerena(forks: Forks, workspace: Workspace) -> Command:
    """Run a command on the workspace; `before` is Python that runs first."""

    def run(
        *arguments: str, before: str = "", started: Callable[[int], None] = lambda _pid: None
    ) -> Done:
        environment = {"GAOKERENA_WORKSPACE": str(workspace.root)}
        code = COMMAND.format(before=before)
        return forks.run(code, *arguments, environment=environment, started=started)

    return run
