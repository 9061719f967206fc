"""What a translator said of itself: refusals, preambles, notes, thoughts, markup."""

import re

_PREAMBLE = re.compile(
    r"^\W*(?:البته|حتما|حتماً|بسیار خوب|در اینجا|اینجا|ترجمه\w*(?: فارسی| متن| این)?|"
    r"متن (?:ترجمه|فارسی)|"
    r"فارسی|پاسخ نهایی|sure|certainly|here(?:'s| is)|of course|translation|persian|farsi)\b"
    r"[^.\n]{0,60}[:،!]|"
    r"(?:امیدوارم|اگر (?:سوال|پرسش|نیاز)\w* (?:دیگر|بیشتر)\w*)[^.\n]{0,60}"
    r"(?:باشد|کنید|بپرسید|بگویید)\W*$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:توضیح|یادداشت|پانوشت|نکتهٔ?|تذکر|پی[\u200c ]?نوشت)\w*[ \u200c]?(?:مترجم|ترجمه)|"
    r"\bنکته در مورد ترجمه|"
    r"\(?\b(?:translator'?s? )?note\s?:|"
    r"ترجمه(?:ٔ|\u200cی|ی)? (?:دقیق|تحت[\u200c ]?اللفظی|روان|پیشنهادی|این (?:جمله|متن|عبارت)|"
    r"متن|بالا|فوق)|"
    r"(?:آیا|اگر) (?:سوال|سؤال|پرسش|متن|جمله)\w* دیگر\w*|"
    r"(?:می[\u200c ]?توانم|بتوانم) (?:کمک دیگری|کمکتان|به شما کمک)|"
    r"(?:literal|persian|farsi) translation|i translated|as requested|\bp\.?s\.?:",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</?think\w*>|</?(?:answer|translation|output|response|reasoning)>|^\s*(?:```|~~~)|```\s*$|"
    r"\{\s*[\"']\w+[\"']\s*:|⟦\d+⟧|<\|\w+\|>",
    re.IGNORECASE,
)
_ALTERNATIVES = re.compile(r"^\W*[«\"][^»\"]{2,200}[»\"]\s*(?:یا|/|or)\s*[«\"]")
_REFUSAL = re.compile(
    r"متاسفم|متأسفم|متاسفانه (?:نمی|امکان|قادر)|متأسفانه (?:نمی|امکان|قادر)|"
    r"نمی[\u200c ]?توانم (?:\w+ ){0,5}(?:ترجمه|کمک|پاسخ)|قادر به (?:ترجمه|پاسخ|ارائه)|"
    r"مدل زبان|هوش مصنوعی|سیاست[\u200c ]?های? (?:\w+ ){0,2}(?:ما|محتوا|استفاده|ایمنی|openai|شرکت)|"
    r"(?:محتوا|درخواست)\w* (?:\w+ ){0,4}(?:مغایر|نقض|نامناسب|مجاز نیست)|"
    r"(?:از|امکان) (?:ترجمه|پاسخ)\w* (?:\w+ ){0,4}(?:معذور|وجود ندارد|خودداری)|"
    r"i(?:'m| am) sorry|i(?:'m| am) (?:unable|not able) to|i can(?:'t|"
    r"not) (?:\w+ )?(?:translate|help|"
    r"assist|provide|comply)|as an ai|(?:content|usage) polic",
    re.IGNORECASE,
)
_SPEAKS_OF_IT = re.compile(
    r"\b(?:sorry|unfortunately|language model|artificial intelligence|ai|polic(?:y|ies)|"
    r"translat\w+)\b",
    re.IGNORECASE,
)


def refused(source: str, translation: str) -> str | None:
    """A refusal, where the source speaks of nothing of the kind."""
    found = _REFUSAL.search(translation)
    return "a refusal" if found and not _SPEAKS_OF_IT.search(source) else None


def with_own_words(source: str, translation: str) -> str | None:
    """Words before, after or within a translation that are no part of it."""
    told = "words of the translator's own"
    text = translation.strip()
    if _MARKUP.search(text) and not _MARKUP.search(source):
        return told
    if _PREAMBLE.search(text) and ":" not in source[:80]:
        return told
    if _NOTE.search(text) and not re.search(r"\bnote\b|translat|question", source, re.IGNORECASE):
        return told
    if _ALTERNATIVES.search(text) and not re.search("[\"“«']", source):
        return told
    return None
