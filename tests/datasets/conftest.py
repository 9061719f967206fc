"""Commands on a workspace that declares datasets of its own, against the tests' Hub."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gaokerena_data.datasets.registry import DATASETS
from gaokerena_data.sources import SOURCES
from gaokerena_data.workspace import Workspace
from tests.hub.forks import IMPORTED, Done, Forks
from tests.hub_server.server import HubServer

type Gaokerena = Callable[..., Done]

COMMAND = """
import sys
{before}
from gaokerena_data import cli
cli.main()
"""


@pytest.fixture(autouse=True)
def no_workspace_stays_in_use() -> Iterator[None]:
    yield
    SOURCES.use([])
    DATASETS.use([])


@pytest.fixture(scope="session")
def forks(hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """Processes that have imported what curations, releases and clients of the Hub need."""
    folder = tmp_path_factory.mktemp("forks")
    server = Forks(hub.env(folder / "home"), folder, [*IMPORTED, "tests.curate.warm"])
    yield server
    server.stop()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def gaokerena(forks: Forks, workspace: Workspace) -> Gaokerena:
    """Run a command on the workspace; `before` is Python that runs first."""

    def run(*arguments: str | Path, before: str = "") -> Done:
        environment = {"GAOKERENA_WORKSPACE": str(workspace.root), "HF_TOKEN": "hf_writer"}
        code = COMMAND.format(before=before)
        return forks.run(code, *map(str, arguments), environment=environment)

    return run


@pytest.fixture
def works(gaokerena: Gaokerena) -> Callable[..., str]:
    """Run a command that must succeed; what it printed."""

    def run(*arguments: str | Path, before: str = "") -> str:
        done = gaokerena(*arguments, before=before)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    return run


def declare(workspace: Workspace, name: str, text: str) -> Path:
    """Write a dataset's file."""
    file = workspace.declarations / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


LEGAL_CORPUS = """
kind = "article"
repository = "org/legal-corpus"
title = "Persian legal corpus"
sources = ["dadnameh"]
without = ["medical_page@1"]
licence = "cc-by-4.0"
tags = ["legal", "persian"]

[source.dadnameh]
title = "دادنامه"
hosts = ["dadnameh.example"]
terms = "public domain"

[thresholds]
min_content_words = 40
"""
CAR_FORUM = """
kind = "question_answer"
repository = "org/car-forum"
title = "Questions to mechanics"
sources = ["taamirgah", "mechanic"]
splits = { train = ["taamirgah"], dev = ["taamirgah"], test = ["mechanic"] }
tags = ["cars", "persian"]

[source.taamirgah]
title = "تعمیرگاه"

[source.mechanic]
title = "مکانیک"

[thresholds]
min_answer_words_of = { mechanic = 0 }
split = { dev_share = 0.3 }
"""
