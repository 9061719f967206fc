"""The log: what makes two texts the same, and what a line may hold."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.decisions import (
    Decision,
    append_decisions,
    load_decisions,
)
from gaokerena_data.settled import content_hash

CONTENT = content_hash("سرم درد می‌کند", "استراحت کنید")
WORDS = st.text("ابپتسلمنوهی آچ۰۱۲345.,؟\u200c abXY", max_size=60)


def decision(minute: int = 0, **more: object) -> Decision:
    values = {"record_id": "drhast-1", "content": CONTENT, "choice": "accept", "reviewer": "maryam"}
    at = f"2026-03-21T08:{minute:02}:00Z"
    return Decision(**(values | {"decided_at": at} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("می‌شود", "می شود"),
        ("قرص 2.5 mg", "قرص ۲٫۵ MG"),
        ("كتاب يك", "کتاب یک"),
        ("درد\n\nدارم", "درد دارم"),
        ("\u202aتب\u202c", "تب"),
    ],
)
def test_another_writing_of_the_same_words_is_the_same(one: str, other: str) -> None:
    assert content_hash(one, "") == content_hash(other, "")
    assert content_hash("", one) == content_hash("", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("۲٫۵ میلی", "۲۵ میلی"),
        ("۵ ۱۰ قطره", "۵۱۰ قطره"),
        ("-۵ درجه", "۵ درجه"),
        ("بخورید", "نخورید"),
        ("۵۰۰mg", "۵۰۰mcg"),
    ],
)
def test_another_meaning_is_another_content(one: str, other: str) -> None:
    assert content_hash(one, "") != content_hash(other, "")


@given(WORDS, WORDS)
def test_question_and_answer_do_not_run_into_each_other(question: str, answer: str) -> None:
    # Where the border lies matters, unless nothing but spaces moves over it.
    moved = content_hash(question + "ژ", answer)
    assert moved != content_hash(question, "ژ" + answer)
    assert content_hash(question, answer) == content_hash(f" {question}\n", f"\u200c{answer}\t")


def test_the_same_again_adds_nothing_and_touches_nothing(tmp_path: Path) -> None:
    log = tmp_path / "reviews" / "mf3qa.jsonl"
    assert append_decisions(log, [decision(), decision(), decision(5)]) == 2
    before = log.stat().st_mtime_ns
    assert append_decisions(log, [decision(5), decision()]) == 0
    # A copy of a file without times repeats the last word at another time.
    assert append_decisions(log, [decision(9)], dated=False) == 0
    assert log.stat().st_mtime_ns == before


def test_a_change_of_mind_is_added_and_an_old_file_brings_nothing_back(tmp_path: Path) -> None:
    log = tmp_path / "mf3qa.jsonl"
    first, second = decision(1), decision(2, choice="reject", reason="outdated")
    third = decision(3)
    assert [append_decisions(log, [one]) for one in (first, second, third)] == [1, 1, 1]
    assert append_decisions(log, [first, second, third]) == 0
    assert load_decisions(log) == [first, second, third]


@settings(max_examples=30)  # each writes a log a few times
@given(
    st.lists(
        st.lists(
            st.builds(
                decision,
                st.integers(0, 3),
                reviewer=st.sampled_from(["maryam", "reza"]),
                choice=st.sampled_from(["accept", "unclear"]),
                note=st.sampled_from([None, "یادداشت\u2028\n\"'", "\\"]),
            )
        )
    )
)
def test_a_log_only_ever_grows_at_its_end(
    tmp_path_factory: pytest.TempPathFactory, imports: list[list[Decision]]
) -> None:
    log = tmp_path_factory.mktemp("log") / "mf3qa.jsonl"
    old: list[Decision] = []
    for decisions in imports:
        added = append_decisions(log, decisions)
        new = load_decisions(log)
        assert new[: len(old)] == old
        assert len(new) == len(old) + added
        assert set(decisions) <= set(new)
        assert append_decisions(log, decisions) == 0
        old = new


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "line 2"),
        (b"[]", "no object"),
        (b"{}", "line 2"),
        (b'{"record_id": "x", "delete": true}', "unknown key 'delete'"),
        (b'{"round": "1"}', "round"),
        (b"\xff\xfe", "line 2"),
    ],
)
def test_a_damaged_line_stops_with_its_number(tmp_path: Path, line: bytes, message: str) -> None:
    log = tmp_path / "mf3qa.jsonl"
    append_decisions(log, [decision()])
    log.write_bytes(log.read_bytes() + line + b"\n")
    before = log.read_bytes()
    with pytest.raises(GaokerenaError, match=message):
        append_decisions(log, [decision(7, note="تازه")])
    assert log.read_bytes() == before
