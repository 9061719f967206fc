"""Pages of the documentation are followed to the letter, in an empty folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.demo.replica import Replica
from tests.conftest import ROOT
from tests.demo.demonstration import Demo
from tests.hub_server.server import HubServer
from tests.imports.spreadsheets import write_xlsx
from tests.pages import blocks, is_shown, run_block, run_shell
from tests.pairs import answer, question

README = ROOT / "README.md"
TUTORIALS = [ROOT / "docs" / "new-rule.md", ROOT / "docs" / "new-dataset.md"]
KINDS = ("run", "not run: ", "file: ", "output: ")


@pytest.mark.parametrize("page", [README, *TUTORIALS], ids=lambda page: page.name)
def test_every_block_says_what_is_done_with_it(page: Path) -> None:
    for block in blocks(page):
        assert block.comment.startswith(KINDS), block.where
        assert block.comment != "not run: ", f"{block.where}: say why"


@pytest.mark.thorough
@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.name)
def test_a_page_can_be_followed(page: Path, tmp_path: Path) -> None:
    """Its files are written, its commands run, in the order of the page."""
    followed = [block for block in blocks(page) if block.comment.startswith(("run", "file: "))]
    assert any(block.steps for block in followed)
    for block in followed:
        kind, _, path = block.comment.partition(": ")
        if kind == "file":
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
        else:
            assert block.steps, block.where
            run_block(block, tmp_path, {"COLUMNS": "80"})


@pytest.mark.thorough
def test_the_demo_prints_what_the_readme_shows(demo: Demo) -> None:
    (block,) = (each for each in blocks(README) if each.comment == "output: demo")
    assert is_shown(f"...\n{block.text}\n...", demo.told)


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(1, "small") as replica:
        yield replica


@pytest.mark.thorough
def test_the_way_of_a_record_by_the_readme(
    tmp_path: Path, hub: HubServer, replica: Replica
) -> None:
    """On the replica, without the second between requests; ORG is one that the test's Hub has."""
    rows: list[dict[str, object]] = [
        {"question": question(n), "answer": answer(n)} for n in range(20)
    ]
    write_xlsx(tmp_path / "old_crawl.xlsx", rows)
    environment = hub.env(tmp_path / "home") | {CONNECT_ALL: replica.address}
    commands = next(each for each in blocks(README) if each.comment == "run: replica")
    for command, _ in commands.steps:
        quick = command.replace("crawl ", "crawl --delay 0 ").replace("ORG", "org")
        done = run_shell(quick, tmp_path, environment)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    code = next(each for each in blocks(README) if each.comment == "run: python")
    load = code.text.replace("ORG", "org") + "print(sorted(dataset))\n"
    (tmp_path / "load.py").write_text(load, "utf-8")
    done = run_shell("python load.py", tmp_path, environment | {"HF_TOKEN": ""})
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['dev', 'train']"
