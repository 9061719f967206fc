"""Whether an answer entails a statement or contradicts it, read from a judge's free words."""

import json
import re
from typing import Literal

from gaokerena_data.choices.folding import fold
from gaokerena_data.choices.thinking import without_thinking
from training.evaluation.reading.verdicts_taken_back import TURNED_ROUND

type Label = Literal["entails", "contradicts", "neutral"]

_LETTER, _NO_LETTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_OUTRIGHT_NEUTRAL = (
    r"هیچ ?(?:کدام|یک)|خنثی|بی ?طرف|نامشخص|نامرتبط|بی ?ارتباط|بی ?ربط|neutral|unrelated|"
    r"unclear|irrelevant|undetermined|(?:چیزی|حرفی|سخنی) (?:\w+ ){0,3}(?:نمی ?\w+|نگفته|نیامده)|"
    r"(?:اشاره|اشاره ?ای|ذکری|صحبتی|ذکر) (?:\w+ ){0,4}(?:نمی ?\w+|نشده|نکرده|ندارد)|"
    r"(?:ربطی|ارتباطی) (?:\w+ ){0,4}ندار\w+|neither$|"
    r"(?:تایید|پشتیبانی|رد|نقض|تکذیب) (?:یا|و) (?:تایید|رد|نقض|تکذیب) نمی ?\w+|"
    r"(?:says|said|mentions) nothing|not (?:mentioned|addressed)|"
    r"(?:does not|doesnt|did not) (?:mention|address|say|discuss)\w*|no mention"
)
_WORDS: dict[str, str] = {
    "neutral": _OUTRIGHT_NEUTRAL,
    # Nothing is stated of the label in this clause: asked, doubted, needed, told by somebody.
    "unsure": (
        r"شاید|ممکن|اگر|اگه|چنانچه|در صورتی|ایا|باید|بایستی?|نیاز\w*|لازم|برای (?:تایید|رد|نقض|"
        r"اثبات)|"
        r"گویی|انگار|ظاهرا|شک|تردید|بعید\w*|سخت\w*|دشوار|معلوم|مطمین|احتمال\w*|مثال|مثلا|نمونه|"
        r"فرض\w*|"
        r"نمی ?(?:توان|توانم|توانیم|شود|شه) (?:گفت|بگویم|گفته)|(?:فکر|گمان|تصور) نمی ?کن\w*|"
        r"می ?(?:توانست|گوید|گویند|نویسد)|گفته|نوشته|مدعی|خودش|خودشان|پاسخ پزشک|کاش\w*|"
        r"if|might|may|could|perhaps|maybe|possibly|possible|either|whether|should|would|must|"
        r"doubt\w*|unlikely|unsure|uncertain|sure|hard|difficult|need(?:s|ed)?|to be (?:entailed|"
        r"contradicted|supported)|in order to|to (?:contradict|entail|support|confirm|refute)|"
        r"itself|says?|said|states?|claims(?= that)|suppos\w+|"
        r"assum\w+|example|hypothetically|(?:choose|pick|options?|labels are)"
    ),
    "contradicts": (
        r"تناقض\w*|متناقض|تضاد|متضاد|مغایرت?|ناسازگاری?|نقض|رد (?:می ?کند|کرده|شده)|تعارض\w*|"
        r"تکذیب|خلاف (?:این |ان )?(?:گزاره|ادعا|ان|این)(?: را می ?گوید)?|"
        r"contradict\w*|conflict\w*|refut\w*|inconsistent|incompatible"
    ),
    "entails": (
        r"تایید\w*|پشتیبانی|همخوانی|هم ?خوان|مطابقت|سازگار|استلزام|مستلزم|"
        r"نتیجه می ?(?:شود|گردد)|در ?بر ?(?:دارد|می ?گیرد)|entail\w*|support(?:s|ed|ing)?|"
        r"confirm\w*|implie[sd]|consistent|agrees?|follows from"
    ),
    "denied": (
        r"نمی ?\w+|ندار\w+|نداشت\w*|نیست(?:ند)?|نیس|ن(?:شد|کرد|گردید|گشت|گرفت|رسید|دید)\w*|نبود\w*|"
        r"نخواه\w+|نیاف\w+|"
        r"نباشد|نداد\w*|not|no|never|doesnt|dont|didnt|isnt|wasnt|arent|wont|"
        r"cannot|cant|without|fails|lacks?|lacking|avoids?|hardly|barely|scarcely|far|free|nothing|"
        r"خودداری|طفره|امتناع|اجتناب|پرهیز|ناتوان|عاجز|absence|short of|unable|refuses|غلط|نادرست"
    ),
    # Persian that denies what stands behind it
    "before": r"عدم|بدون|نه|بی|فاقد|خالی از|عاری از|به دور از|فارغ از|هیچ ?گونه|neither|nor",
    "about": (
        r"پاسخ|جواب|متن|گزاره|ادعا|جمله|عبارت|مطلب|"
        r"answer|response|statement|claim|text|sentence|hypothesis|premise|it|this(?= is|$)"
    ),
    "frame": (
        r"را|رو|این|ان|با|از|در|به|و|که|هم|پس|بله|خیر|کاملا|صریحا|است|هست|شده|می ?\w+|دارد|داره|"
        r"کرده|"
        r"برچسب|رابطه|نتیجه|the|a|an|is|are|was|and|yes|so|by|with|of|to|in|two|label|there|does|"
        r"do|"
        r"clearly|directly|fully|relation|part|\d+"
    ),
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
    r"(?<!\d)[.!](?!\w)|[\n؛;،,:()\[\]]|(?<=[؟?])|\b(?:اما|ولی|بلکه|زیرا|چون|but|because|since|"
    r"however)\b",
    re.IGNORECASE,
)
_APOSTROPHE = re.compile(r"(?<=n)['’](?=t\b)", re.IGNORECASE)
# "... but it is not so": what was said before is taken back.
_TAKEN_BACK = re.compile(
    rf"(?:چنین|این ?طور|این ?گونه) نیست|\b(?:not so|not the case)\b|{TURNED_ROUND.pattern}|"
    r"ببخشید|پوزش|معذرت|تصحیح|اصلاح می ?کنم|اشتباه (?:کردم|گفتم|نوشتم)|"
    r"\b(?:i was wrong|reconsider|correction|sorry|oops|my mistake|strike that|"
    r"on second thought)\b",
    re.IGNORECASE,
)
_BEHIND = 3  # words between a Persian verb that denies and what it denies
_KEYS = ("label", "verdict", "answer", "relation")
_NAMES: dict[str, Label] = {
    **dict.fromkeys(("entails", "entailment", "entailed", "تایید"), "entails"),
    **dict.fromkeys(("contradicts", "contradiction", "contradicted", "تناقض"), "contradicts"),
    **dict.fromkeys(("neutral", "neither", "none", "خنثی", "هیچ کدام", "هیچکدام"), "neutral"),
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
    fields = _structured(answer)
    if fields is not None:
        return _of_fields(fields)
    said: set[str] = set()
    denied: set[str] = set()
    clauses = _CLAUSE.split(_APOSTROPHE.sub("", fold(answer)))
    for clause in map(str.strip, clauses):
        if _TAKEN_BACK.search(clause):
            said.clear()
            denied.clear()
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


def _structured(answer: str) -> dict[str, object] | None:
    start, end = answer.find("{"), answer.rfind("}")
    if not 0 <= start < end:
        return None
    try:
        found = json.loads(answer[start : end + 1], object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object; empty where a key stands twice with two values."""
    found = dict(pairs)
    return found if all(found[key] == value for key, value in pairs) else {}


def _of_fields(fields: dict[str, object]) -> Label | None:
    """The label that an object names, or the one of its labels that is true."""
    values = [fields[key] for key in _KEYS if key in fields]
    if values:
        named = values[0]
        is_one = len(values) == 1 and isinstance(named, str)
        return _NAMES.get(fold(str(named)).casefold()) if is_one else None
    held = {
        _NAMES[fold(key).casefold()]: value
        for key, value in fields.items()
        if fold(key).casefold() in _NAMES and isinstance(value, bool)
    }
    true = [label for label, value in held.items() if value]
    if not true and held.keys() >= {"entails", "contradicts"}:
        return "neutral"
    return true[0] if len(true) == 1 else None


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
        elif kind == "neutral" or "about" in kinds or kinds.count("") <= 1:
            said.add(kind)  # a clause about something else, as a doctor who confirms, says nothing
    return said, denied


def _is_denied(tokens: list[tuple[str, str]], place: int, *, is_latin: bool) -> bool:
    before = tokens[:place]
    if tokens[place][0] == "neutral":  # its own words may deny: "does not mention"
        return any(kind == "denied" for kind, _ in before[-1:] + tokens[place + 1 : place + 2])
    if is_latin:
        return any(kind in ("denied", "before") for kind, _ in before)
    if any(kind == "before" for kind, _ in before[-2:]) or any(word == "نه" for _, word in before):
        return True
    if any(re.match(r"نمی ?توان|نتوان|نخواه", word) for _, word in before):
        return True
    for kind, _ in tokens[place + 1 : place + 2 + _BEHIND]:
        if kind == "denied":
            return True
        if kind in ("entails", "contradicts"):  # «نه تأیید و نه تناقض دارد»: one verb for both
            return _is_denied(tokens, tokens.index((kind, _), place + 1), is_latin=False)
    return False
