"""Options and keys in the forms in which files hold them, and what is not guessed."""

import pytest

from gaokerena_data.datasets.choice import Key, key_place, read_options, without_empty_end

FOUR = ("کبد", "کلیه", "طحال", "ریه")


@pytest.mark.parametrize(
    ("cell", "key", "place"),
    [
        (1, "from_1", 0), ("4", "from_1", 3), (2.0, "from_1", 1), ("2.0", "from_1", 1),
        ("۳", "from_1", 2), (0, "from_0", 0), ("3", "from_0", 3), ("b", "letter", 1),
        (" (D) ", "letter", 3), ("الف", "letter", 0), ("ج", "letter", 2), ("کلیه ", "text", 1),
        (None, "from_1", None), ("", "letter", None), (float("nan"), "from_0", None),
        (-1, "from_0", None),
    ],
)  # fmt: skip
def test_a_key_is_read_as_it_is_declared(cell: object, key: Key, place: int | None) -> None:
    assert key_place(cell, key, FOUR) == place


@pytest.mark.parametrize(
    ("cell", "key"),
    [(0, "from_1"), (4, "from_0"), (5, "from_1"), ("B", "from_1"), ("2", "letter"), (-1, "from_1"),
     ("E", "letter"), ("پ", "letter"), ("قلب", "text"), (1.5, "from_1"), ("AB", "letter")],
)  # fmt: skip
def test_a_key_of_another_kind_is_not_guessed(cell: object, key: Key) -> None:
    with pytest.raises(ValueError, match=r"."):
        key_place(cell, key, FOUR)


@pytest.mark.parametrize(
    "cell",
    [
        ["آب", "خون", "لنف"],
        ("آب", "خون", "لنف"),
        '["آب", "خون", "لنف"]',
        "['آب', 'خون', 'لنف']",
        {"A": "آب", "B": "خون", "C": "لنف"},
        {"ب": "خون", "الف": "آب", "ج": "لنف"},
        {"2": "خون", "1": "آب", "3": "لنف"},
        {0: "آب", 1: "خون", 2: "لنف"},
        '{"A": "آب", "B": "خون", "C": "لنف"}',
        ["آب", "خون", "لنف", ""],
    ],
)
def test_options_are_read_in_their_order(cell: object) -> None:
    assert read_options(cell) == ["آب", "خون", "لنف"]


@pytest.mark.parametrize(
    "cell",
    [{"A": "آب", "C": "لنف"}, {"B": "آب", "C": "لنف"},
     {2: "آب", 3: "خون"}, {"A": "آب", "1": "خون"}, [["آب"], "خون"], "آب، خون", None, 7,
     ["آب", "", "لنف"], "[" * 5000, [str(number) for number in range(27)], {"text": ["آب"]}],
)  # fmt: skip
def test_what_is_no_row_of_options_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_options(cell)


def test_an_empty_option_in_the_middle_moves_no_key() -> None:
    assert without_empty_end(["آب", "خون ", "", " "]) == ["آب", "خون "]
    with pytest.raises(ValueError, match="option 2 is empty"):
        without_empty_end(["آب", "", "لنف"])
