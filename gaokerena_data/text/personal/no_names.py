"""What stands after «دکتر» and is no name: the rest may be one, though no list of names has it.

Surnames are an open class, and most are words or made of words; what else follows a title is
closed as far as that can be: verbs, pronouns, particles, sorts of doctors, greetings, usual words
and whatever is of medicine, in all their forms.
"""

from functools import cache, lru_cache

from gaokerena_data.text.files import listed_words
from gaokerena_data.text.normalization.hazm_tables import hazm_vocabulary
from gaokerena_data.text.personal import name_lists as lists

_USUAL = 350_000  # a word that hazm's corpus has more often is what it says
_FORMS = (
    *("هایی", "های", "هام", "هاش", "ها", "تون", "شون", "مون", "تان", "شان", "مان", "ترین", "تر"),
    *("من", "ام", "اش", "ات", "ای", "رو", "م", "ش", "ت", "و", "ه"),
)
_PREFIXES = ("با", "می", "نمی", "بی", "و", "ب", "به", "از", "در", "که", "هر", "چند", "یک", "برا")
_NEVER = ("می", "نمی", "این", "اون", "هیدرو", "متیل", "دگزا", "یکسال", "یکماه")


def is_no_name(word: str) -> bool:
    """Whether a word after a title is none that names anybody."""
    return _is_no_name(lists.plain(word))


def is_of_usual_word(word: str) -> bool:
    """Whether a word with «ی» is a usual word that has it: a name only where somebody is meant."""
    stem = lists.plain(word).removesuffix("ی")
    return _is_closed(stem) or lists.counted_words().get(stem, 0) > _USUAL


def may_be_misspelt(word: str) -> bool:
    """Whether a word that no dictionary has, with or without «ی», is nearly a usual one."""
    folded, counts = lists.plain(word), lists.counted_words()
    known = folded in counts or folded.removesuffix("ی") in counts
    return not known and lists.is_misspelt(folded)


@lru_cache(maxsize=1 << 14)
def _is_no_name(folded: str) -> bool:
    counts = lists.counted_words()
    short = len(folded) < 3 or (len(folded) == 3 and (folded in counts or folded[-1] != "ی"))
    if short or _is_closed(folded) or folded.startswith(_NEVER):
        return True
    if counts.get(folded, 0) > _USUAL or (folded.endswith("گی") and folded in counts):
        return True
    stem = folded.removesuffix("ی")
    if stem != folded and (stem in listed_no_names() or lists.is_medical(stem)):
        return True
    if folded.endswith("ای") and stem in counts:  # «صدای»
        return True
    known = folded in counts or (stem in counts and stem != folded)
    if not known and lists.is_glued(folded):
        return True
    parts = [folded.removesuffix(form) for form in _FORMS if folded.endswith(form)]
    for prefix in _PREFIXES if not known else ():
        if folded.startswith(prefix):
            parts += [folded.removeprefix(prefix), stem.removeprefix(prefix)]
    return any(len(part) > 2 and lists.is_counted(part) for part in parts)


def _is_closed(folded: str) -> bool:
    return (
        folded in listed_no_names()
        or folded in lists.names().ordinary
        or folded in hazm_vocabulary().verbs
        or lists.is_medical(folded)
    )


@cache
def listed_no_names() -> frozenset[str]:
    """The words of no_names.txt."""
    return frozenset(map(lists.plain, listed_words("personal/no_names.txt")))
