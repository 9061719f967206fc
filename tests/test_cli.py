"""The commands as people run them: in a process of their own."""

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.imports.spreadsheets import write_xlsx
from tests.pairs import answer, question

GAOKERENA = Path(sys.executable).with_name("gaokerena")


def gaokerena(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [GAOKERENA, *words], cwd=cwd, capture_output=True, text=True, timeout=300, check=False
    )


def run_python(code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=cwd, check=False
    )


def begun(folder: Path) -> None:
    """A workspace in which nothing lies yet but its thresholds."""
    (folder / "workspace").mkdir()
    (folder / "workspace" / "gaokerena.toml").write_text("", "utf-8")


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    rows: list[dict[str, object]] = [
        {"Question": question(n), "Answer": answer(n)} for n in range(12)
    ]
    rows.append({"Question": "nan", "Answer": "Tag not found."})
    return write_xlsx(tmp_path / "niniban.xlsx", rows)


@pytest.mark.thorough
def test_from_a_spreadsheet_to_a_release_beside_folders_of_the_same_names(
    tmp_path: Path, crawl: Path
) -> None:
    # Somebody's own training/ and spiders/ must not be taken for ours.
    for name in ("training", "spiders", "cards", "gaokerena_data"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('not ours')\n")
    done = gaokerena("import", "niniban", "niniban.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "13 rows = 12 records + 1 ledger rows" in done.stdout
    done = gaokerena("curate", "mf3qa", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "12 records in = 12 kept + 0 in the ledger" in done.stdout
    done = gaokerena("release", "mf3qa", "1.0.0", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    release = tmp_path / "workspace" / "releases" / "mf3qa" / "1.0.0"
    train = pq.read_table(release / "data" / "train-00000-of-00001.parquet")
    done = gaokerena("why", train["id"][0].as_py(), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in ("niniban.xlsx", "decision: kept", "mf3qa 1.0.0: data/train", "question: "):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["import", "webmd", "x.xlsx"], "no source is called 'webmd'"),
        (["import", "drhast", "none.xlsx"], "no such file"),
        (["curate", "mf3qa"], "gaokerena import"),
        (["curate", "mf4qa"], "no dataset is called 'mf4qa'"),
        (["release", "mf3qa", "1.0"], "MAJOR.MINOR.PATCH"),
        (["release", "mf3qa", "1.0.0"], "gaokerena curate mf3qa"),
        (["why", "drhast-0"], "no record goes by this"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_1(
    tmp_path: Path, words: list[str], message: str
) -> None:
    begun(tmp_path)
    done = gaokerena(*words, cwd=tmp_path)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_wrong_usage_is_exit_code_2(tmp_path: Path) -> None:
    assert gaokerena("curate", cwd=tmp_path).returncode == 2
    assert gaokerena("fly", cwd=tmp_path).returncode == 2


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys, gaokerena_data.cli as cli\n"
        "try: cli.app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'hazm', 'scrapy', 'ray', 'pyarrow', 'pydantic', 'datasets', 'numpy'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = run_python(code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_ctrl_c_is_told_in_one_line(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from gaokerena_data import cli\n"
        "from gaokerena_data.curate import run\n"
        "run.decide = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['gaokerena', 'curate', 'mf3qa']\n"
        "cli.main()"
    )
    begun(tmp_path)
    done = run_python(code, cwd=tmp_path)
    assert done.returncode == 130
    assert done.stderr.startswith("gaokerena: stopped; ")
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.rglob("*.part"))
