"""`annotate apply`: what a scorer says of all records of a workspace, as one file."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.curate.told.measured_texts import measured_texts
from gaokerena_data.datasets.registry import find_dataset
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.scoring.label_files import workspace_labels
from gaokerena_data.scoring.model_files import packaged_folder, read_scorer
from gaokerena_data.workspace import Workspace, atomic_file


@dataclass(frozen=True, slots=True)
class Applied:
    """Scores on disk: where, of how many records, and by which scorer."""

    file: Path
    records: int
    scored_by: str


def apply(workspace: Workspace, dataset: str, model: Path | None = None) -> Applied:
    """Score every record of a dataset, kept or not, in id order.

    Args:
        workspace: with the dataset curated.
        dataset: of pairs of question and answer.
        model: folder of a scorer; the packaged one by default.

    Raises:
        GaokerenaError: no such scorer, one that is damaged, or records that were never measured.
    """
    declaration = find_dataset(workspace, dataset)
    folder = model or packaged_folder(dataset)
    if folder is None:
        raise GaokerenaError(
            f"{dataset}: no scorer comes with this package for it; train one with `gaokerena "
            f"annotate train {dataset}` and name it with --model"
        )
    scorer = read_scorer(folder)
    table = measured_texts(workspace, declaration)
    scores = scorer.score(table["heading"].to_pylist(), table["body"].to_pylist())
    scores = scores.add_column(0, "id", table["id"])
    scores = scores.append_column("scored_by", pa.repeat(scorer.name, table.num_rows))
    file = workspace_labels(workspace, dataset).with_name("scores.parquet")
    with atomic_file(file) as part:
        pq.write_table(scores, part, compression="zstd", write_page_checksum=True)
    return Applied(file, table.num_rows, scorer.name)
