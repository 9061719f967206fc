import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.run import Curation, curate
from gaokerena_data.curate.texts import signal_store as signals
from gaokerena_data.datasets.kind import QUESTION_ANSWER
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.records import import_file
from gaokerena_data.imports.tables import read_table
from gaokerena_data.ledger import LedgerRow, ledger_table, write_ledger
from gaokerena_data.records import QuestionAnswer
from gaokerena_data.review.decisions import (
    Decision,
    append_decisions,
    log_path,
)
from gaokerena_data.review.settle_log import settle_log
from gaokerena_data.settled import content_hash
from gaokerena_data.takedowns.requests import add_takedown
from gaokerena_data.workspace import Workspace
from tests.files import files_of
from tests.pairs import NOT_JUDGED, answer, clean_records, pair, question, write_records

ARABIC = (
    "يجب على المريض أن يستشير الطبيب قبل تناول أي دواء جديد، ولا سيما إذا كان يعاني من أمراض القلب "
    "أو ارتفاع ضغط الدم. كما ينصح بشرب كمية كافية من الماء يوميا والنوم ثماني ساعات على الأقل، "
    "وممارسة رياضة خفيفة مثل المشي. وإذا استمرت الأعراض أكثر من أسبوع فعليه مراجعة المستشفى فورا "
    "لإجراء الفحوصات اللازمة ومعرفة السبب الحقيقي للألم."
)
ENGLISH = "Please take one tablet every eight hours after meals and rest well at home. " * 5


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def run(workspace: Workspace) -> Curation:
    return curate(workspace, "mf3qa", lambda *_: None, workers=1)


def rows_of(curation: Curation, split: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(
        curation.folder / "default" / f"{split}.parquet"
    ).to_pylist()
    return rows


def reasons_of(curation: Curation) -> dict[str, str]:
    return {
        row["id"]: row["reason"]
        for row in curation.ledger.to_pylist()
        if row["decision"] == "dropped"
    }


def check_every_record_is_accounted_for(curation: Curation, records: list[QuestionAnswer]) -> None:
    assert curation.records == len(records) == curation.ledger.num_rows
    assert Counter(curation.ledger["id"].to_pylist()) == Counter(r.id for r in records)
    in_splits = [row["id"] for split in curation.splits for row in rows_of(curation, split)]
    kept = [r["id"] for r in curation.ledger.to_pylist() if r["decision"] == "kept"]
    assert sorted(in_splits) == sorted(kept)
    assert len(set(in_splits)) == len(in_splits)


def test_every_fault_is_named_and_every_record_accounted_for(workspace: Workspace) -> None:
    faulty = {
        "no_text": pair("drhast", question(101), ""),
        "not_persian_script": pair("drhast", "What is it?", ENGLISH),
        "other_language": pair("drhast", "ما هو علاج الصداع المستمر يا دكتور؟", ARABIC),
        "too_short": pair("drhast", question(102), "خیر."),
        "same_words": pair("drhast", question(45).replace("ی", "ي"), answer(45).replace("،", " ،")),
        "nearly_same_words": pair("drhast", question(46), answer(46).replace("حتما", "لطفا")),
        "stands_in_test": pair("drhast", question(103), answer(65)),
    }
    same_id = clean_records()[3]
    records = [*clean_records(), *faulty.values(), same_id]
    write_records(workspace, records)
    curation = run(workspace)

    check_every_record_is_accounted_for(curation, records)
    reasons = reasons_of(curation)
    for reason, record in faulty.items():
        twin = {"same_words": 45, "nearly_same_words": 46}.get(reason)
        # Of two twins, which one stays is the keeper rule's business (its own test).
        names = {record.id} | ({clean_records()[twin].id} if twin else set())
        assert {reasons[name] for name in names if name in reasons} == {reason}
    assert reasons[same_id.id] == "same_id"
    assert Counter(reasons.values()) == Counter([*faulty, "same_id"])
    ledger = {row["reason"]: row for row in curation.ledger.to_pylist()}
    assert ledger["too_short"]["threshold"] == 4
    assert ledger["too_short"]["value"] < 4
    assert ledger["nearly_same_words"]["similarity"] >= 0.8
    assert ledger["nearly_same_words"]["keeper"] in {row.id for row in records}


def test_splits_hold_their_sources_and_nothing_leaks(workspace: Workspace) -> None:
    write_records(workspace, clean_records())
    curation = run(workspace)
    assert {row["source"] for row in rows_of(curation, "test")} == {"doctoryab"}
    assert {row["source"] for row in rows_of(curation, "dev")} == {"niniban"}
    assert {row["source"] for row in rows_of(curation, "train")} == {"niniban", "drhast"}
    assert 5 <= curation.splits["dev"] <= 25
    assert len(curation.leaks) == 6 + 2  # and the benchmarks against train and dev
    assert all(leak.identical == leak.near == 0 for leak in curation.leaks)


def test_answers_alike_stand_in_one_split_whatever_was_asked(workspace: Workspace) -> None:
    template = answer(7)
    alike = [pair("niniban", question(200 + n), template) for n in range(30)]
    write_records(workspace, [*clean_records(), *alike])
    workspace.config_file.write_text("[mf3qa]\nmax_same_answers = 50\n", "utf-8")
    curation = run(workspace)
    where = [
        split
        for split in curation.splits
        for row in rows_of(curation, split)
        if "پرسش شماره ۷ شما" in row["answer"]
    ]
    assert len(where) == 31
    assert len(set(where)) == 1


def test_texts_are_normalized_and_doses_survive(workspace: Workspace) -> None:
    asked = "سلام دكتر ، دوز 2.5mg ليزينوپريل با فشار 140/90 كافي است ؟"
    record = pair("isovisit", asked, "بله، همان ۲.۵ میلی‌گرم کافی است و HbA1c را تکرار کنید.")
    write_records(workspace, [*clean_records(), record])
    [row] = [row for row in rows_of(run(workspace), "test") if row["id"] == record.id]
    assert "ي" not in row["question"]
    assert "ك" not in row["question"]
    assert "2.5mg" in row["question"].translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    assert "HbA1c" in row["answer"]


def test_the_same_records_give_the_same_bytes_however_many_work(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "SHARD_ROWS", 20)
    write_records(workspace, clean_records())
    other = Workspace(tmp_path / "other")
    write_records(other, clean_records())
    first = files_of(run(workspace).folder)
    assert files_of(run(workspace).folder) == first
    assert files_of(curate(other, "mf3qa", lambda *_: None, workers=2).folder) == first


def test_new_records_change_nothing_of_the_old_ones(tmp_path: Path, workspace: Workspace) -> None:
    records = clean_records()
    write_records(workspace, records[:50])
    run(workspace)
    write_records(workspace, records)
    grown = files_of(run(workspace).folder)
    scratch = Workspace(tmp_path / "scratch")
    write_records(scratch, records)
    assert files_of(run(scratch).folder) == grown


def test_a_new_threshold_measures_nothing_again(workspace: Workspace) -> None:
    write_records(workspace, clean_records())
    run(workspace)
    workspace.config_file.write_text("[mf3qa]\nmin_answer_words = 1000\n")
    told: list[tuple[str, int, int]] = []
    curation = curate(workspace, "mf3qa", lambda *step: told.append(step), workers=1)
    assert [step for step in told if step[0] == "measure"] == [("measure", 0, 0)]
    assert curation.splits == {"train": 0, "dev": 0, "test": 10}


def test_every_step_tells_how_far_it_is_up_to_all_of_it(workspace: Workspace) -> None:
    write_records(workspace, clean_records())
    told: dict[str, list[tuple[int, int]]] = {}

    def progress(step: str, done: int, total: int) -> None:
        told.setdefault(step, []).append((done, total))

    curate(workspace, "mf3qa", progress, workers=1)
    for steps in told.values():
        assert steps == sorted(steps)
        assert {total for _, total in steps} == {steps[-1][0]}
    assert len(set(told["near duplicate"])) > 3


def test_uncleaned_holds_every_pair_once_as_it_was_read(workspace: Workspace) -> None:
    records = clean_records()
    short = [pair("drhast", question(n), "بله") for n in (90, 91)]
    write_records(workspace, [*records, records[0], *short])
    folder = run(workspace).folder
    tables = {file.stem: pq.read_table(file) for file in (folder / "uncleaned").iterdir()}
    assert all(table.schema == QUESTION_ANSWER.schema for table in tables.values())
    for name in ("train", "dev", "test"):
        kept = pq.read_table(folder / "default" / f"{name}.parquet", columns=["id"])
        assert tables[name]["id"].to_pylist() == kept["id"].to_pylist()
    assert tables["unassigned"]["id"].to_pylist() == sorted(record.id for record in short)
    questions = {asked for table in tables.values() for asked in table["question"].to_pylist()}
    assert questions == {record.question for record in (*records, *short)}


def test_the_run_is_summed_up(workspace: Workspace) -> None:
    write_records(workspace, clean_records())
    summary = json.loads((run(workspace).folder / "run.json").read_text("utf-8"))
    assert sum(row["rows"] for row in summary["funnel"]) == summary["records"] == 70
    assert set(summary["inputs"]) == {
        f"extracted/question_answer/{source}/crawl.parquet"
        for source in ("drhast", "niniban", "doctoryab")
    }


def test_an_empty_workspace_says_what_to_do(workspace: Workspace) -> None:
    with pytest.raises(GaokerenaError, match="gaokerena import"):
        run(workspace)


def test_a_damaged_file_leaves_the_last_good_result(workspace: Workspace) -> None:
    write_records(workspace, clean_records())
    before = files_of(run(workspace).folder)
    file = workspace.extracted("question_answer", "drhast") / "crawl.parquet"
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(GaokerenaError, match=r"crawl\.parquet.*gaokerena extract drhast"):
        run(workspace)
    assert files_of(workspace.curated("mf3qa")) == before


def test_personal_data_leaves_every_text_and_a_patient_s_link_the_whole_record(
    workspace: Workspace,
) -> None:
    told = pair("drhast", question(80), answer(80) + " شماره مطب من 09120000000 است.")
    link = "https://lab.example.ir/result?PatientID=123456"
    linked = pair("drhast", question(81), answer(81) + f" جواب: {link}")
    workspace.root.mkdir(exist_ok=True)
    workspace.config_file.write_text(NOT_JUDGED)
    write_records(workspace, [*clean_records(), told, linked])
    curation = run(workspace)
    assert reasons_of(curation) == {linked.id: "identifies_a_patient"}
    for file in ("default/train.parquet", "uncleaned/train.parquet"):
        rows = {row["id"]: row for row in pq.read_table(curation.folder / file).to_pylist()}
        assert linked.id not in rows
        assert "0912" not in rows[told.id]["answer"]
        assert "[تلفن]" in rows[told.id]["answer"]


def test_what_was_taken_down_is_in_no_file_and_its_reason_in_the_ledger(
    workspace: Workspace,
) -> None:
    write_records(workspace, clean_records())
    gone = clean_records()[45]
    add_takedown(workspace, gone.id, "نویسنده خواست")
    curation = run(workspace)
    [row] = [row for row in curation.ledger.to_pylist() if row["decision"] == "dropped"]
    assert (row["id"], row["step"], row["detail"]) == (gone.id, "takedown@2", "نویسنده خواست")
    for file in curation.folder.rglob("*.parquet"):
        if file.name != "ledger.parquet":
            assert gone.id not in pq.read_table(file)["id"].to_pylist()


def test_decisions_of_reviewers_are_applied_at_every_run(workspace: Workspace) -> None:
    write_records(workspace, clean_records())
    run(workspace)
    candidates = pq.read_table(workspace.curated("mf3qa") / "candidates.parquet").to_pylist()
    assert len(candidates) == 70
    rejected, edited = candidates[5], candidates[6]
    correction = edited["answer"].replace("نگران‌کننده نیست", "نگران‌کننده نیست مگر در بارداری")

    seen = {row["id"]: content_hash(row["question"], row["answer"]) for row in (rejected, edited)}
    when = "2026-03-21T08:30:00Z"
    append_decisions(
        log_path(workspace, "mf3qa"),
        [
            Decision(
                rejected["id"],
                seen[rejected["id"]],
                "reject",
                "r1",
                when,
                reason="wrong_or_harmful",
            ),
            Decision(edited["id"], seen[edited["id"]], "edit", "r1", when, answer=correction),
        ],
    )
    # A curation never goes on with older decisions than there are: they are settled first.
    with pytest.raises(GaokerenaError, match=r"settled\.json: older than the decisions"):
        run(workspace)
    settle_log(workspace, MF3QA)
    for threshold in (45, 40):
        workspace.config_file.write_text(f"[mf3qa]\nmin_answer_words = {threshold}\n")
        curation = run(workspace)
        check_every_record_is_accounted_for(curation, clean_records())
        assert reasons_of(curation) == {rejected["id"]: "wrong_or_harmful"}
        rows = {row["id"]: row for split in curation.splits for row in rows_of(curation, split)}
        assert "مگر در بارداری" in rows[edited["id"]]["answer"]
        [kept] = [row for row in curation.ledger.to_pylist() if row["id"] == edited["id"]]
        assert seen[edited["id"]] in kept["detail"]
        assert curation.stale_reviews == []


@pytest.mark.real_data
def test_the_paper_s_recipe_rebuilds_the_authors_file(
    workspace: Workspace, real_data: Path
) -> None:
    crawled = real_data / "legacy" / "niniban_qa_crawled.xlsx"
    imported = import_file(workspace, "niniban", crawled)
    # Glued answers are parted, and yet the authors' recipe reads the rows as they stood.
    assert (imported.rows, imported.split, imported.records) == (9_728, 670, 10_403)
    curation = curate(workspace, "mf3qa", lambda *_: None, preset="paper")
    assert curation.records == 9_728
    assert curation.splits == {"train": 3_405, "dev": 2_000, "test": 0}
    made = [
        (row["question"], row["answer"])
        for split in ("dev", "train")
        for row in rows_of(curation, split)
    ]
    theirs = read_table(real_data / "legacy" / "niniban_qa_filtered.xlsx").rows
    assert made == [(row["Question"], row["Answer"]) for row in theirs if isinstance(row, dict)]
    [leak] = [leak for leak in curation.leaks if leak.field == "answer" and leak.split == "dev"]
    assert leak.identical == 467


def test_the_funnel_is_drawn_and_counts_what_was_never_read(workspace: Workspace) -> None:
    records = [*clean_records(), pair("drhast", question(102), "خیر.")]
    write_records(workspace, records)
    refused = LedgerRow("f:9", "drhast", "f:9", "dropped", "import@1", "no_question")
    folder = workspace.extracted("question_answer", "drhast")
    write_ledger(ledger_table([refused]), folder / "crawl.ledger.parquet")
    curation = run(workspace)
    assert [(row.label, row.rows) for row in curation.funnel.rows()] == [
        ("pages and rows read", 72),
        ("no question  [import@1]", 1),
        ("records in", 71),
        ("too short  [answer_length@1]", 1),
        ("kept", 70),
    ]
    assert (curation.folder / "funnel.png").read_bytes().startswith(b"\x89PNG")
