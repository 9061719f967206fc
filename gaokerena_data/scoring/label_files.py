"""Labels of records, as readers or a teacher gave them: one JSON object a line."""

from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.workspace import Workspace

REVIEW = "review"  # the rubric of clinicians' decisions

type Level = Annotated[int, Field(ge=0, le=3)]
type Code = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class Label(BaseModel):
    """What one reader said of one record, by a rubric; None where it was not asked."""

    # Whoever made the file may keep more beside it.
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    id: Annotated[str, Field(min_length=1, max_length=200)]
    labelled_by: str
    rubric: str
    answers_question: Level | None
    stands_alone: bool | None
    medically_sound: Level | None
    harmful: bool | None
    complete: bool | None
    specialty: Code | None
    question_type: Code | None
    icd11_chapter: Annotated[str, Field(pattern=r"^(?:0[1-9]|1[0-9]|2[0-6])$")] | None
    patient_age: Annotated[int, Field(ge=0, le=130)] | None
    patient_sex: Literal["female", "male"] | None
    worth_keeping: bool | None
    fault: Annotated[str, Field(max_length=40)] | None

    @property
    def is_worth(self) -> bool | None:
        """Whether the record is worth learning from; by its other labels where that was not asked.

        What is said of it must stand alone, be whole, harm nobody, and touch the question without
        being wrong.
        """
        said = (self.stands_alone, self.complete, self.harmful, self.answers_question)
        if self.worth_keeping is not None or None in said or self.medically_sound is None:
            return self.worth_keeping
        is_whole = self.stands_alone and self.complete and not self.harmful
        return bool(is_whole and self.answers_question and self.medically_sound)


def workspace_labels(workspace: Workspace, dataset: str) -> Path:
    """Where the labels of a workspace are."""
    return workspace.root / "annotations" / dataset / "labels.jsonl"


def packaged_labels(dataset: str, name: str = "") -> Path | None:
    """The labels that come with this package; None where a dataset has none.

    Args:
        dataset: its name.
        name: "measuring" for those that nothing is trained from.
    """
    file = f"{dataset}.{name}.jsonl" if name else f"{dataset}.jsonl"
    path = Path(str(resources.files("gaokerena_data"))) / "annotate" / "labels" / file
    return path if path.is_file() else None


def read_labels(files: Iterable[Path]) -> list[Label]:
    """The labels of some files, in order of their records' ids.

    Of two labels by one reader on one record, the one that comes later counts.

    Raises:
        GaokerenaError: a file is missing, or a line is no label, by its number.
    """
    found: dict[tuple[str, str], Label] = {}
    for file in files:
        for number, line in enumerate(_lines(file), start=1):
            if line.strip():
                label = _label(file, number, line)
                found[label.id, label.labelled_by] = label
    return [found[key] for key in sorted(found)]


def one_each(labels: Sequence[Label]) -> list[Label]:
    """One label a record, in order of ids.

    A clinician's counts before all others. Of several readers one who says that a record is not
    worth keeping counts: a fault that one of two overlooks is a fault; then the first by name.
    """

    def rank(label: Label) -> tuple[str, bool, bool, str]:
        return label.id, label.rubric != REVIEW, label.is_worth is not False, label.labelled_by

    order = sorted(labels, key=rank)
    return list({label.id: label for label in reversed(order)}.values())[::-1]


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").split("\n")
    except (OSError, UnicodeError) as error:
        raise GaokerenaError(
            f"{file}: cannot be read ({reason_of(error)}); name a file of labels, one JSON object "
            "a line"
        ) from None


def _label(file: Path, number: int, line: str) -> Label:
    try:
        return Label.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "line"
        raise GaokerenaError(
            f"{file}:{number}: no label ({where}: {first['msg']}); mend the line or leave it out"
        ) from None
