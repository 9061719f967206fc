"""The pages of the documentation: their fenced blocks, and how those are run.

An HTML comment on the line above a block says what is done with it:

- `<!-- file: PATH -->`: it is the content of a file, in the folder that commands run in;
- `<!-- run -->`: its commands are run by a shell, in order, and every one must end well;
- `<!-- run: fails -->`: likewise, but the last one must end with an error;
- `<!-- run: HOW -->`: run with what a test of that page provides;
- `<!-- not run: REASON -->`: nobody runs it, and why.

A block with lines that begin with `$ ` shows what its commands print, `...` being anything.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# Whose lines in a block are commands, where it has no line that begins with a prompt.
PROGRAMS = ("gaokerena", "make", "pip", "python", "pytest", "ray", "accelerate", "lm_eval", "curl")
_FENCE = re.compile(
    r"^(?:<!-- (?P<comment>[^\n]*?) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Args:
        where: its page and line, for messages.
        comment: what the HTML comment above it says; empty where there is none.
        language: as it is fenced; empty for a shell's.
        text: all of it.
    """

    where: str
    comment: str
    language: str
    text: str

    @property
    def is_shell(self) -> bool:
        """Whether it holds commands."""
        return not self.language and bool(self.steps)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Its commands, each with what it is said to print (nothing where nothing is said)."""
        text = self.text.replace("\\\n", " ")
        if re.search(r"^\S*\$ ", text, re.MULTILINE):
            shown = re.split(r"^\S*\$ ", text, flags=re.MULTILINE)[1:]
            parts = (each.partition("\n") for each in shown)
            return [(command, printed) for command, _, printed in parts]
        lines = (line.strip() for line in text.splitlines())
        return [(line, "") for line in lines if _program(line) in PROGRAMS]


def _program(line: str) -> str:
    words = [word for word in line.split() if not re.fullmatch(r"[A-Z_]+=\S*", word)]
    return Path(words[0]).name if words else ""


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    text = page.read_text("utf-8")
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(
            f"{page.relative_to(ROOT)}:{line}",
            found["comment"] or "",
            found["language"],
            found["text"],
        )


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def run_block(block: Block, folder: Path, environment: Mapping[str, str]) -> None:
    """Run the commands of a block; what it shows of their output must be what they print.

    Args:
        block: with a comment `run`.
        folder: where they run.
        environment: what they are told beside the environment of now.
    """
    last = len(block.steps) - 1
    for number, (command, shown) in enumerate(block.steps):
        done = run_shell(command, folder, environment)
        told = f"{block.where}: {command}\n{done.stdout}\n{done.stderr}"
        if block.comment == "run: fails" and number == last:
            assert done.returncode == 1, told
            assert is_shown(shown, done.stderr), told
        else:
            assert done.returncode == 0, told
            assert is_shown(shown, done.stdout), told


def run_shell(
    command: str, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a line by a shell that finds the programs of this environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    inherited = {name: value for name, value in os.environ.items() if "GAOKERENA" not in name}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**inherited, "PATH": path, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def is_shown(shown: str, printed: str) -> bool:
    """Whether what a page shows is what was printed; `...` stands for anything, lines or words.

    Nothing shown says nothing of what is printed.
    """
    if not shown.strip():
        return True
    wanted = re.escape(_trimmed(shown)).replace(r"\.\.\.", ".*?")
    return re.fullmatch(wanted, _trimmed(printed), re.DOTALL) is not None


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
