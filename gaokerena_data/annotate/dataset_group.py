"""A group of commands whose first word may be a dataset's name."""

from typing import TYPE_CHECKING

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Context

DEFAULT = "label"


class DatasetGroup(TyperGroup):
    """A group in which `annotate DATASET` is short for `annotate label DATASET`."""

    default_command = DEFAULT

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Put the default command's name before what is neither a command nor a call for help."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)
