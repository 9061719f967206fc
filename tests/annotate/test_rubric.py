"""The rubric, its codes, and what counts as a teacher's answer by it."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from gaokerena_data.annotate.codes import CodeList, codes
from gaokerena_data.annotate.decisions import decisions_as_labels
from gaokerena_data.annotate.judgement import FIELDS, Judgement
from gaokerena_data.annotate.rubric import MOST_LETTERS, prompt_for
from gaokerena_data.endpoints.structured import read_json, schema_of
from gaokerena_data.review.decisions import Decision
from gaokerena_data.settled import REASONS, content_hash
from tests.annotate.curated import BAD, LABEL
from tests.review.logs import TIME

MANY_CASES = True


def test_the_lists_hold_what_they_should() -> None:
    counts = {which: len(codes(which)) for which in get_args(CodeList.__value__)}
    assert counts == {
        "faults": 10, "specialties": 25, "question_types": 25, "icd11_chapters": 26,
    }  # fmt: skip
    assert list(codes("icd11_chapters")) == [f"{number:02}" for number in range(1, 27)]
    for which in counts:
        for english, persian in codes(which).values():
            assert english.isascii()
            assert not persian.isascii()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_teacher_reads_every_field_and_code_in_either_language(language: Any) -> None:
    prompt = prompt_for("تب دارم", "آب بنوشید", language)
    for name in FIELDS:
        assert f"`{name}`" in prompt
    for which in get_args(CodeList.__value__):
        assert all(f"`{code}`" in prompt for code in codes(which))
    assert "{" not in prompt.replace(prompt[prompt.index("{") : prompt.index("}") + 1], "")
    assert isinstance(read_json(prompt, Judgement), Judgement)  # its example


def test_a_very_long_text_is_sent_in_part() -> None:
    prompt = prompt_for("تب دارم", "آب " * 50_000, "en")
    assert len(prompt) < len(prompt_for("تب دارم", "", "en")) + MOST_LETTERS + 10


def test_the_schema_names_every_code() -> None:
    schema = json.dumps(schema_of(Judgement))
    for which in get_args(CodeList.__value__):
        assert all(json.dumps(code) in schema for code in codes(which))
    assert schema_of(Judgement)["required"] == list(schema_of(Judgement)["properties"])
    assert set(FIELDS) == Judgement.model_fields.keys()


@pytest.mark.parametrize(
    ("changed", "meant"),
    [
        ({"answers_question": "3"}, {"answers_question": 3}),
        ({"answers_question": "۲"}, {"answers_question": 2}),
        ({"medically_sound": 1.0}, {"medically_sound": 1}),
        ({"icd11_chapter": 5}, {"icd11_chapter": "05"}),
        ({"icd11_chapter": "5"}, {"icd11_chapter": "05"}),
        ({"icd11_chapter": "0"}, {"icd11_chapter": None}),
        ({"icd11_chapter": "none"}, {"icd11_chapter": None}),
        ({"patient_age": "۲۷"}, {"patient_age": 27}),
        ({"patient_age": "unknown"}, {"patient_age": None}),
        ({"patient_sex": "F"}, {"patient_sex": "female"}),
        ({"patient_sex": "-"}, {"patient_sex": None}),
        ({"specialty": " Internal"}, {"specialty": "internal"}),
        ({"fault": "none"}, {"fault": None}),
        ({"harmful": "yes"}, {"harmful": True}),
    ],
)
def test_what_is_meant_is_read(changed: dict[str, Any], meant: dict[str, Any]) -> None:
    found = read_json(json.dumps(LABEL | changed), Judgement)
    assert isinstance(found, Judgement), found
    assert found.model_dump() == LABEL | meant


@pytest.mark.parametrize(
    "changed",
    [
        {"answers_question": 4},
        {"answers_question": None},
        {"answers_question": 1.5},
        {"specialty": "cardio"},
        {"icd11_chapter": "27"},
        {"icd11_chapter": "J45"},
        {"patient_age": 200},
        {"patient_age": -1},
        {"patient_sex": "both"},
        {"fault": "wrong"},
        {"worth_keeping": False},
        {"worth_keeping": False, "fault": "boring"},
        {"harmful": None},
        {"more": 1},
    ],
)
def test_what_is_no_label_is_refused(changed: dict[str, Any]) -> None:
    assert isinstance(read_json(json.dumps(LABEL | changed), Judgement), str)
    assert isinstance(read_json(json.dumps(BAD), Judgement), Judgement)


def said(row: int, choice: Any, reviewer: str = "maryam", **more: Any) -> Decision:
    content = content_hash(f"پرسش {row}", "پاسخ")
    return Decision(f"drhast-{row}", content, choice, reviewer, TIME, **more)


def test_decisions_of_reviewers_are_labels_of_the_same_kind() -> None:
    log = [
        said(2, "reject", reason="not_an_answer"),
        said(1, "accept"),
        said(1, "reject", "reza", reason="wrong_or_harmful"),
        said(3, "reject", reason="personal_data"),
        said(4, "edit", answer="متن تازه"),
        said(5, "unclear"),
        said(6, "accept"),
        said(7, "accept"),
        said(7, "reject", reason="advertising", round=2),
    ]
    contents = {f"drhast-{row}": content_hash(f"پرسش {row}", "پاسخ") for row in range(9)}
    contents["drhast-6"] = content_hash("پرسش دیگری", "پاسخ")
    found = decisions_as_labels(log, contents)
    assert [tuple(line) for line in found] == [("id", "labelled_by", "rubric", *FIELDS)] * 4
    assert [(line["id"], line["labelled_by"], line["worth_keeping"]) for line in found] == [
        ("drhast-1", "maryam", True),
        ("drhast-1", "reza", False),
        ("drhast-2", "maryam", False),
        ("drhast-7", "maryam", False),
    ]
    assert [line["fault"] for line in found] == [None, "wrong", "noanswer", "advert"]
    assert (found[1]["medically_sound"], found[2]["answers_question"]) == (0, 0)
    assert found[0]["medically_sound"] is None


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_a_reviewer_gives_codes_that_there_are(reason: Any) -> None:
    contents = {"drhast-1": content_hash("پرسش 1", "پاسخ")}
    for line in decisions_as_labels([said(1, "reject", reason=reason)], contents):
        assert line["fault"] in {None, *codes("faults")}


def test_a_run_writes_what_reviewers_decided(tmp_path: Path) -> None:
    from gaokerena_data.annotate.decisions import write_reviewed
    from gaokerena_data.datasets.mf3qa import MF3QA
    from gaokerena_data.review.decisions import append_decisions
    from tests.review.rows import make_workspace

    workspace = make_workspace(tmp_path)
    assert write_reviewed(workspace, MF3QA) == 0
    from gaokerena_data.review.candidates import read_candidates

    first, second, *_ = read_candidates(workspace, MF3QA)
    append_decisions(
        workspace.review_log("mf3qa"),
        [
            Decision(row.id, content_hash(row.question, row.answer), "accept", "سارا", TIME)
            for row in (first, second)
        ],
    )
    assert write_reviewed(workspace, MF3QA) == 2
    lines = (workspace.annotations("mf3qa") / "reviewed.jsonl").read_bytes().split(b"\n")
    assert [json.loads(line)["labelled_by"] for line in lines[:-1]] == ["سارا", "سارا"]
