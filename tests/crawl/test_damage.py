"""One damaged thing costs itself, is told in one line, and heals."""

import json
import os
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.cli import main
from gaokerena_data.crawl.extract import DAMAGED
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import Crawl, ledger, records
from tests.crawl.small_forum import Answer, SmallForum

MANY_CASES = True  # see tests/conftest.py


type Harm = Callable[[Path, int, int], None]


@pytest.fixture
def command(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs a command as `main` does; gives its exit code and what it said."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gaokerena", *words, "--workspace", str(workspace.root)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


type Command = Callable[..., tuple[int, str, str]]


def one_line(said: str) -> str:
    (line,) = said.strip().splitlines()
    return line


def zeroed(file: Path, start: int, stop: int) -> None:
    data = bytearray(file.read_bytes())
    middle = (start + stop) // 2
    data[middle : middle + 64] = bytes(64)
    file.write_bytes(data)


def flipped(file: Path, start: int, stop: int) -> None:
    data = bytearray(file.read_bytes())
    data[stop - 20] ^= 16
    file.write_bytes(data)


def flipped_checksum(file: Path, start: int, stop: int) -> None:
    data = bytearray(file.read_bytes())
    data[stop - 6] ^= 1
    file.write_bytes(data)


def truncated(file: Path, start: int, stop: int) -> None:
    """A member whose middle is missing: everything behind lies elsewhere than the frontier says."""
    data = file.read_bytes()
    file.write_bytes(data[: stop - 30] + bytes(30) + data[stop:])


def overwritten(file: Path, start: int, stop: int) -> None:
    data = bytearray(file.read_bytes())
    data[start:stop] = random.Random(0).randbytes(stop - start)
    file.write_bytes(data)


def place_of(workspace: Workspace, url: str) -> tuple[Path, int, int]:
    """The archive file of a page, and where its record begins and ends there."""
    with sqlite3.connect(workspace.frontier("drhast")) as database:
        file, start = database.execute(
            "SELECT warc_file, warc_offset FROM responses JOIN pages ON pages.id = page_id"
            " WHERE url = ?",
            (url,),
        ).fetchone()
    path = workspace.archive("drhast") / file
    data = path.read_bytes()
    stop = data.find(b"\x1f\x8b\x08\x00", start + 4)
    return path, start, len(data) if stop < 0 else stop


@pytest.mark.parametrize("harm", [zeroed, flipped, flipped_checksum, truncated, overwritten])
def test_one_damaged_record_costs_itself_and_is_fetched_again(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, command: Command, harm: Harm
) -> None:
    crawl()
    whole = records(workspace)
    lost = forum.url("q007")
    file, start, stop = place_of(workspace, lost)
    harm(file, start, stop)

    code, _, said = command("extract", "drhast")
    assert code == 1
    assert "1 archived answers of drhast are damaged" in one_line(said)
    assert [row for row in whole if row["url"] != lost] == records(workspace)
    assert ledger(workspace)[lost] == (DAMAGED, f"{file.name} at byte {start}")
    again = [path.read_bytes() for path in sorted(workspace.root.glob("extracted/*/*/*.parquet"))]
    command("extract", "drhast")
    assert again == [
        path.read_bytes() for path in sorted(workspace.root.glob("extracted/*/*/*.parquet"))
    ]

    asked = len(forum.paths("/q/q007"))
    report = crawl()
    assert len(forum.paths("/q/q007")) == asked + 1
    assert report.complete
    assert report.trouble is None
    assert records(workspace) == whole
    assert command("extract", "drhast")[0] == 0


def test_a_record_whose_newest_version_is_damaged_is_read_in_an_older_one(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, command: Command
) -> None:
    crawl()
    before = {row["url"]: row for row in records(workspace)}
    forum.pages["/q/q007"] = Answer(forum.question("q007").replace("گلودرد", "سرفه"))
    crawl(recheck=True)
    after = {row["url"]: row for row in records(workspace)}
    url = forum.url("q007")
    assert after[url] != before[url]
    with sqlite3.connect(workspace.frontier("drhast")) as database:
        file, start = database.execute(
            "SELECT warc_file, warc_offset FROM responses ORDER BY id DESC LIMIT 1"
        ).fetchone()
    overwritten(workspace.archive("drhast") / file, start, start + 200)
    assert command("extract", "drhast")[0] == 1
    assert {row["url"]: row for row in records(workspace)} == before
    crawl()
    assert {row["url"]: row for row in records(workspace)} == after


def test_a_missing_file_is_told_and_what_comes_back_is_taken_up_again(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, command: Command
) -> None:
    crawl(max_pages=8)
    crawl()
    whole = records(workspace)
    files = sorted(workspace.archive("drhast").iterdir())
    assert len(files) == 2
    away = workspace.root / "away"
    files[0].rename(away)

    code, _, said = command("extract", "drhast")
    assert code == 1
    assert "damaged" in one_line(said)
    rest = records(workspace)
    assert 0 < len(rest) < len(whole)
    gone = {row["url"] for row in whole} - {row["url"] for row in rest}
    assert {ledger(workspace)[str(url)][0] for url in gone} == {DAMAGED}

    away.rename(files[0])
    asked = len(forum.asked)
    assert command("extract", "drhast")[0] == 0
    assert records(workspace) == whole
    crawl()
    assert len(forum.paths()) - len([a for a in forum.asked[:asked] if "/q/q" in a.path]) == 0


@pytest.mark.parametrize("what", ["a folder", "a pipe", "a link to nothing"])
def test_what_is_no_file_in_an_archive_is_a_missing_file(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, command: Command, what: str
) -> None:
    crawl(max_pages=8)
    crawl()
    whole = {row["url"] for row in records(workspace)}
    file = min(workspace.archive("drhast").iterdir())
    file.unlink()
    if what == "a folder":
        file.mkdir()
    elif what == "a pipe":
        os.mkfifo(file)
    else:
        file.symlink_to(workspace.root / "nowhere" / "x")
    code, _, said = command("extract", "drhast")
    assert code == 1
    assert "damaged" in one_line(said)
    assert 0 < len(records(workspace)) < len(whole)
    code, _, said = command("crawl", "drhast", "--delay", "0")
    assert (code, said) == (0, "")
    assert {row["url"] for row in records(workspace)} == whole


@pytest.mark.parametrize("what", ["the file", "the folder", "every record"])
def test_records_are_never_replaced_by_nothing(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, command: Command, what: str
) -> None:
    crawl()
    folder = workspace.archive("drhast")
    extracted = workspace.extracted("question_answer", "drhast") / "crawl.parquet"
    before = extracted.read_bytes()
    (file,) = folder.iterdir()
    if what == "the file":
        file.unlink()
    elif what == "the folder":
        shutil.rmtree(folder)
    else:
        file.write_bytes(bytes(file.stat().st_size))
    code, _, said = command("extract", "drhast")
    assert code == 1
    assert "no record can be read from it" in one_line(said)
    assert extracted.read_bytes() == before
    assert crawl().complete
    assert len(records(workspace)) == 20


def damaged_in_its_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for page in range(1, len(data) // 4096):
        data[page * 4096 : page * 4096 + 600] = random.Random(page).randbytes(600)
    path.write_bytes(data)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def another_file(path: Path) -> None:
    path.write_text("not a database at all\n" * 1000)


@pytest.mark.parametrize("harm", [damaged_in_its_middle, emptied, cut, another_file])
def test_a_damaged_frontier_is_one_line_and_harms_nothing_else(
    workspace: Workspace,
    forum: SmallForum,
    crawl: Crawl,
    command: Command,
    harm: Callable[[Path], None],
) -> None:
    crawl()
    path = workspace.frontier("drhast")
    shutil.copy(path, workspace.frontier("niniban"))
    extracted = workspace.extracted("question_answer", "drhast") / "crawl.parquet"
    before = extracted.read_bytes()
    for journal in path.parent.glob("drhast.sqlite-*"):
        journal.unlink()
    harm(path)
    for words in (["crawl", "drhast", "--delay", "0"], ["extract", "drhast"]):
        code, _, said = command(*words)
        assert code == 1
        assert str(path) in one_line(said)
        assert "move it away" in said
    assert extracted.read_bytes() == before
    code, out, said = command("status")
    assert code == 0
    assert said == ""
    assert str(path) in out
    assert "gaokerena crawl niniban" in out


@pytest.mark.thorough
def test_a_frontier_survives_any_flipped_byte_with_a_line_or_a_whole_extraction(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, command: Command
) -> None:
    crawl()
    path = workspace.frontier("drhast")
    whole = path.read_bytes()
    picked = random.Random(0)
    for _ in range(40):
        data = bytearray(whole)
        data[picked.randrange(100, len(data))] ^= 1 << picked.randrange(8)
        path.write_bytes(data)
        for journal in path.parent.glob("drhast.sqlite-*"):
            journal.unlink()
        code, _, said = command("extract", "drhast")
        assert code in {0, 1}
        assert code == 0 or one_line(said)
        assert records(workspace)
        assert command("status")[0] == 0


@pytest.mark.parametrize("text", ["", "{", '{"site": 3}', "[]", "null", "\x00" * 50])
def test_a_damaged_report_harms_nothing(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, command: Command, text: str
) -> None:
    crawl()
    path = workspace.frontier("drhast").with_suffix(".report.json")
    path.write_text(text)
    code, out, said = command("status")
    assert code == 0
    assert said == ""
    assert "drhast" in out
    with sqlite3.connect(workspace.frontier("drhast")) as database:
        database.execute("UPDATE runs SET report = ?", (text,))
    crawl()
    assert path.read_text().startswith('{\n "site": "drhast"')


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fresh_pages", "9"),
        ("records", {"question_answer": None}),
        ("failures", [None]),
        ("coverage", {"question_answer": 3}),
        ("unread_lists", [["https://drhast.com/q/page-1", 3]]),
        ("seconds", []),
    ],
)
def test_a_report_with_a_value_of_another_type_harms_nothing(
    workspace: Workspace,
    forum: SmallForum,
    crawl: Crawl,
    command: Command,
    name: str,
    value: object,
) -> None:
    crawl()
    path = workspace.frontier("drhast").with_suffix(".report.json")
    text = json.dumps(json.loads(path.read_text()) | {name: value})
    path.write_text(text)
    with sqlite3.connect(workspace.frontier("drhast")) as database:
        database.execute("UPDATE runs SET report = ?", (text,))
    for words in (("status",), ("status", "drhast")):
        code, _, said = command(*words)
        assert (code, said) == (0, "")
    assert crawl().ended_well


@pytest.mark.parametrize("harm", ["empty", "noise", "folder"])
def test_a_damaged_site_costs_the_others_neither_their_crawl_nor_its_report(
    workspace: Workspace, forum: SmallForum, command: Command, harm: str
) -> None:
    path = workspace.frontier("niniban")
    path.parent.mkdir(parents=True)
    if harm == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"" if harm == "empty" else bytes(range(256)) * 40)
    code, out, said = command("crawl", "niniban", "drhast", "--delay", "0")
    assert code == 1
    assert str(path) in said
    assert "drhast: question_answer fields" in out
    assert len(records(workspace)) == len(forum.names)


@pytest.mark.parametrize("place", ["report.json", "sqlite", "parquet"])
def test_a_folder_in_place_of_a_file_costs_itself(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, command: Command, place: str
) -> None:
    crawl()
    path = workspace.frontier("drhast").with_suffix(f".{place}")
    if place == "parquet":
        path = workspace.extracted("question_answer", "drhast") / "crawl.parquet"
    path.unlink()
    path.mkdir()
    code, out, said = command("status")
    assert (code, said) == (0, "")
    assert "gaokerena crawl niniban" in out


@pytest.mark.parametrize("bad", [b"\xff\xfe{", b"\x80"])
def test_a_report_that_is_no_text_harms_nothing(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, command: Command, bad: bytes
) -> None:
    crawl()
    workspace.frontier("drhast").with_suffix(".report.json").write_bytes(bad)
    assert command("status")[0] == 0


def test_a_damaged_file_of_records_is_told_beside_the_other_sites(
    workspace: Workspace, forum: SmallForum, crawl: Crawl, command: Command
) -> None:
    crawl()
    path = workspace.extracted("question_answer", "drhast") / "crawl.parquet"
    data = bytearray(path.read_bytes())
    data[-200] ^= 1
    path.write_bytes(data)
    code, out, said = command("status")
    assert code == 0
    assert said == ""
    assert f"{path}: damaged" in out
    assert "gaokerena extract drhast" in out
    assert "gaokerena crawl niniban" in out
    command("extract", "drhast")
    assert pq.read_table(path).num_rows == 20
