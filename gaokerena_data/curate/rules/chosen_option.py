"""Preferred answers that do not name the right option."""

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.curate.texts.pair_readings import read_pairs
from gaokerena_data.datasets.settings import Settings

NAME = "chosen_option@1"
NO_OPTIONS, NO_KEY = "no_options", "no_correct_option"
NAMES_NONE, NAMES_ANOTHER = "chosen_names_none", "chosen_names_another"


class ChosenOption(Settings):
    """What is asked of a preferred answer."""

    keep_unread_chosen: bool


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    keeps_unread = curating.read(ChosenOption).keep_unread_chosen
    pairs = read_pairs(table, curating.files, curating.declaration.kind)
    reasons: list[str | None] = []
    for pair in pairs:
        reason = None
        if not pair.options:
            reason = NO_OPTIONS
        elif pair.correct is None:
            reason = NO_KEY
        elif pair.chosen is None:
            reason = None if keeps_unread else NAMES_NONE
        elif pair.chosen != pair.correct:
            reason = NAMES_ANOTHER
        reasons.append(reason)
    gone = np.array([reason is not None for reason in reasons], np.bool_)
    details = [pair.chosen and f"{pair.chosen} for {pair.correct}" for pair in pairs]
    return leave_out(
        table,
        gone,
        NAME,
        [reason for reason in reasons if reason is not None],
        detail=pa.array(details, pa.string()),
    )


RULE = Rule(
    NAME,
    "pairs whose preferred answer names another option than the right one, or none (where "
    "`keep_unread_chosen` is false); what has no options or no key",
    (NO_OPTIONS, NO_KEY, NAMES_NONE, NAMES_ANOTHER),
    _apply,
    ChosenOption,
)
