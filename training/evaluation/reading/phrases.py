"""The phrases by which Persian and English answers give, reject and conclude an answer.

All of them are matched against folded text (see `folding`).
"""

import re

# Stands for an option's own text after its label: a letter, so that the line is not empty.
QUOTED = "\u02ec"
# «در پاسخ به», «برای پاسخ به», «این پاسخ» and «پاسخ ایمنی» are not the answer given.
ANSWER = re.compile(
    r"(?<!\w)(?<!در )(?<!برای )(?<!(?<!\w)این )(?<!(?<!\w)هر )"
    r"(?:(?:پاسخ|جواب)(?:ش|م|مان)?|الجواب|الاجابه|[Aa]nswers?|ANSWER)(?!\w)"
    r"(?! (?:ایمنی|التهابی|بدن|سیستم|عضل|عصبی|حرکتی|حسی|هورمونی|درمانی|ده|دهی|دهنده|های?)(?!\w))"
    r"(?! به(?! (?:این|پرسش|سوال|سیوال)))"
    r"|答案|正解|回答|[Оо]твет"
)
# Between the word for answer and its label: nothing but these.
_FILLER_WORDS = """
    صحیح درست نهایی مناسب دقیق بهترین محتمل ترین اصلی این ان شما من پرسش سوال برای به در از عبارت
    همان همون برابر با یعنی گزینه مورد انتخاب شماره حرف ی که را است می باشد میباشد میشه شود بود
    خواهد اخر اخرم is are was the this question final correct right best option choice letter would
    be should to most likely of for thus 是 为 الصحیحه الصحیح هی هو
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_WORD = re.compile(r"\w+")
FOR = re.compile(
    r"(?<!\w)(?:(?:درست|صحیح)(?: ترین| تر)?|(?:مناسب|محتمل|دقیق) (?:ترین|تر)|بهترین"
    r"|[✓✔✅]|درستی را|انتخاب (?:می شود|شد|میشود|صحیح|درست|می ?کن\w*)|پاسخ داده می شود)(?!\w)"
    r"(?! (?:نیست|نمی|نبود|نخواهد))"
    r"|\b(?:is|are|be|seems|appears|as) (?:the )?(?:most )?"
    r"(?:correct|right|best|true|accurate|appropriate|likely|suitable)\b"
    r"|\b(?:best|correct|right|most appropriate) (?:answer|option|choice)\b|(?<!不)正确",
    re.IGNORECASE,
)
AGAINST = re.compile(
    r"(?<!\w)(?:نادرست|غلط|اشتباه|ناصحیح|نامناسب|نامربوط|بی ربط|غیر ?صحیح)(?!\w)"
    r"(?! نیست| نمی ?باشد)"
    r"|(?<!\w)(?:صحیح|درست|پاسخ|جواب|مناسب|مرتبط|دقیق|منطقی|محتمل|مطرح|کامل|کافی)"
    r"(?: (?:این|ان|پرسش|سوال|به|برای|های?|ترین|گزینه|صحیح|درست|محسوب)){0,6}"
    r" (?:نیستند|نیست|نمی ?باش(?:د|ند)|نمی ?شو(?:د|ند)|نبود|نخواهد|نمی تواند)"
    r"|(?<!\w)(?:رد|حذف) (?:می ?شو|می ?کن|شد|کرد|است|می ?گرد)"
    r"|(?<!\w)نمی ?توان(?:د|ند) (?:پاسخ|جواب|درست|صحیح|گزینه)"
    r"|\b(?:incorrect|wrong|false|ruled out|eliminated|not (?:the )?(?:correct|right|best|true|an? "
    r"(?:correct|answer)|appropriate|accurate|likely)|isn'?t (?:the )?(?:correct|right)|"
    r"can(?:not|'?t) be|unlikely)\b"
    r"|[✗✘❌]|不正确|错误|غیر صحی",
    re.IGNORECASE,
)
AGAINST_BEFORE = re.compile(
    r"(?:(?<!\w)(?:نه|برخلاف|بر خلاف|رد|حذف)|\bnot|\bnor"
    r"|\brather than|\bunlike|\binstead of)\s*(?:گزینه|option|choice|the|answer|ی|\s|:)*$",
    re.IGNORECASE,
)
# What holds for all others does not hold for this one.
EXCEPT_BEFORE = re.compile(
    r"(?:(?<!\w)(?:به ?جز|غیر از|به غیر از|جز)|\bexcept(?: for)?|\bother than|\bbut)\s*"
    r"(?:گزینه|option|choice|the|ی|\s|:)*$",
    re.IGNORECASE,
)
IS_NOT = re.compile(
    rf"[\W{QUOTED}]*(?:پاسخ|جواب|صحیح|درست|\s)*(?:نیست|نمی ?باشد|نبود|is not|isn'?t|不是)",
    re.IGNORECASE,
)
INSTEAD = re.compile(r"(?:(?<!\w)بلکه|\bbut(?: rather)?)\s*(?:گزینه|option)?\s*$", re.IGNORECASE)
_PROMPT = re.compile(
    r"کدام|انتخاب (?:کنید|نمایید|کن(?!\w))|مشخص کنید|را بنویسید|چیست|؟|\?"
    r"|\bwhich (?:of|option|one|is)\b|\bchoose\b|\bselect\b|\bwhat is\b|\bif the answer\b",
    re.IGNORECASE,
)
CONCLUSION = re.compile(
    r"(?<!\w)(?:بنابراین|بنابر این|بنا بر این|در نتیجه|نتیجتا|لذا|از این رو|از اینرو|به همین دلیل"
    r"|پس|در نهایت|نهایتا|در مجموع|به طور خلاصه|خلاصه|پاسخ نهایی|جواب نهایی|نتیجه گیری)(?!\w)"
    r"|\b(?:therefore|thus|hence|so|in conclusion|finally|final answer|in summary|overall)\b"
    r"|因此|所以|最终|综上",
    re.IGNORECASE,
)
CALLED = re.compile(
    r"\s*(?:is|are|was|seems|درست|صحیح|نادرست|غلط|اشتباه|پاسخ|جواب|مناسب|بهترین|محتمل"
    r"|(?:را|رو) انتخاب)(?!\w)",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"(?<!\w)(?:(?:فکر|گمان) ?(?:می ?)?کنم|حدس ?(?:می ?)?زنم|به ?نظرم|به ?نظر من)(?!\w)"
    r"|\bI (?:think|guess|believe|would (?:say|choose|go with)|choose)\b",
    re.IGNORECASE,
)
_NONE = re.compile(r"(?<!\w)هیچ ?(?:کدام|یک)(?!\w)|\bnone\b|\bneither\b", re.IGNORECASE)
_MEANS = re.compile(r"به معن|ترجمه|\btranslat|\bmeaning\b", re.IGNORECASE)
JOINS = re.compile(
    rf"^[\s,،/&{QUOTED}]*(?:و|یا|and|or|،|,|/|&)?[\s,،]*(?:گزینه|option)?\s*$", re.IGNORECASE
)
# A line «پاسخ نهایی» with nothing but a label on the next one.
_HEADING = re.compile(
    r"((?:پاسخ|جواب|[Aa]nswer)[^\n.؟?!:]{0,20})\n+(?=\W*(?:[A-E]|الف|ب|ج|د)\W*(?:\n|$))"
)
_SENTENCE_END = re.compile(r"\n+|(?<=[.!؟?。！？])\s+|(?<=[؛;。])")


def sentences(text: str) -> list[str]:
    """The sentences of a folded text; a line that ends in a colon goes with the next one."""
    joined = _HEADING.sub(r"\1: ", re.sub(r"([:：])\s*\n+\s*", r"\1 ", text))
    return [part.strip() for part in _SENTENCE_END.split(joined) if part and part.strip()]


def asks(sentence: str) -> bool:
    """Whether a sentence puts the question again instead of answering it."""
    return bool(_PROMPT.search(sentence))


def speaks_of_the_answer(sentence: str) -> bool:
    """Whether a sentence says which answer it gives, in whatever words."""
    return bool(ANSWER.search(sentence) or FOR.search(sentence)) and not asks(sentence)


def chooses_none(sentence: str) -> bool:
    """Whether a sentence says that none of the options is the answer."""
    return bool(_NONE.search(sentence) and ANSWER.search(sentence)) and not asks(sentence)


def translates(sentence: str) -> bool:
    """Whether a sentence only says what a word means."""
    return bool(_MEANS.search(sentence))


def contradicts(sentence: str) -> bool:
    """Whether a sentence calls something wrong."""
    return bool(AGAINST.search(sentence))


def leads_to_label(before: str) -> bool:
    """Whether a text ends in the word for answer, or an opinion, with no content after it."""
    found = [*ANSWER.finditer(before), *_OPINION.finditer(before)]
    return bool(found) and only_fillers(before[max(match.end() for match in found) :])


def only_fillers(text: str) -> bool:
    """Whether a text has no word of content."""
    return all(word.casefold() in _FILLERS for word in _WORD.findall(text))
