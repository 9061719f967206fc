"""kill -9 at any moment, start again: the crawl ends as if nothing had happened."""

import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from gaokerena_data.crawl.run import Options, crawl_sites
from gaokerena_data.crawl.settings import CONNECT_ALL
from gaokerena_data.workspace import Workspace
from tests.crawl.conftest import records
from tests.crawl.processes import start_crawl, wait_for_requests
from tests.crawl.small_forum import SmallForum


def crawl_with_kills(
    forum: SmallForum, workspace: Path, kills: int, seed: int, spread: float
) -> int:
    """Start the crawl over and over, killing it; returns how often it was killed at work."""
    random = Random(seed)
    killed = 0
    for _ in range(kills):
        asked = len(forum.asked)
        process = start_crawl(workspace, forum.address, ["drhast"])
        wait_for_requests(process, lambda: len(forum.asked), asked)
        time.sleep(random.random() * spread)
        killed += process.is_alive()
        process.kill()
        process.join()
    last = start_crawl(workspace, forum.address, ["drhast"])
    last.join()
    assert last.exitcode == 0
    return killed


def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questions: int, kills: int) -> None:
    with SmallForum(questions, seed=3) as forum:
        forum.delay = 0.02
        monkeypatch.setenv(CONNECT_ALL, forum.address)
        undisturbed = Workspace(tmp_path / "undisturbed")
        crawl_sites(undisturbed, ["drhast"], Options(delay=0.0))
        expected = Counter(forum.paths())
        forum.asked.clear()

        disturbed = Workspace(tmp_path / "disturbed")
        spread = questions * forum.delay / 8 / kills * 1.5
        killed = crawl_with_kills(forum, disturbed.root, kills, seed=7, spread=spread)
        asked = Counter(forum.paths())

    assert killed >= kills / 2
    assert records(disturbed) == records(undisturbed)
    assert len(records(disturbed)) == questions
    assert set(asked) == set(expected)
    # At-least-once: only what was on its way when a kill came is asked for again.
    assert sum(asked.values()) - questions <= 8 * killed


@pytest.mark.thorough
@pytest.mark.parametrize(("questions", "kills"), [(150, 4)])
def test_a_crawl_that_is_killed_ends_as_an_undisturbed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questions: int, kills: int
) -> None:
    check(tmp_path, monkeypatch, questions, kills)


@pytest.mark.slow
def test_twenty_kills_at_random_moments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: None
) -> None:
    check(tmp_path, monkeypatch, questions=750, kills=20)
