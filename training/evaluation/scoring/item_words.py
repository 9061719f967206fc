"""Words of test items: in one spelling, and which of them say what an item is about."""

from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from gaokerena_data.choices.folding import words

# Written as one word or as two.
_JOINED = {
    "بدنیا": ("به", "دنیا"), "بعلت": ("به", "علت"), "بدلیل": ("به", "دلیل"),
    "بصورت": ("به", "صورت"), "بعنوان": ("به", "عنوان"), "بطور": ("به", "طور"),
    "بوسیله": ("به", "وسیله"), "بخاطر": ("به", "خاطر"), "بنظر": ("به", "نظر"),
    "بهمراه": ("به", "همراه"), "بمدت": ("به", "مدت"), "بشدت": ("به", "شدت"),
    "بتدریج": ("به", "تدریج"), "بدست": ("به", "دست"), "بندرت": ("به", "ندرت"),
    "بسرعت": ("به", "سرعت"), "بویژه": ("به", "ویژه"), "بجز": ("به", "جز"),
    "اینکه": ("این", "که"), "آنکه": ("ان", "که"), "انکه": ("ان", "که"),
    "هیچکدام": ("هیچ", "کدام"), "کدامیک": ("کدام", "یک"), "هیچیک": ("هیچ", "یک"),
}  # fmt: skip
_PREFIXES = frozenset(("می", "نمی"))
_SUFFIXES = frozenset(("ها", "های", "هایی", "هایم", "هایش", "تر", "ترین", "ای"))
# «دو» and «۲» are one; «یک» is an article as often.
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(("دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت"), 2)
}


def item_words(text: str) -> list[str]:
    """The folded words of a text, prefixes and suffixes joined and the like of «بدنیا» parted.

    Example:
        >>> item_words("نوزاد بدنیا می آید، دارو ها")
        ['نوزاد', 'به', 'دنیا', 'میاید', 'داروها']
    """
    found: list[str] = []
    prefix = ""
    for word in words(text):
        if word in _PREFIXES and not prefix:
            prefix = word
        elif prefix:
            found.append(prefix + word)
            prefix = ""
        elif word in _SUFFIXES and found and not found[-1].isascii():
            found[-1] += word
        elif word in _JOINED:
            found += _JOINED[word]
        else:
            found.append(_NUMBERS.get(word, word))
    return [*found, prefix] if prefix else found


OF_COURTESY = frozenset(
    item_words(
        "سلام درود عرض ادب احترام خسته نباشید وقت بخیر روز شب صبح عصر بخیر خوش خدمت شما آقای خانم "
        "دکتر پزشک محترم عزیز گرامی ارجمند ممنون متشکرم متشکر سپاس سپاسگزارم سپاسگزار تشکر لطفا "
        "لطف راهنمایی بفرمایید فرمایید مرسی قبلا پیشاپیش زحمات زحمت ببخشید امیدوارم سلامت باشید "
        "مشورت مراجعه خود خودتان تماس بگیرید نمایید فراوان بسیار همکاران سایت مشاور "
        "hello hi dear doctor dr sir madam thank thanks you very much so please help regards best "
        "good morning evening afternoon day advance kind greetings welcome sincerely yours"
    )
)
_OF_GRAMMAR = frozenset(
    item_words(
        "و با از به در را که من ما شما برای این آن کنید می کنم هستم دارم and for to in your the "
        "a i me"
    )
)
# Said of anything: of two items that differ in such words alone one is the other.
_GENERIC = frozenset(
    item_words(
        "شدید خیلی زیاد بسیار کمی مناسب بیمار بیماری مریض فرد افراد شخص اشخاص بیماران پسر دختر "
        "پسرم "
        "دخترم فرزند فرزندم بچه دلیل علت سبب عامل باعث موجب اولین نخستین اول ابتدا بعد پس قبل پیش "
        "دوران زمان هنگام حین موقع طی جهت مورد موارد گزینه اورژانس بیمارستان درمانگاه مطب کلینیک "
        "بخش مراجعه مراجعه‌کرده آمده آورده آورد نموده کرده شده گرفته انجام صورت می‌گیرد میگیرد "
        "می‌باشد میباشد توسط وسیله اقدام کار عمل قرص دارو داروی داروها داروهای مسکن میل مصرف "
        "استفاده محتمل‌ترین محتملترین احتمالی بیشتر اغلب معمولا روزه سالمه ساله اخیرا مدتی ناگهانی "
        "نوع کلی مهم مهمترین اصلی عمده شکل طور حالت صحیح درست زیر فوق بالا پایین عبارت "
        "patient patients person man woman presents presented best likely common commonly "
        "usually mainly main caused cause due because one supplies innervates severe sudden given"
    )
)
_OPPOSITES = tuple(
    (frozenset(item_words(one)), frozenset(item_words(other)))
    for one, other in (
        ("چپ", "راست"), ("افزایش بالا زیاد هایپر", "کاهش پایین کم هیپو"), ("قدامی", "خلفی"),
        ("فوقانی بالایی", "تحتانی پایینی"), ("داخلی", "خارجی"), ("حاد", "مزمن"),
        ("قبل پیش", "بعد پس"), ("شریان شریانی", "ورید وریدی"), ("خوش‌خیم", "بدخیم"),
        ("مثبت", "منفی"), ("سمپاتیک", "پاراسمپاتیک"), ("مرکزی", "محیطی"), ("نر مرد", "ماده زن"),
        ("باز", "بسته"), ("نادر نادرترین", "شایع شایع‌ترین"), ("درست صحیح", "نادرست غلط"),
        ("حسی", "حرکتی"), ("بیشترین", "کمترین"), ("پروگزیمال", "دیستال"), ("سیستولی", "دیاستولی"),
        ("left", "right"), ("increase increased high hyper", "decrease decreased low hypo"),
        ("anterior", "posterior"), ("superior upper", "inferior lower"), ("medial", "lateral"),
        ("acute", "chronic"), ("before", "after"), ("artery arterial", "vein venous"),
        ("proximal", "distal"), ("benign", "malignant"), ("nerve", "blood"),
    )
)  # fmt: skip
_LEAST_LETTERS = 4
_ENDINGS = ("ها", "های", "هایی", "ی", "ای", "ش", "شان", "م", "ات", "s", "es", "ed")


def is_courtesy(item: Iterable[str]) -> bool:
    """Whether an item is a greeting, thanks or a common piece of advice and nothing else."""
    found = set(item)
    return bool(found & OF_COURTESY) and found <= OF_COURTESY | _OF_GRAMMAR


def is_generic(word: str) -> bool:
    """Whether a word may be said of anything."""
    return word in _GENERIC


def are_opposites(one: str, other: str) -> bool:
    """Whether two words are each other's opposite."""
    return any(
        (one in left and other in right) or (one in right and other in left)
        for left, right in _OPPOSITES
    )


def is_variant(one: str, other: str) -> bool:
    """Whether two words are one but for an ending or, in a long word, a letter."""
    if min(len(one), len(other)) < _LEAST_LETTERS - 1 or are_opposites(one, other):
        return False
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and long[len(short) :] in _ENDINGS:
        return True
    return len(short) > 2 * _LEAST_LETTERS and Levenshtein.distance(one, other, score_cutoff=1) <= 1
