"""`gaokerena annotate` with a model on this machine: the door is the one of `evaluate`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gaokerena_data.workspace import Workspace
from tests.annotate.curated import LABEL, write_curated
from tests.command_line import CommandLine


@pytest.mark.thorough
def test_a_model_here_labels_rows(
    speaking_model: Callable[[str], Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace = Workspace(tmp_path)
    ids = write_curated(workspace, kept=2)
    done = CommandLine(capsys, monkeypatch)(
        "annotate", "mf3qa", "--model", speaking_model(json.dumps(LABEL)), "--sample", 3,
        "--at-once", 2, "--max-new-tokens", 64, "--workspace", workspace.root,
    )  # fmt: skip
    assert done.code == 0, done.err
    lines = (workspace.annotations("mf3qa") / "labels.jsonl").read_text("utf-8").split("\n")[:-1]
    labels = [json.loads(line) for line in lines]
    assert len(labels) == 3
    assert {label["id"] for label in labels} < set(ids)
    assert all(label.items() >= LABEL.items() for label in labels)
