"""Scores in a curation: a file of them, rules that go by them, and readers who know better."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.curate.rules.short_share import drop_short_beyond
from gaokerena_data.curate.rules.worth import drop_worthless
from gaokerena_data.curate.run import curate
from gaokerena_data.datasets.configs import SCORES_SCHEMA
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.records import QuestionAnswer
from gaokerena_data.scoring.model_files import write_scorer
from gaokerena_data.workspace import Workspace
from tests.pairs import clean_records, pair, write_records
from tests.scoring.conftest import trained
from tests.scoring.invented import LEANS, label

MODEL = "models/mine"
SHORT = "نگران نباشید، این حالت معمولا با استراحت و نوشیدن آب کافی در چند روز کم می‌شود."


def made(folder: Path, min_worth: float = 0.5, max_short_share: float = 1.0) -> Workspace:
    """A workspace with a scorer of its own."""
    workspace = Workspace(folder)
    folder.mkdir(exist_ok=True)
    workspace.config_file.write_text(
        "[mf3qa]\ndrop_faults = []\nmin_answer_words = 3\n[mf3qa.scores]\n"
        f'model = "{MODEL}"\nmin_worth = {min_worth}\nmax_short_share = {max_short_share}\n'
    )
    write_scorer(trained(), workspace.root / MODEL, {})
    return workspace


def leaning(source: str) -> QuestionAnswer:
    return pair(source, f"سلام، دو هفته است گلویم می‌سوزد {source}", LEANS[0].format(n=7))


def run(workspace: Workspace) -> dict[str, dict[str, object]]:
    """What became of every record, by id."""
    curation = curate(workspace, "mf3qa", lambda *_: None, workers=1)
    return {row["id"]: row for row in curation.ledger.to_pylist()}


def scores_of(workspace: Workspace) -> dict[str, dict[str, object]]:
    table = pq.read_table(workspace.curated("mf3qa") / "scores.parquet")
    assert table.schema == SCORES_SCHEMA
    return {row["id"]: row for row in table.to_pylist()}


def test_rows_of_little_worth_are_not_learnt_from(tmp_path: Path) -> None:
    workspace, learnt, tested = made(tmp_path), leaning("drhast"), leaning("doctoryab")
    write_records(workspace, [*clean_records(), learnt, tested])
    became = run(workspace)
    gone = became[learnt.id]
    assert (gone["step"], gone["reason"], gone["threshold"]) == ("worth@1", "little_worth", 0.5)
    scores = scores_of(workspace)
    assert gone["value"] == pytest.approx(scores[learnt.id]["worth"], abs=1e-6)
    assert became[tested.id]["reason"] == "test"
    assert set(scores) == set(became)
    assert {row["scored_by"] for row in scores.values()} == {"invented-scorer@1"}
    facts = json.loads((workspace.curated("mf3qa") / "run.json").read_text("utf-8"))
    assert facts["scorer"]["name"] == "invented-scorer@1"


def test_what_a_reader_said_goes_before_the_score(tmp_path: Path) -> None:
    workspace, leans = made(tmp_path), leaning("drhast")
    fine = clean_records()
    write_records(workspace, [*fine, leans])
    labels = workspace.root / "annotations" / "mf3qa" / "labels.jsonl"
    labels.parent.mkdir(parents=True)
    said = [label(leans.id, 1), label(fine[0].id, 3), label(fine[1].id, 3)]
    said[2] = said[2].model_copy(update={"fault": "glued"})
    labels.write_text("\n".join(each.model_dump_json() for each in said), "utf-8")
    became = run(workspace)
    assert became[leans.id]["decision"] == "kept"
    gone = became[fine[0].id]
    assert (gone["step"], gone["reason"]) == ("worth@1", "a_reader_says_no")
    assert gone["detail"] == "invented-reader: outside"
    # Imports take glued answers apart: what was said of both is said of neither.
    assert became[fine[1].id]["decision"] == "kept"
    scores = scores_of(workspace)[leans.id]
    assert (scores["worth"], scores["scored_by"]) == (1.0, "invented-reader")
    assert scores["specialty"] == "dermatology"


def test_rows_that_come_later_are_scored_as_if_they_had_been_there(tmp_path: Path) -> None:
    records = [*clean_records(), leaning("drhast"), pair("drhast", "سرم گیج می‌رود", SHORT)]
    grown, whole = made(tmp_path / "grown"), made(tmp_path / "whole")
    for some in (records[:30], records):
        write_records(grown, some)
        run(grown)
    write_records(whole, records)
    run(whole)
    for name in ("scores.parquet", "ledger.parquet", "run.json"):
        one, other = (each.curated("mf3qa") / name for each in (grown, whole))
        assert one.read_bytes() == other.read_bytes(), name


def test_similar_rows_are_counted(tmp_path: Path) -> None:
    workspace = made(tmp_path)
    first = clean_records()[0]
    twins = [pair("niniban", first.question + mark, first.answer) for mark in ("!", "!!", "!!!")]
    write_records(workspace, [*clean_records(), *twins])
    run(workspace)
    scores = scores_of(workspace)
    assert {scores[each.id]["similar_rows"] for each in (first, *twins)} == {3}
    assert scores[clean_records()[1].id]["similar_rows"] == 0


def test_a_scorer_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    workspace = made(tmp_path)
    (workspace.root / MODEL / "scorer.json").unlink()
    write_records(workspace, clean_records())
    with pytest.raises(GaokerenaError, match=r"scorer\.json: cannot be read") as told:
        run(workspace)
    assert "\n" not in str(told.value)


rows = st.tuples(
    st.integers(1, 90), st.integers(0, 20), st.booleans(), st.booleans()
)  # words, worth in twentieths, may train, was released


@given(st.lists(rows, max_size=40), st.integers(0, 20))
def test_short_rows_are_at_most_their_share(
    made_up: list[tuple[int, int, bool, bool]], twentieths: int
) -> None:
    share = twentieths / 20
    words, worth, may_train, released = (
        map(list, zip(*made_up, strict=True)) if made_up else ([], [], [], [])
    )
    table = pa.table(
        {
            "id": pa.array([f"r-{n:02d}" for n in range(len(made_up))], pa.string()),
            "source": pa.array(["niniban"] * len(made_up), pa.string()),
            "origin": pa.array([""] * len(made_up), pa.string()),
            "body_words": pa.array(words, pa.int32()),
            "worth": pa.array([each / 20 for each in worth], pa.float32()),
        }
    )
    masks = [np.array(mask, np.bool_) for mask in (may_train, released)]
    sifted = drop_short_beyond(table, 45, share, masks[0], masks[1])
    facts = dict(zip(table["id"].to_pylist(), made_up, strict=True))
    kept, gone = (
        [facts[each] for each in t["id"].to_pylist()] for t in (sifted.kept, sifted.dropped)
    )
    short = [row for row in kept if row[0] < 45 and row[2]]
    learnt = [row for row in kept if row[2]]
    assert len(short) <= share * len(learnt) + 1e-9
    assert all(row[0] < 45 and row[2] for row in gone)
    if gone:
        # One more would have been too many, and no better one went before a worse one.
        assert len(short) + 1 > share * (len(learnt) + 1) - 1e-9
        assert max((row[3], row[1]) for row in gone) <= min(
            ((row[3], row[1]) for row in short), default=(True, 21)
        )


def test_a_score_at_the_threshold_stays() -> None:
    table = pa.table(
        {
            "id": ["a", "b"],
            "source": ["niniban"] * 2,
            "origin": [""] * 2,
            "worth": pa.array([0.85, 0.8499], pa.float32()),
            "fault": pa.array([None, None], pa.string()),
            "scored_by": ["a-scorer@1"] * 2,
        }
    )
    sifted = drop_worthless(table, 0.85, np.ones(2, np.bool_))
    assert sifted.kept["id"].to_pylist() == ["a"]
