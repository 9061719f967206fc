"""Every command that writes, on a disk that is full: one line, and what was there is as it was."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.review.batch import read_batches
from gaokerena_data.workspace import Workspace
from tests.benchmarks.exam_rows import ibmsee_row
from tests.crawl.small_forum import SmallForum
from tests.files import files_of
from tests.hub.releases import write_release
from tests.hub_server.server import HubServer
from tests.imports.spreadsheets import write_xlsx
from tests.pairs import answer, clean_records, pair, question, write_records
from tests.review.filling import fill_page
from tests.review.rows import make_workspace, wishes

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
        timeout=600,
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
        after = results_of(root)
        changed = {name for name in before.keys() | after if before.get(name) != after.get(name)}
        assert not changed, (changed, last)
    (disk / "ballast").unlink()
    done = gaokerena(root, *words, **environment)
    assert done.returncode == 0, done.stderr


def check_told(disk: Path, root: Path, *words: object, **environment: str) -> None:
    """As `check_full`, of a command that goes on where it was: what it had finished may stay."""
    for spare in (0, 8_192, 65_536):
        fill(disk, spare)
        done = gaokerena(root, *words, **environment)
        if done.returncode == 0:
            break
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        last = done.stderr.splitlines()[-1]
        assert last.startswith("gaokerena: ")
        assert "no room left" in last or "disk" in last, last
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
def test_review_import_and_agreement(disk: Path) -> None:
    workspace = make_workspace(disk / "w")
    names = ("--reviewer", "maryam", "--reviewer", "reza", "--overlap", 1)
    export = ("review", "export", "mf3qa", "--format", "html", "--sample", 10, *names)
    assert gaokerena(workspace.root, *export).returncode == 0
    [batch] = read_batches(workspace, "mf3qa")
    folder = workspace.root / "reviews" / "batches" / batch.name
    for name in ("maryam", "reza"):
        page = folder / f"{batch.name}.{name}.html"
        filled = fill_page(page, batch, wishes(batch, name))
        check_full(disk, workspace.root, "review", "import", "mf3qa", filled)
    check_full(disk, workspace.root, "review", "agreement", "mf3qa")


@pytest.mark.thorough
def test_pull_and_publish(tmp_path: Path, disk: Path, hub: HubServer) -> None:
    root = disk / "w"
    write_release(root / "releases/mf3qa/1.0.0")
    known = hub.env(tmp_path / "home") | {"HF_TOKEN": "hf_writer"}
    check_full(disk, root, "publish", "mf3qa", "1.0.0", "--to", f"file:{root / 'folder'}")
    repo = f"org/{tmp_path.name}".replace("_", "-")
    assert gaokerena(root, "publish", "mf3qa", "1.0.0", "--to", repo, **known).returncode == 0
    check_full(disk, root, "pull", f"{repo}@v1.0.0", **known)


@pytest.mark.thorough
@pytest.mark.parametrize("words", [("sample", "mf3qa"), ("clusters", "mf3qa")])
def test_pages_to_read_on(disk: Path, words: tuple[str, ...]) -> None:
    workspace = Workspace(disk / "w")
    asked, answered = question(1), answer(1)
    twin = pair("drhast", asked, answered.replace("حتما", "لطفا"))
    write_records(workspace, [*clean_records(), pair("drhast", asked, answered), twin])
    assert gaokerena(workspace.root, "curate", "mf3qa", "--workers", 1).returncode == 0
    check_full(disk, workspace.root, *words, "--html", workspace.root / "page.html")


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


@pytest.mark.thorough
def test_training_and_merging(tmp_path: Path, disk: Path) -> None:
    """A run of a tiny model is stopped, and goes on when there is room."""
    from tests.training.texts import write_corpus
    from tests.training.tiny_models import write_base

    base = write_base(tmp_path / "tiny")
    small = ("preparation.context=128", "batch.accumulation=2", "tracking.every=1", "max_steps=2")
    here = {"HF_HOME": str(tmp_path / "home"), "HF_DATASETS_CACHE": str(tmp_path / "cache")}
    data = write_corpus(tmp_path / "medical_corpus", 40)
    keys = (f"model.name={base}", f"dataset.name={data}", *small)
    changes = [word for key in keys for word in ("--set", key)]
    check_told(disk, disk / "w", "train", "pretrain", *changes, **here)
    run = sorted((disk / "w" / "runs").iterdir())[-1]
    check_full(disk, disk / "w", "train", "merge", run, "--to", disk / "w" / "merged", **here)


@pytest.mark.thorough
def test_evaluation(tmp_path: Path, disk: Path) -> None:
    from tests.training.tiny_models import write_base

    base, root = write_base(tmp_path / "tiny"), disk / "w"
    root.mkdir()
    (tmp_path / "exam").mkdir()
    write_xlsx(tmp_path / "exam" / "ibmsee_x.xlsx", [dict(ibmsee_row(n)) for n in range(3)])
    asked = tmp_path / "kqa.jsonl"
    row = {"Question": "تب دارم؟", "Free_form_answer": "آب", "Must_have": [], "Nice_to_have": []}
    asked.write_text(json.dumps(row) + "\n", "utf-8")
    short = ("--max-new-tokens", 4, "--batch-size", 1)
    choices = ("--benchmark", "ibmsee", "--source", tmp_path / "exam")
    check_told(
        disk, root, "evaluate", "choices", *choices, "--model", base, *short,
        "--to", root / "answers", "--name", "tiny",
    )  # fmt: skip
    free_form = ("--questions", asked, "--to", root / "tiny.jsonl")
    check_told(disk, root, "evaluate", "free-form", "--model", base, *free_form, *short)
    check_full(disk, root, "evaluate", "harness-tasks", *choices, "--to", root / "tasks")
    both = ("--test", f"a={asked}", "--train", f"b={asked}", "--to", root / "found.json")
    check_full(disk, root, "evaluate", "contamination", *both)
    check_full(disk, root, "evaluate", "report", root / "answers", "--to", root / "report")


@pytest.mark.thorough
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
