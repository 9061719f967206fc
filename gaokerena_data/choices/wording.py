"""Which option an answer gives in the option's own words, where it names none by its label."""

import re
from collections.abc import Iterator, Sequence

from gaokerena_data.choices.apart import SpokenAnswer
from gaokerena_data.choices.folding import fold, words
from gaokerena_data.choices.phrases import (
    CONCLUDES,
    CONCLUSION,
    asks,
    contradicts,
    speaks_of_the_answer,
    translates,
)

_SHORT = 12
_OVERLAP = 0.75
# Words that tell options apart are long; one that stands for its option is longer.
_TELLING, _HEAD = 4, 6
_CLAUSE = re.compile(r"[،,؛;]|(?<!\w)(?=(?:بلکه|نه|اما|ولی|but|not)(?!\w))")
_DENIAL = re.compile(
    r"\s*(?:نه|not)(?!\w)|.*(?<!\w)(?:نیست|نیستند|نمی ?باشد|نمی ?باشند|نبود)\W*$", re.IGNORECASE
)
# «همه موارد» and «هیچ‌کدام» are options of their own, said in many ways: how they are printed,
# and how answers say them.
_SUMMARIES = (
    (
        re.compile(r"\W*(?:هیچ ?(?:کدام|یک)(?!\w)|none\b|neither\b)", re.IGNORECASE),
        re.compile(r"(?<!\w)هیچ ?(?:کدام|یک)(?!\w)|\bnone of\b|\bneither\b", re.IGNORECASE),
    ),
    (
        re.compile(
            r"\W*(?:(?:همه|تمام|تمامی|کلیه)(?: ی)? ?(?:موارد|گزینه)|هر (?:سه|چهار)(?!\w)|all of\b)",
            re.IGNORECASE,
        ),
        re.compile(
            r"(?<!\w)(?:همه|تمام|تمامی|کلیه|هر ?سه|هر ?چهار)(?: ی)?(?: این)? ?"
            r"(?:موارد|مورد|گزینه)"
            r"|\ball of (?:the|these|them)\b|\ball (?:the )?options\b",
            re.IGNORECASE,
        ),
    ),
)


def exact_option(answer: SpokenAnswer) -> int | None:
    """The one option whose words are the whole answer."""
    said = words(answer.text)
    same = [place for place, option in enumerate(answer.options) if words(option) == said]
    return same[0] if said and len(same) == 1 else None


def option_by_words(answer: SpokenAnswer) -> int | None:
    """The option whose words the answer gives, where it says what it answers or is short."""
    spoken, options = answer.sentences, answer.options
    wanted = [words(option) for option in options]
    telling = [sentence for sentence in spoken if speaks_of_the_answer(sentence)]
    concluding = [sentence for sentence in telling if CONCLUSION.search(sentence)]
    for sentence in [*concluding[::-1], *telling[::-1]]:
        choice = _summary(sentence, options)
        if choice is None:
            choice = _affirmed(sentence, wanted)
        if choice is not None:
            return choice
    if any(map(translates, spoken[:1])):
        return None
    if spoken and CONCLUDES.match(spoken[-1]) and not asks(spoken[-1]):
        choice = _affirmed(spoken[-1], wanted)
        if choice is not None:
            return choice
    everything = [word for sentence in spoken for word in words(sentence)]
    if len(everything) <= _SHORT:
        steps = (
            _summary(" ".join(spoken), options),
            _affirmed(" ".join(spoken), wanted),
            None if _named(everything, wanted) else _headed(set(everything), wanted),
        )
        return next((choice for choice in steps if choice is not None), None)
    # A longer answer must open with an option's words and never give another's.
    named = _named(everything, wanted)
    opened = _named(words(spoken[0]), wanted) if spoken else set()
    return named.pop() if len(named) == 1 and named == opened else None


def _summary(sentence: str, options: Sequence[str]) -> int | None:
    """The option «همه موارد» or «هیچ‌کدام», where the sentence says as much."""
    for printed, said in _SUMMARIES:
        found = [place for place, option in enumerate(options) if printed.match(fold(option))]
        if len(found) == 1 and said.search(sentence):
            return found[0]
    return None


def _affirmed(sentence: str, wanted: list[list[str]]) -> int | None:
    """The one option that a sentence gives; clauses that deny something do not count."""
    clauses = _CLAUSE.split(sentence)
    denied = [contradicts(clause) or bool(_DENIAL.match(clause)) for clause in clauses]
    if not any(denied):
        return None if contradicts(sentence) else _only_option(words(sentence), wanted)
    rejected: set[int] = set()
    affirmed: list[str] = []
    for clause, is_denied in zip(clauses, denied, strict=True):
        if is_denied:
            rejected |= _named(words(clause), wanted)
        else:
            affirmed += words(clause)
    choice = _only_option(affirmed, wanted)
    return None if choice in rejected else choice


def _only_option(said: Sequence[str], options: list[list[str]]) -> int | None:
    """The one option that a passage contains; of two where one holds the other, the longer."""
    found = _named(said, options)
    if found:
        return found.pop() if len(found) == 1 else None
    return _closest(set(said), [set(option) for option in options])


def _named(said: Sequence[str], options: list[list[str]]) -> set[int]:
    """The options whose words stand in a passage, none of them inside another's.

    How an option's letters are divided into words does not matter: «میلی گرم», «میلیگرم».
    """
    found = set()
    taken: set[int] = set()
    for option in sorted(range(len(options)), key=lambda index: -len("".join(options[index]))):
        for start, end in _places(said, "".join(options[option])):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                found.add(option)
    return found


def _places(said: Sequence[str], letters: str) -> Iterator[tuple[int, int]]:
    """Where whole words of a passage spell some letters, one after the other."""
    if not letters:
        return
    for start in range(len(said)):
        joined = ""
        for end in range(start, len(said)):
            joined += said[end]
            if not letters.startswith(joined):
                break
            if len(joined) == len(letters):
                yield start, end + 1
                break


def _closest(said: set[str], options: list[set[str]]) -> int | None:
    """The option most of whose own words are said, where no other comes near."""
    common = set.intersection(*options) if options else set()
    shares = []
    for option in options:
        own = option - common
        shares.append(len(own & said) / len(own) if len(own) >= 3 else 0.0)
    best = max(range(len(options)), key=lambda index: shares[index])
    others = max((share for index, share in enumerate(shares) if index != best), default=0.0)
    return best if shares[best] >= _OVERLAP and shares[best] - others >= 0.3 else None


def _headed(said: set[str], options: list[list[str]]) -> int | None:
    """The option whose first word is said, a long one that no other option has.

    «آزیترومایسین» is enough for «آزیترومایسین ۲۵۰ میلی‌گرم»; words of another option are too many.
    """
    found = []
    for place, option in enumerate(options):
        others = {word for other, text in enumerate(options) if other != place for word in text}
        own = {word for word in option if len(word) >= _TELLING and word not in others}
        if own & said:
            head = option[0]
            found.append((place, head in own & said and len(head) >= _HEAD and head.isalpha()))
    return found[0][0] if len(found) == 1 and found[0][1] else None
