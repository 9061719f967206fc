"""Options that commands share: the same in all of them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.extensions import REFUSED


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


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("crawl", "nabz"),
        ("extract", "nabz"),
        ("import", "niniban", "niniban.xlsx"),
        ("curate", "mf3qa"),
        ("why", "niniban-1"),
        ("release", "mf3qa", "1.0.0"),
        ("diff", "mf3qa", "1.0.0", "1.1.0"),
        ("publish", "mf3qa", "1.0.0", "--to", "org/mf3qa"),
        ("takedown", "add", "nabz.site", "--reason", "asked"),
        ("takedown", "remove", "nabz.site"),
        ("takedown", "list"),
        ("takedown", "find", "nabz.site"),
        ("review", "export", "mf3qa", "--format", "xlsx"),
        ("review", "import", "mf3qa", "answers.xlsx"),
        ("review", "agreement", "mf3qa"),
        ("annotate", "mf3qa", "--model", "m", "--sample", "1"),
        ("evaluate", "contamination"),
    ],
    ids=" ".join,
)
def test_what_a_workspace_declares_is_read_by_every_command(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "datasets" / "legal_corpus.toml"
    file.parent.mkdir()
    file.write_text("kind = 'poem'\n")
    done = CliRunner().invoke(app, words, env={"GAOKERENA_WORKSPACE": str(tmp_path)})
    assert str(done.exception).startswith(f"{file}: ")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]


def test_code_of_a_workspace_is_refused_by_an_option_before_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REFUSED, "")  # and put back after the test
    for options, refused in (([], ""), (["--no-workspace-code"], "1")):
        done = CliRunner().invoke(app, [*options, "status", "--workspace", str(tmp_path)])
        assert done.exit_code == 0, done.output
        assert os.environ[REFUSED] == refused
    assert "--no-workspace-code" in CliRunner().invoke(app, ["--help"]).output
