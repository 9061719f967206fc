"""Which option a free answer chose: the reading that the authors did by hand, as rules.

No model is asked. The order of the rules is the order of their trustworthiness: what the answer
says its answer is, the label it opens with, the only option it does not reject, and last the
options' own words.
"""

import re
from collections.abc import Sequence

from training.evaluation.reading.folding import fold
from training.evaluation.reading.mentions import DIGITS, LETTERS, Mention, Stance, find_mentions
from training.evaluation.reading.phrases import AGAINST, QUOTED, chooses_none, sentences
from training.evaluation.reading.wording import exact_option, option_by_words

_OPENING = re.compile(
    r"[\s\[({«【\"'\-:.]*(?:([A-Ea-e])|(الف|ب|ج|د)|([1-5])(?![.٫]?[0-9]))"
    r"(?:\s*[\])}»】\"'.:،\-–]+|\s*$|[^\S\n]*\n|\s+(?=[^A-Za-z\s]))\s*(?:(است)(?!\w))?"
)
_LABELS_OF = ("[Aa]|الف|1", "[Bb]|ب|2", "[Cc]|ج|3", "[Dd]|د|4", "[Ee]|ه|5")
_OPEN = r"[\[({«【]"
# The full stop of the option's text, not that of the sentence.
_OWN_STOP = r"(?:\s*\.(?=\s*(?:نادرست|غلط|اشتباه|درست|صحیح|نیست|است)(?!\w)))?"
_OPENING_LETTERS = {"الف": 0, "ب": 1, "ج": 2, "د": 3}
# «[B] این گزاره نادرست است» answers, then speaks of the statement: a new sentence, not a rejection.
_NEW_SUBJECT = re.compile(
    r"این (?:گزاره|عبارت|جمله|مورد|گزینه)|this (?:statement|option)", re.IGNORECASE
)
_LONE_LETTER = re.compile(r"(?<![A-Za-z0-9])[A-E](?![A-Za-z0-9])")
_DIGIT = re.compile(r"[0-9]")


def extract_choice(answer: str, options: Sequence[str]) -> str | None:
    """The letter of the option that a free Persian, English or mixed answer chose.

    Args:
        answer: what the model wrote, markup and all.
        options: the texts of the options in order, two to five.

    Returns:
        "A" to "E", or None where the answer chooses none, or more than one.
    """
    if (exact := exact_option(answer, options)) is not None:
        return LETTERS[exact]
    printed = [fold(option) for option in options]
    folded = _without_quotes(fold(answer), printed)
    spoken = sentences(folded)
    held = "\n".join(printed)
    bare = ("" if _LONE_LETTER.search(held) else LETTERS) + ("" if _DIGIT.search(held) else DIGITS)
    mentions = [find_mentions(sentence, len(options), bare) for sentence in spoken]
    choice = _odd_one_out(mentions, len(options))
    if choice is None:
        choice = _declared(mentions)
    if choice is None:
        choice = _opening(folded, mentions, len(options))
    if choice is None and not any(map(chooses_none, spoken)):
        choice = _not_rejected(mentions, len(options))
    if choice is None:
        choice = option_by_words(spoken, options)
    return None if choice is None else LETTERS[choice]


def _without_quotes(folded: str, options: Sequence[str]) -> str:
    """The answer with a bare «[A]» for every label that its option's own text follows.

    A letter or digit before its option's text is a label for certain, and what stands in an
    option's own words says nothing about the option.
    """
    for place, option in enumerate(options):
        text = option.rstrip(" .،؛:")
        if text:
            label = rf"{_OPEN}? ?(?:{_LABELS_OF[place]})(?!\w)[\s\])}}»】:：.\-–]*"
            quote = rf"(?<!\w){label}(?<!\w){re.escape(text)}(?!\w){_OWN_STOP}"
            folded = re.sub(quote, f" [{LETTERS[place]}] {QUOTED} ", folded)
    return folded


def _odd_one_out(by_sentence: list[list[Mention]], options: int) -> int | None:
    """The option that the last word calls wrong while it calls all others right.

    It answers a question for the exception, whose words are not known here.
    """
    stances: dict[int, Stance] = {}
    for mentions in by_sentence:
        for mention in mentions:
            if mention.stance is not Stance.NAMED:
                stances[mention.option] = mention.stance
    wrong = [option for option, stance in stances.items() if stance is Stance.AGAINST]
    return wrong[0] if 2 < len(stances) == options and len(wrong) == 1 else None


def _declared(by_sentence: list[list[Mention]]) -> int | None:
    """The last thing the answer says its answer is; a conclusion outweighs what was said before."""
    said: list[Mention] = []
    for mentions in by_sentence:
        spoken_for = [mention for mention in mentions if mention.stance >= Stance.FOR]
        if len({mention.option for mention in spoken_for}) > 1 and any(
            m.shared for m in spoken_for
        ):
            continue  # «گزینه‌های A و C درست هستند» chooses no single option.
        said.extend(spoken_for)
    for rank in (
        [mention for mention in said if mention.concludes],
        [mention for mention in said if mention.stance is Stance.ANSWER],
        said,
    ):
        if rank:
            return rank[-1].option
    return None


def _opening(folded: str, by_sentence: list[list[Mention]], options: int) -> int | None:
    """The label an answer opens with, unless it opens a list of the options or rejects it."""
    match = _OPENING.match(folded)
    if match is None or (option := _opened(match)) >= options:
        return None
    if match.group(4):
        return option
    if AGAINST.match(folded, match.end()):
        return None
    if _opens_list(folded, option) or any(m.option == option and m.shared for m in by_sentence[0]):
        return None
    rejected = any(
        mention.option == option and mention.stance is Stance.AGAINST
        for mentions in by_sentence
        for mention in mentions
    )
    return None if rejected and not _NEW_SUBJECT.match(folded, match.end()) else option


def _opened(match: re.Match[str]) -> int:
    latin, persian, digit, _ = match.groups()
    if latin:
        return LETTERS.index(latin.upper())
    return _OPENING_LETTERS[persian] if persian else int(digit) - 1


def _opens_list(folded: str, option: int) -> bool:
    """Whether the next line that opens with a label goes on with the next option."""
    lines = folded.split("\n")[1:]
    labels = [_opened(match) for line in lines if (match := _OPENING.match(line))]
    return bool(labels) and labels[0] == option + 1


def _not_rejected(by_sentence: list[list[Mention]], options: int) -> int | None:
    """The only option named and not rejected, or the only one that was not rejected."""
    short = sum(map(len, by_sentence)) == 1
    mentions = [
        mention
        for sentence in by_sentence
        for mention in sentence
        if short or not mention.bare or mention.stance is Stance.AGAINST
    ]
    against = {mention.option for mention in mentions if mention.stance is Stance.AGAINST}
    named = {mention.option for mention in mentions} - against
    if len(named) == 1:
        return named.pop()
    left = set(range(options)) - against
    return left.pop() if len(left) == 1 else None
