"""The card's section: counts and figures, and no reviewer's name."""

from pathlib import Path

import pytest

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.agreement_files import report_agreement
from gaokerena_data.review.card import describe_review
from gaokerena_data.review.decisions import append_decisions, log_path
from gaokerena_data.workspace import Workspace
from tests.review.logs import decision


def test_nobody_has_decided_anything(tmp_path: Path) -> None:
    assert describe_review(Workspace(tmp_path), "mf3qa", "majority", []) is None


def test_counts_then_figures_and_no_names(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    log = [decision(n, "maryam", ("accept", "reject")[n % 2]) for n in range(10)]
    log += [
        decision(n, "reza", "accept" if n == 1 else ("accept", "reject")[n % 2]) for n in range(8)
    ]
    append_decisions(log_path(workspace, "mf3qa"), log)
    text = describe_review(workspace, "mf3qa", "majority", [])
    assert text is not None
    assert "18 decisions by 2 reviewers on 10 rows (guideline 1)" in text
    assert "5 accepted, 0 corrected, 4 rejected, 1 still open" in text
    assert "|" not in text
    report_agreement(workspace, "mf3qa")
    text = describe_review(workspace, "mf3qa", "majority", [])
    assert text is not None
    assert "| all sources | 8 | 0.88 [" in text
    assert "maryam" not in text
    log_path(workspace, "mf3qa").with_suffix(".agreement.json").write_text("{}", "utf-8")
    with pytest.raises(GaokerenaError, match="review agreement mf3qa"):
        describe_review(workspace, "mf3qa", "majority", [])
