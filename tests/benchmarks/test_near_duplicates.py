import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from benchmarks import report
from benchmarks.measure import run_measured
from benchmarks.near_duplicates.corpus import write_corpus
from benchmarks.near_duplicates.judge import judge
from benchmarks.near_duplicates.peers.exchange import first_of_each_cluster, read_texts
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, 800, 1500, seed=3, legacy=None)
    return folder


@pytest.mark.thorough
def test_the_corpus_is_the_same_at_every_run(corpus: Path, tmp_path: Path) -> None:
    write_corpus(tmp_path, 800, 1500, seed=3, legacy=None)
    for file in corpus.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()
    texts = list(read_texts(corpus))
    assert len(texts) == 800
    assert 1000 < sum(map(len, texts)) / 800 < 2000


def test_ours_finds_what_was_planted_and_loses_nothing(corpus: Path, tmp_path: Path) -> None:
    answers: list[list[int]] = []
    for processes in ("1", "2"):
        output = tmp_path / f"{processes}.json"
        peer = "benchmarks.near_duplicates.peers.gaokerena_peer"
        run_measured(
            [sys.executable, "-m", peer, str(corpus), str(output), processes, "28"],
            ROOT,
            tmp_path / "log",
        )
        answers.append(json.loads(output.read_text())["kept"])
    assert answers[0] == answers[1]
    truth = pq.read_table(corpus / "truth.parquet")
    verdict = judge(answers[0], truth["kind"].to_pylist(), truth["group"].to_pylist())
    assert verdict.near > 0.85
    assert verdict.exact == 1
    assert verdict.lost == 0


def test_a_verdict_counts_what_is_found_and_what_is_lost() -> None:
    kinds = ["article", "near", "article", "near", "article", "exact", "short"]
    groups = [0, 0, 1, 1, 2, 2, 3]
    assert judge([0, 2, 3, 4, 6], kinds, groups) == (0.5, 1.0, 0)
    assert judge([2, 3, 4, 5], kinds, groups) == (0.5, 0.0, 2)


def test_links_become_clusters() -> None:
    assert first_of_each_cluster(6, [(4, 2), (2, 5), (1, 1), (0, 3)]) == [0, 1, 2]


def test_a_command_is_measured_with_its_children(tmp_path: Path) -> None:
    child = "held = bytearray(200_000_000); import time; time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    usage = run_measured([sys.executable, "-c", parent], tmp_path, tmp_path / "log")
    assert 200 < usage.peak_mb < 300
    with pytest.raises(RuntimeError, match="log"):
        run_measured([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, tmp_path / "log")


def test_a_section_is_replaced_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "PAGE", tmp_path / "docs" / "benchmarks.md")
    report.write_section("one", "first")
    report.write_section("two", r"second \1")
    report.write_section("one", "third")
    page = report.PAGE.read_text()
    assert "first" not in page
    assert page.index("third") < page.index(r"second \1")
    assert page.startswith("# Benchmarks\n")
