"""The commands of this room alone: without the hub's and all others."""

import typer

from gaokerena_data.release import commands
from gaokerena_data.takedowns import commands as takedown_commands

app = typer.Typer()
app.command("diff")(commands.diff)
app.add_typer(takedown_commands.takedown)
