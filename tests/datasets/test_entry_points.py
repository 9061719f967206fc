"""What another installed package adds by entry points, with a real little package."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.workspace import Workspace
from tests.conftest import ROOT
from tests.datasets.small_magazine import ARTICLES, small_magazine, spider
from tests.imports.spreadsheets import write_xlsx

PACKAGE = '''
"""Persian law: a magazine, a corpus, an exam and a rule."""

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import leave_out
from gaokerena_data.datasets.benchmark import Benchmark, Column, four_options
from gaokerena_data.datasets.declaration import About, Declaration
from gaokerena_data.datasets.kind import ARTICLE
from gaokerena_data.sources import Source

LAWMAG = Source("lawmag", "مجله حقوق", ("lawmag.example",), ("article",))
LAW_CORPUS = Declaration(
    name="law_corpus",
    title="Persian law",
    kind=ARTICLE,
    repository="org/law-corpus",
    sources=("lawmag",),
    steps=("takedown@2", "answered@1", "odd_matter@1", "split@1"),
    card="article.md.j2",
    about=About(("text-generation",), ("language-modeling",), tags=("legal",)),
)


def _apply(table, curating):
    odd = pc.less(table["body_words"], 1000)
    return leave_out(table, pc.and_(odd, pc.ends_with(table["url"], "3")), "odd_matter@1", "odd")


ODD_MATTER = Rule("odd_matter@1", "matters that are odd", ("odd",), _apply)

COLUMNS, OPTIONS = four_options("Question", "Option", "Correct answer")
LAW_EXAM = Benchmark(
    name="law_exam_fa",
    title="An exam of law",
    repository="org/law-exam-fa",
    configs=("default",),
    columns=COLUMNS,
    options=OPTIONS,
    choice="Correct answer",
    terms="invented",
    about=About(("question-answering",), ("open-domain-qa",), tags=("legal",)),
    summary="Questions of an invented exam.",
    privacy="The questions are those of examinations.",
    limits=("It has few questions.",),
)
'''
ENTRY_POINTS = """
[gaokerena_data.sources]
lawmag = law_tools:LAWMAG

[gaokerena_data.spiders]
lawmag = law_tools_spider:Lawmag

[gaokerena_data.datasets]
law_corpus = law_tools:LAW_CORPUS

[gaokerena_data.rules]
odd_matter = law_tools:ODD_MATTER

[gaokerena_data.benchmarks]
law_exam_fa = law_tools:LAW_EXAM
"""
METADATA = "Metadata-Version: 2.1\nName: law-tools\nVersion: 1.0\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with a package as pip leaves it."""
    folder = tmp_path / "site-packages"
    info = folder / "law_tools-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_text(ENTRY_POINTS, "utf-8")
    (info / "METADATA").write_text(METADATA, "utf-8")
    (folder / "law_tools.py").write_text(PACKAGE, "utf-8")
    (folder / "law_tools_spider.py").write_text(spider("lawmag", "lawmag.example"), "utf-8")
    return folder


def gaokerena(
    package: Path, workspace: Workspace, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from gaokerena_data import cli; cli.main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=package.parent,
        env={
            **os.environ,
            "GAOKERENA_WORKSPACE": str(workspace.root),
            "PYTHONPATH": os.pathsep.join((str(package), str(ROOT))),
            **environment,
        },
    )


def test_a_site_a_dataset_and_a_rule(package: Path, workspace: Workspace) -> None:
    with small_magazine() as address:
        done = gaokerena(
            package, workspace, *("crawl", "lawmag", "--delay", "0"), GAOKERENA_CONNECT_ALL=address
        )
    assert done.returncode == 0, done.stderr
    assert "running code of this workspace" not in done.stderr
    done = gaokerena(package, workspace, "--no-workspace-code", "curate", "law_corpus")
    assert done.returncode == 0, done.stderr
    assert f"{ARTICLES} records in = {ARTICLES - 1} kept + 1 in the ledger" in done.stdout
    assert "odd  [odd_matter@1]" in done.stdout


@pytest.mark.thorough
def test_a_benchmark(package: Path, workspace: Workspace, tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "Question": f"مهلت تجدیدنظر از رأی شماره {n} چند روز است؟",
            **{f"Option{k}": f"{k * 10 + n} روز" for k in range(1, 5)},
            "Correct answer": 1 + n % 4,
        }
        for n in range(6)
    ]
    done = gaokerena(
        package, workspace, "import", "law_exam_fa", str(write_xlsx(tmp_path / "exam.xlsx", rows))
    )
    assert done.returncode == 0, done.stderr
    done = gaokerena(package, workspace, "release", "law_exam_fa", "1.0.0")
    assert done.returncode == 0, done.stderr
    release = workspace.release("law_exam_fa", "1.0.0")
    assert pq.read_table(release / "data/test-00000-of-00001.parquet").num_rows == 6
    assert "Questions of an invented exam." in (release / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("law_tools:LAWMAG", "law_tools:LAWMAGS", "cannot be loaded"),
        ("law_tools:LAWMAG", "law_tool:LAWMAG", "cannot be loaded"),
        ("law_tools:LAWMAG", "law_tools:LAW_EXAM", "leads to no Source"),
    ],
)
def test_a_package_that_is_wrong_is_one_line(
    package: Path, workspace: Workspace, wrong: str, right: str, told: str
) -> None:
    (package / "law_tools-1.0.dist-info/entry_points.txt").write_text(
        ENTRY_POINTS.replace(wrong, right), "utf-8"
    )
    done = gaokerena(package, workspace, "status")
    (line,) = done.stderr.splitlines()
    assert (done.returncode, told in line) == (1, True)
    assert line.startswith("gaokerena: the entry point lawmag = law_tool")


def test_a_name_that_is_taken_is_one_line(package: Path, workspace: Workspace) -> None:
    text = (package / "law_tools.py").read_text("utf-8")
    (package / "law_tools.py").write_text(text.replace('Source("lawmag"', 'Source("nabz"'), "utf-8")
    done = gaokerena(package, workspace, "status")
    (line,) = done.stderr.splitlines()
    assert "adds a source called 'nabz', which is taken" in line
