"""Of several people who read one record, whose word counts."""

from gaokerena_data.scoring.label_files import REVIEW, Label, one_each


def label(reader: str, worth: bool | None, rubric: str = "mf3qa@1", record: str = "a-1") -> Label:
    return Label(
        id=record, labelled_by=reader, rubric=rubric, answers_question=2, stands_alone=True,
        medically_sound=2, harmful=False, complete=True, specialty=None, question_type=None,
        icd11_chapter=None, patient_age=None, patient_sex=None, worth_keeping=worth,
        fault=None if worth else "wrong",
    )  # fmt: skip


def test_of_two_readers_the_one_who_says_no_counts() -> None:
    yes, no = label("a", True), label("b", False)
    assert one_each([yes, no]) == one_each([no, yes]) == [no]


def test_a_clinician_counts_before_all_others() -> None:
    no, clinician = label("a", False), label("z", True, REVIEW)
    assert one_each([no, clinician]) == one_each([clinician, no]) == [clinician]


def test_of_those_who_agree_the_first_by_name_counts_for_each_record() -> None:
    labels = [label("b", True), label("a", True), label("c", False, record="a-0")]
    assert [(each.id, each.labelled_by) for each in one_each(labels)] == [
        ("a-0", "c"),
        ("a-1", "a"),
    ]
