"""The label that an answer opens with."""

import re

from gaokerena_data.choices.apart import SpokenAnswer
from gaokerena_data.choices.mentions import Stance, label_place
from gaokerena_data.choices.phrases import AGAINST, NOT_THE_ANSWER

_NEAR = 40  # characters behind a label
_OPENING = re.compile(
    r"[\s\[({«【\"'\-:.]*([A-Za-z]|الف|ب|ج|د|ه|(?:1[0-9]|2[0-6]|[1-9])(?![.٫]?[0-9]))"
    r"(?:\s*[\])}»】\"'.:،\-–]+|\s*$|[^\S\n]*\n|\s+(?=[^A-Za-z\s]))\s*(?:(است)(?!\w))?"
)
# «B نه، A.», «الف و ب هر دو»: rejected at once, or one of several.
_NOT_ALONE = re.compile(
    r"\W*(?:(?:نه|no)\s*[،,.;]|(?:و|یا|and|or)\s+(?:گزینه )?(?:[A-Z]|الف|[بجده]|[1-9])(?!\w))"
)
# «[B] این گزاره نادرست است» answers, then speaks of the statement: a new sentence, not a rejection.
_NEW_SUBJECT = re.compile(
    r"این (?:گزاره|عبارت|جمله|مورد|گزینه)|this (?:statement|option)", re.IGNORECASE
)


def opening_label(answer: SpokenAnswer) -> int | None:
    """The label an answer opens with, unless it opens a list of the options or rejects it."""
    folded, by_sentence = answer.folded, answer.mentions
    match = _OPENING.match(folded)
    option = label_place(match.group(1)) if match else None
    if match is None or option is None or option >= len(answer.options):
        return None
    if match.group(2):
        return option
    behind = folded[match.end(1) : match.end(1) + _NEAR]
    if _NOT_ALONE.match(behind) or NOT_THE_ANSWER.match(behind.lstrip(" ])}:.")):
        return None
    if AGAINST.match(folded, match.end()) and not answer.exception:
        return None
    if _opens_list(folded, option) or any(m.option == option and m.shared for m in by_sentence[0]):
        return None
    rejected = any(
        mention.option == option and mention.stance is Stance.AGAINST
        for mentions in by_sentence
        for mention in mentions
    )
    if rejected and not answer.exception and not _NEW_SUBJECT.match(folded, match.end()):
        return None
    return option


def _opens_list(folded: str, option: int) -> bool:
    """Whether the next line that opens with a label goes on with the next option."""
    opened = (_OPENING.match(line) for line in folded.split("\n")[1:])
    return next((label_place(match.group(1)) for match in opened if match), None) == option + 1
