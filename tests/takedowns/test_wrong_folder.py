"""Where there is no workspace, and who may read what is in one."""

import os
import stat
from pathlib import Path

import pytest

from gaokerena_data.hub.folder import publish_to_folder
from gaokerena_data.workspace import Workspace
from tests.command_line import CommandLine
from tests.demo.demonstration import Demo
from tests.imports.spreadsheets import write_xlsx
from tests.pairs import answer, clean_records, question
from tests.release.versions import released

READ = [
    ("takedown", "add", "nabz.site", "--reason", "asked", "--yes"),
    ("takedown", "remove", "nabz.site", "--yes"),
    ("takedown", "list"),
    ("takedown", "find", "nabz.site"),
    ("purge",),
    ("curate", "mf3qa"),
    ("why", "niniban-1"),
    ("similar", "mf3qa", "سردرد دارم"),
    ("sample", "mf3qa"),
    ("clusters", "mf3qa"),
    ("release", "mf3qa", "1.0.0"),
    ("diff", "mf3qa", "1.0.0", "1.1.0"),
    ("publish", "mf3qa", "1.0.0", "--to", "org/mf3qa"),
    ("extract", "nabz"),
    ("review", "export", "mf3qa", "--format", "xlsx"),
    ("review", "import", "mf3qa", "answers.xlsx"),
    ("review", "agreement", "mf3qa"),
    ("evaluate", "contamination"),
]


@pytest.fixture
def gaokerena(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> CommandLine:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GAOKERENA_WORKSPACE", raising=False)
    return CommandLine(capsys, monkeypatch)


@pytest.mark.parametrize("words", READ, ids=" ".join)
def test_in_a_wrong_folder_one_line_says_so_and_nothing_is_made(
    words: tuple[str, ...], gaokerena: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("نامه‌ای به مادرم")
    for folder in ([], ["--workspace", str(tmp_path)]):
        done = gaokerena(*words, *folder)
        assert (done.code, len(done.err.splitlines()), done.out) == (1, 1, ""), done
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_request_can_be_the_first_thing_in_a_workspace_that_is_one(
    gaokerena: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "gaokerena.toml").write_text("")
    done = gaokerena(*READ[0])
    assert done.code == 0, done.err
    assert (tmp_path / "workspace" / "takedowns.jsonl").is_file()


def read_by_others(folder: Path) -> list[str]:
    return [
        f"{stat.S_IMODE(path.stat().st_mode):o} {path.relative_to(folder)}"
        for path in [folder, *folder.rglob("*")]
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def test_nobody_else_reads_a_workspace(gaokerena: CommandLine, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        rows: list[dict[str, object]] = [
            {"Question": question(n), "Answer": answer(n)} for n in range(20)
        ]
        write_xlsx(tmp_path / "niniban.xlsx", rows)
        for words in (
            ("import", "niniban", "niniban.xlsx"),
            ("curate", "mf3qa", "--workers", "1"),
            ("release", "mf3qa", "1.0.0"),
            ("takedown", "add", "drhast.com", "--reason", "asked", "--yes"),
            ("review", "export", "mf3qa", "--format", "html", "--sample", "5"),
        ):
            assert gaokerena(*words).code == 0, words
        assert read_by_others(tmp_path / "workspace") == []
    finally:
        os.umask(before)


@pytest.mark.thorough
def test_nobody_else_reads_what_crawls_left(demo: Demo) -> None:
    """Archives, frontiers, signals and logs too."""
    there = {path.name for path in demo.folder.iterdir()}
    assert {"archive", "frontier", "signals", "releases"} <= there
    read = read_by_others(demo.folder)
    # The demo publishes into a folder of its own, which anybody may read.
    assert [each for each in read if not each.split(" ", 1)[1].startswith("published")] == []


@pytest.mark.thorough
def test_what_is_published_is_for_everybody(tmp_path: Path) -> None:
    made = released(Workspace(tmp_path / "workspace"), clean_records(), "1.0.0")
    target = tmp_path / "shelf" / "mf3qa"
    before = os.umask(0o077)
    try:
        publish_to_folder(made.folder, target)
    finally:
        os.umask(before)
    for path in [target.parent, target, *target.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path
    # Without the command line, whose umask does the same.
    assert read_by_others(made.folder) == []
