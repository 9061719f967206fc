"""The words by which judges compare two answers, as the symbols of a sentence.

A sentence becomes a string with one letter for each thing that its words do; `verdict_grammar`
holds the shapes of plain verdicts over these letters. A word that is not listed is "o".
"""

import re

_LETTER, _NO_LETTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
ANSWER = (
    r"(?:پاسخ ?دهنده|پاسخ|جواب|گزینه|مورد|سیستم|مدل|دستیار|answer|response|assistant|option|reply|"
    r"model|candidate|system)"
)
_NUMBERED = r"(?:شماره\s?ی?\s?|ی\s|number\s|no\.?\s|#)?[\[(«\"'【]?\s?"
# What stands for a place: alone it must be an ordinal; numbers and letters need the word "answer".
PLACES = {
    "F": (r"اول(?:ی(?:ش|ه)?)?|نخستی?ن?|یکمی?ن?|first|former", r"یک|1|i|a|one|الف"),
    "S": (r"دوم(?:ی(?:ش|ه)?)?|second|latter", r"دو|2|ii|b|two|ب"),
}
_BARE = {"F": r"a|1|الف", "S": r"b|2|ب"}  # a letter alone, where a verdict's words stand by it
_BESIDE = r"is|was|wins|beats|outperforms|surpasses|بهتر|برتر"
_I_DO = r"(?:می ?کن(?:م|یم)|کردم|می ?ده(?:م|یم)|می ?د(?:م|یم)|دادم|می ?شود|میشه|می ?شه)"
_QUALITY_FA = (
    r"کامل|دقیق|جامع|مفید|ایمن|امن|صحیح|درست|علمی|معتبر|قابل ?اعتماد|مطمین|مسیولانه|کاربردی|"
    r"مستند|اصولی|کارامد|باکیفیت|با کیفیت|مرتبط|غنی|پربار|نزدیک|سودمند|راهگشا|منطقی|پخته|بی ?خطر|"
    r"به ?درد ?بخور|قوی|واقع ?بینانه"
)
_FAULT_FA = r"ناقص|نادقیق|کم ?دقت|غلط|خطرناک|گمراه ?کننده|نادرست|سطحی|مبهم|بی ?ربط"
_QUALITY_EN = (
    r"helpful|accurate|complete|comprehensive|correct|reliable|useful|informative|thorough|precise|"
    r"appropriate|relevant|responsible|clinically sound|medically sound|medically accurate|detailed"
)

# Letter -> forms, as folded and in lower case. What stands first is tried first.
_KINDS: dict[str, str] = {
    # Who speaks of whom: not what is better, but what somebody says, holds or quotes.
    "R": (
        r"می ?گ(?:وید|ه|ویند|ن)|گفت(?:ه|ن|ند)?|می ?نوی?سد|می ?نویسه|نوشته?|می ?خوانیم|می ?داند|"
        r"امده|اورده|(?:طبق|مطابق|به گفته|به قول|به نقل|بنا ?به|بنابر|بر ?اساس|از نظر پاسخ)|"
        r"توصیه(?! ?ها)|پیشنهاد(?! ?ها)|معرفی|توضیح|بیان|ذکر|اشاره می|مدعی|ادعا\w*|معتقد\w*|عقیده|"
        r"باور|تاکید|اعلام|"
        r"می ?(?:پندار|انگار|شمار)\w*|به زعم(?! (?:من|ما))|شرح|مطرح|نقل|یاداور|بحث|سخن|درباره|"
        r"در ?مورد|راجع|می ?خواه\w*|خواسته|"
        r"وانمود|فکر می ?کند|گمان می ?کند|یاد می ?دهد|نشان می|"
        r"says?|said|saying|stat(?:es?|ed|ing)|claim(?:s|ed|ing)?|suggest(?:s|ed|ing)?|"
        r"recommend(?:s|ed|ing)?|advis(?:es?|ed|ing)|mention(?:s|ed|ing)?|explain(?:s|ed|ing)?|"
        r"argu(?:es?|ed|ing)|according|describ(?:es?|ed|ing)|quot(?:es?|ed|ing)|writes?|wrote|"
        r"tells?|"
        r"told|believes|thinks|holds|notes|asserts?|names?|reports?|about|user|implies|insists|"
        r"prefers|"
        r"he|she|they|people|many|some|someone|others|nobody|everyone"
    ),
    # Supposed, asked, wished, doubted: in the whole sentence nothing is stated.
    "U": (
        r"اگر|اگه|چنانچه|در ?صورتی|به ?شرط\w*|مشروط|ایا|کدام|کدوم|یا|خواه|مگر|اگه|وقتی|هنگامی|"
        r"زمانی|"
        r"if|unless|whether|provided|which|or|either"
    ),
    # Wished, advised, supposed, doubted: nothing is stated behind it.
    "K": (
        r"شاید|ممکنه?|احتمال\w*|می ?(?:توانست|تونست|تواند|تونه)|"
        r"فرض\w*|گیریم|گیرم|مثال|مثلا|نمونه|قالب|فرمت|کاش\w*|"
        r"باید|بایستی?|می ?بایست|نیاز\w*|لازم|بهتر (?:بود|می ?بود|می ?شد)|به ?تر بود|خواهد شد|"
        r"می ?شد|"
        r"مطم[یئ]ن|شک|تردید|معلوم|مشخص|بعید(?:ه|ه?)|بعیده|سخت|دشوار|قبول|دلیلی|ظاهرا|"
        r"might|may|could|perhaps|maybe|possibly|should|would|must|"
        r"suppos(?:e|ing|ed)|assum(?:e|ing|ed)|imagine|example|format|e\.g|instance|sample|"
        r"doubt\w*|unsure|uncertain|sure|unclear|unlikely|hard|difficult|wish|need(?:s|ed)?|let|"
        r"say|"
        r"hypothetically|pretend\w*|asked|question|apparently|supposedly|ignore|when|were"
    ),
    # An opinion that was held once: set aside, whatever came after it.
    "M": (
        r"در (?:ابتدا|اغاز|نگاه (?:اول|نخست)|وهله اول|نظر اول|بدو امر)|ابتدا|اوایل|نظر اولیه\w*|"
        r"اول (?:نظرم|فکر)|فکر (?:می ?کردم|کردم|کرده بودم)|گمان می ?(?:کردم|رفت)|به نظرم می ?رسید|"
        r"تصور می ?کردم|"
        r"(?:at first|initially|originally|previously|earlier|thought|seemed|first glance)"
    ),
    "D": (
        r"نمی ?\w+|ندار\w+|ن(?:شد|کرد|گردید|گشت|یافت|رسید)\w*|نباید|نتوان\w+|نخواه\w+|نداد\w*|"
        r"نداشت\w*|نه|هیچ|مخالف\w*|"
        r"not|cannot|cant|dont|doesnt|isnt|wasnt|wont|wouldnt|couldnt|arent|never|no|nor|hardly|"
        r"barely|scarcely|disagree|deny|false|untrue|wrong|incorrect|fails?|nothing|far from|"
        r"without|"
        r"غلط|نادرست|اشتباه"
    ),
    "X": r"نیست(?:ش|ند|ن)?|نیس|نباشد|نباشه|نمی ?باشد|نبود(?:ه)?|نیستم",
    "N": (
        rf"(?:هر ?دو|این دو|دو|the two|both|two)(?: تا)? ?{ANSWER}s?(?: ?ها?)?(?:ی)?|هر ?دو|جفتشان|"
        rf"جفتشون|{ANSWER} ?ها|both(?: of them)?|(?:both )?{ANSWER}s|the two"
    ),
    "Z": r"هیچ ?(?:کدام|یک|کدوم)(?:شان|شون)?|neither(?: of| one)?|none of",
}
_VERDICT_KINDS: dict[str, str] = {
    "V": (  # the judge chooses what stands before it
        rf"ترجیح {_I_DO}|ترجیح داده می ?(?:شود|شه)|انتخاب {_I_DO}|بر ?می ?گزین(?:م|یم)|"
        r"بر ?گزیدم|بر ?می ?گزینم|(?:به ?تر|برتر|ارجح) (?:می ?دان(?:م|یم)|می ?دونم|می ?بینم|"
        r"(?:ارزیابی|تشخیص|تلقی) می ?(?:کنم|کنیم|دهم|دهیم))"
    ),
    "H": (
        r"(?:برتری|ارجحیت|رجحان|ترجیح|اولویت|عملکرد (?:\w+ )?(?:به ?تر|برتر)ی|"
        r"کیفیت (?:\w+ )?(?:به ?تر|بالاتر)ی)(?= (?:\w+ ){0,6}?(?:دارد|داره|داشت|داشته|داشته است|"
        r"ندار\w+)\b)"
    ),
    "h": r"دارد|داره|داشته(?: است)?|داشت|برخوردار است",
    "p": (
        r"(?:i|we) ?(?:would|['’]?d|will|['’]?ll)? ?(?:strongly |clearly |therefore |thus )?"
        r"(?:prefer|choose|pick|select|favou?r|go with|vote for)|my (?:vote|choice) (?:is|goes to)"
    ),
    "E": (
        r"برابر(?:ند|ن|ه)?|مساوی(?:ند|ن)?|یکسان(?:ند|ن)?|همسنگ|هم ?تراز|هم ?سطح(?:ند)?|"
        r"مشابه(?:ند)?|تساوی|"
        r"به یک اندازه(?: (?:خوب|بد|مفید|کامل|دقیق|درست))?|در یک (?:سطح|حد)|مثل هم(?:ن|ند|"
        r"دیگه ?\w*)?|"
        r"(?:تفاوت|فرق)ی? (?:(?:\w+ ){0,2}با هم |\w+ )?(?:ندار\w+|نمی ?کن\w+)|"
        r"(?:تفاوت|فرق)(?:ی)? (?:\w+ )?(?:بین|میان) (?:این |هر )?دو پاسخ (?:\w+ )?(?:نیست|نیس|"
        r"ندارد|نداره)|"
        r"برتریی? (?:\w+ )?ندارند|tie[ds]?|equal(?:ly)?(?: (?:good|bad|helpful|accurate|matched))?|"
        r"draw|"
        r"(?:of )?(?:equal|the same|comparable) quality|equivalent|on par|comparable|"
        r"no (?:\w+ )?difference between the two(?: \w+)?|no (?:clear )?winner"
    ),
    "v": (
        r"wins|prevails|(?:should|is to|ought to) be (?:preferred|chosen|favou?red)|"
        r"(?:is|has been) (?:preferred|chosen)|comes out (?:ahead|on top)|has the edge"
    ),
    "b": r"outperforms|beats|surpasses|outdoes|outclasses",
    "z": r"loses to|is (?:outperformed|beaten|surpassed) by|falls short of",
    "L": (  # the name of a verdict: what it names is one
        rf"(?:به ?ترین|برترین|برتر|به ?تر) ?(?:از نظر من )?{ANSWER}(?! داد)|"
        rf"{ANSWER}(?:ی)? (?:ی )?(?:به ?تر|برتر|"
        r"منتخب|برگزیده|ارجح|برنده|نهایی)|برنده|برگزیده|(?:نتیجه|حکم|رای|انتخاب|قضاوت|داوری|result|"
        r"جمله|"
        r"تصحیح|اصلاحیه|correction|(?:جواب|نظر)(?= نهایی))"
        r"(?: نهایی)?(?: (?:من|ما|داور))?|جمع ?بندی|نتیجه ?گیری|the winner|winner|"
        r"(?:(?:my|the) )?(?:(?:final|overall) )?(?:verdict|choice|preference|judgment|judgement|"
        r"decision|"
        rf"conclusion|pick)|final answer|the (?:better|best|preferred|superior|"
        rf"stronger) (?:{ANSWER}|one)|"
        rf"(?:better|best|preferred|superior|stronger) {ANSWER}|output|خروجی"
    ),
    "B": (
        r"به ?تر(?:ین)?|برتر(?:ین)?|ارجح|مرجح|مناسب ?تر(?:ین)?|شایسته ?تر|better|best|superior|"
        r"preferred|preferable|stronger"
    ),
    "W": r"بد ?تر(?:ین)?|ضعیف ?تر(?:ین)?|پایین ?تر|نامناسب ?تر|بی ?کیفیت ?تر|worse|worst|weaker|"
    rf"inferior|poorer|not (?:quite |nearly )?as (?:good|strong|{_QUALITY_EN})(?= as)",
    "Q": rf"(?:{_QUALITY_FA}) ?تر(?:ین)?|(?:more|most) (?:{_QUALITY_EN})|safer|safest|sounder",
    "w": rf"(?:{_FAULT_FA}) ?تر(?:ین)?|less (?:{_QUALITY_EN})",
}
_FRAME_KINDS: dict[str, str] = {
    # Words that leave a verdict as plain as it is: degree, certainty, the judge's own opinion.
    "A": (
        r"به ?طور ?(?:قطع|واضح|چشمگیری|قابل توجهی)|خیلی|بسیار|از هر (?:نظر|لحاظ|جهت|حیث)|"
        r"به عنوان (?:پاسخ|جواب) (?:به ?تر|برتر)|به پاسخ (?:پزشک|مرجع|متخصص)|"
        r"کیفیت(?= (?:این |هر )?دو)|در مقایسه (?:بین )?(?:این )?دو(?: پاسخ)?|"
        r"اگر (?:بخواهم|مجبور باشم|قرار باشد) (?:\w+ ){0,3}انتخاب کنم|"
        r"if (?:i (?:had|have) to (?:choose|pick)|forced)(?: one)?|it['’]?s|i['’ ]?(?:d|"
        r"would) call (?:it|this)|"
        r"به ?مراتب|کمی|به (?:باور|عقیده|گمان|اعتقاد|زعم) (?:من|ما|بنده)|"
        r"اندکی|تا حدی|کاملا|واقعا|قطعا|یقینا|مسلما|حتما|به ?وضوح|به ?روشنی|به نظر (?:می ?رسد|میاد|"
        r"می ?اید)(?: که)?|به ?نظر(?:م| من)?|"
        r"از (?:نظر|دید|دیدگاه) (?:من|ما|بنده|اینجانب)|من|ما|بنده|هم|نیز|همچنان|هنوز|البته|خیر|بله|"
        r"قدری|"
        r"(?:بی|بدون) ?(?:شک|تردید|گمان)|(?:هیچ )?(?:شکی?|تردیدی?) (?:نیست|ندارم|"
        r"وجود ندارد)(?: که)?|"
        r"(?:فکر|گمان|تصور) می ?کنم(?: که)?|معتقدم(?: که)?|"
        r"می ?توان گفت(?: که)?|باید گفت(?: که)?|نتیجه (?:می ?گیرم|این ?است|اینکه)(?: که)?|"
        r"نه ?(?:تنها|فقط)|بلکه|"
        r"in my (?:view|opinion)|then|clearly|much|far|slightly|significantly|somewhat|"
        r"definitely|certainly|really|actually|even|also|still|by far|without (?:a )?doubt|"
        r"there is no (?:doubt|question)(?: that)?|no doubt|i (?:would say|think|believe|conclude|"
        r"find)"
        r"(?: that)?|to me|it seems (?:to me )?(?:that )?|considerably|substantially|"
        r"marginally|a (?:bit|little|lot)|not (?:only|just)|undoubtedly|yes|here|it is"
    ),
    # A conclusion: what it says is the judge's own, whatever was told before it.
    "g": (
        r"(?:پس از|با) (?:بررسی|مقایسه)(?: (?:دقیق|هر ?دو|دو|پاسخ ?ها|کامل|بیش ?تر))*|"
        r"در (?:نهایت|مجموع|کل|نتیجه|واقع|اصل|پایان)|نهایتا|به ?طور ?کلی|روی ?هم ?رفته|بنابراین|پس|"
        r"لذا|"
        r"از ?این ?رو|به ?همین ?(?:دلیل|خاطر)|overall|in (?:conclusion|sum|summary|total|short|"
        r"the end|"
        r"general|fact)|finally|therefore|thus|hence|so|on balance|on the whole|all in all|"
        r"ultimately|"
        r"on closer (?:reading|inspection|look)|after (?:review|reading both|all|consideration)"
    ),
    "C": (
        r"است|هست(?:ند|ن)?|ه|اند|بود(?:ه(?: است)?)?|باشد|باشه|می ?باشد|به نظر می ?(?:رسد|اید)|"
        r"(?:ارزیابی|محسوب|شناخته|تلقی|قلمداد|تشخیص داده|دانسته|شمرده) می ?(?:شود|گردد)|"
        r"(?:عمل|کار) (?:کرده(?: است)?|می ?کند)|(?:جواب|پاسخ) داده(?: است)?"
    ),
    "c": r"is|are|was|(?:seems|appears|proves)(?: to be)?|remains|looks",
    "j": (  # why, or in spite of what: it may stand behind a whole statement too
        r"به ?(?:دلیل|خاطر|علت|سبب|واسطه)(?: (?:ذکر|بیان|توضیح|معرفی|توصیه|شرح))?|"
        r"با (?:توجه|اینکه|این ?که|وجود)|هر ?چند|due|given|owing|thanks|despite|while"
    ),
    "J": r"با(?: ذکر)?|by",
    "T": (
        r"از|نسبت به|در (?:مقایسه|قیاس) با|بر ?خلاف|در برابر|بر|به|unlike|than|over|to|as|"
        r"(?:as )?(?:compared|relative|in comparison) (?:to|with)|against"
    ),
    "l": r"(?:از )?(?:بین|میان)|among|between|of",
    "e": r"ان|دیگری|ان یکی|the other(?: one)?|it",
    "O": r"را|رو",
    "Y": (  # in what respect, or for whom
        r"از (?:نظر|لحاظ|جهت|حیث|منظر|جنبه|بعد|دیدگاه)|به لحاظ|در(?: زمینه)?|برای|in|at|for|on|"
        r"regarding|in terms|with respect|from (?:a |the )?\w+ (?:standpoint|perspective|"
        r"viewpoint)|"
        r"\w+[- ]?wise"
    ),
    "k": r"که|that|who|whose",
    "n": rf"{ANSWER}|one|choice",
    "a": r"the|a|an|این",
    "&": r"و|and",
}


def _again(place: str) -> str:
    """«پاسخ دوم (B)»: the same place once more, between brackets."""
    alone, marked = PLACES[place]
    return rf"(?:\s?\((?:{ANSWER} )?(?:{alone}|{marked})\))?"


_ANY_PLACE = {
    place: (
        rf"(?:(?:the )?{ANSWER}\s?{_NUMBERED}|the |{_NUMBERED})(?:{alone})"
        rf"(?:[\])»\"'】]|\b)(?:\s(?:{ANSWER}|one)\b)?{_again(place)}|"
        rf"(?:ai )?{ANSWER}\s?{_NUMBERED}(?:{marked})(?!\d){_again(place)}|"
        rf"\[{_BARE[place]}\]|(?:{_BARE[place]})(?= (?:{_BESIDE})\b| [<>])|"
        rf"(?<=[<>] )(?:{_BARE[place]})|"
        rf"(?<=than )(?:{_BARE[place]})|(?<=beats )(?:{_BARE[place]})|"
        rf"(?<=: )(?:{_BARE[place]})(?=\W*$)"
    )
    for place, (alone, marked) in PLACES.items()
}


def _groups() -> str:
    """One alternative a letter; a group's name is its letter's code, for "&" is no name."""
    order = [
        ("M", _KINDS["M"]),
        ("W", _VERDICT_KINDS["W"]),
        ("E", _VERDICT_KINDS["E"]),
        *((kind, _FRAME_KINDS[kind]) for kind in "gA"),
        ("V", _VERDICT_KINDS["V"]),
        ("C", _FRAME_KINDS["C"]),
        *((kind, _VERDICT_KINDS[kind]) for kind in "HpvbzL"),
        *((kind, _KINDS[kind]) for kind in "NZ"),
        *_ANY_PLACE.items(),
        *((kind, _KINDS[kind]) for kind in "RUKDX"),
        *((kind, _VERDICT_KINDS[kind]) for kind in "hBQw"),
        *((kind, form) for kind, form in _FRAME_KINDS.items() if kind not in "gAC"),
    ]
    named = (f"(?P<k{ord(kind)}>{_LETTER}(?:{form}){_NO_LETTER})" for kind, form in order)
    return "|".join(
        [*named, r"(?P<k44>[,،()])", r"(?P<k58>[:=])", r"(?P<k62>>)", r"(?P<k60><)", r"\w+"]
    )


_TOKENS = re.compile(_groups(), re.IGNORECASE)
_INFORMAL = re.compile(r"\b((?:به ?|بر|بد|[^\W\d_]{2,12} ?)تر)(ه|ند|ن|است)(?!\w)")


def symbols_of(sentence: str) -> str:
    """The letters of a folded sentence, one for each thing that its words do."""
    spoken = _INFORMAL.sub(r"\1 ه", sentence)  # «بهتره» is «بهتر است»
    return "".join(
        chr(int(found.lastgroup[1:])) if found.lastgroup else "o"
        for found in _TOKENS.finditer(spoken)
    )
