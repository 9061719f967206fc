"""A scorer trained on invented pairs, once for all tests."""

from pathlib import Path

import pytest

from gaokerena_data.annotate.fitting import (
    Pairs,
    assemble,
    calibrate,
    fit_all,
    read_features,
    targets,
)
from gaokerena_data.scoring.model_files import write_scorer
from gaokerena_data.scoring.scored_fields import NUMBERS
from gaokerena_data.scoring.scorer import Scorer
from tests.scoring.invented import label, pairs

COUNT = 120


def trained() -> Scorer:
    asked, told = map(list, zip(*pairs(COUNT), strict=True))
    read = read_features(Pairs(asked, told), Pairs([], []))
    wanted = targets([label(f"niniban-{n}", n) for n in range(COUNT)])
    linear = fit_all(read, wanted)
    curves = {name: calibrate(name, linear[name](read), wanted[name]) for name in NUMBERS}
    return assemble("invented-scorer@1", read, linear, curves)


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    return trained()


@pytest.fixture
def folder(scorer: Scorer, tmp_path: Path) -> Path:
    """The scorer's folder, which a test may spoil."""
    write_scorer(scorer, tmp_path / "scorer", {"labels": COUNT})
    return tmp_path / "scorer"
