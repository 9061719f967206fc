"""Scores of the records of a curation, as its models write them down."""

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.datasets.configs import SCORES_FILE, SCORES_SCHEMA
from gaokerena_data.ledger import read_ledger
from gaokerena_data.workspace import Workspace

SCORE: dict[str, Any] = {
    "answers_question": 2.71828,
    "stands_alone": 0.9,
    "medically_sound": 2.0,
    "harmful": 0.0625,
    "complete": 0.99,
    "worth": 0.75,
    "specialty": "neurology",
    "question_type": "cause",
    "icd11_chapter": "08",
    "patient_age": 32,
    "patient_sex": "female",
    "similar_rows": 1,
    "scored_by": "tests@1",
}


def write_scores(
    workspace: Workspace,
    dataset: str = "mf3qa",
    differ: Callable[[str], dict[str, Any] | None] = lambda _: {},
) -> None:
    """Score every record that a curation measured.

    Args:
        workspace: with the dataset curated.
        dataset: its name.
        differ: what is other than in `SCORE` for an id; None where it has no scores.
    """
    folder = workspace.curated(dataset)
    ids = sorted(set(read_ledger(folder / "ledger.parquet", ["id"])["id"].to_pylist()))
    rows = [{"id": each} | SCORE | given for each in ids if (given := differ(each)) is not None]
    pq.write_table(pa.Table.from_pylist(rows, SCORES_SCHEMA), folder / SCORES_FILE)
    run = json.loads((folder / "run.json").read_text("utf-8"))
    run["scorer"] = {"name": SCORE["scored_by"], "digest": "0" * 64}
    (folder / "run.json").write_text(json.dumps(run), "utf-8")
