"""New records beside old ones: the result is that of a run from scratch, row for row."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.run import Curation, curate
from gaokerena_data.records import QuestionAnswer
from gaokerena_data.workspace import Workspace
from tests.curate.sayings import advice, opinion
from tests.curate.shards import shards_of
from tests.files import files_of
from tests.pairs import NOT_JUDGED, answer, clean_records, pair, question, write_records

# Answers that a new one will hold whole, and answers that two new ones will hold in halves.
HELD = [pair("niniban", question(300 + n), advice(n)) for n in range(10)]
HALVED = [pair("niniban", question(310 + n), f"{advice(10 + n)} {opinion(n)}") for n in range(6)]
OLD = [*clean_records(), *HELD, *HALVED]
LONGER, SHORTER, TEMPLATE = OLD[45], OLD[47], OLD[12]
# Near-duplicates of old rows: one that is longer takes the old row's place, one that is shorter
# does not; an old answer under other questions joins its cluster; one question is answered anew.
TAKES_OVER = pair("drhast", LONGER.question, LONGER.answer + " برایتان آرزوی سلامتی دارم.")
GIVES_WAY = pair("drhast", SHORTER.question, SHORTER.answer.replace("حتما به", "به"))
REPEATS = [pair("niniban", question(200 + n), TEMPLATE.answer) for n in range(6)]
ANSWERED_ANEW = pair("drhast", OLD[50].question, advice(150))
HOLDERS = [
    pair("drhast", question(400 + n), f"{opinion(10 + n)} {old.answer}")
    for n, old in enumerate(HELD)
]
HALVES = [
    pair("drhast", question(number), f"پرسیده‌اید: {question(number)} {said}")
    for n in range(len(HALVED))
    for number, said in ((500 + 2 * n, advice(10 + n)), (501 + 2 * n, opinion(n)))
]
REPEATS_STAY = "[mf3qa]\nmax_same_answers = 50\n" + NOT_JUDGED
NEW = [TAKES_OVER, GIVES_WAY, *REPEATS, ANSWERED_ANEW, *HOLDERS, *HALVES]


def run(workspace: Workspace, measured: list[int] | None = None) -> Curation:
    def progress(what: str, done: int, total: int) -> None:
        if measured is not None and what == "measure" and done == total:
            measured.append(total)

    return curate(workspace, "mf3qa", progress, workers=1)


def rows_of(curation: Curation, split: str) -> list[dict[str, Any]]:
    table = pq.read_table(curation.folder / "default" / f"{split}.parquet")
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def ledger_of(curation: Curation) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in curation.ledger.to_pylist()}


@pytest.fixture
def grown(tmp_path: Path) -> tuple[Workspace, Curation, dict[str, list[dict[str, Any]]]]:
    """A workspace curated with the old records, then with the new ones; its first splits."""
    workspace = Workspace(tmp_path / "grown")
    write_records(workspace, OLD)
    workspace.config_file.write_text(REPEATS_STAY, "utf-8")
    first = run(workspace)
    before = {split: rows_of(first, split) for split in first.splits}
    shards = shards_of(workspace)
    write_records(workspace, [*OLD, *NEW])
    measured: list[int] = []
    second = run(workspace, measured)
    assert measured[-1] == len(NEW)
    assert shards.items() <= shards_of(workspace).items()
    return workspace, second, before


def test_it_is_a_run_from_scratch_row_for_row(
    tmp_path: Path, grown: tuple[Workspace, Curation, dict[str, list[dict[str, Any]]]]
) -> None:
    scratch = Workspace(tmp_path / "scratch")
    write_records(scratch, [*OLD, *NEW])
    scratch.config_file.write_text(REPEATS_STAY, "utf-8")
    assert files_of(run(scratch).folder) == files_of(grown[1].folder)


@pytest.mark.thorough
def test_an_old_row_makes_room_only_for_one_that_is_kept_in_its_place(
    grown: tuple[Workspace, Curation, dict[str, list[dict[str, Any]]]],
) -> None:
    _, curation, before = grown
    ledger = ledger_of(curation)
    assert ledger[LONGER.id]["decision"] == "dropped"
    assert ledger[LONGER.id]["keeper"] == TAKES_OVER.id
    assert ledger[LONGER.id]["similarity"] >= 0.8
    assert ledger[GIVES_WAY.id]["keeper"] == SHORTER.id
    old = {record.id for record in OLD}
    gone = {name for name in old if ledger[name]["decision"] == "dropped"}
    was_kept = {row["id"] for rows in before.values() for row in rows}
    for name in gone & was_kept:
        assert ledger[ledger[name]["keeper"]]["decision"] == "kept"
    assert gone & was_kept == {LONGER.id}


def test_old_rows_keep_their_texts_and_their_order_and_untouched_ones_their_split(
    grown: tuple[Workspace, Curation, dict[str, list[dict[str, Any]]]],
) -> None:
    _, curation, before = grown
    touched = {LONGER.id, SHORTER.id, TEMPLATE.id, OLD[50].id}
    touched |= {row.id for row in (*HELD, *HALVED)}
    for split, rows in before.items():
        now = rows_of(curation, split)
        assert [row["id"] for row in now] == sorted(row["id"] for row in now)
        stayed = [row for row in rows if row["id"] not in touched]
        names = {row["id"] for row in stayed}
        assert [row for row in now if row["id"] in names] == stayed
    assert curation.splits["train"] > len(before["train"])


@pytest.mark.thorough
def test_an_old_row_of_dev_moves_to_train_where_new_rows_hold_its_answer(
    grown: tuple[Workspace, Curation, dict[str, list[dict[str, Any]]]],
) -> None:
    _, curation, before = grown
    ledger = ledger_of(curation)
    was_in_dev = {row["id"] for row in before["dev"]}
    for rows in (HELD, HALVED):
        assert was_in_dev & {row.id for row in rows}
        assert {ledger[row.id]["reason"] for row in rows} == {"train"}
    held = next(row for row in HELD if row.id in was_in_dev)
    holder = HOLDERS[HELD.index(held)]
    assert f"of its answer stands in {holder.id}, on the same side" in ledger[held.id]["detail"]
    halved = next(row for row in HALVED if row.id in was_in_dev)
    assert "drawn for dev, but " in ledger[halved.id]["detail"]
    assert not any(leak.contained for leak in curation.leaks)


def test_another_answer_to_an_old_question_is_kept_beside_it_on_the_same_side(
    grown: tuple[Workspace, Curation, dict[str, list[dict[str, Any]]]],
) -> None:
    ledger = ledger_of(grown[1])
    for one, other in ((OLD[50], ANSWERED_ANEW), (TEMPLATE, REPEATS[0]), (TEMPLATE, REPEATS[5])):
        assert ledger[one.id]["decision"] == ledger[other.id]["decision"] == "kept"
        assert ledger[one.id]["reason"] == ledger[other.id]["reason"]


@pytest.mark.thorough
def test_a_record_fetched_later_moves_no_older_one_to_another_split(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "later")
    write_records(workspace, OLD)
    workspace.config_file.write_text(NOT_JUDGED)
    before = {name: row["reason"] for name, row in ledger_of(run(workspace)).items()}
    later = [
        replace(pair("niniban", question(200 + n), old.answer), fetched_at="2026-11-01T08:00:00Z")
        for n, old in enumerate(OLD[:40])
    ]
    assert any(new.id < old.id for new, old in zip(later, OLD, strict=False))
    write_records(workspace, [*OLD, *later])
    ledger = ledger_of(run(workspace))
    assert {name: ledger[name]["reason"] for name in before} == before
    for new, old in zip(later, OLD, strict=False):
        assert ledger[new.id]["reason"] == before[old.id]


def test_what_was_taken_away_leaves_no_trace(tmp_path: Path) -> None:
    """The store knows more texts than there are records: they take no part."""
    workspace, scratch = Workspace(tmp_path / "shrunk"), Workspace(tmp_path / "scratch")
    write_records(workspace, [*OLD, *NEW])
    run(workspace)
    write_records(workspace, OLD)
    write_records(scratch, OLD)
    assert files_of(run(workspace).folder) == files_of(run(scratch).folder)


@pytest.mark.thorough
def test_where_a_record_lies_makes_no_difference(tmp_path: Path) -> None:
    """The same records in another order and in other files: the same rows."""
    made = []
    for name, records in (("one", OLD), ("other", OLD[::-1])):
        workspace = Workspace(tmp_path / name)
        write_records(workspace, [*records, *(NEW if name == "one" else NEW[::-1])])
        curation = run(workspace)
        made.append((curation.ledger, [files_of(curation.folder / part) for part in ("default",)]))
    assert made[0][0].equals(made[1][0])
    assert made[0][1] == made[1][1]


def different_answers() -> list[QuestionAnswer]:
    return [pair("niniban", question(5), answer(n)) for n in range(60, 64)]


def test_a_thread_stands_on_one_side(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "threads")
    write_records(workspace, [*OLD, *different_answers()])
    workspace.config_file.write_text(NOT_JUDGED)
    ledger = ledger_of(run(workspace))
    fates = {
        (ledger[record.id]["decision"], ledger[record.id]["reason"])
        for record in (OLD[5], *different_answers())
    }
    assert len(fates) == 1
