"""The words by which judges compare two answers, as the tokens of a sentence."""

import re
from typing import NamedTuple

_LETTER, _NO_LETTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
ANSWER = r"(?:پاسخ|جواب|گزینه|مورد|answer|response|assistant|option|reply|model|candidate)"
_NUMBERED = r"(?:شماره\s?|ی\s|number\s|no\.?\s|#)?[\[(«\"']?"
# What stands for a place: alone it must be an ordinal; numbers and letters need the word "answer".
PLACES = {
    "first": (r"اولی?|نخستی?ن?|یکمی?ن?|first|former", r"یک|1|i|a|one|الف"),
    "second": (r"دومی?ن?|second|latter", r"دو|2|ii|b|two|ب"),
}

_BOTH = [
    rf"(?:هر ?دو|دو|این دو|both|the two|two)\s?(?:تا\s?)?{ANSWER}s?(?:\s?ها)?",
    r"هر ?دو|both",
]
_LISTED = ["بین", "میان", "از بین", "از میان", "among", "between", "of"]
_THAN = [
    *("از", "نسبت به", "در مقایسه با", "بر ?خلاف", "در برابر", "در قیاس با", "بر", "به"),
    *("unlike", "than", "over", "to", "compared (?:to|with)", "against"),
]
_EQUAL = [
    *("برابر(?:ند|ن)?", "مساوی(?:ند)?", "یکسان(?:ند)?", "همسنگ", "هم ?تراز", "مشابه(?:ند)?"),
    *("در یک (?:سطح|حد)", r"(?:تفاوت|فرق)ی? (?:\w+ )?(?:ندار\w+|نیست|نمی ?کن\w+)"),
    *(r"برتریی? (?:\w+ )?ندارند", "tie[ds]?", "equal(?:ly)?", "draw", "even", "same", "comparable"),
    "no (?:significant |real |clear )?(?:difference|winner)",
]
_WORSE = [
    *("بد ?تر(?:ی|ین)?", "ضعیف ?تر(?:ی|ین)?", "پایین ?تر", "نامناسب ?تر", "بی ?کیفیت ?تر"),
    *("worse", "worst", "weaker", "inferior", "loses", "poorer"),
]
_BETTER = [
    *("به ?تر(?:ه|ی|ین)?", "برتر(?:ه|ی|ین)?", "ارجح", "ارجحیت", "مرجح", "ترجیح"),
    *("مناسب ?تر(?:ه|ین)?", "برنده", "برگزیده", "انتخاب", "حکم", "رای", "better", "best"),
    *("superior", "prefer(?:red|able|s)?", "preference", "winner", "wins", "stronger", "choose"),
    *("choice", "pick", "favou?r", "verdict"),
]
_BEATS = ["outperforms", "beats", "surpasses", "outdoes"]
_DENIED = [
    *("نیست(?:ند)?", "نیس", "نباشد", r"نمی ?باش\w*", "نبود", r"ندار\w+"),
    r"نمی ?(?:توان|کن|ده|ش|دان|رس|گوی|بین|پذیر)\w*",
    *("نخواهد", "نشده?", "نکرده", "نباید", "نه", "بعید", r"مخالف\w*", "نادرست است", "غلط است"),
    *("درست نیست", "not", "cannot", "cant", "dont", "doesnt", "isnt", "wasnt", "wont", "wouldnt"),
    *("couldnt", "never", "no", "nor", "hardly", "doubt", "disagree", "deny", "false", "untrue"),
    "wrong",
]
_UNSURE = [
    *("اگر", "چنانچه", "در صورتی", "شاید", "ممکن", "می ?توانست", "آیا", "ایا", "کدام", "یا"),
    *("خواه", "مگر", "if", "unless", "whether", "might", "may", "could", "perhaps", "maybe"),
    *("possibly", "which", "or", "either", "(?:would|should) (?:be|have)"),
]


def _place(alone: str, marked: str) -> str:
    lead = rf"(?:(?:the |{ANSWER}\s?)?{_NUMBERED})"
    return rf"{lead}(?:{alone})(?:\s{ANSWER})?|{ANSWER}\s?{_NUMBERED}(?:{marked})(?!\d)"


# The longest of what may begin at one letter stands first.
_KINDS = {
    "both": "|".join(_BOTH),
    "neither": r"هیچ ?(?:کدام|یک)|neither|none of",
    **{place: _place(*forms) for place, forms in PLACES.items()},
    "listed": "|".join(_LISTED),
    "than": "|".join(_THAN),
    "equal": "|".join(_EQUAL),
    "worse": "|".join(_WORSE),
    "better": "|".join(_BETTER),
    "beats": "|".join(_BEATS),
    "denied": "|".join(_DENIED),
    "unsure": "|".join(_UNSURE),
    "and": "و|and",
}
_TOKENS = re.compile(
    "|".join(
        [
            *(rf"(?P<{kind}>{_LETTER}(?:{form}){_NO_LETTER})" for kind, form in _KINDS.items()),
            r"\w+",
        ]
    ),
    re.IGNORECASE,
)


class Token(NamedTuple):
    """A word or two of a sentence, and what it does in a comparison ("" for any other word)."""

    kind: str
    word: str


def tokens_of(sentence: str) -> list[Token]:
    """The tokens of a folded sentence, in order; "beats" is "better" and "than" in one word."""
    tokens: list[Token] = []
    for found in _TOKENS.finditer(sentence):
        kind = found.lastgroup or ""
        if kind == "beats":
            tokens += [Token("better", found.group()), Token("than", "")]
        else:
            tokens.append(Token(kind, found.group()))
    return tokens
