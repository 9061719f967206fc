"""`gaokerena import`: files of an older crawl, or of a benchmark, into the workspace."""

from pathlib import Path
from typing import Annotated

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, open_workspace


def import_(
    source: Annotated[
        str, typer.Argument(help="Whose crawl it is (niniban), or a benchmark (ibmsee).")
    ],
    files: Annotated[list[Path], typer.Argument(help="xlsx, csv, tsv, jsonl or parquet files.")],
    min_rate: Annotated[
        float | None,
        typer.Option(help="Benchmarks: what every referee gave at least, in columns *_rate."),
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Turn files of an older crawl into records, or of a benchmark into questions."""
    from gaokerena_data.benchmarks.imports import import_benchmark_files
    from gaokerena_data.datasets.registry import BENCHMARKS
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.imports.printing import print_import
    from gaokerena_data.imports.records import import_file
    from gaokerena_data.sources import SOURCES, is_source

    room = open_workspace(workspace)
    if source in BENCHMARKS:
        made_of_files = import_benchmark_files(room, source, files, min_rate)
        empty = [
            file
            for file, made in zip(files, made_of_files, strict=True)
            if print_import(file, made) == 0
        ]
    elif is_source(source):
        empty = [file for file in files if print_import(file, import_file(room, source, file)) == 0]
    else:
        raise GaokerenaError(
            f"{SOURCES.unknown(source)}; or one of the benchmarks: {', '.join(BENCHMARKS)}"
        )
    if empty:
        raise GaokerenaError(
            f"{', '.join(map(str, empty))}: no row became a record: the reasons stand above"
        )
