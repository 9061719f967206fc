"""Which of two answers a judge prefers, read from its free words.

A verdict says a place, "tie", or nothing: what is not plain is None, never a guess. Sentences are
read by `verdict_grammar`; here stands what a text of several sentences says on the whole.
"""

import json
import re
from typing import Literal

from gaokerena_data.choices.folding import fold
from gaokerena_data.choices.thinking import without_thinking
from training.evaluation.reading.verdict_grammar import Place, Statement, statements_of
from training.evaluation.reading.verdict_words import ANSWER, PLACES, symbols_of
from training.evaluation.reading.verdicts_taken_back import (
    IN_ONE_RESPECT,
    SPEAKS_AGAINST,
    TAKEN_BACK,
    TURNED_ROUND,
    is_others_opinion,
)

type Said = Place

_VERDICT_KEYS = ("better", "winner", "verdict", "preferred", "choice", "best")
_LOSER_KEYS = ("worse", "loser", "worst", "rejected")
_VALUES: dict[str, Said] = {
    **dict.fromkeys(("first", "1", "a", "اول", "الف"), "first"),
    **dict.fromkeys(("second", "2", "b", "دوم", "ب"), "second"),
    **dict.fromkeys(
        ("tie", "equal", "both", "c", "neither", "draw", "برابر", "دو پاسخ برابرند"), "tie"
    ),
}
_ANSWER_AROUND = re.compile(rf"^(?:the )?{ANSWER} | {ANSWER}$")
_BRACKETS = re.compile(
    r"\[\[\s*(?:(?P<letter>[abc12])|(?P<left>[ab])\s*(?P<sign>[<>≫≪]{1,3}|"
    r"=)\s*(?P<right>[ab]))\s*\]\]"
)

# A sentence ends at these; what stands behind "but" or "because" is a sentence of its own.
_SENTENCE = re.compile(
    r"(?<!\d)[.!](?!\w)|[\n؛;—–]|(?<=[؟?])"
    r"|\b(?:اما|ولی|لیکن|however|but|yet|whereas|although|though)\b"
    r"|(?:در حالی ?که|هرچند|هر چند|اگر ?چه|گرچه|با ?این ?حال|با ?این ?وجود|ولیکن)"
    r"|\b(?:بلکه|چون|زیرا|چرا ?که|because|since|even)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:اما|ولی|لیکن|however|but|yet|whereas|although|though)\b|هر ?چند|گرچه|با ?این ?(?:حال|"
    r"وجود|که)",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"در (?:نهایت|مجموع|کل)|نهایتا|به ?طور ?کلی|روی ?هم ?رفته|نتیجه|بنابراین|حکم|رای نهایی|"
    r"جمع ?بندی|"
    r"overall|in conclusion|final|verdict|therefore|in (?:sum|summary|total)|on (?:balance|"
    r"the whole)",
    re.IGNORECASE,
)
# Around a mark or an object these words tell of it and do not give it.
_TOLD_OF = re.compile(
    r"\b(?:مثال|مثلا|نمونه|قالب|فرمت|باید|اگر|شاید|یکی از|یا|نمی ?\w+|example|format|should|would|"
    r"could|if|"
    r"please|such as|either|or|one of|suppose|cannot|cant|not|never|wont|wrong|whether|perhaps|"
    r"might|may|"
    r"asked|instructed|schema)\b|\be\.g",
    re.IGNORECASE,
)
# «نه تنها کامل‌تر بلکه بهتر» is one statement; "isn't" is one word.
_ONE_STATEMENT = re.compile(
    r"((?:نه|not) (?:تنها|فقط|only|just)\b[^.!؟?\n]{0,120}?)\b(?:بلکه|but)\b"
)
_NAMED = re.compile(
    r"\b(winner|verdict|choice|preference|answer|output|better answer|better response|برنده|حکم|"
    r"رای|انتخاب|نتیجه|"
    r"نتیجه نهایی|پاسخ بهتر|پاسخ برتر|بهترین پاسخ)(\s(?:is|من))?\s?([:=])\s?\[?"
    r"(a|b|1|2|الف|ب|یک|دو)(?!\w)\]?",
    re.IGNORECASE,
)
_APOSTROPHE = re.compile(r"(?<=n)['’](?=t\b)", re.IGNORECASE)
# «پاسخ دوم، زیرا ...»: a place and why.
_WITH_REASON = re.compile(r"([^.,،!؟?\n]{1,30}?)[,،]?\s*\b(?:چون|زیرا|چرا ?که|because|since)\b")
_NOTHING_BUT_A_PLACE = 6  # words of a reply that names a place and says no more


def read_verdict(text: str) -> Said | None:
    """Which place a judge prefers; None where it says nothing plainly, or more than one thing.

    Read are, in this order: a JSON object with a key such as "better"; `[[A]]`, `[[B>A]]` as
    arena-hard asks for; sentences that compare. Thinking before the answer is no answer.

    Example:
        >>> read_verdict("پاسخ دوم از پاسخ اول بهتر است.")
        'second'
        >>> read_verdict("پاسخ دوم می‌گوید که استراحت بهتر است.") is None
        True
    """
    answer = without_thinking(text)
    structured = _structured(answer)
    if structured is not None:
        return structured if structured != "unreadable" else None
    marked = _unfolded(answer)
    found = list(_BRACKETS.finditer(marked))
    if found:
        said = {_bracketed(mark) for mark in found}
        told = any(_TOLD_OF.search(_sentence_around(marked, *mark.span())) for mark in found)
        return said.pop() if len(said) == 1 and not told else None
    return _spoken(fold(answer).lower())


def _structured(answer: str) -> Said | Literal["unreadable"] | None:
    """The verdict of a JSON object; None where the answer is none."""
    start, end = answer.find("{"), answer.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        pairs = json.loads(answer[start : end + 1], object_pairs_hook=list)
    except (ValueError, RecursionError):
        return None
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        return None
    entries = _entries(pairs)
    said = {_word(value) for key, value in entries if key in _VERDICT_KEYS} - {"{}"}
    if not said:
        return None
    if said & {_word(value) for key, value in entries if key in _LOSER_KEYS}:
        return "unreadable"
    around = _APOSTROPHE.sub("", fold(_sentence_around(answer, start, end + 1)))
    behind = _APOSTROPHE.sub("", fold(answer[end + 1 :]))
    is_undone = TAKEN_BACK.search(behind) or TURNED_ROUND.search(_other_words(pairs))
    if len(said) != 1 or _TOLD_OF.search(around) or is_undone:
        return "unreadable"
    value = fold(said.pop())
    return _VALUES.get(value) or _VALUES.get(_ANSWER_AROUND.sub("", value), "unreadable")


def _entries(pairs: object, depth: int = 3) -> list[tuple[str, object]]:
    """Keys and values of a JSON object and of objects in it, with keys that stand twice."""
    if not isinstance(pairs, list) or depth == 0:
        return []
    entries = [pair for pair in pairs if isinstance(pair, tuple)]
    return entries + [inner for _, value in entries for inner in _entries(value, depth - 1)]


def _word(value: object) -> str:
    """A value, or the only one of a list, as `_VALUES` has it; "{}" for an object."""
    alone = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(value, list) and any(isinstance(inner, tuple) for inner in value):
        return "{}"
    return str(alone).strip().casefold()


def _other_words(pairs: object) -> str:
    """What a JSON object says beside its verdict: reasons, notes."""
    texts = (value for key, value in _entries(pairs) if key not in _VERDICT_KEYS)
    return _APOSTROPHE.sub("", fold(". ".join(t for t in texts if isinstance(t, str))).lower())


def _unfolded(answer: str) -> str:
    lines = answer.casefold().replace("**", "").splitlines()
    return _APOSTROPHE.sub("", "\n".join(" ".join(line.split()) for line in lines))


def _sentence_around(text: str, start: int, end: int) -> str:
    """The sentence in which a mark stands (at most 200 characters on both sides of it).

    A line that ends with ":" belongs to what stands under it.
    """
    before = text[max(0, start - 200) : start].rstrip("`\n ").removesuffix("```json").rstrip("`\n ")
    sentence = _SENTENCE.split(before)[-1] if before.endswith(":") else ""
    same_line = _SENTENCE.split(text[max(0, start - 200) : start])[-1]
    return f"{sentence} {same_line} {_SENTENCE.split(text[end : end + 200])[0]}"


def _bracketed(found: re.Match[str]) -> Said:
    letter, sign = found["letter"], found["sign"]
    if letter is not None:
        return _VALUES[letter]
    if sign == "=" or found["left"] == found["right"]:
        return "tie"
    return _VALUES[found["left"] if sign[0] in ">≫" else found["right"]]


def _spoken(folded: str) -> Said | None:
    plain_words = _ONE_STATEMENT.sub(r"\1 و ", _APOSTROPHE.sub("", folded))
    plain_words = _NAMED.sub(r"\1\2: answer \4", plain_words)
    sentences = [
        part.strip() for part in _SENTENCE.split(plain_words) if part and part.strip(" ,،.:")
    ]
    answers = [sentence for sentence in sentences if not sentence.endswith(("؟", "?"))]
    if len(answers) == 1 and len(answers[0].split()) <= _NOTHING_BUT_A_PLACE:
        alone = _place_alone(answers[0])
        if alone is not None:
            return alone
    said: list[tuple[Statement, bool]] = []
    if (reasoned := _WITH_REASON.match(plain_words)) and (named := _place_alone(reasoned.group(1))):
        said.append((Statement(named, is_denied=False, is_quality=False, is_aspect=False), False))
    is_example = False
    for sentence in sentences:
        stated = [] if is_others_opinion(sentence) else statements_of(sentence)
        if taken_back := TAKEN_BACK.search(sentence):
            said.clear()  # with what this sentence says before it is taken back
            kept = statements_of(sentence[taken_back.start() :])
            stated = [statement for statement in stated if statement in kept]
        if IN_ONE_RESPECT.search(sentence):
            stated = [statement._replace(is_aspect=True) for statement in stated]
            if not stated:  # a sentence of its own: "... but only in style"
                said = [(before._replace(is_aspect=True), whole) for before, whole in said]
        if not is_example:
            whole = _WHOLE.search(sentence) is not None
            said += [(statement, whole) for statement in stated]
        is_example = sentence.endswith(":") and "U" in symbols_of(sentence[-80:])
    against = _CONTRAST.search(plain_words) or SPEAKS_AGAINST.search(plain_words)
    return _on_the_whole(said, is_contrasted=against is not None)


def _on_the_whole(said: list[tuple[Statement, bool]], *, is_contrasted: bool) -> Said | None:
    """The one place that all statements leave; a conclusion outweighs what stands before it."""
    denied = {statement.place for statement, _ in said if statement.is_denied}
    stated = [(statement, whole) for statement, whole in said if not statement.is_denied]
    strong = [entry for entry in stated if not entry[0].is_quality]
    places = {statement.place for statement, _ in strong if not statement.is_aspect}
    concluded = {statement.place for statement, whole in strong if whole}
    if len(places | concluded) > 1 or (concluded and not places):
        places = concluded
    if not places:  # "more complete" is a verdict where nothing at all speaks against it
        qualities = {statement.place for statement, _ in stated}
        whole_ones = {s.place for s, whole in stated if whole and not s.is_aspect}
        if all(statement.is_aspect for statement, _ in stated):
            return None
        if len(qualities) == 1 and not is_contrasted:
            places = qualities
        elif len(whole_ones) == 1:
            places = whole_ones
    plain = places.pop() if len(places) == 1 else None
    return None if plain in denied else plain


def _place_alone(sentence: str) -> Said | None:
    """«پاسخ دوم», "B", "Answer: 2": a reply that is nothing but a place."""
    bare = re.sub(r"[^\w\s]", " ", sentence.casefold())
    words = [
        word
        for word in bare.split()
        if not re.fullmatch(rf"{ANSWER}|the|one|قطعا|حتما|یقینا|definitely", word)
    ]
    if len(words) != 1:
        return None
    for place, (alone, marked) in PLACES.items():
        if re.fullmatch(rf"{alone}|{marked}", words[0]):
            return "first" if place == "F" else "second"
    return "tie" if re.fullmatch(r"tie|equal|برابر(?:ند)?|مساوی|یکسان|تساوی|c", words[0]) else None
