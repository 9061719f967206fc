"""Whether an answer entails a statement or contradicts it, read from a judge's free words."""

import json
import re
from typing import Literal

from training.evaluation.reading.folding import fold
from training.evaluation.reading.thinking import without_thinking

type Label = Literal["entails", "contradicts", "neutral"]

_LETTER, _NO_LETTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_WORDS: dict[str, str] = {
    "neutral": (
        r"هیچ ?(?:کدام|یک)|خنثی|بی ?طرف|نامشخص|نامرتبط|بی ?ارتباط|بی ?ربط|neutral|unrelated|"
        r"unclear|irrelevant|undetermined|(?:چیزی|حرفی|سخنی) (?:\w+ ){0,3}نمی ?\w+|"
        r"(?:اشاره|اشاره ?ای|ذکری|صحبتی) (?:\w+ ){0,4}(?:نمی ?\w+|نشده|نکرده|ندارد)|"
        r"(?:says|said|mentions) nothing|not (?:mentioned|addressed)|"
        r"(?:does not|doesnt|did not) (?:mention|address|say|discuss)\w*|no mention"
    ),
    "contradicts": (
        r"تناقض\w*|متناقض|تضاد|متضاد|مغایرت?|ناسازگاری?|نقض|رد (?:می ?کند|کرده|شده)|"
        r"contradict\w*|conflict\w*|refut\w*|inconsistent|incompatible"
    ),
    "entails": (
        r"تایید\w*|پشتیبانی|همخوانی|هم ?خوان|مطابقت|سازگار|entail\w*|"
        r"support(?:s|ed|ing)?|"
        r"confirm\w*|implie[sd]|consistent|agrees?"
    ),
    "denied": (
        r"نمی ?\w+|ندار\w+|نیست(?:ند)?|نشده|نکرده|نبود\w*|not|no|never|doesnt|dont|"
        r"didnt|isnt|wasnt|"
        r"cannot|cant|without|fails"
    ),
    "before": r"عدم|بدون|نه|بی|neither|nor",  # Persian that denies what stands behind it
    "unsure": r"شاید|ممکن|اگر|if|might|may|could|perhaps|either|آیا|ایا",
}
_TOKENS = re.compile(
    "|".join(
        [
            *(rf"(?P<{kind}>{_LETTER}(?:{form}){_NO_LETTER})" for kind, form in _WORDS.items()),
            r"\w+",
        ]
    ),
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?<!\d)[.!](?!\w)|[\n؛;،,]|(?<=[؟?])|\b(?:اما|ولی|بلکه|زیرا|چون|but|because|since|however)\b",
    re.IGNORECASE,
)
_APOSTROPHE = re.compile(r"(?<=n)['’](?=t\b)", re.IGNORECASE)
_BEHIND = 3  # words between a Persian verb that denies and what it denies
_KEYS = ("label", "verdict", "answer", "relation")
_NAMES: dict[str, Label] = {
    **dict.fromkeys(("entails", "entailment", "entailed", "تایید"), "entails"),
    **dict.fromkeys(("contradicts", "contradiction", "contradicted", "تناقض"), "contradicts"),
    **dict.fromkeys(("neutral", "neither", "none", "هیچ کدام", "هیچکدام"), "neutral"),
}


def read_label(text: str) -> Label | None:
    """The one label that a model's words name; None for none, for several, or a mere denial.

    "Does not contradict" is no entailment, and "not entailed" no contradiction: of such words
    alone nothing is read. What denies both is neutral.

    Example:
        >>> read_label("این پاسخ گزاره را تأیید می‌کند.")
        'entails'
        >>> read_label("تناقض ندارد") is None
        True
        >>> read_label("It neither supports nor contradicts the statement.")
        'neutral'
    """
    answer = without_thinking(text)
    named = _structured(answer)
    if named is not None:
        return _NAMES.get(fold(named).casefold())
    said: set[str] = set()
    denied: set[str] = set()
    clauses = _CLAUSE.split(_APOSTROPHE.sub("", fold(answer)))
    for clause in map(str.strip, clauses):
        if clause and not clause.endswith(("؟", "?")):
            positive, negative = _of_clause(clause)
            said |= positive
            denied |= negative
    if said & denied:
        return None
    if not said and {"entails", "contradicts"} <= denied:
        return "neutral"
    for label in ("entails", "contradicts", "neutral"):
        if said == {label}:
            return label
    return None


def _structured(answer: str) -> str | None:
    start, end = answer.find("{"), answer.rfind("}")
    if not 0 <= start < end:
        return None
    try:
        found = json.loads(answer[start : end + 1])
    except (ValueError, RecursionError):
        return None
    values = [found[key] for key in _KEYS if key in found] if isinstance(found, dict) else []
    return str(values[0]) if len(values) == 1 else None


def _of_clause(clause: str) -> tuple[set[str], set[str]]:
    """The labels that a clause states, and those that it denies."""
    tokens = [(found.lastgroup or "", found.group()) for found in _TOKENS.finditer(clause)]
    kinds = [kind for kind, _ in tokens]
    if "unsure" in kinds:
        return set(), set()
    said: set[str] = set()
    denied: set[str] = set()
    for place, (kind, word) in enumerate(tokens):
        if kind not in ("entails", "contradicts", "neutral"):
            continue
        if _is_denied(tokens, place, is_latin=word.isascii()):
            denied.add(kind)
        else:
            said.add(kind)
    return said, denied


def _is_denied(tokens: list[tuple[str, str]], place: int, *, is_latin: bool) -> bool:
    before = tokens[:place]
    if tokens[place][0] == "neutral":  # its own words may deny: "does not mention"
        return any(kind == "denied" for kind, _ in before[-1:])
    if is_latin:
        return any(kind in ("denied", "before") for kind, _ in before)
    if any(kind == "before" for kind, _ in before[-2:]) or any(word == "نه" for _, word in before):
        return True
    for kind, _ in tokens[place + 1 : place + 2 + _BEHIND]:
        if kind == "denied":
            return True
        if kind in ("entails", "contradicts"):
            return _is_denied(tokens, tokens.index((kind, _), place + 1), is_latin=False)
    return False
