"""The commands of this room alone: without the hub's and all others."""

import typer

from gaokerena_data.release import commands

app = typer.Typer()
app.command("diff")(commands.diff)
app.add_typer(commands.takedown)
