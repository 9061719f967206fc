"""Rejected answers that are no text, or in another language."""

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.language import Language
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.curate.texts.rows import gather_rows
from gaokerena_data.text.language import detect_language

NAME = "rejected_text@1"
EMPTY, SAME, OTHER_LANGUAGE = "no_rejected_text", "same_as_chosen", "rejected_in_other_language"


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    """What `answered@1` and `language@1` ask of the preferred answer, of the rejected one."""
    kind = curating.declaration.kind
    allowed = {*curating.read(Language).languages, "unknown"}
    texts = gather_rows(table, curating.files, kind, [kind.body, "rejected"])
    reasons: list[str | None] = []
    for chosen, rejected in zip(*(column.to_pylist() for column in texts.columns), strict=True):
        reason = None
        if not any(map(str.isalnum, rejected)):
            reason = EMPTY
        elif rejected.split() == chosen.split():
            reason = SAME
        elif detect_language(rejected) not in allowed:
            reason = OTHER_LANGUAGE
        reasons.append(reason)
    gone = np.array([reason is not None for reason in reasons], np.bool_)
    return leave_out(table, gone, NAME, [each for each in reasons if each is not None])


RULE = Rule(
    NAME,
    "pairs whose rejected answer is empty, the preferred one again, or in a language that is not "
    "in `languages`",
    (EMPTY, SAME, OTHER_LANGUAGE),
    _apply,
    Language,
)
