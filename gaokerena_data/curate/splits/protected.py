"""What no training text may hold: the questions of benchmarks and of test splits."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.datasets.declaration import TEST
from gaokerena_data.datasets.extracted import record_files
from gaokerena_data.datasets.record_files import read_records
from gaokerena_data.datasets.registry import BENCHMARKS, DATASETS
from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Protected:
    """Texts that a training set is kept clear of.

    Args:
        names: where each stands: `mmlu_medical_fa/anatomy/ID`, or a record's id.
        texts: the questions. Not the answers: two doctors end with the same dozen of words, and
            whole answers that are alike are told by their clusters (`curate.splits.split`).
    """

    names: list[str]
    texts: list[str]


def read_protected(workspace: Workspace, besides: Collection[str] = ()) -> Protected:
    """The questions of every imported benchmark, and of every source that feeds test alone.

    Benchmarks that nobody imported cannot be compared with: run.json names those that were.

    Args:
        workspace: where they lie.
        besides: benchmarks that are left out, since the dataset is made of them.

    Raises:
        GaokerenaError: a file that cannot be read.
    """
    found: dict[tuple[str, str], None] = {}
    for name, benchmark in sorted(BENCHMARKS.items()):
        if name in besides:
            continue
        for file in sorted(workspace.benchmark(name).glob("*.parquet")):
            if not file.name.endswith(".ledger.parquet"):
                prefix = f"{name}/{file.stem}/"
                _collect(found, _read_benchmark(file, benchmark.question), prefix)
    for dataset in DATASETS.values():
        # Whatever gaokerena.toml leaves out of its sources: what is there is protected.
        tests = dataset.splits.get(TEST, ())
        for name in (name for name in tests if dataset.splits_of(name) == (TEST,)):
            for file in record_files(workspace, dataset.kind.name, name):
                _collect(found, read_records(file, ["id", dataset.kind.heading]), "")
    return Protected([name for name, _ in found], [text for _, text in found])


def _read_benchmark(file: Path, question: str) -> pa.Table:
    try:
        return pq.read_table(
            file, columns=["id", question], partitioning=None, page_checksum_verification=True
        )
    except (OSError, ValueError) as error:  # Arrow's errors are ValueErrors
        reason = reason_of(error)
        raise GaokerenaError(f"{file}: cannot be read ({reason}); import it again") from None


def _collect(found: dict[tuple[str, str], None], table: pa.Table, prefix: str) -> None:
    """Note the questions of a table of ids and questions."""
    rows = zip(table[0].to_pylist(), table[1].to_pylist(), strict=True)
    found.update({(f"{prefix}{record_id}", text): None for record_id, text in rows if text})
