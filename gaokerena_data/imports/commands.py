"""`gaokerena import`: files of an older crawl, or of a benchmark, into the workspace."""

from pathlib import Path
from typing import Annotated

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, open_workspace


def import_(
    source: Annotated[
        str, typer.Argument(help="Whose crawl it is (niniban), or a benchmark (ibmsee).")
    ],
    files: Annotated[list[Path], typer.Argument(help="xlsx, csv, jsonl or parquet files.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Turn files of an older crawl into records, or of a benchmark into questions."""
    from gaokerena_data.benchmarks.imports import import_benchmark
    from gaokerena_data.datasets.registry import BENCHMARKS
    from gaokerena_data.imports.printing import print_import
    from gaokerena_data.imports.records import import_file

    room = open_workspace(workspace)
    take = import_benchmark if source in BENCHMARKS else import_file
    for file in files:
        print_import(file, take(room, source, file))
