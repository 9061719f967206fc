"""`gaokerena annotate`: labels by a rubric, and the models that are trained from them."""

import typer

from gaokerena_data.annotate.dataset_group import DatasetGroup

app = typer.Typer(
    name="annotate",
    cls=DatasetGroup,
    help="Label rows of a dataset by a written rubric: `annotate DATASET`.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
