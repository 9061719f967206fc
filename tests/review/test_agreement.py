"""Agreement: figures that are known, and what a log makes of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.agreement import (
    MISSING,
    bootstrap,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    measure_agreement,
    raw_agreement,
)
from gaokerena_data.review.agreement_files import report_agreement
from gaokerena_data.review.decisions import (
    append_decisions,
    log_path,
)
from gaokerena_data.workspace import Workspace
from tests.review.logs import decision


def test_cohens_kappa_of_the_textbook_table() -> None:
    # 50 rows, 20 + 15 on the diagonal: observed 0.7, by chance 0.5.
    pairs = [(0, 0)] * 20 + [(0, 1)] * 5 + [(1, 0)] * 10 + [(1, 1)] * 15
    ratings = np.array(pairs, np.int8)
    assert cohen_kappa(ratings) == pytest.approx(0.4)
    assert raw_agreement(ratings) == pytest.approx(0.7)


def test_alpha_of_krippendorffs_own_example() -> None:
    # Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), binary data: 0.095.
    meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    ratings = np.array([meg, owen], np.int8).T
    assert krippendorff_alpha(ratings) == pytest.approx(0.095, abs=5e-4)


def test_fleiss_kappa_of_three_reviewers_by_hand() -> None:
    ratings = np.array([[0, 0, 0], [0, 0, 1], [1, 1, 1], [0, 1, 1]], np.int8)
    # Per row 1, 1/3, 1, 1/3: observed 2/3; both categories hold half: 1/2 by chance.
    assert fleiss_kappa(ratings) == pytest.approx((2 / 3 - 1 / 2) / (1 - 1 / 2))
    gaps = np.vstack([ratings, [[0, MISSING, 1]]]).astype(np.int8)
    assert fleiss_kappa(gaps) == fleiss_kappa(ratings)


def test_where_all_rows_are_alike_a_kappa_is_not_defined() -> None:
    ratings = np.zeros((5, 2), np.int8)
    assert raw_agreement(ratings) == 1
    assert np.isnan(cohen_kappa(ratings))
    assert np.isnan(krippendorff_alpha(ratings))
    assert bootstrap(cohen_kappa, ratings, 1).value is None


def test_an_interval_holds_its_figure_and_repeats() -> None:
    draw = np.random.default_rng(3)
    first = draw.integers(0, 3, 80)
    second = np.where(draw.random(80) < 0.7, first, draw.integers(0, 3, 80))
    ratings = np.stack([first, second], axis=1).astype(np.int8)
    measure = bootstrap(krippendorff_alpha, ratings, 1)
    assert measure == bootstrap(krippendorff_alpha, ratings, 1)
    assert measure.value is not None
    assert measure.low is not None
    assert measure.high is not None
    assert measure.low < measure.value < measure.high
    few = bootstrap(krippendorff_alpha, ratings[:20], 1)
    assert few.low is not None
    assert few.high is not None
    assert few.high - few.low > measure.high - measure.low


def test_a_log_by_source_and_pair_without_second_rounds() -> None:
    log = [decision(n, who, "accept") for n in range(6) for who in ("maryam", "reza")]
    log += [decision(6, "maryam", "reject"), decision(6, "reza", "accept")]
    log += [decision(7, "maryam", "unclear"), decision(7, "sara", "out_of_field")]
    log += [decision(6, "sara", "accept", 2)]
    sources = {f"drhast-{n}": "drhast" if n < 4 else "niniban" for n in range(8)}
    report = measure_agreement(log, sources)
    assert report.overall.rows == 7
    assert report.overall.raw.value == pytest.approx(6 / 7, abs=1e-4)
    assert {name: one.rows for name, one in report.by_source.items()} == {"drhast": 4, "niniban": 3}
    assert report.by_pair["maryam - reza"].rows == 7
    assert report.by_pair["maryam - sara"].rows == 0
    assert report.choices["sara"]["out_of_field"] == 1
    assert report.choices["sara"]["accept"] == 0


def test_files_for_the_card_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    log = [decision(n, "maryam", ("accept", "reject", "edit")[n % 3]) for n in range(12)]
    log += [decision(n, "reza", ("accept", "reject", "accept")[n % 3]) for n in range(12)]
    append_decisions(log_path(workspace, "mf3qa"), log)
    report_agreement(workspace, "mf3qa")
    names = ("mf3qa.agreement.json", "mf3qa.agreement.png")
    first = [(tmp_path / "reviews" / name).read_bytes() for name in names]
    report_agreement(workspace, "mf3qa")
    assert [(tmp_path / "reviews" / name).read_bytes() for name in names] == first
    assert json.loads(first[0])["overall"]["rows"] == 12
    assert first[1].startswith(b"\x89PNG")


def test_without_two_reviewers_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match="--overlap"):
        report_agreement(Workspace(tmp_path), "mf3qa")
