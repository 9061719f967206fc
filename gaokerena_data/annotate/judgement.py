"""What a teacher is to answer on one row, and its line among the labels."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from gaokerena_data.annotate.codes import CodeList, codes

# Raised where the rubric's meaning changes.
RUBRIC = "mf3qa@1"
# Of a line of `labels.jsonl`, after who labelled which record by what.
FIELDS = (
    "answers_question",
    "stands_alone",
    "medically_sound",
    "harmful",
    "complete",
    "specialty",
    "question_type",
    "icd11_chapter",
    "patient_age",
    "patient_sex",
    "worth_keeping",
    "fault",
)
_NOTHING = {"", "-", "null", "none", "n/a", "unknown"}


def _level(value: object) -> object:
    """Digits however they are written: "2", "۲", 2.0."""
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _folded(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value


def _or_none(value: object) -> object:
    return None if _folded(value) in _NOTHING else value


def _chapter(value: object) -> object:
    value = _level(_or_none(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:02d}" if value else None
    return value


def _sex(value: object) -> object:
    value = _folded(_or_none(value))
    return {"f": "female", "m": "male", "woman": "female", "man": "male"}.get(str(value), value)


def _one_of(which: CodeList) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in codes(which):
            raise ValueError(f"{value[:40]!r} is none of the {which.replace('_', ' ')}")
        return value

    return check


def _listed(which: CodeList) -> Any:
    return Field(json_schema_extra={"enum": list(codes(which))})


type Level = Annotated[Literal[0, 1, 2, 3], BeforeValidator(_level)]
_Fault = Annotated[str, AfterValidator(_one_of("faults")), _listed("faults")]
_Chapter = Annotated[str, AfterValidator(_one_of("icd11_chapters")), _listed("icd11_chapters")]


class Judgement(BaseModel):
    """What a teacher answers on one row; see the rubric for what each field means."""

    model_config = ConfigDict(extra="forbid", title="label")

    worth_keeping: bool
    fault: Annotated[_Fault | None, BeforeValidator(lambda value: _folded(_or_none(value)))]
    answers_question: Level
    stands_alone: bool
    medically_sound: Level
    harmful: bool
    complete: bool
    specialty: Annotated[
        str,
        BeforeValidator(_folded),
        AfterValidator(_one_of("specialties")),
        _listed("specialties"),
    ]
    question_type: Annotated[
        str,
        BeforeValidator(_folded),
        AfterValidator(_one_of("question_types")),
        _listed("question_types"),
    ]
    icd11_chapter: Annotated[_Chapter | None, BeforeValidator(_chapter)]
    patient_age: Annotated[
        Annotated[int, Field(ge=0, le=120)] | None,
        BeforeValidator(lambda value: _level(_or_none(value))),
    ]
    patient_sex: Annotated[Literal["female", "male"] | None, BeforeValidator(_sex)]

    @model_validator(mode="after")
    def _fault_where_not_worth_keeping(self) -> "Judgement":
        if self.worth_keeping == (self.fault is not None):
            raise ValueError("fault says why a row is not worth keeping, and is null where it is")
        return self


def line_of(judgement: Judgement, record_id: str, labelled_by: str) -> dict[str, Any]:
    """A teacher's answer as a line of `labels.jsonl`."""
    who = {"id": record_id, "labelled_by": labelled_by, "rubric": RUBRIC}
    values = judgement.model_dump()
    return who | {name: values[name] for name in FIELDS}
