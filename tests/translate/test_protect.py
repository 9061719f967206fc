"""Doses, codes, names and numbers survive any translator, or it is told what was lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.translate.protect import protect, restore


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Take 500 mg of amoxicillin daily.", ["500 mg", "amoxicillin"]),
        ("A TSH of 2.5 mIU is normal", ["2.5"]),
        ("Glucose was 126 mg/dL, BP 140/90 mmHg", ["126 mg/dL", "140/90 mmHg"]),
        ("HbA1c above 6.5% and vitamin B12", ["HbA1c", "6.5%", "B12"]),
        ("Lisinopril and atorvastatin", ["Lisinopril", "atorvastatin"]),
        ("the patient feels well", []),
    ],
)
def test_what_is_protected(text: str, kept: list[str]) -> None:
    masked, found = protect(text)
    assert found == kept
    assert restore(masked, found) == (text, [])


def test_names_that_are_given_are_kept() -> None:
    assert protect("Lexapro helps", ["lexapro"])[1] == ["Lexapro"]


@given(st.text())
def test_what_is_put_back_is_what_was_taken(text: str) -> None:
    masked, kept = protect(text)
    assert restore(masked, kept) == (text, [])


@pytest.mark.parametrize(
    ("answer", "problem"),
    [("بخورید", "lost"), ("[[0]] و [[0]]", "doubled"), ("[[0]] و [[7]]", "invented")],
)
def test_a_placeholder_that_went_astray_is_told(answer: str, problem: str) -> None:
    _, kept = protect("Take 500 mg")
    assert any(problem in found for found in restore(answer, kept)[1])
