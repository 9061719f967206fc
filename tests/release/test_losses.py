"""A source that is gone, or has shrunk, is no new version until somebody says that it is meant."""

from pathlib import Path

import pytest

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.release.losses import find_losses
from gaokerena_data.workspace import Workspace
from tests.command_line import CommandLine
from tests.pairs import clean_records
from tests.release.versions import released


def test_a_source_that_shrank_stops_a_release(
    begun: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gaokerena = CommandLine(capsys, monkeypatch)
    records = clean_records()
    few = [*records[:40], *records[55:]]  # five of twenty of drhast
    with pytest.raises(
        GaokerenaError, match=r"drhast had 20 records, and has 5 now.*--accept-loss"
    ):
        released(begun, few, "1.1.0")
    assert not begun.release("mf3qa", "1.1.0").exists()
    told = gaokerena("status", "--workspace", begun.root)
    assert "mf3qa: since 1.0.0 drhast had 20 records, and has 5 now" in told.out
    done = gaokerena("release", "mf3qa", "1.1.0", "--workspace", begun.root)
    assert done.code == 1
    done = gaokerena("release", "mf3qa", "1.1.0", "--accept-loss", "--workspace", begun.root)
    assert done.code == 0, done.err
    assert "since 1.0.0" not in gaokerena("status", "--workspace", begun.root).out


@pytest.mark.thorough
def test_how_much_may_be_gone_is_a_setting(begun: Workspace, tmp_path: Path) -> None:
    begun.config_file.write_text("[mf3qa]\nmax_source_loss = 0.8\n", "utf-8")
    made = released(begun, [*clean_records()[:40], *clean_records()[55:]], "1.1.0")
    assert made.is_new


@pytest.mark.parametrize(
    ("now", "lines"),
    [
        ({"a": 100, "b": 80}, []),
        ({"a": 100, "b": 79}, ["b had 100 records, and has 79 now"]),
        ({"b": 100}, ["a had 100 records, and has none now"]),
        ({"a": 500, "b": 100, "c": 3}, []),
    ],
)
def test_what_is_a_loss(now: dict[str, int], lines: list[str]) -> None:
    assert find_losses({"a": 100, "b": 100}, now, 0.2) == lines
