"""`gaokerena curate` and `gaokerena why`."""

from typing import Annotated, Literal

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption

Preset = Literal["default", "paper"]
EngineName = Literal["local", "ray"]


def curate(
    dataset: Annotated[str, typer.Argument(help="mf3qa or medical_corpus.")],
    preset: Annotated[
        Preset, typer.Option(help="Our rules, or the authors' own (paper).")
    ] = "default",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; as many as cores by default.")
    ] = None,
    engine: Annotated[
        EngineName, typer.Option(help="Measure on this machine (local), or on a cluster (ray).")
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="With --engine ray: the cluster's head; this machine alone by default.",
        ),
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(
            metavar="RUN",
            help="Write nothing; show what the thresholds of now would change against a "
            'curation: "last", a curated folder, or a released version.',
        ),
    ] = None,
    samples: Annotated[
        int, typer.Option(min=0, help="With --compare: records to show of each change.")
    ] = 3,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Clean, deduplicate and split a dataset; every record is kept or explained."""
    from gaokerena_data.curate.measures.workers import expects_many, start_forking

    if engine == "local" and workers != 1 and expects_many(workspace):
        start_forking()  # before anything is imported, which takes as long

    from rich.console import Console

    from gaokerena_data.config import find_dataset, load_config
    from gaokerena_data.curate.measures.engines import LocalEngine
    from gaokerena_data.curate.measures.ray_engine import RayEngine
    from gaokerena_data.curate.run import curate as run
    from gaokerena_data.curate.told.preview import preview
    from gaokerena_data.curate.told.printing import print_curation, print_preview
    from gaokerena_data.progress import show_progress
    from gaokerena_data.workspace import Workspace

    if address is not None and engine != "ray":
        raise typer.BadParameter("it is for --engine ray", param_hint="--address")
    room = Workspace(workspace)
    name = find_dataset(dataset)
    config = load_config(room.config_file)
    measuring = RayEngine(address, workers) if engine == "ray" else LocalEngine(workers)
    bars = show_progress(Console(stderr=True))
    if compare is not None:
        with bars as progress:
            seen = preview(room, name, config, progress, measuring, preset, compare, samples)
        print_preview(seen)
        return
    with bars as progress:
        curation = run(room, name, config, progress, preset=preset, engine=measuring)
    print_curation(curation)


def why(
    record: Annotated[str, typer.Argument(help="Id, url, or FILE:ROW of an import.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Tell the whole story of one record."""
    from gaokerena_data.curate.told.story_printing import print_story
    from gaokerena_data.curate.told.why import find_story
    from gaokerena_data.workspace import Workspace

    print_story(find_story(Workspace(workspace), record))
