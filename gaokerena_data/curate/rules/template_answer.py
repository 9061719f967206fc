"""Answers that would answer any question."""

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.datasets.settings import Settings, Share

NAME = "template_answer@1"


class TemplateAnswer(Settings):
    """How much of an answer may fit any question."""

    max_boilerplate_share: Share


def drop_templates(table: pa.Table, max_share: float) -> Sifted:
    """Drop answers that would answer any question: greetings, farewells, "see a doctor"."""
    share = table["boilerplate_share"]
    gone = pc.greater(share, max_share)
    return leave_out(table, gone, NAME, "fits_any_question", value=share, threshold=max_share)


RULE = Rule(
    NAME,
    "answers that are greetings and farewells to more than `max_boilerplate_share`",
    ("fits_any_question",),
    lambda table, curating: drop_templates(
        table, curating.read(TemplateAnswer).max_boilerplate_share
    ),
    TemplateAnswer,
)
