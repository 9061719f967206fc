"""What can be measured on one text of the medical web, as numbers.

Nothing is decided here: a later step compares the numbers with thresholds, so a threshold can be
changed without measuring again. The thresholds that FineWeb2 tuned for Persian come along.
"""

import re

from gaokerena_data.text.repetition import repetition_signals
from gaokerena_data.text.script import count_letters, persian_share
from gaokerena_data.text.word_forms import words

# huggingface/fineweb-2, configs/fas_Arab.yml: name of the signal, and the most or least allowed.
FINEWEB2_MOST = {
    "duplicate_line_character_share": 0.246,
    "new_line_ratio": 0.15,
    "mean_word_length": 9.0,
    "top_2_gram_share": 0.189,
    "top_3_gram_share": 0.164,
    "top_4_gram_share": 0.143,
    "duplicate_5_gram_share": 0.157,
    "duplicate_6_gram_share": 0.147,
    "duplicate_7_gram_share": 0.137,
    "duplicate_8_gram_share": 0.127,
    "duplicate_9_gram_share": 0.117,
    "duplicate_10_gram_share": 0.107,
}
FINEWEB2_LEAST = {
    "line_end_share": 0.2,
    "mean_word_length": 2.0,
    "alphabetic_word_share": 0.812,
    "stop_word_count": 2.0,
}
_STOP_WORDS = frozenset(["در", "و", "،", "به", "از", "که", "است", "این", "را", "با", "یک"])

LINE_END = tuple(".!?؟؛…:»)۔")
_BULLET = re.compile(r"[ \t]*(?:[-*•●▪◦–—]|[0-9۰-۹]{1,2}[.)\-])[ \t]")
_PERSIAN = "آ-یءئؤ"
# A missing space after a full stop or a comma: «دارم.لطفا».
_GLUED_STOP = re.compile(rf"[{_PERSIAN}]{{2}}[.؟!،؛:][{_PERSIAN}]{{2}}")
_GLUED_GREETING = re.compile(rf"^\s*(?:با )?(?:سلام|درود)(?=[{_PERSIAN}]{{2}})(?!سلامت|سلامی)")
_LONG_WORD = re.compile(rf"[{_PERSIAN}]{{14,}}")

_OPENER = re.compile(
    r"\s*(?:(?:با |عرض )?(?:سلام|درود)(?: و (?:وقت بخیر|احترام|عرض ادب|خسته نباشید|ادب))*|"
    r"(?:دوست|کاربر|مادر|پدر|همراه|خانم|آقای|همشهری|مراجع) (?:عزیز|گرامی|محترم|مهربان)|"
    r"(?:وقت|روز|صبح|عصر|شب)(?:تون|تان)? ?(?:بخیر|به خیر|خوش)|خسته نباشید|خدا قوت|"
    r"(?:خانم|آقای) دکتر(?: عزیز| گرامی)?)[\s،,.:!؛\-]*"
)
_CLOSER = re.compile(
    r"(?:موفق(?: و (?:پیروز|موید|سلامت))? باشید|(?:شاد|سالم|سلامت|تندرست)(?: و [آ-ی]+)? باشید|"
    r"(?:با |خیلی )?(?:تشکر|سپاس|ممنون|متشکرم|مرسی)[آ-ی ]{0,20}|با (?:احترام|آرزوی [آ-ی ]{3,40})|"
    r"ارادتمند[آ-ی ]{0,15}|"
    r"(?:پاسخ )?دکتر [آ-ی ]{3,30}(?:[،,] ?(?:متخصص|فوق|جراح|کارشناس)[آ-ی ،]{2,60})?)"
    r"[\s.،!]*$"
)
_TAIL = 160  # characters at the end in which a closer is looked for
# Answers that fit every question.
_TEMPLATE = re.compile(
    r"(?:به|با) (?:پزشک|متخصص)[آ-ی ]{0,30}(?:مراجعه|مشورت) (?:کن|نما|فرما|بفرما)[آ-ی]+|"
    r"نیاز به (?:معاینه|ویزیت|بررسی)[آ-ی ]{0,15}(?:دارد|دارید|می‌باشد|است)|"
    r"(?:باید|بایستی) (?:معاینه|ویزیت) (?:شوید|شود|بشوید|گردد|گردید)|حضور[ای]+ مراجعه|"
    r"(?:قبلا|پیش‌تر|در سوالات قبلی)[آ-ی ]{0,20}پاسخ داده"
)

_GREETING = re.compile(r"سلام|درود|وقت بخیر|عزیز|گرامی")
# Signs of a text that a language model wrote.
_MODEL_PHRASES = re.compile(
    r"به عنوان یک (?:مدل|دستیار|هوش)|هوش مصنوعی هستم|امیدوارم این (?:اطلاعات|توضیحات|پاسخ)|"
    r"در ادامه[،,]? به (?:بررسی|برخی|چند)|توجه داشته باشید که|لازم به ذکر است|"
    r"مهم است که (?:توجه|بدانید)|"
    r"به طور (?:کلی|خلاصه)[،,]|در نهایت[،,]|علاوه بر این[،,]|همچنین[،,]|اگر سوال دیگری دارید"
)
_MARKDOWN = re.compile(r"\*\*[^*\n]{1,200}\*\*|^#{1,4} |^[ \t]*[-*] \*\*", re.MULTILINE)


def quality_signals(text: str) -> dict[str, float]:
    """Numbers that say how good one text is, by name.

    Shares are from 0 to 1. Besides the repetition of Gopher (see `repetition_signals`):

    - `characters`, `words`, `lines`, `mean_word_length`;
    - `letter_share`, `persian_share` (of the letters), `digit_share`, `alphabetic_word_share`;
    - `stop_word_count`, `line_end_share`, `bullet_line_share`, `ellipsis_line_share`,
      `symbol_ratio` and `new_line_ratio` (per word), as Gopher and FineWeb2 count them;
    - `glued_words`: places where a space is missing;
    - `opener_share`, `closer_share`, `template_share`: characters of a greeting at the start, of a
      farewell or signature at the end, of sentences that answer any question;
    - `zwnj_count`, `has_greeting`, `model_phrases`, `markdown_marks`, `llm_signs`: signs of a
      language model; `llm_signs` counts how many of four hold (five or more ZWNJ and no greeting,
      two or more stock phrases, Markdown, more than two long dashes).

    Args:
        text: raw or normalized; the time is linear in its length.
    """
    found = words(text)
    visible = sum(map(len, text.split()))
    letters = sum(count_letters(text))
    lines = [line for line in text.split("\n") if line.strip()]
    signals = {
        "characters": float(len(text)),
        "words": float(len(found)),
        "lines": float(len(lines)),
        "mean_word_length": _ratio(sum(map(len, found)), len(found)),
        "letter_share": _ratio(letters, visible),
        "persian_share": persian_share(text),
        "digit_share": _ratio(sum(map(str.isdigit, text)), visible),
        "alphabetic_word_share": _ratio(
            sum(any(map(str.isalpha, word)) for word in found), len(found)
        ),
        "stop_word_count": float(sum(word in _STOP_WORDS for word in found)),
        "line_end_share": _ratio(
            sum(line.rstrip().endswith(LINE_END) for line in lines), len(lines)
        ),
        "bullet_line_share": _ratio(
            sum(_BULLET.match(line) is not None for line in lines), len(lines)
        ),
        "ellipsis_line_share": _ratio(
            sum(line.rstrip().endswith(("…", "...")) for line in lines), len(lines)
        ),
        "symbol_ratio": _ratio(text.count("#") + text.count("…") + text.count("..."), len(found)),
        "new_line_ratio": _ratio(text.count("\n"), len(found)),
        "glued_words": float(
            len(_GLUED_STOP.findall(text))
            + len(_GLUED_GREETING.findall(text))
            + len(_LONG_WORD.findall(text))
        ),
    }
    return signals | boilerplate(text) | _model_signs(text) | repetition_signals(text, found)


def fineweb2_failures(signals: dict[str, float]) -> list[str]:
    """The signals with which FineWeb2 would have dropped a Persian document, in its order.

    Its thresholds are for web pages; most short answers fail `line_end_share`.

    Args:
        signals: what `quality_signals` returned.
    """
    too_much = [name for name, most in FINEWEB2_MOST.items() if signals[name] > most]
    too_little = [name for name, least in FINEWEB2_LEAST.items() if signals[name] < least]
    return too_much + too_little


def boilerplate(text: str) -> dict[str, float]:
    """Shares of the characters that say nothing about the question.

    `opener_share` is a greeting at the start, `closer_share` a farewell or signature at the end,
    `template_share` sentences that answer any question.
    """
    opener = 0
    while (match := _OPENER.match(text, opener)) and match.end() > opener:
        opener = match.end()
    tail = text[max(len(text) - _TAIL, opener) :]
    closer = _CLOSER.search(tail)
    template = sum(len(match.group()) for match in _TEMPLATE.finditer(text))
    return {
        "opener_share": _ratio(opener, len(text)),
        "closer_share": _ratio(len(tail) - closer.start() if closer else 0, len(text)),
        "template_share": _ratio(template, len(text)),
    }


def _model_signs(text: str) -> dict[str, float]:
    zwnj = text.count("\u200c")
    greeting = _GREETING.search(text) is not None
    phrases = len(_MODEL_PHRASES.findall(text))
    markdown = len(_MARKDOWN.findall(text))
    dashes = text.count("—")
    signs = (zwnj >= 5 and not greeting, phrases >= 2, markdown > 0, dashes > 2)
    return {
        "zwnj_count": float(zwnj),
        "has_greeting": float(greeting),
        "model_phrases": float(phrases),
        "markdown_marks": float(markdown),
        "llm_signs": float(sum(signs)),
    }


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
