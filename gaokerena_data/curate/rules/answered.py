"""Records without a text."""

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out

NAME = "answered@1"


def drop_unanswered(table: pa.Table) -> Sifted:
    """Drop questions that nobody answered, and articles without a text."""
    return leave_out(table, pc.equal(table["body_words"], 0), NAME, "no_text")


RULE = Rule(
    NAME,
    "questions that nobody answered, articles without a text",
    ("no_text",),
    lambda table, _: drop_unanswered(table),
)
