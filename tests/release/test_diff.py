import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.ledger import LedgerRow, ledger_table, write_ledger
from gaokerena_data.release.differences.diff import compare
from gaokerena_data.release.differences.report import (
    mark_changes,
    report_html,
    report_json,
    report_text,
)
from gaokerena_data.release.folder import ReleaseFolder, open_release
from gaokerena_data.release.parquet import write_parquet
from gaokerena_data.release.versions import Version, check_version

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("Question", pa.string()),
        ("Answer", pa.string()),
        ("Source", pa.string()),
        ("tags", pa.list_(pa.string())),
    ]
)
type Row = dict[str, Any]


def row(number: int, source: str = "niniban", **values: Any) -> Row:
    return {
        "id": f"{source}-{number:016x}",
        "Question": f"پرسش {number}: تب نوزاد چند روز طبیعی است؟",
        "Answer": f"پاسخ {number}: اگر تب بیش از سه روز ماند به پزشک مراجعه کنید.",
        "Source": source,
        "tags": ["تب"],
    } | values


def make(folder: Path, schema: pa.Schema = SCHEMA, **splits: list[Row]) -> ReleaseFolder:
    for split, rows in splits.items():
        table = pa.Table.from_pylist(rows, schema=schema)
        write_parquet(table, folder / "data" / f"{split}-00000-of-00001.parquet")
    return open_release(folder)


def test_every_kind_of_change_is_named_with_its_reason(tmp_path: Path) -> None:
    old = make(tmp_path / "d/1.0.0", train=[row(n) for n in range(8)], test=[row(9, "isovisit")])
    new_rows = [row(n) for n in range(2, 9)]
    new_rows[0]["Answer"] += " موفق باشید."
    new_rows[1]["tags"] = ["تب", "نوزاد"]
    new_rows[2]["Question"] = None
    new = make(tmp_path / "d/1.1.0", train=new_rows[1:], test=[row(9, "isovisit"), new_rows[0]])
    ledger = tmp_path / "ledger.parquet"
    dropped = [
        LedgerRow(
            row(0)["id"], "niniban", "f:1", "dropped", "near_duplicate@1", "answer", keeper="k"
        ),
        LedgerRow(row(0)["id"], "niniban", "f:7", "dropped", "repeated_record@1", "same_id"),
    ]
    write_ledger(ledger_table(dropped), ledger)
    found = compare(old, new, ledger).configs["default"]
    assert [(r.id, r.source, r.split) for r in found.added] == [(row(8)["id"], "niniban", "train")]
    assert [(r.id, r.step, r.reason, r.keeper) for r in found.removed] == [
        (row(0)["id"], "near_duplicate@1", "answer", "k"),
        (row(1)["id"], "", "not among the records any more", None),
    ]
    assert [(r.id, r.old_split, r.split, r.columns) for r in found.changed] == [
        (row(2)["id"], "train", "test", ("Answer",)),
        (row(3)["id"], "train", "train", ("tags",)),
        (row(4)["id"], "train", "train", ("Question",)),
    ]


def test_the_level_follows_from_what_changed(tmp_path: Path) -> None:
    base = make(tmp_path / "a", train=[row(1), row(2)], test=[row(3)])
    edited = make(tmp_path / "b", train=[row(1), row(2, Answer="ویرایش")], test=[row(3)])
    moved = make(tmp_path / "c", train=[row(1)], test=[row(2), row(3)])
    fewer = make(tmp_path / "e", train=[row(1)], test=[row(3)])
    renamed = SCHEMA.set(2, pa.field("answer", pa.string()))
    other = make(tmp_path / "f", schema=renamed, train=[row(1), row(2)], test=[row(3)])
    without = make(tmp_path / "g", train=[row(1), row(2)])
    levels = {
        name: compare(base, release, None).level
        for name, release in [
            ("same", base),
            ("edited", edited),
            ("moved", moved),
            ("fewer", fewer),
            ("column", other),
            ("split", without),
        ]
    }
    assert levels == {
        "same": "patch",
        "edited": "patch",
        "moved": "minor",
        "fewer": "minor",
        "column": "major",
        "split": "major",
    }
    assert compare(base, other, None).schema == [
        "config default: column Answer is gone",
        "config default: column answer is new (string)",
    ]


@pytest.mark.parametrize(
    ("old", "level", "new", "is_enough"),
    [
        ((1, 2, 3), "patch", (1, 2, 4), True),
        ((1, 2, 3), "patch", (1, 3, 0), True),
        ((1, 2, 3), "minor", (1, 2, 4), False),
        ((1, 2, 3), "minor", (1, 3, 0), True),
        ((1, 2, 3), "major", (1, 9, 9), False),
        ((1, 2, 3), "major", (2, 0, 0), True),
    ],
)
def test_a_version_may_promise_more_than_changed_but_not_less(
    old: Any, level: Any, new: Any, is_enough: bool
) -> None:
    if is_enough:
        check_version(Version(*old), Version(*new), level)
    else:
        with pytest.raises(GaokerenaError, match=r"too small a step from 1\.2\.3"):
            check_version(Version(*old), Version(*new), level)


rows_by_number = st.dictionaries(
    st.integers(0, 12),
    st.tuples(st.sampled_from(["train", "dev"]), st.sampled_from("ابپ")),
    max_size=8,
)


@given(rows_by_number, rows_by_number)
def test_the_diff_is_exact(
    tmp_path_factory: pytest.TempPathFactory,
    before: dict[int, tuple[str, str]],
    after: dict[int, tuple[str, str]],
) -> None:
    root = tmp_path_factory.mktemp("d")

    def release(name: str, rows: dict[int, tuple[str, str]]) -> ReleaseFolder:
        made: dict[str, list[Row]] = {"train": [], "dev": []}
        for number, (split, text) in rows.items():
            made[split].append(row(number, Answer=text))
        return make(root / name, **made)

    found = compare(release("1.0.0", before), release("1.1.0", after), None).configs["default"]
    assert {r.id for r in found.added} == {row(n)["id"] for n in after.keys() - before.keys()}
    assert {r.id for r in found.removed} == {row(n)["id"] for n in before.keys() - after.keys()}
    assert {(r.id, r.old_split, r.split, "Answer" in r.columns) for r in found.changed} == {
        (row(n)["id"], before[n][0], after[n][0], before[n][1] != after[n][1])
        for n in before.keys() & after.keys()
        if before[n] != after[n]
    }


@pytest.mark.parametrize("step", ["takedown@2", "personal_data@1"])
def test_a_row_that_must_not_be_told_is_not_shown_again(tmp_path: Path, step: str) -> None:
    secret = row(1, Question="شماره پرونده من ۴۴۱۲ است")
    old = make(tmp_path / "d/1.0.0", train=[secret, row(2)])
    new = make(tmp_path / "d/1.1.0", train=[row(2)])
    ledger = tmp_path / "ledger.parquet"
    write_ledger(
        ledger_table([LedgerRow(secret["id"], "niniban", "", "dropped", step, "asked")]),
        ledger,
    )
    diff = compare(old, new, ledger)
    for report in (report_text, report_json, report_html):
        told = report(diff, 5)
        assert secret["id"] in told
        assert step in told
        assert "۴۴۱۲" not in told


def test_a_row_that_reviewers_rejected_for_personal_data_is_not_shown_again(
    tmp_path: Path,
) -> None:
    old = make(tmp_path / "d/1.0.0", train=[row(1), row(2), row(3)])
    new = make(tmp_path / "d/1.1.0", train=[row(1)])
    ledger = tmp_path / "ledger.parquet"
    why = {2: "personal_data", 3: "outdated"}
    dropped = [LedgerRow(row(n)["id"], "niniban", "", "dropped", "review@1", why[n]) for n in why]
    write_ledger(ledger_table(dropped), ledger)
    for report in (report_text, report_json, report_html):
        told = report(compare(old, new, ledger), 5)
        assert "پاسخ 2" not in told
        assert "پاسخ 3" in told


def test_what_left_the_config_of_what_was_left_out_has_a_reason_of_its_own(tmp_path: Path) -> None:
    """The ledger says why a rule dropped it, which is no reason to show it no more."""
    schema = SCHEMA.append(pa.field("rule", pa.string()))
    short = "answer_length@1"

    def version(name: str, kept: list[int], removed: list[int]) -> ReleaseFolder:
        folder = tmp_path / "d" / name
        make(folder, train=[row(n) for n in kept])
        table = pa.Table.from_pylist([row(n, rule=short) for n in removed], schema=schema)
        write_parquet(table, folder / "removed" / "removed-00000-of-00001.parquet")
        return open_release(folder)

    old, new = version("1.0.0", [1], [2, 3, 4, 5, 6]), version("1.1.0", [1, 2], [6])
    ledger = tmp_path / "ledger.parquet"
    steps = {3: short, 4: "takedown@2", 6: short}
    dropped = [LedgerRow(row(n)["id"], "niniban", "", "dropped", steps[n], "why") for n in steps]
    write_ledger(ledger_table(dropped), ledger)
    diff = compare(old, new, ledger)
    gone = {each.id: (each.step, each.reason) for each in diff.configs["removed"].removed}
    assert gone == {
        row(2)["id"]: ("", "kept now"),
        row(3)["id"]: ("", "not shown any more"),
        row(4)["id"]: ("takedown@2", "why"),
        row(5)["id"]: ("", "not among the records any more"),
    }
    told = report_text(diff, 9)
    assert "پاسخ 3" not in told
    assert "پاسخ 4" not in told
    assert "kept now" in told


def test_a_text_is_not_shown_as_it_was_before_personal_data_was_replaced(tmp_path: Path) -> None:
    old = make(tmp_path / "d/1.0.0", train=[row(1, Question="زنگ بزنید ۰۹۱۲۳۴۵۶۷۸۹ لطفا")])
    new = make(tmp_path / "d/1.0.1", train=[row(1, Question="زنگ بزنید [تلفن] لطفا")])
    for report in (report_text, report_json, report_html):
        told = report(compare(old, new, None), 5)
        assert "۰۹۱۲" not in told
        assert "[تلفن]" in told


def test_the_reports_tell_the_same_and_escape_every_text(tmp_path: Path) -> None:
    old = make(tmp_path / "d/1.0.0", train=[row(1, Answer="دوز ۵۰۰ میلی‌گرم"), row(2)])
    new = make(
        tmp_path / "d/1.1.0",
        train=[row(1, Answer="دوز ۲۵۰ میلی‌گرم"), row(3, Question="<script>alert(1)</script>")],
    )
    diff = compare(old, new, None)
    told = json.loads(report_json(diff, 2))
    assert told["level"] == "minor"
    assert told["configs"]["default"]["summary"]["columns"] == {"Answer": 1}
    assert [r["id"] for r in told["configs"]["default"]["added"]] == [row(3)["id"]]
    text = report_text(diff, 2)
    assert "a minor change" in text
    assert "- دوز ۵۰۰ میلی‌گرم" in text
    page = report_html(diff, 2)
    assert "<del>۵۰۰</del><ins>۲۵۰</ins>" in page
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "no row differs" in report_text(compare(old, old, None), 2)


def test_marks_keep_words_whole() -> None:
    assert mark_changes(("قرص‌ها را بخورید", "قرص‌ها را نخورید")) == (
        "قرص‌ها را <del>بخورید</del><ins>نخورید</ins>"
    )
    assert mark_changes((None, "<b>")) == "<ins>&lt;b&gt;</ins>"


def test_a_release_without_ids_cannot_be_compared(tmp_path: Path) -> None:
    schema = SCHEMA.remove(0)
    old = make(tmp_path / "a", schema=schema, train=[row(1)])
    with pytest.raises(GaokerenaError, match="no column `id`"):
        compare(old, old, None)
