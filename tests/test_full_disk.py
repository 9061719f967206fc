"""Every command that writes, on a disk that is full: one line, and what was there is as it was."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.workspace import Workspace
from tests.benchmarks.exam_rows import ibmsee_row
from tests.crawl.small_forum import SmallForum
from tests.files import files_of
from tests.imports.spreadsheets import write_xlsx
from tests.pairs import answer, clean_records, pair, question, write_records

MANY_CASES = True  # see tests/conftest.py


THOROUGH = pytest.mark.thorough
MAIN = "from gaokerena_data.cli import main; main()"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk that is full needs the right to mount one")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def gaokerena(root: Path, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", MAIN, *map(str, words)],
        env=os.environ | {"GAOKERENA_WORKSPACE": str(root)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def fill(disk: Path, spare: int) -> None:
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    free = os.statvfs(disk)
    ballast.write_bytes(bytes(max(free.f_bavail * free.f_frsize - spare, 0)))


def results_of(root: Path) -> dict[str, bytes]:
    """All but what is measured again when it is missing, and SQLite's own files beside its own."""
    return {
        name: data
        for name, data in files_of(root).items()
        if not name.startswith("signals/") and not name.endswith(("-shm", "-wal"))
    }


def check_full(disk: Path, root: Path, *words: object, **environment: str) -> None:
    """With no room at all, and with room for a little: nothing changes but one line is told."""
    before = results_of(root)
    for spare in (0, 8_192):
        fill(disk, spare)
        done = gaokerena(root, *words, **environment)
        if spare and done.returncode == 0:
            break
        assert done.returncode == 1, done.stderr
        last = done.stderr.splitlines()[-1]
        assert last.startswith("gaokerena: ")
        assert "no room left" in last or "disk" in last
        assert "again" in last
        assert "Traceback" not in done.stderr
        assert results_of(root) == before
    (disk / "ballast").unlink()
    done = gaokerena(root, *words, **environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("source", ["drhast", pytest.param("ibmsee", marks=THOROUGH)])
def test_import(tmp_path: Path, disk: Path, source: str) -> None:
    rows = [ibmsee_row(1)] if source == "ibmsee" else [{"Question": "تب", "Answer": "آب بنوشید"}]
    file = write_xlsx(tmp_path / "a.xlsx", [dict(row) for row in rows])
    check_full(disk, disk / "w", "import", source, file)


@pytest.mark.thorough
def test_release_and_the_next_one(disk: Path) -> None:
    workspace = Workspace(disk / "w")
    write_records(workspace, clean_records())
    assert gaokerena(workspace.root, "curate", "mf3qa", "--workers", 1).returncode == 0
    check_full(disk, workspace.root, "release", "mf3qa", "1.0.0")
    write_records(workspace, [*clean_records(), pair("niniban", question(90), answer(90))])
    check_full(disk, workspace.root, "curate", "mf3qa", "--workers", 1)
    check_full(disk, workspace.root, "release", "mf3qa", "1.1.0")
    told = disk / "told"
    told.mkdir()
    told /= "diff.html"
    words = ("diff", "mf3qa", "1.0.0", "1.1.0", "--format", "html", "-o", told)
    check_full(disk, workspace.root, *words)
    assert told.stat().st_size > 1_000


def test_takedown(disk: Path) -> None:
    root = disk / "w"
    (root / "extracted").mkdir(parents=True)
    check_full(disk, root, "takedown", "add", "drhast.com", "--reason", "asked", "--yes")


@pytest.mark.thorough
def test_review_export(disk: Path) -> None:
    workspace = Workspace(disk / "w")
    write_records(workspace, clean_records())
    assert gaokerena(workspace.root, "curate", "mf3qa", "--workers", 1).returncode == 0
    words = ("review", "export", "mf3qa", "--format", "html", "--reviewer", "a", "--sample", 10)
    check_full(disk, workspace.root, *words)


@pytest.mark.thorough
def test_crawl_and_extract(disk: Path) -> None:
    root = disk / "w"
    with SmallForum() as forum:
        connect = {CONNECT_ALL: forum.address}
        done = gaokerena(root, "crawl", "drhast", "--delay", 0, **connect)
        assert done.returncode == 0, done.stderr
        check_full(disk, root, "extract", "drhast", **connect)
        fill(disk, 4_096)
        done = gaokerena(root, "crawl", "drhast", "--delay", 0, "--recheck", **connect)
        if done.returncode:
            assert "Traceback" not in done.stderr
            assert done.stderr.splitlines()[-1].startswith("gaokerena: ")


@pytest.mark.parametrize(
    "damage",
    ["flipped", *(pytest.param(how, marks=THOROUGH) for how in ("cut", "emptied", "run.json"))],
)
def test_a_damaged_split_is_named_by_its_file(tmp_path: Path, damage: str) -> None:
    workspace = Workspace(tmp_path / "w")
    write_records(workspace, clean_records())
    assert gaokerena(workspace.root, "curate", "mf3qa", "--workers", 1).returncode == 0
    file = workspace.curated("mf3qa") / "default" / "dev.parquet"
    if damage == "run.json":
        file = workspace.curated("mf3qa") / "run.json"
    data = file.read_bytes()
    middle = len(data) // 3
    file.write_bytes(
        {
            "cut": data[:middle],
            "run.json": data[:middle],
            "flipped": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
            "emptied": b"",
        }[damage]
    )
    done = gaokerena(workspace.root, "release", "mf3qa", "1.0.0")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"gaokerena: {file}: damaged (")
    assert "gaokerena curate mf3qa" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (workspace.root / "releases").exists()
    assert pq.read_metadata(workspace.curated("mf3qa") / "default" / "train.parquet").num_rows
