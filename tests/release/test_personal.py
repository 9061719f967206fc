"""Doctors by pseudonyms, patients' ages and cities no closer than is asked for."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.run import curate
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.records import QuestionAnswer
from gaokerena_data.release.build import Release, release
from gaokerena_data.workspace import Workspace
from tests.pairs import clean_records, write_records
from tests.release.versions import released

DOCTORS = ("دکتر مهتاب سرافراز", "مهتاب  سرافراز", "دکتر کیوان دادخواه", None)


def signed(count: int = 70) -> list[QuestionAnswer]:
    return [
        replace(record, answered_by=DOCTORS[n % len(DOCTORS)])
        for n, record in enumerate(clean_records()[:count])
    ]


def column(made: Release, name: str, split: str = "train") -> list[str | None]:
    files = sorted((made.folder / "data").glob(f"{split}-*.parquet"))
    return [value for file in files for value in pq.read_table(file)[name].to_pylist()]


def card(made: Release) -> str:
    return (made.folder / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Release]:
    workspace = Workspace(tmp_path_factory.mktemp("people"))
    return workspace, released(workspace, signed(), "1.0.0")


def test_no_doctor_is_named(first: tuple[Workspace, Release]) -> None:
    workspace, made = first
    doctors = set(column(made, "answered_by"))
    # Two spellings are one doctor at a source; no name is none.
    assert {each for each in doctors if each} == {
        *("niniban-doctor-1", "niniban-doctor-2", "drhast-doctor-1", "drhast-doctor-2")
    }
    assert None in doctors
    everything = b"".join(file.read_bytes() for file in made.folder.rglob("*") if file.is_file())
    assert "سرافراز".encode() not in everything
    assert "سرافراز" in workspace.pseudonyms_file.read_text("utf-8")
    assert "holds a pseudonym" in card(made)


def test_a_doctor_keeps_the_pseudonym(first: tuple[Workspace, Release], tmp_path: Path) -> None:
    _, made = first
    before = dict(zip(column(made, "id"), column(made, "answered_by"), strict=True))
    workspace = Workspace(tmp_path)
    some = released(workspace, signed(30), "1.0.0")
    held = json.loads(workspace.pseudonyms_file.read_text("utf-8"))
    kept = dict(zip(column(some, "id"), column(some, "answered_by"), strict=True))
    more = released(workspace, signed(), "2.0.0")
    after = dict(zip(column(more, "id"), column(more, "answered_by"), strict=True))
    assert all(after[each] == doctor for each, doctor in kept.items() if each in after)
    assert held["niniban"] == json.loads(workspace.pseudonyms_file.read_text("utf-8"))["niniban"]
    assert before.keys() >= after.keys()


@pytest.mark.thorough
def test_a_source_whose_terms_ask_for_names(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.config_file.write_text('[mf3qa]\nattributed_sources = ["drhast"]\n', "utf-8")
    made = released(workspace, signed(), "1.0.0")
    doctors = {each for each in column(made, "answered_by") if each}
    assert doctors == {*DOCTORS[:3], "niniban-doctor-1", "niniban-doctor-2"}
    assert "doctors of drhast are named, as the terms of that source ask" in card(made)


def test_ages_and_cities_as_coarse_as_asked_for(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.config_file.write_text("[mf3qa.generalize]\nage = true\ncity = true\n", "utf-8")
    records = clean_records()
    records[0] = replace(records[0], question="از تبریز می‌نویسم. " + records[0].question)
    made = released(workspace, records, "1.0.0")
    asked = [*column(made, "Question"), *column(made, "Question", "dev")]
    assert sum("۲۰ تا ۲۴ ساله" in (each or "") for each in asked) == 5
    assert not any("۲۱ ساله" in (each or "") for each in asked)
    assert any("از استان آذربایجان شرقی می‌نویسم" in (each or "") for each in asked)
    assert "ages are given as spans of five years and cities as their provinces" in card(made)


def test_what_may_tell_who_somebody_is_is_counted(tmp_path: Path) -> None:
    records = clean_records()
    told = "کارمند بانک ملت و ساکن یزد هستم و از ۳ مهر ۱۴۰۲ بیماری دوشن برادرم بدتر شده. "
    records[40] = replace(records[40], question=told + records[40].question)
    made = released(Workspace(tmp_path), records, "1.0.0")
    statistics = json.loads((made.folder / "statistics.json").read_text("utf-8"))
    counts = statistics["quasi_identifiers"]["default"]["train"]
    assert counts["rows"] == counts["age"]
    wanted = dict.fromkeys(("city", "workplace", "rare_disease", "date", "several"), 1)
    assert counts == wanted | {"rows": counts["rows"], "age": counts["age"]}
    assert f"| default | train | {counts['rows']} | {counts['rows']} | 1 | 1 | 1 | 1 | 1 |" in card(
        made
    )
    assert "Ages and cities stand as their authors wrote them" in card(made)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[mf3qa]\nattributed_sources = ["drhst"]\n', "drhst is none of its sources"),
        ("[mf3qa.generalize]\nages = true\n", "generalize.ages"),
        ('[mf3qa.generalize]\nage = "yes"\n', "generalize.age"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, toml: str, said: str) -> None:
    workspace = Workspace(tmp_path)
    write_records(workspace, clean_records())
    workspace.config_file.write_text(toml, "utf-8")
    with pytest.raises(GaokerenaError, match=said):
        curate(workspace, "mf3qa", lambda *_: None, workers=1)


def test_damaged_pseudonyms_are_not_begun_anew(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    released(workspace, signed(), "1.0.0")
    workspace.pseudonyms_file.write_text('{"drhast": 3}', "utf-8")
    with pytest.raises(GaokerenaError, match="bring it back from a backup"):
        release(workspace, "mf3qa", "1.0.1")
