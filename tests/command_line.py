"""A command in this process: its exit code and what it printed."""

import sys
from typing import NamedTuple

import pytest

from gaokerena_data import cli


class Printed(NamedTuple):
    code: int
    out: str
    err: str


class CommandLine:
    """Runs `gaokerena WORDS`, with its errors told as people see them."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: object) -> Printed:
        self._capsys.readouterr()
        self._monkeypatch.setattr(sys, "argv", ["gaokerena", *map(str, words)])
        try:
            cli.main()
            code: object = 0
        except SystemExit as end:
            code = end.code
        captured = self._capsys.readouterr()
        return Printed(int(str(code or 0)), captured.out, captured.err)
