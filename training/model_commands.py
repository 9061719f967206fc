"""Commands on a trained model: `gaokerena train` has them beside the stages."""

from pathlib import Path
from typing import Annotated

import typer

from gaokerena_data.options import DryRunOption, GatedOption, ParentOption, PrivateOption
from training.libraries.extras import needs_extra

_FOOTPRINT_COLUMNS = (
    "hours", "measured_kwh", "measured_kg_co2e", "formula_kwh", "formula_kg_co2e",
)  # fmt: skip


def merge(
    adapters: Annotated[
        list[Path],
        typer.Argument(help="Run or adapter folders in the order of training."),
    ],
    to: Annotated[Path, typer.Option(help="Folder of the merged model.")],
    base: Annotated[
        str | None, typer.Option(help="Base model, if it is not the one the run names.")
    ] = None,
    revision: Annotated[str | None, typer.Option(help="Its commit or tag on the Hub.")] = None,
    into: Annotated[
        str | None,
        typer.Option(help="Vision model whose language tower gets the update, such as aya-vision."),
    ] = None,
    dtype: Annotated[
        str, typer.Option(help="Of the weights: float32, bfloat16, float16, or as the base (auto).")
    ] = "auto",
    tolerance: Annotated[
        float | None,
        typer.Option(min=0.0, help="Largest relative difference of logits that is accepted."),
    ] = None,
) -> None:
    """Merge adapters into their base, and check the result against them."""
    with needs_extra("train"):
        from training.libraries.quiet import quieten_libraries
        from training.models.merge import merge as merge_adapters

    quieten_libraries()
    merged = merge_adapters(
        adapters,
        to,
        base=base,
        revision=revision,
        into=into,
        dtype=dtype,
        tolerance=tolerance,
        say=typer.echo,
    )
    parity = merged.parity
    typer.echo(
        f"logits of the merged model and of base and adapters differ by {parity.relative:.1e} of "
        f"the largest; same next token in {parity.same_top_token:.1%} of {parity.tokens} places"
    )
    if merged.adapter is not None:
        typer.echo(f"{merged.adapter}  (the same as one adapter)")
    typer.echo(merged.folder)


def publish(
    model: Annotated[
        Path, typer.Argument(help="Run folder, merged model, or the adapter folder in it.")
    ],
    to: Annotated[str, typer.Option(help="ORGANIZATION/NAME on the Hub.", show_default=False)],
    version: Annotated[str, typer.Option(help="Its tag is this with a v in front.")] = "1.0.0",
    base: Annotated[
        str | None, typer.Option(help="The base model on the Hub, where a folder was trained on.")
    ] = None,
    license_id: Annotated[
        str | None, typer.Option("--license", help="The Hub's name of it, such as apache-2.0.")
    ] = None,
    evaluation: Annotated[
        Path | None, typer.Option(help="report.json of `gaokerena evaluate report`, for the card.")
    ] = None,
    system: Annotated[
        str | None,
        typer.Option(help="The model's name in the evaluation, for the Hub's block of results."),
    ] = None,
    dry_run: DryRunOption = False,
    private: PrivateOption = False,
    gated: GatedOption = False,
    parent: ParentOption = None,
) -> None:
    """Publish a model or an adapter with its card: one commit and one tag, read back.

    Publishing the same version again does nothing. A run that was cut off is run again.
    """
    from gaokerena_data.hub.commands import prepare_client, show_result

    with needs_extra("train"):
        from training.publishing.publish import publish as publish_model

    prepare_client()
    result = publish_model(
        model,
        to,
        version=version,
        base=base,
        license_id=license_id,
        evaluation=evaluation,
        system=system,
        private=private,
        gated=gated,
        dry_run=dry_run,
        parent=parent,
        say=typer.echo,
    )
    show_result(result, f"{to.rpartition('/')[2]} {version}")


def footprint(
    runs: Annotated[
        list[Path] | None, typer.Argument(help="Run folders; without any, give --hours.")
    ] = None,
    hours: Annotated[float | None, typer.Option(min=0.0, help="Wall time of a training.")] = None,
    watts: Annotated[float, typer.Option(min=0.0, help="What one device draws.")] = 250.0,
    devices: Annotated[int, typer.Option(min=1, help="How many work at once.")] = 1,
    region: Annotated[
        str, typer.Option(help="Google's cloud region, or a country by three letters (IRN).")
    ] = "asia-east1",
    kg_per_kwh: Annotated[
        float | None, typer.Option(min=0.0, help="Another factor, in kg CO2e a kWh.")
    ] = None,
) -> None:
    """Energy and carbon: of run folders as measured, or of hours by the paper's formula."""
    from training.runs.footprint import add_up, estimate, read_footprint

    if (hours is None) == (not runs):
        raise typer.BadParameter("give run folders, or --hours")
    if hours is not None:
        found = estimate(hours, watts=watts, devices=devices, region=region, kg_per_kwh=kg_per_kwh)
        each = "" if devices == 1 else f" x {devices}"
        typer.echo(
            f"{hours:g} h x {watts:g} W{each} = {found.kwh:.3g} kWh, "
            f"x {found.factor.kg_per_kwh:g} kg/kWh ({region}: {found.factor.source}) "
            f"= {found.kg_co2e:.3g} kg CO2e"
        )
        return
    summaries = [read_footprint(folder) for folder in runs or []]
    named = [(str(folder), summary) for folder, summary in zip(runs or [], summaries, strict=True)]
    rows = [(name, add_up([summary])) for name, summary in named]
    if len(rows) > 1:
        rows.append(("together", add_up(summaries)))
    typer.echo(f"{'hours':>9} {'measured: kWh':>14} {'kg CO2e':>9} {'formula: kWh':>13} kg CO2e")
    for name, row in rows:
        values = [row[key] for key in _FOOTPRINT_COLUMNS]
        shown = ["unknown" if value is None else f"{value:.3g}" for value in values]
        typer.echo("{:>9} {:>14} {:>9} {:>13} {:>7}".format(*shown) + f"  {name}")
