"""Versions to look at: curated and released, of invented records."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gaokerena_data.benchmarks.imports import import_benchmark
from gaokerena_data.curate.run import curate
from gaokerena_data.datasets.benchmarks.mmlu_medical_fa import MMLU_SUBJECTS
from gaokerena_data.records import QuestionAnswer
from gaokerena_data.release.build import Release, release
from gaokerena_data.workspace import Workspace
from tests.benchmarks.exam_rows import mmlu_row
from tests.imports.spreadsheets import write_xlsx
from tests.pairs import write_records
from tests.release.scores import write_scores


def released(workspace: Workspace, records: list[QuestionAnswer], version: str) -> Release:
    """The records curated as `mf3qa` and released."""
    write_records(workspace, records)
    curate(workspace, "mf3qa", lambda *_: None, workers=1)
    return release(workspace, "mf3qa", version)


def released_with_scores(
    workspace: Workspace,
    records: list[QuestionAnswer],
    version: str,
    differ: Callable[[str], dict[str, Any] | None] = lambda _: {},
) -> Release:
    """The same with scores of every record; `differ` as `write_scores` takes it."""
    write_records(workspace, records)
    curate(workspace, "mf3qa", lambda *_: None, workers=1)
    write_scores(workspace, differ=differ)
    return release(workspace, "mf3qa", version)


def import_mmlu(workspace: Workspace, folder: Path) -> None:
    """Every subject of `mmlu_medical_fa`, four questions each."""
    for subject in MMLU_SUBJECTS:
        rows = [mmlu_row(n, Source=f"mmlu-{subject}_translation") for n in range(4)]
        file = write_xlsx(folder / f"mmlu-{subject}_fa.xlsx", rows)
        import_benchmark(workspace, "mmlu_medical_fa", file)
