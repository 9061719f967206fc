"""Text from outside does nothing to a terminal."""

import json
import re
from pathlib import Path

import pytest
from rich.text import Text

from gaokerena_data.outside_text import printable
from gaokerena_data.tables import count_table, make_console
from gaokerena_data.workspace import Workspace
from tests.command_line import CommandLine
from tests.pairs import answer, pair, question, write_records

HARM = "\x1b]0;x\x07\x1b[2J\x9b31m\u202eb\x08\r\x7f\U000e0041\ud800"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\U000e0000-\U000e007f]")


@pytest.fixture
def gaokerena(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> CommandLine:
    monkeypatch.setenv("GAOKERENA_WORKSPACE", str(tmp_path / "w"))
    return CommandLine(capsys, monkeypatch)


def test_every_control_character_is_seen_and_the_text_keeps_its_length() -> None:
    every = "".join(map(chr, [*range(0xA0), *range(0x2028, 0x202F), 0xD800, 0xDFFF, 0xFEFF]))
    seen = printable(every)
    assert len(seen) == len(every)
    assert not HARMFUL.search(seen)
    assert "\n" in seen
    assert printable("می‌شود\t[bold]") == "می‌شود\t[bold]"


def test_a_console_prints_what_it_is_given_and_obeys_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    console = make_console()
    console.print(f"[/bold]{HARM}")
    console.print(Text(f"[red]{HARM}", style="bold"))
    console.print(count_table(f"[/x]{HARM}", ("[/y]",), [[f"[z]{HARM}"]]))
    printed = capsys.readouterr().out
    assert not HARMFUL.search(printed)
    for literal in ("[/bold]", "[red]", "[/x]", "[/y]", "[z]"):
        assert literal in printed


def test_takedowns_and_stories_and_errors_are_printed_safely(
    tmp_path: Path, gaokerena: CommandLine
) -> None:
    workspace = Workspace(tmp_path / "w")
    harm = HARM[:-1]  # no file takes half a character
    record = pair("drhast", question(1) + harm, answer(1) + harm)
    write_records(workspace, [record])
    told = gaokerena("why", record.id).out
    assert "گ" in told
    assert not HARMFUL.search(told)
    workspace.takedowns_file.write_text(
        json.dumps({"kind": "host", "target": "drhast.com", "reason": f"asked{harm}"}) + "\n"
    )
    for words in (
        ("takedown", "list"),
        ("takedown", "add", "https://drhast.com/a" + harm, "--reason", "x" + harm, "--yes"),
        ("takedown", "find", "https://drhast.com/a" + harm),
        ("why", record.id),
        ("status",),
    ):
        done = gaokerena(*words)
        assert done.code == 0, done.err
        assert not HARMFUL.search(done.out + done.err)
    for words in (("why", f"x{harm}"), ("import", f"x{harm}", "a.xlsx"), ("curate", f"x{harm}")):
        done = gaokerena(*words)
        assert done.code == 1
        assert not HARMFUL.search(done.out + done.err)
