"""Questions for the exception: the right option is the one that is not so."""

import re

from gaokerena_data.choices.folding import fold

_SENTENCE = re.compile(r"(?<=[.!؟?])\s+|\n+")
_ASKS = re.compile(r"کدام|چه |چیست|همه|تمام|تمامی|هر یک|کلیه|which|what|all ", re.IGNORECASE)
# «کدام عبارت نادرست است؟», «کدام صحیح نیست؟»
_WRONG = re.compile(
    r"(?<!\w)(?<!یا )(?:نادرست|غلط|اشتباه|ناصحیح|نا درست|غیر ?صحیح|نامناسب|بی ?ربط)"
    r"(?=(?: تر| ترین)?(?: \w+)?(?: است| می ?باشد| میباشد| هستند| اند)(?!\w)|[\s؟?!.:…\"»]*$| را )"
    r"|^\W*(?:گزینه |عبارت |مورد |جمله )?(?:نادرست|غلط|اشتباه)(?!\w)"
    r"|(?<!or )\b(?:incorrect|false|wrong|untrue)\b(?! or)",
    re.IGNORECASE,
)
# A verb that denies, as the last word of what is asked: «... نیست؟», «... نقش ندارد؟».
_DENIES = re.compile(
    r"(?<!\w)(?:نیست|نیستند|نبود|نبوده|نبوده است|ندارد|ندارند|نداشت|نداشته|نخواهد \w+"
    r"|نباید \w+|نمی ?\w+(?: \w+)?|نشده(?: است)?|نشده اند|نشود|نکند|نکرده(?: است)?)"
    r"[\s؟?!.:…\"»]*$"
)
# «افرادی که ... نمی‌کنند» says who is spoken of.
_OF_WHOM = re.compile(r"(?<!\w)(?:افراد|بیماران|کسان|زنان|مردان|کودکان|نوزادان|گروه)\w*ی? که ")
_EXCEPT = re.compile(
    r"(?<!\w)(?:ب[هـ]? ?جز|بجز|جز|مگر|به ?غیر ?از|غیر ?از|به ?استثنا\w*)"
    r"(?: \w+){0,3}[\s؟?!.:…_\"»]*$"
    r"|(?:همه|تمام|تمامی|کلیه|هر یک)[^؟?]{0,200}(?<!\w)(?:به ?جز|بجز|مگر|غیر ?از)(?!\w)"
    r"|\b(?:except|EXCEPT|NOT)\b|\b(?:is|are|does|do|would|can|will) not\b[^?]*\?",
)
_LEAST = re.compile(
    r"(?<!\w)(?:کمتر|کمترین)(?:ین)? ?(?:محتمل|احتمال)|کم احتمال|بعید ترین|\bleast likely\b",
    re.IGNORECASE,
)


def asks_exception(question: str) -> bool:
    """Whether a question asks which option is not so: «کدام نادرست است؟», «همه موارد به جز».

    Only what is asked counts: a patient who has no fever does not turn the question round.

    Args:
        question: as it was asked; without one, False.
    """
    parts = [part for part in _SENTENCE.split(fold(question)) if part.strip()]
    asked = next((part for part in reversed(parts) if _ASKS.search(part)), None)
    if asked is None:
        last = parts[-1] if parts else ""
        return not last.endswith(".") and any(f.search(last) for f in (_EXCEPT, _WRONG))
    if _DENIES.search(asked) and not _OF_WHOM.search(asked):
        return True
    return any(form.search(asked) for form in (_WRONG, _EXCEPT, _LEAST))
