"""What an answer says of the options it names by their labels, as rules.

Every rule reads a `SpokenAnswer` and gives the index of an option, `SEVERAL` where the answer
says that more than one is right, or None where the rule has nothing to say.
"""

import re
from collections.abc import Callable

from gaokerena_data.choices.apart import SpokenAnswer
from gaokerena_data.choices.mentions import Mention, Stance
from gaokerena_data.choices.phrases import LEADS, QUOTED, SOFTLY, TURNS, asks, chooses_none

# More than one option is called right: whatever else is said, none was chosen.
SEVERAL = -1
_HEADING_LENGTH = 60
# «در گزینه A ...» speaks about an option, and does not choose it.
_ABOUT = re.compile(r"\W*(?:در(?: مورد)?|درباره(?: ی)?|بررسی|برای) (?:گزینه|option)")
# «1. کبد (گزینه A): ...» is a line of a list.
_ITEM = re.compile(rf"\W*(?:[-•–]|[0-9]{{1,2}}[.)]|{QUOTED})")


def final_statement(answer: SpokenAnswer) -> int | None:
    """The last time the answer says in so many words which option is right."""
    for mentions in reversed(answer.mentions):
        explicit = [mention for mention in mentions if mention.explicit]
        if explicit:
            return _said_last(explicit)
    return None


def last_word(answer: SpokenAnswer) -> int | None:
    """The one option that the last sentence with labels names, where it concludes."""
    place = answer.last
    if place < 0 or any(map(chooses_none, answer.sentences[place + 1 :])):
        return None
    mentions, sentence = answer.mentions[place], answer.sentences[place]
    explicit = [mention for mention in mentions if mention.explicit]
    if explicit:
        return _said_last(explicit)
    concludes = mentions[0].concludes
    if _is_question(sentence) or not (concludes or LEADS.match(sentence)):
        return None
    first = first_line(answer)
    if first is not None and not _turns_to(mentions, sentence, concludes=concludes):
        return first
    return _meant(answer, mentions)


def concluded(answer: SpokenAnswer) -> int | None:
    """The option that a conclusion calls right: «بنابراین گزینه B درست است»."""
    return _last_called(answer, lambda mention: mention.concludes)


def called_answer(answer: SpokenAnswer) -> int | None:
    """The option last called the answer, in whatever words."""
    return _last_called(answer, lambda mention: mention.stance is Stance.ANSWER)


def praised(answer: SpokenAnswer) -> int | None:
    """The option last called right."""
    return _last_called(answer, lambda mention: mention.stance >= Stance.FOR)


def first_line(answer: SpokenAnswer) -> int | None:
    """The one option that the first line with words names, where no list of options begins."""
    for place, sentence in enumerate(answer.sentences[:3]):
        mentions = answer.mentions[place]
        if not mentions:
            if len(sentence) > _HEADING_LENGTH:
                return None
            continue
        named = {mention.option for mention in mentions}
        against = mentions[0].stance is Stance.AGAINST and not answer.exception
        unfit = against or asks(sentence) or mentions[0].bare or _ABOUT.match(sentence)
        if len(named) > 1 or unfit:
            return None
        listed = mentions[0].starts or _ITEM.match(sentence)
        return None if listed and _goes_on(answer, place) else named.pop()
    return None


def conclusion_names(answer: SpokenAnswer) -> int | None:
    """The one option that the last word names: «با توجه به این‌ها، گزینه B باعث ... می‌شود»."""
    for place in range(len(answer.sentences) - 1, -1, -1):
        mentions = answer.mentions[place]
        if chooses_none(answer.sentences[place]):
            return None
        if not mentions or _is_question(answer.sentences[place]):
            continue
        leads = LEADS.match(answer.sentences[place])
        if not (leads or mentions[0].concludes):
            continue
        if (option := _meant(answer, mentions)) is not None:
            return option
    return None


def _goes_on(answer: SpokenAnswer, place: int) -> bool:
    """Whether later sentences begin with other options, as the lines of a list do."""
    first = answer.mentions[place][0].option
    return first == 0 and any(
        mentions
        and mentions[0].option == first + 1
        and (mentions[0].starts or _ITEM.match(sentence))
        for mentions, sentence in zip(
            answer.mentions[place + 1 :], answer.sentences[place + 1 :], strict=True
        )
    )


def _is_question(sentence: str) -> bool:
    return sentence.rstrip(' "»)”').endswith(("؟", "?"))


def _meant(answer: SpokenAnswer, mentions: list[Mention]) -> int | None:
    """What a concluding sentence chooses: not what it rejects, unless that was asked for."""
    against = {mention.option for mention in mentions if mention.stance is Stance.AGAINST}
    kept = [mention for mention in mentions if mention.stance is not Stance.AGAINST]
    if answer.exception and len(against) == 1:
        return against.pop()
    praised = [mention for mention in kept if mention.stance > Stance.NAMED]
    return _one_of(praised or kept) if kept else None


def _turns_to(mentions: list[Mention], sentence: str, *, concludes: bool) -> bool:
    """Whether a last sentence outweighs what the first line said, and is no praise beside it."""
    if SOFTLY.search(sentence):
        return False
    return concludes or (mentions[-1].stance >= Stance.FOR and bool(TURNS.match(sentence)))


def _said_last(explicit: list[Mention]) -> int:
    """One option, or the one that is left of several: «A و B درستند، اما A را انتخاب می‌کنم»."""
    return _one_of(explicit) if explicit[-1].shared else explicit[-1].option


def _one_of(mentions: list[Mention]) -> int:
    named = {mention.option for mention in mentions}
    return named.pop() if len(named) == 1 else SEVERAL


def _last_called(answer: SpokenAnswer, wanted: Callable[[Mention], bool]) -> int | None:
    said: int | None = None
    for mentions in answer.mentions:
        spoken_for = [mention for mention in mentions if mention.stance >= Stance.FOR]
        called = [mention for mention in spoken_for if wanted(mention)]
        if (
            called
            and any(mention.shared for mention in spoken_for)
            and _one_of(spoken_for) == SEVERAL
        ):
            said = SEVERAL
        elif called:
            said = called[-1].option
    return said


def not_rejected(answer: SpokenAnswer) -> int | None:
    """The only option named and not rejected, or the only one that was not rejected."""
    if any(map(chooses_none, answer.sentences)):
        return None
    short = sum(map(len, answer.mentions)) == 1
    mentions = [
        mention
        for sentence in answer.mentions
        for mention in sentence
        if short or not mention.bare or mention.stance is Stance.AGAINST
    ]
    against = {mention.option for mention in mentions if mention.stance is Stance.AGAINST}
    named = {mention.option for mention in mentions} - against
    if len(named) == 1:
        return named.pop()
    left = set(range(len(answer.options))) - against
    return left.pop() if len(left) == 1 else None


def the_exception(answer: SpokenAnswer) -> int | None:
    """The one option called wrong, where the wrong one was asked for or all others are right."""
    stances: dict[int, Stance] = {}
    for mentions in answer.mentions:
        for mention in mentions:
            if mention.stance is not Stance.NAMED:
                stances[mention.option] = mention.stance
    wrong = [option for option, stance in stances.items() if stance is Stance.AGAINST]
    right = {option for option, stance in stances.items() if stance >= Stance.FOR}
    if answer.exception and not wrong and len(right) == len(answer.options) - 1 > 1:
        return (set(range(len(answer.options))) - right).pop()
    if len(wrong) != 1:
        return None
    alone = 2 < len(stances) == len(answer.options)
    return wrong[0] if alone or answer.exception else None
