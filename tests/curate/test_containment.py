"""No text of dev or test stands in train, in one record or in several taken together."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.curate.duplicates.compared_texts import ComparedTexts
from gaokerena_data.curate.rules.containment import ContainmentSettings, drop_holders
from gaokerena_data.curate.rules.decontaminate import drop_leaks
from gaokerena_data.curate.rules.split import SplitSettings
from gaokerena_data.curate.run import Curation, curate
from gaokerena_data.curate.settings import load_settings
from gaokerena_data.curate.splits.leakage import count_leaks
from gaokerena_data.curate.splits.ngrams import index_ngrams
from gaokerena_data.curate.splits.record_clusters import find_clusters
from gaokerena_data.curate.splits.split import split_clusters
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.imports.records import import_file
from gaokerena_data.records import QuestionAnswer
from gaokerena_data.text.near_duplicates.signatures import fingerprints
from gaokerena_data.text.word_forms import words
from gaokerena_data.workspace import Workspace
from tests.curate.conftest import Command
from tests.curate.sayings import advice, opinion
from tests.pairs import NOT_JUDGED, clean_records, pair, question, write_records

SETTINGS = load_settings(Workspace(Path("no-such-workspace")), MF3QA)
assert isinstance(SETTINGS, ContainmentSettings)
assert isinstance(SETTINGS, SplitSettings)
CONTAINMENT = SETTINGS.containment


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """One in which what is compared stays, whatever its texts are worth."""
    workspace = Workspace(tmp_path / "workspace")
    workspace.config_file.parent.mkdir(parents=True)
    workspace.config_file.write_text(NOT_JUDGED)
    return workspace


def run(workspace: Workspace, records: list[QuestionAnswer]) -> Curation:
    write_records(workspace, records)
    return curate(workspace, "mf3qa", lambda *_: None, workers=1)


def ledger_of(curation: Curation) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in curation.ledger.to_pylist()}


def check_nothing_is_contained(curation: Curation) -> None:
    found = [leak.contained for leak in curation.leaks if leak.other != "benchmarks"]
    assert not any(found)


def test_a_short_answer_stands_on_the_side_of_the_longer_one_that_holds_it(
    workspace: Workspace,
) -> None:
    short = [pair("niniban", question(300 + n), advice(n)) for n in range(24)]
    long = [pair("niniban", question(400 + n), f"{opinion(n)} {advice(n)}") for n in range(24)]
    curation = run(workspace, [*short, *long])
    ledger = ledger_of(curation)
    sides = [ledger[record.id]["reason"] for record in short]
    assert sides == [ledger[record.id]["reason"] for record in long]
    assert set(sides) == {"train", "dev"}
    note = f"100% of its answer stands in {long[0].id}, on the same side"
    assert ledger[short[0].id]["detail"] == note
    check_nothing_is_contained(curation)


def test_the_leakage_table_counts_such_answers_where_they_stand_on_two_sides(
    workspace: Workspace,
) -> None:
    short = [pair("niniban", question(300 + n), advice(n)) for n in range(24)]
    long = [pair("niniban", question(400 + n), f"{opinion(n)} {advice(n)}") for n in range(24)]
    answers = {"train": [row.answer for row in long], "dev": [row.answer for row in short]}
    splits = {name: {"answer": texts} for name, texts in answers.items()}
    [leak] = count_leaks(splits, SETTINGS.near_duplicates, CONTAINMENT)
    assert (leak.identical, leak.near, leak.contained) == (0, 0, 24)


def test_a_dev_answer_that_stands_in_several_train_answers_goes_to_train(
    workspace: Workspace,
) -> None:
    asked = [pair("niniban", question(300 + n), f"{advice(n)} {opinion(n)}") for n in range(20)]
    before = ledger_of(run(workspace, asked))
    in_dev = [row for row in asked if before[row.id]["reason"] == "dev"]
    assert in_dev
    # Neither holds eight tenths of any of them, together they hold all but a few n-grams.
    halves = [
        pair("drhast", question(500 + 2 * n + k), f"{part} {opinion(60 + 2 * n + k)}")
        for n in range(20)
        for k, part in enumerate((advice(n), f"{opinion(n)} {advice(40 + n)}"))
    ]
    curation = run(workspace, [*asked, *halves])
    ledger = ledger_of(curation)
    assert {ledger[row.id]["reason"] for row in asked} == {"train"}
    for row in in_dev:
        assert ledger[row.id]["decision"] == "kept"
        assert ledger[row.id]["detail"].startswith("drawn for dev, but 9")
        assert "of its answer stands in train, most of that in drhast-" in ledger[row.id]["detail"]
    check_nothing_is_contained(curation)


def test_what_is_moved_takes_its_cluster_along(workspace: Workspace) -> None:
    """And what stands in train only since then is moved too."""
    first = pair("niniban", question(300), f"{advice(1)} {opinion(1)}")
    same_thread = pair("niniban", question(300), f"{advice(2)} {opinion(2)}")
    # Stands in the row of the thread above and in a row of train together.
    later = pair("niniban", question(301), f"{opinion(2)} {opinion(3)}")
    train = [
        pair("drhast", question(500), f"{advice(1)} {opinion(61)}"),
        pair("drhast", question(501), f"{opinion(1)} {advice(41)}"),
        pair("drhast", question(502), f"{opinion(3)} {advice(43)}"),
    ]
    workspace.config_file.write_text("[mf3qa.split]\ndev_share = 1.0\n" + NOT_JUDGED)
    filling = clean_records()
    without = ledger_of(run(workspace, [*filling, first, same_thread, later]))
    assert {without[row.id]["reason"] for row in (first, same_thread, later)} == {"dev"}
    ledger = ledger_of(run(workspace, [*filling, first, same_thread, later, *train]))
    assert {ledger[row.id]["reason"] for row in (first, same_thread, later)} == {"train"}
    assert ledger[same_thread.id]["detail"].endswith(f"drawn for dev, moved with {first.id}")
    assert ledger[later.id]["detail"].startswith("drawn for dev, but ")


def test_what_holds_a_test_answer_is_dropped_and_the_ledger_names_it(
    workspace: Workspace, gaokerena: Command
) -> None:
    asked = pair("doctoryab", question(300), advice(1))
    holder = pair("drhast", question(301), f"{opinion(1)} {advice(1)}")
    workspace_records = [*clean_records(), asked, holder]
    curation = run(workspace, workspace_records)
    row = ledger_of(curation)[holder.id]
    assert (row["step"], row["reason"]) == ("containment@1", "holds_a_test_text")
    assert (row["keeper"], row["value"], row["threshold"]) == (asked.id, 1.0, 0.8)
    assert ledger_of(curation)[asked.id]["reason"] == "test"
    assert len(curation.ledger) == len(workspace_records)
    check_nothing_is_contained(curation)
    told = gaokerena("why", holder.id).stdout
    assert f"keeper: {asked.id}" in told
    assert "value: 1.0" in told


def test_of_those_that_hold_a_test_answer_together_the_one_that_holds_most_is_dropped(
    workspace: Workspace,
) -> None:
    asked = pair("doctoryab", question(300), f"{advice(1)} {opinion(1)}")
    beginning = " ".join(opinion(1).split()[:12])
    most = pair("drhast", question(301), f"{advice(1)} {beginning} {opinion(61)}")
    less = pair("drhast", question(302), f"{opinion(1)} {advice(41)}")
    curation = run(workspace, [*clean_records(), asked, most, less])
    ledger = ledger_of(curation)
    assert ledger[most.id]["reason"] == "holds_part_of_a_test_text"
    assert ledger[most.id]["keeper"] == asked.id
    assert 0.4 < ledger[most.id]["value"] < 0.8
    assert [ledger[row.id]["reason"] for row in (asked, less)] == ["test", "train"]
    check_nothing_is_contained(curation)


@pytest.mark.parametrize(("said", "fate"), [(7, "train"), (8, "holds_a_test_text")])
def test_a_text_too_short_to_judge_is_looked_for_in_none(
    workspace: Workspace, said: int, fate: str
) -> None:
    text = "روزی سه بار نصف لیوان آب ولرم با یک قاشق نمک قرقره کنید"
    asked = pair("isovisit", question(300), " ".join(text.split()[:said]))
    holder = pair("drhast", question(301), f"{advice(1)} {text} {opinion(2)}")
    assert len(words(asked.answer)) == said
    curation = run(workspace, [*clean_records(), asked, holder])
    assert ledger_of(curation)[holder.id]["reason"] == fate
    check_nothing_is_contained(curation)


FAREWELL = (
    "در پایان از اینکه ما را برای مشاوره انتخاب کردید سپاسگزاریم و یادآوری می‌کنیم که این پاسخ تنها "
    "بر پایه نوشته شما داده شده، جای معاینه حضوری را نمی‌گیرد و در صورت هر گونه درد ناگهانی یا "
    "خونریزی باید بی‌درنگ به نزدیک‌ترین اورژانس بروید و مدارک پزشکی خود را همراه داشته باشید."
)


def test_a_common_farewell_joins_no_answers(workspace: Workspace) -> None:
    told = [
        pair("niniban", question(300 + n), f"{advice(n)} {opinion(n)} {FAREWELL}")
        for n in range(40)
    ]
    curation = run(workspace, told)
    sides = {ledger_of(curation)[row.id]["reason"] for row in told}
    assert sides == {"train", "dev"}
    check_nothing_is_contained(curation)


def test_an_answer_that_is_all_boilerplate_joins_no_answers_either(workspace: Workspace) -> None:
    """Too many hold it to be joined by it: it alone goes to the side where it leaks nothing."""
    workspace.config_file.write_text(
        "[mf3qa.split]\ndev_share = 0.9\n[mf3qa.containment]\nboilerplate_records = 20\n"
        + NOT_JUDGED
    )
    told = [
        pair("niniban", question(300 + n), f"{advice(n)} {opinion(n)} {FAREWELL}")
        for n in range(40)
    ]
    alone = [pair("niniban", question(400 + n), f"{FAREWELL} مورد {n}") for n in range(3)]
    curation = run(workspace, [*told, *alone])
    ledger = ledger_of(curation)
    assert {ledger[row.id]["reason"] for row in told} == {"train", "dev"}
    assert {ledger[row.id]["reason"] for row in alone if ledger[row.id]["decision"] == "kept"} == {
        "train"
    }
    check_nothing_is_contained(curation)


@pytest.mark.parametrize(("most", "sides"), [(31, {"dev"}), (30, {"train"})])
def test_a_large_cluster_goes_to_train(workspace: Workspace, most: int, sides: set[str]) -> None:
    workspace.config_file.write_text(
        f"[mf3qa.split]\ndev_share = 1.0\nmax_dev_cluster = {most}\n" + NOT_JUDGED
    )
    inside = pair("niniban", question(300), advice(1))
    around = [pair("niniban", question(301 + n), f"{advice(1)} {opinion(n)}") for n in range(30)]
    ledger = ledger_of(run(workspace, [inside, *around]))
    assert {ledger[row.id]["reason"] for row in (inside, *around)} == sides


# Few different words, so that much of a text stands in others.
TEXT = st.lists(st.sampled_from(["درد", "تب", "سرفه", "قرص", "شربت", "آزمایش"]), max_size=14).map(
    " ".join
)
SOURCES = st.sampled_from(["niniban", "niniban", "drhast", "doctoryab"])
RECORDS = st.lists(st.tuples(SOURCES, TEXT, TEXT), min_size=1, max_size=14)


SMALL = CONTAINMENT.model_copy(
    update={"ngram_words": 2, "min_words": 4, "threshold": 0.75, "boilerplate_records": 4}
)
assert SETTINGS.split is not None
SMALL_SPLIT = SETTINGS.split.model_copy(update={"dev_share": 0.8, "max_dev_cluster": 5})


def feeding_test(table: pa.Table) -> np.ndarray:
    return np.array([MF3QA.feeds_test(name) for name in table["source"].to_pylist()], np.bool_)


def split_of(records: list[tuple[str, str, str]]) -> dict[int, str]:
    """The split of each record; those that were dropped are not in it."""
    near = SETTINGS.near_duplicates
    columns = {
        "id": [f"r{n:03}" for n in range(len(records))],
        "source": [source for source, _, _ in records],
        "origin": [f"r{n:03}" for n in range(len(records))],
        "fetched_at": pa.nulls(len(records), pa.string()),
        "thread": [f"t{n}" for n in range(len(records))],
        "heading_digest": [" ".join(words(asked)) for _, asked, _ in records],
        "body_digest": [" ".join(words(answered)) for _, _, answered in records],
    }
    fields = [
        ComparedTexts(
            texts,
            fingerprints(
                texts, n=near.shingle_words, permutations=near.bands * near.rows, seed=near.seed
            ),
        )
        for texts in ([row[1] for row in records], [row[2] for row in records])
    ]
    table = pa.table(columns)
    clusters = find_clusters(table, MF3QA.kind, fields, near)
    table = table.append_column("cluster", pa.array(clusters))
    table = table.append_column("place", pa.array(np.arange(table.num_rows)))
    alike = drop_leaks(table, clusters, feeding_test(table))
    index = index_ngrams([field.texts for field in fields], SMALL)
    of_kept = index.of_rows(alike.kept["place"].to_numpy())
    holding = drop_holders(alike.kept, feeding_test(alike.kept), of_kept)
    of_kept = index.of_rows(holding.kept["place"].to_numpy())
    outcome, _ = split_clusters(holding.kept, MF3QA, SMALL_SPLIT, of_kept)
    kept = outcome["id"].to_pylist()
    dropped = [*alike.dropped["id"].to_pylist(), *holding.dropped["id"].to_pylist()]
    assert sorted([*kept, *dropped]) == columns["id"]
    splits = outcome["split"].to_pylist()
    return {int(name[1:]): split for name, split in zip(kept, splits, strict=True)}


@given(RECORDS)
def test_after_splitting_no_text_of_dev_or_test_stands_in_what_trains(
    records: list[tuple[str, str, str]],
) -> None:
    splits = split_of(records)
    trained: set[tuple[str, str]] = set()
    grams = [
        [set(zip(words(text), words(text)[1:], strict=False)) for text in texts]
        for _, *texts in records
    ]
    for row, split in splits.items():
        trained |= set().union(*grams[row]) if split == "train" else set()
    for row, split in splits.items():
        for own in grams[row]:
            if split != "train" and len(own) >= 3:
                assert len(own & trained) / len(own) < 0.75
    tests = {row for row, (source, _, _) in enumerate(records) if source == "doctoryab"}
    assert {row for row, split in splits.items() if split == "test"} == tests


@pytest.mark.real_data
def test_on_the_authors_files_nothing_is_contained(workspace: Workspace, real_data: Path) -> None:
    workspace.config_file.unlink()  # as the default preset has it
    for source, file in (
        ("niniban", "niniban_qa_crawled.xlsx"),
        ("drhast", "drhast_qa_filtered_part1.xlsx"),
        ("doctor-yab", "doctoryab_qa_filtered.xlsx"),
        ("isovisit", "isovisit_qa.xlsx"),
        ("kqa", "kqa_fa.jsonl"),
    ):
        import_file(workspace, source, real_data / "legacy" / file)
    curation = curate(workspace, "mf3qa", lambda *_: None)
    assert curation.splits == {"train": 10_825, "dev": 1_947, "test": 1_787}
    check_nothing_is_contained(curation)
    from training.evaluation.scoring.contamination import find_overlaps

    columns = ["question", "answer"]
    rows = {
        name: pq.read_table(curation.folder / "default" / f"{name}.parquet", columns=columns)
        for name in curation.splits
    }
    protected = {name: rows[name].to_pylist() for name in ("dev", "test")}
    overlaps = find_overlaps(protected, "train", rows["train"].to_pylist())
    assert [overlap.covered for overlap in overlaps] == [0, 0, 0, 0]
