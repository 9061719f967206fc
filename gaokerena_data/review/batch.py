"""A batch: the rows that were asked, in the words that were shown, and of whom.

`reviews/batches/BATCH/batch.json` is what an import is held against: a file that comes back is
trusted with decisions, never with what was asked.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.candidates import Candidate
from gaokerena_data.review.decisions import GUIDELINE
from gaokerena_data.review.doubts import Doubts
from gaokerena_data.review.labels import DOUBT_LABELS
from gaokerena_data.settled import content_hash
from gaokerena_data.workspace import Workspace, atomic_file

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is shown. `hint` says in Persian why it is asked."""

    number: int
    id: str
    content: str
    source: str
    question: str
    answer: str
    doubts: tuple[str, ...] = ()
    partner: str | None = None
    similarity: float | None = None
    round: int = 1
    reviewers: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one export; `reviewer` is empty for the whole, a name for that person's part."""

    name: str
    dataset: str
    dataset_version: str
    guideline: str
    rows: tuple[Row, ...]
    reviewer: str = ""


def make_batch(
    dataset: str,
    version: str,
    groups: Sequence[Sequence[Candidate]],
    doubts: Mapping[str, Doubts],
    rounds: Mapping[str, int],
    dealt: Mapping[str, tuple[str, ...]],
) -> Batch:
    """Put a batch together. Its name is a digest of all that it asks: the same rows, the same name.

    Args:
        dataset: its name.
        version: of the dataset that is shown.
        groups: rows in the order they are shown; possible duplicates side by side in one group.
        doubts: by record id, for those that have any.
        rounds: by record id, for those asked again.
        dealt: reviewers by record id.
    """
    rows = []
    for number, row in enumerate((row for group in groups for row in group), start=1):
        why = doubts.get(row.id, Doubts())
        rows.append(
            Row(
                number,
                row.id,
                content_hash(row.question, row.answer),
                row.source,
                row.question,
                row.answer,
                tuple(why.names),
                why.partner,
                why.similarity,
                rounds.get(row.id, 1),
                dealt[row.id],
            )
        )
    asked = json.dumps([version, GUIDELINE, *(asdict(row) for row in rows)], sort_keys=True)
    digest = hashlib.sha256(asked.encode()).hexdigest()[:8]
    return Batch(f"{dataset}-{digest}", dataset, version, GUIDELINE, tuple(rows))


def part_of(batch: Batch, reviewer: str) -> Batch:
    """The rows of one reviewer, numbered from 1, each with its hint."""
    mine = [row for row in batch.rows if reviewer in row.reviewers]
    numbers = {row.id: number for number, row in enumerate(mine, start=1)}
    rows = tuple(replace(row, number=numbers[row.id], hint=_hint(row, numbers)) for row in mine)
    return replace(batch, rows=rows, reviewer=reviewer)


def reviewers_of(batch: Batch) -> list[str]:
    """Everybody who was asked, in alphabetical order."""
    return sorted({name for row in batch.rows for name in row.reviewers})


def batch_folder(workspace: Workspace, name: str) -> Path:
    """Where a batch and the files for its reviewers lie."""
    return workspace.root / "reviews" / "batches" / name


def write_batch(workspace: Workspace, batch: Batch) -> None:
    """Write `batch.json`."""
    with atomic_file(batch_folder(workspace, batch.name) / "batch.json") as part:
        part.write_text(json.dumps(asdict(batch), ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_batch(workspace: Workspace, name: str) -> Batch:
    """Read a batch of this workspace.

    Raises:
        GaokerenaError: there is none of this name, or its file is damaged.
    """
    if not name or Path(name).name != name:
        raise GaokerenaError(f"{name[:80]!r} is no name of a batch")
    file = batch_folder(workspace, name) / "batch.json"
    if not file.is_file():
        raise GaokerenaError(
            f"{file}: not there; import in the workspace that exported batch {name}"
        )
    try:
        values = json.loads(file.read_bytes())
        rows = tuple(
            Row(**row | {key: tuple(row[key]) for key in ("doubts", "reviewers")})
            for row in values["rows"]
        )
        return Batch(**values | {"rows": rows})
    except (ValueError, TypeError, KeyError) as error:
        raise GaokerenaError(
            f"{file}: damaged ({error}); restore it from version control"
        ) from None


def read_batches(workspace: Workspace, dataset: str) -> list[Batch]:
    """Every batch of a dataset, by name."""
    files: Iterable[Path] = workspace.root.glob(f"reviews/batches/{dataset}-*/batch.json")
    return [read_batch(workspace, file.parent.name) for file in sorted(files)]


def _hint(row: Row, numbers: Mapping[str, int]) -> str:
    parts = []
    for name in row.doubts:
        label = DOUBT_LABELS[name]
        if name == "possible_duplicate" and row.partner is not None and row.partner in numbers:
            percent = f"{100 * (row.similarity or 0):.0f}"
            label += f" (ردیف {numbers[row.partner]}، شباهت {percent}٪)"
        parts.append(label.translate(_PERSIAN_DIGITS))
    return "؛ ".join(parts)
