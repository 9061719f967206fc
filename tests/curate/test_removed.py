"""The config `removed`: what the rules left out, without anything that may not be shown."""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.other_configs import SHOWN, WITHHELD
from gaokerena_data.curate.rules.containment import ContainmentSettings
from gaokerena_data.curate.rules.registry import PACKAGED_RULES
from gaokerena_data.curate.run import Curation, curate
from gaokerena_data.curate.settings import load_settings
from gaokerena_data.curate.splits.leakage import count_leaks
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.records import QuestionAnswer
from gaokerena_data.review.decisions import Decision, append_decisions, log_path
from gaokerena_data.review.settle_log import settle_log
from gaokerena_data.settled import Reason, content_hash
from gaokerena_data.takedowns.requests import add_takedown
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, clean_records, pair, question, write_records

LINK = "https://lab.example.ir/result?PatientID=123456"
SHORT = pair("drhast", question(90), "بله، تلفن من ۰۹۱۲۰۰۰۰۰۰۰")


def run(workspace: Workspace, records: list[QuestionAnswer]) -> Curation:
    write_records(workspace, records)
    return curate(workspace, "mf3qa", lambda *_: None, workers=1)


def removed_of(curation: Curation) -> dict[str, dict[str, object]]:
    rows = pq.read_table(curation.folder / "removed" / "removed.parquet").to_pylist()
    return {row["id"]: row for row in rows}


def dropped_of(curation: Curation) -> dict[str, str]:
    rows = curation.ledger.to_pylist()
    return {row["id"]: row["step"] for row in rows if row["decision"] == "dropped"}


def test_every_packaged_rule_says_whether_what_it_drops_is_shown() -> None:
    """A new rule belongs to one of the two sets of `curate/other_configs.py`."""
    rules = {name.partition("@")[0] for name in PACKAGED_RULES}
    assert rules <= SHOWN | WITHHELD
    assert not SHOWN & WITHHELD


def test_a_row_tells_why_it_was_left_out_and_what_stands_in_its_place(tmp_path: Path) -> None:
    train = [each for each in clean_records() if each.source == "drhast"]
    twin = replace(pair("drhast", train[0].question, train[0].answer + " !"), url=None)
    curation = run(Workspace(tmp_path), [*clean_records(), SHORT, twin])
    rows = removed_of(curation)
    assert set(rows) == set(dropped_of(curation))
    short = rows[SHORT.id]
    assert (short["rule"], short["reason"], short["keeper"]) == (
        "visible_fault@1", "only_gives_a_contact", None,
    )  # fmt: skip
    assert (short["value"], short["threshold"]) == (None, None)
    assert "۰۹۱۲" not in str(short["answer"])
    (gone,) = set(rows) - {SHORT.id}
    assert {gone, rows[gone]["keeper"]} == {twin.id, train[0].id}


def test_what_privacy_or_a_wish_left_out_is_not_shown_whichever_rule_came_first(
    tmp_path: Path,
) -> None:
    linked = pair("drhast", question(91), f"بله {LINK}")  # too short as well
    asked = pair("drhast", question(92), "خیر")
    bare = pair("drhast", question(93), "")
    room = Workspace(tmp_path)
    add_takedown(room, asked.id, "the patient asked")
    curation = run(room, [*clean_records(), SHORT, SHORT, linked, asked, bare])
    assert set(removed_of(curation)) == {SHORT.id}
    assert {linked.id, asked.id, bare.id} <= set(dropped_of(curation))


def test_what_reviewers_hid_or_changed_or_have_not_settled_is_not_shown(tmp_path: Path) -> None:
    train = [each for each in clean_records() if each.source == "drhast"]
    room = Workspace(tmp_path)
    candidates = pq.read_table(run(room, clean_records()).folder / "candidates.parquet")
    texts = {row["id"]: (row["question"], row["answer"]) for row in candidates.to_pylist()}

    def decide(record: QuestionAnswer, reviewer: str, reason: Reason | None) -> Decision:
        return Decision(
            batch="mf3qa-00000000", dataset_version="1.0.0", guideline="1", record_id=record.id,
            content=content_hash(*texts[record.id]), reviewer=reviewer, round=1,
            choice="reject" if reason else "accept", reason=reason, question=None, answer=None,
            note=None, decided_at="2026-11-02T08:30:00Z",
        )  # fmt: skip

    decisions = [
        decide(train[0], "sara", "outdated"),
        decide(train[1], "sara", "personal_data"),
        # Most say it is an advert: one who saw a patient's name is enough.
        decide(train[2], "sara", "advertising"),
        decide(train[2], "omid", "advertising"),
        decide(train[2], "nima", "personal_data"),
        decide(train[3], "sara", "not_medical"),
        decide(train[3], "omid", None),
    ]
    append_decisions(log_path(room, "mf3qa"), decisions)
    settle_log(room, MF3QA)
    curation = run(room, clean_records())
    assert set(dropped_of(curation)) == {each.id for each in train[:4]}
    rows = removed_of(curation)
    assert {each: row["reason"] for each, row in rows.items()} == {train[0].id: "outdated"}
    folder = curation.folder / "uncleaned"
    shown = {each for file in folder.iterdir() for each in pq.read_table(file)["id"].to_pylist()}
    assert train[0].id in shown
    assert not shown & {train[1].id, train[2].id}


@pytest.mark.parametrize("held", ["dev", "test"])
def test_nothing_like_a_text_that_tests_is_shown(tmp_path: Path, held: str) -> None:
    """However it was left out: too short, the same words, or held whole in another text."""
    room = Workspace(tmp_path)
    split = run(room, clean_records()).folder / "default" / f"{held}.parquet"
    tested = pq.read_table(split).to_pylist()[0]
    copies = [
        pair("niniban", tested["question"], "بله"),
        pair("niniban", tested["question"] + " ممنون", "خیر"),
        pair("niniban", question(94), tested["answer"]),
        pair("niniban", f"{question(95)} {tested['question']} {answer(95)}", "خیر"),
        pair("niniban", question(96), tested["answer"] + " موفق باشید"),
    ]
    curation = run(room, [*clean_records(), SHORT, *copies])
    dropped, rows = dropped_of(curation), removed_of(curation)
    assert len(set(dropped) & {each.id for each in copies}) >= 3
    assert set(rows) & set(dropped) <= {SHORT.id}
    assert SHORT.id in rows
    texts = {
        name: {side: [str(row[side]) for row in table] for side in ("question", "answer")}
        for name, table in (
            ("train", list(rows.values())),
            (held, pq.read_table(curation.folder / "default" / f"{held}.parquet").to_pylist()),
        )
    }
    settings = load_settings(room, MF3QA, None)
    assert isinstance(settings, ContainmentSettings)
    leaks = count_leaks(texts, settings.near_duplicates, settings.containment)
    assert leaks
    assert all(not (leak.identical or leak.near or leak.contained) for leak in leaks)


@pytest.mark.thorough
def test_sources_that_test_are_not_shown(tmp_path: Path) -> None:
    english = "Please take one tablet every eight hours after meals and rest well at home. " * 5
    tested = pair("doctoryab", "What should I take for the pain in my back?", english)
    curation = run(Workspace(tmp_path), [*clean_records(), tested])
    assert tested.id in dropped_of(curation)
    assert removed_of(curation) == {}
