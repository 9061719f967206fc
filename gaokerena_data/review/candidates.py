"""What can be reviewed: every row that a curation took as far as its review step."""

import json
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.config import Dataset
from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.workspace import Workspace, sha256_file

COLUMNS = ("id", "source", "question", "answer", "answer_words", "persian_share")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row as it was before any decision was applied to it."""

    id: str
    source: str
    question: str
    answer: str
    answer_words: int
    persian_share: float


def read_candidates(workspace: Workspace, dataset: Dataset) -> list[Candidate]:
    """The rows of the last curation, in id order.

    Raises:
        GaokerenaError: nothing is curated, or the dataset has no rows that are reviewed.
    """
    if dataset != "mf3qa":
        raise GaokerenaError(f"{dataset}: only mf3qa is reviewed row by row")
    file = workspace.curated(dataset) / "candidates.parquet"
    if not file.is_file():
        raise GaokerenaError(f"{file}: not there; run `gaokerena curate {dataset}` first")
    try:
        rows = pq.read_table(file, columns=list(COLUMNS)).to_pylist()
    except (pa.ArrowException, OSError) as error:
        reason = reason_of(error)
        raise GaokerenaError(
            f"{file}: cannot be read ({reason}); run `gaokerena curate {dataset}` again"
        ) from None
    return [Candidate(**row) for row in rows]


def dataset_version(workspace: Workspace, dataset: Dataset) -> str:
    """The release that was made of the last curation, or the curation's own digest."""
    run = workspace.curated(dataset) / "run.json"
    facts = json.loads(run.read_text("utf-8"))
    same = []
    for file in workspace.root.glob(f"releases/{dataset}/*/manifest.json"):
        manifest = json.loads(file.read_text("utf-8"))
        if all(manifest.get(name) == facts[name] for name in ("inputs", "settings")):
            same.append(tuple(int(part) for part in manifest["version"].split(".")))
    if same:
        return ".".join(str(part) for part in max(same))
    return f"curation-{sha256_file(run)[:12]}"
