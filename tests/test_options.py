"""Options that commands share: the same in all of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from gaokerena_data.cli import app


def commands_of(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands_of(command, (*words, name))
        else:
            yield (*words, name), command


COMMANDS = dict(commands_of(typer.main.get_command(app)))
# The demo empties its folder first, so it has one of its own.
IN_A_WORKSPACE = [
    words
    for words, command in COMMANDS.items()
    if words != ("demo",) and any("--workspace" in each.opts for each in command.params)
]


def test_there_are_commands_in_a_workspace() -> None:
    assert ("status",) in IN_A_WORKSPACE
    assert len(IN_A_WORKSPACE) >= 19


@pytest.mark.parametrize("words", IN_A_WORKSPACE, ids=" ".join)
def test_the_workspace_is_told_alike(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*words, "--help"], terminal_width=200).output
    line = next(line for line in told.splitlines() if line.strip().startswith("--workspace"))
    assert " ".join(line.split()) == (
        "--workspace <dir> Folder of all your work. "
        "[env var: GAOKERENA_WORKSPACE; default: workspace]"
    )


@pytest.mark.parametrize("words", [("status",), ("takedown", "list"), ("train", "pretrain")])
def test_a_file_is_no_workspace(words: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "work.txt"
    file.write_text("نه یک پوشه")
    done = CliRunner().invoke(app, words, env={"GAOKERENA_WORKSPACE": str(file)})
    assert done.exit_code == 2
    assert "is a file" in done.output
