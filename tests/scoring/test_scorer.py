"""Scores: what they tell apart, and that nothing but a pair's own words changes them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaokerena_data.scoring.model_files import read_scorer, write_scorer
from gaokerena_data.scoring.scored_fields import SCORES_SCHEMA
from gaokerena_data.scoring.scorer import Curve, Scorer
from tests.pairs import answer, question
from tests.scoring.conftest import trained
from tests.scoring.invented import pairs

LETTERS = "ابپتسشعقکگلمنوهی ۰۱۲۳۴abc.،؟!\n\u200c[]😀"

TEXTS = st.text(LETTERS, max_size=80)


def test_pairs_that_nobody_labelled_are_told_apart(scorer: Scorer) -> None:
    unseen = pairs(180)[120:]
    scores = scorer.score(*map(list, zip(*unseen, strict=True)))
    worth = scores["worth"].to_numpy()
    good = np.arange(120, 180) % 3 != 0
    assert worth[good].min() > 0.5 > worth[~good].max()
    assert scores.schema == SCORES_SCHEMA
    alone = scores["stands_alone"].to_numpy()
    assert alone[good].min() > alone[~good].max()


@settings(max_examples=30)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_a_pair_has_one_score_whatever_stands_beside_it(
    scorer: Scorer, others: list[tuple[str, str]]
) -> None:
    mine = (question(3), answer(4))
    [alone] = scorer.score(*([text] for text in mine)).to_pylist()
    asked, told = map(list, zip(*others, mine, *others, strict=True))
    assert scorer.score(asked, told).to_pylist()[len(others)] == alone


def test_no_words_are_scored_too(scorer: Scorer) -> None:
    scores = scorer.score(["", "؟", "😀"], ["", "", "؟؟"]).to_pylist()
    assert all(0 <= row["worth"] <= 1 and 0 <= row["answers_question"] <= 3 for row in scores)
    assert scorer.score([], []).num_rows == 0


def test_the_same_labels_make_the_same_bytes(scorer: Scorer, folder: Path, tmp_path: Path) -> None:
    write_scorer(trained(), tmp_path / "again", {"labels": 120})
    for file in sorted(folder.iterdir()):
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_a_scorer_is_the_same_after_it_was_written(scorer: Scorer, folder: Path) -> None:
    asked, told = map(list, zip(*pairs(40), strict=True))
    assert read_scorer(folder).score(asked, told).equals(scorer.score(asked, told))


@pytest.mark.parametrize(
    ("asked", "age", "sex"),
    [
        ("خانمی ۳۴ ساله هستم و دو هفته است پریود نشده‌ام", 34, "female"),
        ("پسرم ۳ ساله است و شب‌ها سرفه می‌کند", 3, "male"),
        ("پدرم ۶۱ سالشه و من ۲۵ سالمه، آب مروارید ارثی است؟", None, "male"),
        ("آیا قهوه برای معده ضرر دارد؟", None, None),
        ("همسرم بعد از زایمان کردم گفتن ندارد؛ پسرم هم تب دارد و من باردارم", None, None),
    ],
)
def test_age_and_sex_are_told_where_the_question_says_them(
    scorer: Scorer, asked: str, age: int | None, sex: str | None
) -> None:
    [row] = scorer.score([asked], ["بله، معمولا طبیعی است."]).to_pylist()
    assert (row["patient_age"], row["patient_sex"]) == (age, sex)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=9))
def test_a_curve_never_falls_and_stays_between_its_ends(numbers: list[float]) -> None:
    curve = Curve(np.array([-3.0, 0.0, 0.0, 4.0]), np.array([0.1, 0.2, 0.6, 0.9]))
    values = curve(np.array(sorted(numbers)))
    assert (np.diff(values) >= 0).all()
    assert 0.1 <= values[0] <= values[-1] <= 0.9
