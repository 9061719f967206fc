"""`gaokerena curate`, `gaokerena why`, `sample`, `clusters` and `gaokerena similar`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption, existing_workspace
from gaokerena_data.outside_text import tell

EngineName = Literal["local", "ray"]


def curate(
    dataset: Annotated[str, typer.Argument(help="mf3qa, medical_corpus, or one of your own.")],
    preset: Annotated[
        str,
        typer.Option(
            help="Its own rules, or another way that it declares: mf3qa has the authors' (paper)."
        ),
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

    from gaokerena_data.curate.measures.engines import LocalEngine
    from gaokerena_data.curate.measures.ray_engine import RayEngine
    from gaokerena_data.curate.run import curate as run
    from gaokerena_data.curate.told.preview import preview
    from gaokerena_data.curate.told.printing import print_curation, print_preview
    from gaokerena_data.datasets.extracted import tell_in_no_dataset
    from gaokerena_data.datasets.registry import find_dataset
    from gaokerena_data.progress import show_progress
    from gaokerena_data.review.settle_log import settle_log

    if address is not None and engine != "ray":
        raise typer.BadParameter("it is for --engine ray", param_hint="--address")
    room = existing_workspace(workspace)
    settle_log(room, find_dataset(room, dataset))
    measuring = RayEngine(address, workers) if engine == "ray" else LocalEngine(workers)
    bars = show_progress(Console(stderr=True))
    if compare is not None:
        with bars as progress:
            seen = preview(room, dataset, progress, measuring, preset, compare, samples)
        print_preview(seen)
        return
    with bars as progress:
        curation = run(room, dataset, progress, preset=preset, engine=measuring)
    print_curation(curation)
    for line in tell_in_no_dataset(room):
        tell(line)


def why(
    record: Annotated[str, typer.Argument(help="Id, url, or FILE:ROW of an import.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Tell the whole story of one record."""
    from gaokerena_data.curate.told.story_printing import print_story
    from gaokerena_data.curate.told.why import find_story

    print_story(find_story(existing_workspace(workspace), record))


def sample(
    dataset: Annotated[str, typer.Argument(help="Name of a curated dataset.")],
    kept: Annotated[bool, typer.Option("--kept", help="Only records that were kept.")] = False,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="Only records that were left out.")
    ] = False,
    rule: Annotated[
        str | None,
        typer.Option(metavar="RULE", help="Only what this rule decided: answer_length@1."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Only for this reason; of kept records, their split.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only records of this source.")] = None,
    number: Annotated[int, typer.Option("--number", "-n", min=1, help="Records to draw.")] = 10,
    seed: Annotated[int, typer.Option(help="Another one draws others.")] = 1,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page to read them on.")
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Draw some records of a curation to read: what was kept, or what a rule left out."""
    from gaokerena_data.curate.told.sampled import Sampling, draw_sample
    from gaokerena_data.curate.told.sampled_printing import print_sample, sample_page
    from gaokerena_data.datasets.registry import find_dataset
    from gaokerena_data.workspace import atomic_file

    if kept and dropped:
        raise typer.BadParameter("give one of the two", param_hint="--kept, --dropped")
    room = existing_workspace(workspace)
    language = find_dataset(room, dataset).language
    decision = "kept" if kept else "dropped" if dropped else None
    wanted = Sampling(decision, rule, reason, source)
    drawn, there = draw_sample(room, dataset, wanted, number, seed)
    if html is None:
        print_sample(drawn, there)
        return
    named = " ".join(filter(None, (dataset, decision, rule, reason, source)))
    with atomic_file(html) as part:
        part.write_text(sample_page(drawn, there, f"Sample of {named}", language), "utf-8")
    tell(f"{html}: {len(drawn):,} of {there:,} records")


def clusters(
    dataset: Annotated[str, typer.Argument(help="Name of a curated dataset.")],
    number: Annotated[int, typer.Option("--number", "-n", min=1, help="Clusters to show.")] = 10,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page to read them on.")
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Show near-duplicates beside the record that was kept for them, the least alike first."""
    from gaokerena_data.curate.told.duplicate_clusters import find_duplicate_clusters
    from gaokerena_data.curate.told.sampled_printing import clusters_page, print_clusters
    from gaokerena_data.datasets.registry import find_dataset
    from gaokerena_data.workspace import atomic_file

    room = existing_workspace(workspace)
    language = find_dataset(room, dataset).language
    found, there = find_duplicate_clusters(room, dataset, number)
    if html is None:
        print_clusters(found, there)
        return
    with atomic_file(html) as part:
        title = f"Near-duplicates of {dataset}"
        part.write_text(clusters_page(found, there, title, language), "utf-8")
    tell(f"{html}: {len(found):,} of {there:,} clusters")


def similar(
    dataset: Annotated[str, typer.Argument(help="Name of a dataset.")],
    query: Annotated[
        str,
        typer.Argument(
            metavar="TEXT|FILE|ID",
            help="A record's id, else a UTF-8 file, else the text itself; - reads standard input.",
        ),
    ],
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="The least Jaccard similarity.")
    ] = 0.5,
    side: Annotated[
        Literal["heading", "body"] | None,
        typer.Option(help="Look only in questions or titles, or only in answers or contents."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Records to show.")] = 10,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Find the records of a curated dataset that are like a text or a record."""
    from gaokerena_data.datasets.registry import find_dataset

    room = existing_workspace(workspace)
    declaration = find_dataset(room, dataset)  # before what takes longer to import

    from rich.console import Console

    from gaokerena_data.curate.told.similar import find_similar
    from gaokerena_data.progress import show_progress

    with show_progress(Console(stderr=True)) as progress:
        seen = find_similar(
            room, dataset, query, threshold=threshold, side=side, limit=limit, progress=progress
        )

    from gaokerena_data.curate.told.similar_printing import print_similar

    print_similar(seen, declaration)
