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
    خواهد اخر اخرم is are was the this question final correct right best option choice letter
    would be should to most likely of for thus 是 为 الصحیحه الصحیح هی هو
    جامع کامل قطعی ارجح منطقی برگزیده
"""
_FILLERS = frozenset((*_FILLER_WORDS.split(), QUOTED))
_WORD = re.compile(r"\w+")
FOR = re.compile(
    r"(?<!\w)(?:(?:درست|صحیح)(?: ترین| تر)?|(?:مناسب|محتمل|دقیق) (?:ترین|تر)|بهترین"
    r"|[✓✔✅]|درستی را|انتخاب (?:می شود|شد|میشود|صحیح|درست|می ?کن\w*|کنیم|کردم|کردیم)"
    r"|پاسخ داده می شود)(?!\w)"
    r"(?! (?:نیست|نمی|نبود|نخواهد))"
    r"|\b(?:is|are|be|seems|appears|as) (?:the )?(?:most )?"
    r"(?:correct|right|best|true|accurate|appropriate|likely|suitable)\b"
    r"|\b(?:best|correct|right|most appropriate) (?:answer|option|choice)\b|(?<!不)正确",
    re.IGNORECASE,
)
AGAINST = re.compile(
    r"(?<!\w)(?:نادرست|غلط|اشتباه|ناصحیح|نامناسب|نامربوط|بی ربط|غیر ?صحیح)(?: ?ترین| ?تر)?(?!\w)"
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
# That an option is not the answer does not choose it, whatever was asked for.
NOT_THE_ANSWER = re.compile(
    r"(?<!\w)(?:پاسخ|جواب)(?: (?!صحیح|درست)\w+){0,3} (?:نیست|نمی ?باشد|نمی ?توان)"
    r"|(?<!\w)نمی ?توان(?:د|ند) (?:پاسخ|جواب)"
    r"|\b(?:not|n'?t|cannot be|can'?t be) the (?:answer|one)\b",
    re.IGNORECASE,
)
IS_NOT = re.compile(
    rf"[\W{QUOTED}]*(?:پاسخ|جواب|صحیح|درست|\s)*(?:نیست|نمی ?باشد|نبود|is not|isn'?t|不是)",
    re.IGNORECASE,
)
# «گزینه A نیست، بلکه ...»
DENIED = re.compile(rf"[\W{QUOTED}]*(?:نیست|نمی ?باشد|نبود)(?!\w)")
# «گزینه D رد می‌شود» even where the word for answer stands before it.
RULED_OUT = re.compile(rf"[\W{QUOTED}]*(?:رد|حذف) (?:می ?شو|می ?کن|شد|است|می ?گرد)")
INSTEAD = re.compile(r"(?:(?<!\w)بلکه|\bbut(?: rather)?)\s*(?:گزینه|option)?\s*$", re.IGNORECASE)
_PROMPT = re.compile(
    r"(?<!هیچ)(?<!هیچ )کدام|(?<!را )انتخاب (?:کنید|نمایید|کن(?!\w))|مشخص کنید|را بنویسید|چیست|؟|\?"
    r"|\bwhich (?:of|option|one|is)\b|\bchoose\b|\bselect\b|\bwhat is\b|\bif the answer\b",
    re.IGNORECASE,
)
CONCLUSION = re.compile(
    r"(?<!\w)(?:بنابراین|بنابر این|بنا بر این|در نتیجه|نتیجتا|لذا|از این رو|از اینرو|به همین دلیل"
    r"|پس(?! از(?!\w))|در نهایت|نهایتا|در مجموع|به طور خلاصه|خلاصه"
    r"|پاسخ نهایی|جواب نهایی|نتیجه گیری)(?!\w)"
    r"|\b(?:therefore|thus|hence|so|in conclusion|finally|final answer|in summary|overall)\b"
    r"|因此|所以|最终|综上",
    re.IGNORECASE,
)
# «گزینه B را انتخاب می‌کنم» says which it is.
CHOSEN = re.compile(
    r"(?<!\w)را (?:به عنوان|برای)?[^.،؛]{0,40}?(?:انتخاب|برمی ?گزین|در نظر می ?گیر)"
)
# The word for answer where it means the answer given, not a reaction: «پاسخ صحیح», «پاسخ است».
GIVEN = re.compile(
    rf"(?:{ANSWER.pattern})(?=[\s)\]»:،,.]*(?:$|[:،,.(\[«]"
    r"|(?:صحیح|درست|نهایی|مناسب|دقیق|بهتر|محتمل|اصلی|است|می ?باشد|محسوب|این|پرسش|سوال|سیوال|ما|من"
    r"|خواهد|باشد|در نظر|انتخاب|گزینه|به|ی|را|برای|می|شما|نیست|ممکن|قابل|منطقی|کامل|داده|ها|مورد"
    r"|احتمالی"
    r"|is|to|would|should|choice|here|was|are|for|of|among)(?!\w)))"
)
# With these a last word begins, though it does not say that it concludes.
LEADS = re.compile(
    r"\W*(?:\w{1,3}[.) ]+)?(?:\w{1,12}(?: \w{1,12}){0,3}: ?\W*)?"
    r"(?:با توجه|بر ?اساس|بر این اساس|اما با|ولی با|با در نظر|با بررسی|پس از بررسی|در پایان|قدم اخر"
    r"|با این (?:تفاسیر|توضیحات|اوصاف|تفسیر|حساب|حال|وجود|شرایط)|نتیجه|جمع بندی"
    r"|از (?:این|بین|میان) |از ?ان ?جا(?:یی)? که|می ?توان|می ?توانیم|طبق|واضح است|به طور کلی"
    r"|پاسخ|جواب|انتخاب"
    r"|based on|given|considering|according to|of these)",
    re.IGNORECASE,
)
CONCLUDES = re.compile(rf"\W*(?:{CONCLUSION.pattern})", re.IGNORECASE)
# Said of an option that is not ruled out, beside the one that was chosen.
SOFTLY = re.compile(
    r"(?<!\w)(?:نیز|هم|همچنین|ممکن است|گرچه|اگرچه|هرچند|می ?توان\w* (?:مفید|موثر|نقش|در|به|هم|نیز)"
    r"|also|might|may|although)(?!\w)",
    re.IGNORECASE,
)
TURNS = re.compile(
    r"\W*(?:اما|ولی|با این (?:حال|وجود)|در عین حال|however|but|yet)(?!\w)", re.IGNORECASE
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
# «گزینه صحیح این پرسش [C] است» needs no word for answer.
_RIGHT_ONE = re.compile(
    r"(?<!\w)گزینه(?: ?ی| ?ای)? (?:صحیح|درست|مناسب|نهایی|مورد نظر|محتمل|منتخب|برتر)(?: ?ترین)?"
    r"(?!\w)"
    r"|\b(?:correct|right|best) (?:option|choice)\b",
    re.IGNORECASE,
)
_NONE = re.compile(r"(?<!\w)هیچ ?(?:کدام|یک)(?!\w)|\bnone\b|\bneither\b", re.IGNORECASE)
_MEANS = re.compile(r"به معن|ترجمه|\btranslat|\bmeaning\b", re.IGNORECASE)
JOINS = re.compile(
    rf"^[\s,،/&{QUOTED}]*(?:و هم|و|یا|and|or|،|,|/|&)?[\s,،]*(?:گزینه|option)?\s*$", re.IGNORECASE
)
# A line «پاسخ نهایی» with nothing but a label on the next one.
_HEADING = re.compile(
    r"((?:پاسخ|جواب|نتیجه|جمع بندی|[Aa]nswer)[^\n.؟?!:]{0,20})\n+"
    r"(?=\W*(?:گزینه ?)?\W*(?:[A-Z]|الف|[بجده])\W)"
)
_SENTENCE_END = re.compile(r"\n+|(?<=[.!؟?。！？])\s+|(?<=[؛;。])")
_QUOTATION = re.compile(r"«[^«»]*»|\"[^\"]*\"|“[^“”]*”")


def sentences(text: str) -> list[str]:
    """The sentences of a folded text; a line that ends in a colon goes with the next one."""
    joined = _HEADING.sub(r"\1: ", re.sub(r"([:：])\s*\n+\s*", r"\1 ", text))
    return [part.strip() for part in _SENTENCE_END.split(joined) if part and part.strip()]


def asks(sentence: str) -> bool:
    """Whether a sentence puts the question again instead of answering it.

    What it only quotes («پاسخ پرسش «... چیست؟» گزینه B است») is not its own question.
    """
    return bool(_PROMPT.search(_QUOTATION.sub("", sentence)))


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
    found = [*ANSWER.finditer(before), *_OPINION.finditer(before), *_RIGHT_ONE.finditer(before)]
    return bool(found) and only_fillers(before[max(match.end() for match in found) :])


def only_fillers(text: str) -> bool:
    """Whether a text has no word of content."""
    return all(word.casefold() in _FILLERS for word in _WORD.findall(text))
