"""Which of two answers a judge prefers, read from its free words.

A verdict says a place, "tie", or nothing: what is not plain is None, never a guess. A sentence is
read by its comparison: who is compared (the subject), with whom (the standard, behind «از», "than"
and the like), by which word (better, worse, equal), and whether that is denied, wished or asked.
"""

import json
import re
from typing import Literal

from training.evaluation.reading.folding import fold
from training.evaluation.reading.thinking import without_thinking
from training.evaluation.reading.verdict_words import ANSWER, PLACES, Token, tokens_of

type Said = Literal["first", "second", "tie"]

_VERDICT_KEYS = ("better", "winner", "verdict", "preferred", "choice", "best")
_VALUES: dict[str, Said] = {
    **dict.fromkeys(("first", "1", "a", "answer 1", "answer a", "پاسخ اول", "اول", "الف"), "first"),
    **dict.fromkeys(("second", "2", "b", "answer 2", "answer b", "پاسخ دوم", "دوم", "ب"), "second"),
    **dict.fromkeys(
        ("tie", "equal", "both", "c", "neither", "draw", "برابر", "دو پاسخ برابرند"), "tie"
    ),
}
_BRACKETS = re.compile(
    r"\[\[\s*(?:(?P<letter>[abc12])|(?P<left>[ab])\s*(?P<sign>[<>]{1,3}|=)\s*(?P<right>[ab]))\s*\]\]"
)

_SENTENCE = re.compile(
    r"(?<!\d)[.!](?!\w)|[\n؛;]|(?<=[؟?])"
    r"|\b(?:اما|ولی|لیکن|however|but|whereas|while|although|though)\b"
    r"|(?:در حالی ?که|هرچند|هر چند|گرچه|با ?این ?حال|با ?این ?وجود|ولیکن)"
    r"|\b(?:بلکه|چون|زیرا|چرا ?که|because|since)\b",
    re.IGNORECASE,
)
_ASPECT = re.compile(
    r"از (?:نظر(?! من| ما| بنده| اینجانب)|لحاظ|جهت|حیث|منظر)|به لحاظ|in terms of|regarding|"
    r"with respect to|structur|ساختار|نگارش|\bطول\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"در (?:نهایت|مجموع|کل)|نهایتا|به ?طور ?کلی|روی ?هم ?رفته|نتیجه|بنابراین|حکم|رای نهایی|"
    r"overall|in conclusion|final|verdict|therefore|in (?:sum|summary|total)|on balance",
    re.IGNORECASE,
)
# «نه تنها کامل‌تر بلکه بهتر» is one statement; "winner: B" names an answer; "isn't" is one word.
_ONE_STATEMENT = re.compile(r"((?:نه|not) (?:تنها|فقط|only)\b[^.!؟?\n]{0,120}?)\b(?:بلکه|but)\b")
_NAMED = re.compile(
    r"\b(winner|verdict|choice|preference|برنده|حکم|رای|انتخاب)(?:\s(?:is|من))?\s?[:=]?\s?\[?"
    r"(a|b|1|2|الف|ب|یک|دو)(?!\w)\]?",
    re.IGNORECASE,
)
_APOSTROPHE = re.compile(r"(?<=n)['’](?=t\b)", re.IGNORECASE)
_COMMA = re.compile(r"[،,]")
_NOT_ONLY = re.compile(r"نه تنها|نه فقط|not only", re.IGNORECASE)
_NOTHING_BUT_A_PLACE = 6  # words of a reply that names a place and says no more


def read_verdict(text: str) -> Said | None:
    """Which place a judge prefers; None where it says nothing plainly, or more than one thing.

    Read are, in this order: a JSON object with a key such as "better"; `[[A]]`, `[[B>A]]` as
    arena-hard asks for; sentences that compare. Thinking before the answer is no answer.

    Example:
        >>> read_verdict("پاسخ دوم از پاسخ اول بهتر است.")
        'second'
        >>> read_verdict("I do not think answer 1 is better.") is None
        True
    """
    answer = without_thinking(text)
    structured = _structured(answer)
    if structured is not None:
        return structured if structured != "unreadable" else None
    folded = fold(answer)
    marked = {_bracketed(found) for found in _BRACKETS.finditer(_unfolded(answer))}
    if marked:
        return marked.pop() if len(marked) == 1 else None
    return _spoken(folded)


def _structured(answer: str) -> Said | Literal["unreadable"] | None:
    """The verdict of a JSON object; None where the answer is none."""
    start, end = answer.find("{"), answer.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        found = json.loads(answer[start : end + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    said = {str(found[key]).strip().casefold() for key in _VERDICT_KEYS if key in found}
    if len(said) != 1:
        return "unreadable" if said else None
    return _VALUES.get(fold(said.pop()), "unreadable")


def _unfolded(answer: str) -> str:
    return " ".join(answer.casefold().replace("**", "").split())


def _bracketed(found: re.Match[str]) -> Said:
    letter, sign = found["letter"], found["sign"]
    if letter is not None:
        return _VALUES[letter]
    if sign == "=" or found["left"] == found["right"]:
        return "tie"
    return _VALUES[found["left"] if ">" in sign else found["right"]]


def _spoken(folded: str) -> Said | None:
    folded = folded.replace(" > ", " beats ")
    plain_words = _NAMED.sub(r"\1 answer \2", _APOSTROPHE.sub("", folded))
    plain_words = _ONE_STATEMENT.sub(r"\1 و ", plain_words)
    sentences = [
        clause
        for part in _SENTENCE.split(plain_words)
        if part.strip()
        for clause in _clauses(part.strip())
    ]
    if len(sentences) == 1 and len(sentences[0].split()) <= _NOTHING_BUT_A_PLACE:
        alone = _place_alone(sentences[0])
        if alone is not None:
            return alone
    said = [(found, part) for part in sentences for found in _compared(part)]
    verdicts = {found for found, _ in said}
    if len(verdicts) > 1:
        whole = [entry for entry in said if _WHOLE.search(entry[1])]
        of_all = whole or [entry for entry in said if not _ASPECT.search(entry[1])]
        verdicts = {found for found, _ in of_all}
    elif said and all(_ASPECT.search(part) and not _WHOLE.search(part) for _, part in said):
        return None
    denied = {found for part in sentences for found in _denied(part)}
    plain = verdicts.pop() if len(verdicts) == 1 else None
    return None if plain in denied else plain


def _clauses(sentence: str) -> list[str]:
    """A sentence, cut at a comma behind which, after a comparison, another one is spoken of."""
    clauses: list[str] = []
    for piece in _COMMA.split(sentence):
        if clauses and not (_compares(clauses[-1]) or _compares(piece)):
            clauses[-1] = f"{clauses[-1]} {piece.strip()}"
        else:
            clauses.append(piece.strip())
    return [clause for clause in clauses if clause]


def _compares(piece: str) -> bool:
    """Whether a stretch of a sentence has a comparison and who is compared."""
    tokens = tokens_of(piece)
    return bool({kind for kind, _ in tokens} & {"better", "worse", "equal"}) and (
        _subject(tokens) is not None
    )


def _place_alone(sentence: str) -> Said | None:
    """«پاسخ دوم», "B", "Answer: 2": a reply that is nothing but a place."""
    bare = re.sub(r"[^\w\s]", " ", sentence.casefold())
    words = [word for word in bare.split() if not re.fullmatch(ANSWER, word)]
    if len(words) != 1:
        return None
    for place, (alone, marked) in PLACES.items():
        if re.fullmatch(rf"{alone}|{marked}", words[0]):
            return "first" if place == "first" else "second"
    return "tie" if re.fullmatch(r"tie|equal|برابر(?:ند)?|مساوی|یکسان|c", words[0]) else None


def _compared(sentence: str) -> list[Said]:
    """What one sentence plainly says; nothing where it asks, wishes, doubts or denies."""
    if sentence.endswith(("؟", "?")):
        return []
    tokens = tokens_of(sentence)
    kinds = [kind for kind, _ in tokens]
    if "unsure" in kinds:
        return []
    if "neither" in kinds and ("better" in kinds or "worse" in kinds or "equal" in kinds):
        return ["tie"]
    if not _NOT_ONLY.search(sentence) and _is_denied(tokens):
        return []
    if "equal" in kinds:
        return ["tie"] if "better" not in kinds and "worse" not in kinds else []
    if ("better" in kinds) == ("worse" in kinds):
        return []
    subject = _subject(tokens)
    if subject is None:
        return []
    return [subject if "better" in kinds else _other(subject)]


def _denied(sentence: str) -> list[Said]:
    """The places that a sentence says are not better."""
    if sentence.endswith(("؟", "?")):
        return []
    tokens = tokens_of(sentence)
    kinds = {kind for kind, _ in tokens}
    if "better" not in kinds or kinds & {"unsure", "neither", "worse", "equal"}:
        return []
    if _NOT_ONLY.search(sentence) or not _is_denied(tokens):
        return []
    subject = _subject(tokens)
    return [subject] if subject is not None else []


def _other(place: Said) -> Said:
    return "second" if place == "first" else "first"


def _is_denied(tokens: list[Token]) -> bool:
    """Whether the comparison is denied, not something else that the sentence says besides.

    In Persian the verb that denies it stands behind the comparison (within three words), or an
    opinion that is denied («فکر نمی‌کنم») before it; in English before it.
    """
    places = [n for n, (kind, _) in enumerate(tokens) if kind in {"better", "worse", "equal"}]
    if not places:
        return False
    first, last = places[0], places[-1]
    for n, (kind, word) in enumerate(tokens):
        if kind != "denied":
            continue
        is_latin = word.isascii()
        opinion = re.match(r"نمی|نادرست|غلط|درست|بعید|مخالف|نه$", word) is not None
        if n > last and n - last <= (4 if is_latin else 3):
            return True
        if n < first and (is_latin or opinion):
            return True
    return False


def _subject(tokens: list[Token]) -> Said | None:
    """Who is compared: the one place that no "than" stands before and no list names."""
    subjects: set[Said] = set()
    standards: set[Said] = set()
    listed = False
    previous: list[str] = []
    for kind, _ in tokens:
        if kind in ("listed", "both"):
            listed = kind == "listed"  # a list of "both" is a whole one
        elif kind in ("first", "second"):
            place: Said = "first" if kind == "first" else "second"
            behind = previous[-1:] == ["than"] or previous[-2:] == ["than", ""]
            if behind:
                standards.add(place)
            elif not listed:
                subjects.add(place)
            elif previous[-1:] == ["and"]:
                listed = False  # the list of both ends with its second member
        previous.append(kind)
    if len(subjects) == 1:
        return subjects.pop()
    return None
