"""What new thresholds would change, told before anything is written."""

from pathlib import Path

import pytest

from gaokerena_data.curate.told.compare import (
    MOVED,
    NEWLY_DROPPED,
    NEWLY_KEPT,
    OTHER_KEEPER,
    OTHER_RULE,
    compare,
    pick,
)
from gaokerena_data.curate.told.earlier_runs import Run
from gaokerena_data.curate.told.printing import isolate
from gaokerena_data.ledger import LedgerRow, ledger_table
from gaokerena_data.takedowns.requests import add_takedown
from gaokerena_data.workspace import Workspace
from tests.curate.conftest import Command
from tests.files import files_of
from tests.pairs import NOT_JUDGED, answer, clean_records, pair, question, write_records

CURATE = ("curate", "mf3qa", "--workers", "1")
COMPARE = (*CURATE, "--compare", "last")


def kept(name: str, split: str = "train") -> LedgerRow:
    return LedgerRow(name, "drhast", f"{name}.xlsx:1", "kept", "split@1", split)


def short(name: str, value: float, threshold: float = 45) -> LedgerRow:
    return LedgerRow(
        name, "drhast", "f:1", "dropped", "answer_length@1", "too_short", value, threshold
    )


def near(name: str, keeper: str) -> LedgerRow:
    step = "near_duplicate@1"
    return LedgerRow(
        name, "niniban", "f:1", "dropped", step, "alike", keeper=keeper, similarity=0.9
    )


def run_of(*rows: LedgerRow) -> Run:
    return Run("then", ledger_table(list(rows)), {"a": {"b": 1}, "c": [1]}, {"f": "1"}, None)


def test_every_way_to_stand_differently_is_named() -> None:
    again = LedgerRow("a", "drhast", "f:2", "dropped", "repeated_record@1", "same_id", keeper="a")
    before = run_of(
        kept("a"), again, short("b", 30), kept("c"), near("d", "a"), near("e", "a"), kept("gone"),
        kept("same", "dev"), short("g", 10),
    )  # fmt: skip
    now = [
        short("a", 44, 50), again, kept("b"), kept("c", "dev"), near("d", "c"), short("e", 4),
        kept("same", "dev"), kept("new"), short("g", 10, 50),
    ]  # fmt: skip
    comparison = compare(before, ledger_table(now), {"a": {"b": 2}, "c": [1]}, {"f": "1", "g": "2"})
    assert {(change.kind, change.after.id) for change in comparison.changes} == {
        (NEWLY_DROPPED, "a"), (NEWLY_KEPT, "b"), (MOVED, "c"), (OTHER_KEEPER, "d"),
        (OTHER_RULE, "e"),
    }  # fmt: skip
    assert [group[:2] for group in comparison.groups()] == [
        (NEWLY_DROPPED, "answer_length@1 too_short"),
        (NEWLY_KEPT, "answer_length@1 too_short"),
        (MOVED, "train -> dev"),
        (OTHER_KEEPER, "near_duplicate@1 alike"),
        (OTHER_RULE, "near_duplicate@1 alike -> answer_length@1 too_short"),
    ]
    assert (comparison.only_before, comparison.only_after) == (1, 1)
    assert comparison.settings == [("a.b", 1, 2)]
    assert comparison.inputs == ["g"]
    assert comparison.outcomes["repeated_record@1", "same_id"] == (1, 1)
    assert comparison.outcomes["answer_length@1", "too_short"] == (2, 3)
    assert comparison.sources["drhast"] == (4, 4, 7)
    for place, ledger in enumerate((before.ledger, ledger_table(now))):
        assert sum(counts[place] for counts in comparison.outcomes.values()) == ledger.num_rows


def test_samples_are_drawn_alike_at_every_run_and_more_hold_the_fewer() -> None:
    names = [f"drhast-{n:04}" for n in range(200)]
    before = run_of(*map(kept, names))
    after = [short(name, 20 + n % 25) for n, name in enumerate(names)]
    changes = compare(before, ledger_table(after), {}, {}).changes
    few, many = pick(changes, 5), pick(changes[::-1], 20)
    assert {change.after.id for change in few} < {change.after.id for change in many}
    values = [change.after.value or 0 for change in many]
    assert values == sorted(values)
    assert values[0] < 30 < values[-1]


def test_a_looser_and_a_stricter_threshold_are_shown_and_nothing_is_written(
    gaokerena: Command, workspace: Workspace
) -> None:
    # One with a phone number, short by a few words: its number must not be printed.
    few = pair("drhast", question(90), " ".join(answer(90).split()[:40]) + " ۰۹۱۲۳۴۵۶۷۸۹")
    twin = pair("drhast", question(46), answer(46).replace("حتما", "لطفا"))
    link = "https://lab.example.ir/result?PatientID=123456"
    private = pair("drhast", question(81), answer(81) + f" جواب: {link}")
    write_records(workspace, [*clean_records(), few, twin, private])
    workspace.config_file.write_text("[mf3qa]\nmin_answer_words = 45\n" + NOT_JUDGED)
    done = gaokerena(*CURATE)
    assert done.returncode == 0, done.stderr
    before = files_of(workspace.root)
    workspace.config_file.write_text(
        "[mf3qa]\nmin_answer_words = 30\ndrop_personal_data = []\n"
        "[mf3qa.near_duplicates]\nthreshold = 1.0\n" + NOT_JUDGED
    )
    done = gaokerena(*COMPARE, "--samples", "2")
    assert done.returncode == 0, done.stderr
    workspace.config_file.write_text("[mf3qa]\nmin_answer_words = 45\n" + NOT_JUDGED)
    assert files_of(workspace.root) == before
    lines = [" ".join(line.replace("│", "").split()) for line in done.stdout.splitlines()]
    assert "min_answer_words 45 30" in lines
    assert "near_duplicates.threshold 0.8 1.0" in lines
    assert "drop_personal_data patient_link, record_number, national_id" in lines
    assert "answer_length@1 too_short 1 0 -1" in lines
    assert "drhast 23 20 23 +3" in lines
    assert "newly kept answer_length@1 too_short 1 drhast 1" in lines
    [place] = [n for n, line in enumerate(lines) if line.startswith(f"{few.id} drhast value 4")]
    assert lines[place].endswith("threshold 45")
    assert lines[place + 1].startswith("question: \u2068سلام دکتر")
    assert "۰۹۱۲۳۴۵۶۷۸۹" not in done.stdout
    [place] = [n for n, line in enumerate(lines) if "similarity 0.9" in line]
    assert lines[place + 3].startswith("kept in its place: drhast-")
    # Long texts are shown from where they differ.
    answers = [lines[place + 2], lines[place + 5]]
    assert all(line.startswith("answer: \u2068…") for line in answers)
    assert {word for word in ("حتما", "لطفا") for line in answers if word in line} == {
        "حتما",
        "لطفا",
    }
    assert "PatientID" not in done.stdout
    [place] = [n for n, line in enumerate(lines) if line.startswith(private.id)]
    assert "not shown" in lines[place + 1]
    again = gaokerena(*COMPARE, "--samples", "2")
    assert "no record stands differently" in again.stdout
    assert "the thresholds are the same" in again.stdout


def test_records_that_came_since_are_counted_apart(
    gaokerena: Command, workspace: Workspace
) -> None:
    write_records(workspace, clean_records()[:60])
    assert gaokerena(*CURATE).returncode == 0
    write_records(workspace, clean_records())
    add_takedown(workspace, clean_records()[3].id, "نویسنده خواست")
    done = gaokerena(*COMPARE)
    assert done.returncode == 0, done.stderr
    assert "10 have come, 0 are gone (1 files differ" in done.stdout
    assert "newly dropped, takedown@2 taken_down: 1 of 1" in done.stdout
    assert "نویسنده خواست" in done.stdout
    assert "not shown" in done.stdout


@pytest.mark.thorough
def test_another_curated_folder_and_a_release_can_be_compared_with(
    gaokerena: Command, workspace: Workspace, tmp_path: Path
) -> None:
    write_records(workspace, clean_records())
    assert gaokerena(*CURATE).returncode == 0
    assert gaokerena("release", "mf3qa", "1.0.0").returncode == 0
    kept = workspace.curated("mf3qa").rename(tmp_path / "kept")
    for run in (str(kept), "1.0.0"):
        done = gaokerena(*CURATE, "--compare", run)
        assert done.returncode == 0, done.stderr
        assert f"Compared with {run}" in done.stdout
        assert "no record stands differently" in done.stdout
    assert not workspace.curated("mf3qa").exists()


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ("last", "nothing is curated there to compare with"),
        ("9.9.9", "no folder and no release of mf3qa"),
        ("{tmp_path}/other", "a curation of medical_corpus, not of mf3qa"),
        ("{tmp_path}/broken", "cannot be read as a curation"),
    ],
)
def test_what_cannot_be_compared_with_is_one_line(
    gaokerena: Command, workspace: Workspace, tmp_path: Path, run: str, message: str
) -> None:
    write_records(workspace, clean_records())
    for name, facts in (("other", '{"dataset": "medical_corpus"}'), ("broken", "{")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(facts)
    done = gaokerena(*CURATE, "--compare", run.format(tmp_path=tmp_path))
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_text_keeps_its_direction_to_itself() -> None:
    assert isolate("  سلام\n دکتر ") == "\u2068سلام دکتر\u2069"
    assert isolate("الف\u2069ب") == "\u2068الفب\u2069"
    assert len(isolate("درد " * 100)) == 162
    assert isolate("یک دو سه", 3) == "\u2068…دو سه\u2069"
