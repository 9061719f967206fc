"""Texts in other letters than Persian ones."""

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.datasets.settings import Settings, Share

NAME = "script@1"


class Script(Settings):
    """How much of the letters must be Persian script."""

    min_persian_share: Share


def drop_other_scripts(table: pa.Table, min_share: float) -> Sifted:
    """Drop texts whose letters are not Persian script to at least `min_share` (0..1)."""
    share = table["persian_share"]
    other = pc.less(share, min_share)
    return leave_out(table, other, NAME, "not_persian_script", value=share, threshold=min_share)


RULE = Rule(
    NAME,
    "letters that are not Persian script to `min_persian_share`",
    ("not_persian_script",),
    lambda table, curating: drop_other_scripts(table, curating.read(Script).min_persian_share),
    Script,
)
