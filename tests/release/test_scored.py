"""The config `scored`: every released row once more, with what models said of it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from datasets import load_dataset

from gaokerena_data.curate.run import curate
from gaokerena_data.datasets.configs import SCORES_FILE
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.verify import verify
from gaokerena_data.release.build import Release, find_release, release
from gaokerena_data.release.differences.diff import compare
from gaokerena_data.release.scores import FEW
from gaokerena_data.workspace import Workspace
from tests.pairs import clean_records, pair, question, write_records
from tests.release.scores import write_scores
from tests.release.versions import released_with_scores

WITH_SITE, WITHOUT_SCORE, YOUNG, READ = 3, 4, 5, 6
RECORDS = clean_records()
RECORDS[WITH_SITE] = replace(RECORDS[WITH_SITE], specialty="متخصص مغز و اعصاب")
SHORT = pair("drhast", question(90), "بله")


def differ(record_id: str) -> dict[str, Any] | None:
    if record_id == RECORDS[WITHOUT_SCORE].id:
        return None
    if record_id == RECORDS[YOUNG].id:
        return {"patient_age": 4, "patient_sex": None, "harmful": float("nan"), "specialty": None}
    if record_id == RECORDS[READ].id:
        return {"scored_by": "دکتر مهتاب سرافراز", "worth": 1.0}
    return {}


def made_in(workspace: Workspace) -> Release:
    return released_with_scores(workspace, [*RECORDS, SHORT], "1.0.0", differ)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("scored"))


@pytest.fixture(scope="module")
def scored(room: Workspace) -> Release:
    return made_in(room)


def rows_of(made: Release, config: str) -> dict[str, dict[str, Any]]:
    files = sorted((made.folder / config).glob("*.parquet"))
    return {row["id"]: row for file in files for row in pq.read_table(file).to_pylist()}


def test_every_row_of_default_stands_there_in_its_split_with_its_scores(
    scored: Release, tmp_path: Path
) -> None:
    default = load_dataset(str(scored.folder), cache_dir=str(tmp_path))
    found = load_dataset(str(scored.folder), "scored", cache_dir=str(tmp_path))
    assert list(found) == list(default) == ["train", "dev", "test"]
    for split, rows in default.items():
        columns = [name for name in rows.column_names if name != "specialty"]
        assert (
            found[split].select_columns(columns).to_list() == rows.select_columns(columns).to_list()
        )
    row = rows_of(scored, "scored")[RECORDS[0].id]
    assert row["answers_question"] == 2.718
    assert row["stands_alone"] >= 0.9  # a float's 0.9 would be less
    assert (row["icd11_chapter"], row["similar_rows"], row["scored_by"]) == ("08", 1, "tests@1")
    assert verify(str(scored.folder)).problems == []


def test_a_specialty_is_the_site_s_or_else_the_model_s_and_says_which(scored: Release) -> None:
    rows = rows_of(scored, "scored")
    site, model, none = (rows[RECORDS[n].id] for n in (WITH_SITE, 0, WITHOUT_SCORE))
    assert (site["specialty"], site["specialty_from"]) == ("متخصص مغز و اعصاب", "site")
    assert (model["specialty"], model["specialty_from"]) == ("neurology", "model")
    assert (none["specialty"], none["specialty_from"], none["worth"]) == (None, None, None)
    assert rows[RECORDS[YOUNG].id]["harmful"] is None
    assert rows_of(scored, "data")[RECORDS[0].id]["specialty"] is None


def test_who_labelled_a_row_is_not_named(scored: Release) -> None:
    row = rows_of(scored, "scored")[RECORDS[READ].id]
    assert (row["worth"], row["scored_by"]) == (1.0, "label")
    everything = b"".join(file.read_bytes() for file in scored.folder.rglob("*") if file.is_file())
    assert "سرافراز".encode() not in everything


def test_what_was_left_out_carries_the_same_scores(scored: Release) -> None:
    removed = rows_of(scored, "removed")[SHORT.id]
    (kept,) = (each for each in rows_of(scored, "scored").values() if each["id"] == RECORDS[0].id)
    assert set(kept) < set(removed)
    assert removed["worth"] == kept["worth"]


def test_ages_are_no_finer_than_the_questions_tell_them(tmp_path: Path) -> None:
    room = Workspace(tmp_path)
    room.config_file.write_text("[mf3qa.generalize]\nage = true\n", "utf-8")
    rows = rows_of(made_in(room), "scored")
    assert rows[RECORDS[0].id]["patient_age"] == 30
    assert rows[RECORDS[YOUNG].id]["patient_age"] == 0
    question_of = rows[RECORDS[0].id]["Question"]
    assert "۲۰ تا ۲۴ ساله" in question_of


def test_the_card_tells_what_scores_are_and_whom_they_single_out(scored: Release) -> None:
    card = (scored.folder / "README.md").read_text("utf-8")
    assert '"scored", revision="v1.0.0"' in card
    assert "| `stands_alone` |" in card
    rows = list(rows_of(scored, "scored").values())
    both = [row for row in rows if row["patient_sex"] and row["patient_age"] is not None]
    train = [row for row in both if row["Source"] in ("niniban", "drhast")]
    assert len(both) < len(rows)
    assert len(train) > FEW
    # The one with a specialty of its own shares age, sex and specialty with nobody.
    counts = scored_statistics(scored)["patients"]
    assert sum(split["few"] for split in counts) == 1
    assert sum(split["both"] for split in counts) == len(both)
    assert "fewer than five" in card


def scored_statistics(made: Release) -> dict[str, list[dict[str, Any]]]:
    scores = json.loads((made.folder / "statistics.json").read_text("utf-8"))["scores"]
    assert scores.pop("removed")["patients"]["both"] == 1
    assert sum(facts["rows"] for facts in scores.values()) == 70
    return {"patients": [facts["patients"] for facts in scores.values()]}


@pytest.mark.thorough
def test_without_scores_there_is_no_such_config_and_nothing_fails(
    room: Workspace, scored: Release, tmp_path: Path
) -> None:
    again = Workspace(tmp_path)
    write_records(again, RECORDS)
    curate(again, "mf3qa", lambda *_: None, workers=1)
    (again.curated("mf3qa") / SCORES_FILE).unlink(missing_ok=True)
    made = release(again, "mf3qa", "1.0.0")
    assert "scored" not in made.manifest["rows"]
    assert "scored" not in (made.folder / "README.md").read_text("utf-8").partition("# MF3QA")[0]
    difference = compare(find_release(again, "mf3qa", "1.0.0"), find_release(
        room, "mf3qa", "1.0.0"), None)  # fmt: skip
    assert "config scored is new" in difference.schema


def test_a_damaged_file_of_scores_is_told(tmp_path: Path) -> None:
    room = Workspace(tmp_path)
    write_records(room, RECORDS)
    curate(room, "mf3qa", lambda *_: None, workers=1)
    file = room.curated("mf3qa") / SCORES_FILE
    write_scores(room)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(GaokerenaError, match=r"scores\.parquet.*gaokerena curate mf3qa"):
        release(room, "mf3qa", "1.0.0")
    write_scores(room)
    pq.write_table(pq.read_table(file).drop_columns("worth"), file)
    with pytest.raises(GaokerenaError, match=r"scores\.parquet.*gaokerena curate mf3qa"):
        release(room, "mf3qa", "1.0.0")
