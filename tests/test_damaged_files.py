"""Files of a workspace that a disk, a copy or a hand has damaged: one line, whoever reads them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gaokerena_data.curate.run import curate
from gaokerena_data.errors import GaokerenaError, damage_told, says_full
from gaokerena_data.release.build import release
from gaokerena_data.takedowns.requests import load_takedowns
from gaokerena_data.workspace import Workspace
from tests.command_line import CommandLine
from tests.pairs import clean_records, write_records

MANY_CASES = True  # see tests/conftest.py

type Harm = Callable[[Path], object]
REQUEST = '{"kind": "host", "target": "drhast.com", "reason": "asked"}\n'


def flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x90
    file.write_bytes(data)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def another_shape(file: Path) -> None:
    file.write_text('{"a": [1, "x"], "b": null}\n', "utf-8")


HARMS = (flipped, cut, emptied, a_folder, another_shape)


@pytest.fixture
def gaokerena(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(capsys, monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a curation and a version."""
    workspace = Workspace(tmp_path_factory.mktemp("made") / "w")
    write_records(workspace, clean_records())
    curate(workspace, "mf3qa", lambda *_: None, workers=1)
    release(workspace, "mf3qa", "1.0.0")
    return workspace.root


@pytest.mark.parametrize("harm", [flipped, cut, a_folder, another_shape])
def test_no_request_is_overlooked_where_their_file_is_damaged(
    tmp_path: Path, gaokerena: CommandLine, monkeypatch: pytest.MonkeyPatch, harm: Harm
) -> None:
    workspace = Workspace(tmp_path)
    workspace.takedowns_file.write_text(REQUEST * 3, "utf-8")
    monkeypatch.setenv("GAOKERENA_WORKSPACE", str(tmp_path))
    harm(workspace.takedowns_file)
    for words in (("takedown", "list"), ("takedown", "find", "drhast.com"), ("curate", "mf3qa")):
        done = gaokerena(*words)
        assert (done.code, done.err.count("\n")) == (1, 1)
        assert done.err.startswith(f"gaokerena: {workspace.takedowns_file}")


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\u2029", "\x1c"])
def test_a_request_ends_where_its_line_does(tmp_path: Path, mark: str) -> None:
    workspace = Workspace(tmp_path)
    asked = REQUEST.replace("asked", f"asked{mark}twice" if mark != "\x1c" else "asked\\u001ctwice")
    workspace.takedowns_file.write_text(asked, "utf-8")
    [request] = load_takedowns(workspace).requests
    assert request.reason.split() == ["asked", "twice"]


@pytest.mark.thorough
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize(
    "name",
    [
        *("curated/mf3qa/run.json", "curated/mf3qa/ledger.parquet"),
        *("curated/mf3qa/candidates.parquet", "curated/mf3qa/default/train.parquet"),
        *("curated/mf3qa/uncleaned/train.parquet", "extracted/question_answer/niniban/*.parquet"),
        *("releases/mf3qa/1.0.0/manifest.json", "releases/mf3qa/1.0.0/changelog.json"),
        *("releases/mf3qa/1.0.0/data/train-*.parquet", "releases/mf3qa/1.0.0.ledger.parquet"),
    ],
)
def test_every_command_that_reads_it_says_so_in_one_line(
    tmp_path: Path,
    made: Path,
    gaokerena: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    harm: Harm,
) -> None:
    root = tmp_path / "w"
    shutil.copytree(made, root)
    monkeypatch.setenv("GAOKERENA_WORKSPACE", str(root))
    [file] = root.glob(name)
    harm(file)
    export = ("--format", "html", "--reviewer", "sara", "--sample", "3")
    named = 0
    for words in (
        ("status",),
        ("why", clean_records()[0].id),
        ("review", "export", "mf3qa", *export),
        ("release", "mf3qa", "1.0.1"),
        ("diff", "mf3qa", "1.0.0", "1.0.0"),
        ("takedown", "find", "drhast.com"),
        ("verify", root / "releases/mf3qa/1.0.0"),
    ):
        done = gaokerena(*words)
        last = done.err.splitlines()[-1:]
        assert done.code in {0, 1}
        assert done.code == 0 or last or words[0] == "verify", done
        named += file.name in done.err + done.out
    assert named or harm is flipped


@pytest.mark.parametrize(
    "error", [KeyError("a"), TypeError("b"), OSError(5, "Input/output error"), ValueError("c\nd")]
)
def test_what_a_library_says_of_a_file_becomes_one_line(tmp_path: Path, error: Exception) -> None:
    with (
        pytest.raises(GaokerenaError, match=r"x\.parquet: damaged \(.*\); make it again$"),
        damage_told(tmp_path / "x.parquet", "make it again"),
    ):
        raise error


@pytest.mark.parametrize(
    "told",
    [
        "Error while serializing: I/O error: No space left on device (os error 28)",
        "[enforce fail] PytorchStreamWriter failed writing file data/3: file write failed",
        "database or disk is full",
        "File too large (os error 27)",
    ],
)
def test_a_full_disk_is_known_by_what_libraries_say(told: str) -> None:
    assert says_full(RuntimeError(told))
    later = ValueError("no checkpoint")
    later.__context__ = RuntimeError(told)
    assert says_full(later)
    assert not says_full(RuntimeError("no room for doubt"))
