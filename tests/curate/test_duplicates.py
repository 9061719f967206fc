"""Which of two records stays."""

from dataclasses import replace

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.curate.duplicates.preference import preference
from gaokerena_data.curate.rules.exact_duplicate import drop_exact
from gaokerena_data.curate.rules.repeated_record import drop_repeated
from gaokerena_data.datasets.mf3qa import MF3QA

SOURCES = ["drhast", "niniban", "doctoryab"]  # the last one is of the test split
DATASET = replace(MF3QA, sources=tuple(SOURCES))
DIGESTS = ("heading_digest", "body_digest")
TIMES = [None, "2024-05-01T08:00:00Z", "2024-05-02T08:00:00Z", "2025-01-01T00:00:00Z"]

records = st.lists(
    st.tuples(
        st.sampled_from(SOURCES),
        st.integers(0, 3),  # words
        st.sampled_from(TIMES),
        st.integers(0, 30),  # id
        st.sampled_from(["a", "b", "c"]),  # digest of the question
        st.sampled_from(["x", "y"]),  # of the answer
    ),
    max_size=12,
)


def table_of(rows: list[tuple[str, int, str | None, int, str, str]]) -> pa.Table:
    source, words, fetched, number, heading, body = zip(*rows, strict=True) if rows else [[]] * 6
    return pa.table(
        {
            "id": pa.array([f"niniban-{each:016x}" for each in number], pa.string()),
            "source": pa.array(source, pa.string()),
            "origin": pa.array([f"crawl.xlsx:{row}" for row in range(len(rows))], pa.string()),
            "body_words": pa.array(words, pa.int32()),
            "fetched_at": pa.array(fetched, pa.string()),
            "heading_digest": pa.array(heading, pa.string()),
            "body_digest": pa.array(body, pa.string()),
        }
    )


def deserts(row: tuple[str, int, str | None, int, str, str]) -> tuple[bool, int, str, int, int]:
    source, words, fetched, number, *_ = row
    return source != "doctoryab", -words, fetched or "", SOURCES.index(source), number


@given(rows=records)
def test_the_longest_stays_then_the_earliest_but_a_test_record_before_any_other(
    rows: list[tuple[str, int, str | None, int, str, str]],
) -> None:
    rows = list({row[3]: row for row in rows}.values())
    order = sorted(range(len(rows)), key=lambda row: deserts(rows[row]))
    assert preference(table_of(rows), DATASET).tolist() == order


@given(rows=records)
def test_each_record_with_the_same_words_names_the_one_that_is_kept(
    rows: list[tuple[str, int, str | None, int, str, str]],
) -> None:
    rows = list({row[3]: row for row in rows}.values())
    table = table_of(rows)
    outcome = drop_exact(table, preference(table, DATASET), DIGESTS)
    best = {
        words: min((row for row in rows if row[4:] == words), key=deserts)
        for words in {row[4:] for row in rows}
    }
    kept = {row[3] for row in best.values()}
    assert [int(name[-2:], 16) for name in outcome.kept["id"].to_pylist()] == [
        row[3] for row in rows if row[3] in kept
    ]
    assert outcome.dropped["keeper"].to_pylist() == [
        f"niniban-{best[row[4:]][3]:016x}" for row in rows if row[3] not in kept
    ]


@given(rows=records)
def test_of_one_id_the_reading_fetched_last_stays(
    rows: list[tuple[str, int, str | None, int, str, str]],
) -> None:
    outcome = drop_repeated(table_of(rows))
    last = {
        number: max(
            (place for place, row in enumerate(rows) if row[3] == number),
            key=lambda place: (rows[place][2] or "", -place),
        )
        for number in {row[3] for row in rows}
    }
    kept = sorted(last.values())
    assert outcome.kept["origin"].to_pylist() == [f"crawl.xlsx:{place}" for place in kept]
    assert outcome.dropped["detail"].to_pylist() == [
        f"kept: crawl.xlsx:{last[row[3]]}" for place, row in enumerate(rows) if place not in kept
    ]
    assert outcome.dropped.num_rows + outcome.kept.num_rows == len(rows)
