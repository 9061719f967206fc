"""What a Persian translation changed of its source: numbers, doses, negation, drugs, length.

Every check counts on both sides and says where they differ; none of them understands the text. A
check that is wrong costs a look by a person, one that is silent costs a wrong benchmark.
"""

import re
from collections import Counter
from collections.abc import Callable

from gaokerena_data.translate.doses import MASSES, compare_times, doses_of
from gaokerena_data.translate.drugs import find_added, find_drugs, find_in_persian
from gaokerena_data.translate.exchanges import exchanged_counts, exchanged_doses
from gaokerena_data.translate.negation import other_negation
from gaokerena_data.translate.numbers import as_digits, spell_numbers
from gaokerena_data.translate.opposites import exchanged_words
from gaokerena_data.translate.own_words import refused, with_own_words
from gaokerena_data.translate.rates import other_periods
from gaokerena_data.translate.shape import not_persian, other_length, repeats

_PERSIAN = re.compile(r"[\u0621-\u06cc]+")
_DECIMAL = re.compile(r"\d+\.\d+")
_PER_WEIGHT = re.compile(r"/\s?kg\b|\bper (?:kg|kilo)", re.IGNORECASE)
_WEIGHT = re.compile(r"کیلو|\bkg\b|وزن", re.IGNORECASE)

# «نیم ساعت» is 30 minutes.
_HALF_AN_HOUR = (
    (re.compile(r"\bhalf(?: an?)?[ -]hour\b", re.IGNORECASE), "30 minutes"),
    (re.compile(r"(?<![آ-ی])نیم[\u200c ]?ساعت"), "30 دقیقه"),
)


def find_faults(source: str, translation: str) -> list[str]:
    """What is wrong with a Persian translation of an English text, one line a fault.

    Args:
        source: the English text.
        translation: with all that was protected put back.

    Example:
        >>> find_faults("Take one pill three times a day.", "روزی دو بار یک قرص بخورید.")
        ['other times or counts (lost 3; added 2)']
    """
    if not translation.strip():
        return ["empty"] if source.strip() else []
    if re.search(r"[A-Za-z]{4}", source) and not _PERSIAN.search(translation):
        return ["no Persian in it"]
    source, translation = (
        form.sub(told, text)
        for text, (form, told) in zip((source, translation), _HALF_AN_HOUR, strict=True)
    )
    translation = _with_decimals_of(source, translation)
    texts: tuple[Callable[[str, str], str | None], ...] = (
        refused,
        with_own_words,
        _other_times,
        other_negation,
        other_length,
        not_persian,
        repeats,
        _other_drugs,
    )
    spelled: tuple[Callable[[str, str], str | None], ...] = (
        _other_units,
        other_periods,
        exchanged_doses,
        exchanged_counts,
        exchanged_words,
    )
    numbers = spell_numbers(source, "en"), spell_numbers(translation, "fa")
    told = [check(source, translation) for check in texts]
    told += [check(*numbers) for check in spelled]
    return [fault for fault in told if fault is not None]


def told_difference(lost: Counter[str], added: Counter[str]) -> str:
    """What a count on two sides lost and added, for people."""
    parts = [
        f"{what} {', '.join(sorted(found.elements()))}"
        for what, found in (("lost", lost), ("added", added))
        if found
    ]
    return "; ".join(parts)


def _with_decimals_of(source: str, translation: str) -> str:
    """«۲/۵» of a translation as 2.5, where that is what its source says."""
    plain = as_digits(translation)
    for decimal in set(_DECIMAL.findall(source)):
        written = rf"(?<![\d/]){decimal.replace('.', '[/٫,،]')}(?![\d/])"
        plain = re.sub(written, decimal, plain)
    return plain


def _other_times(source: str, translation: str) -> str | None:
    lost, added = compare_times(source, translation)
    return f"other times or counts ({told_difference(lost, added)})" if lost or added else None


def _other_units(source: str, translation: str) -> str | None:
    """Numbers that stand by another unit, or doses that lost theirs."""
    ours, theirs = _units_of(source), _units_of(translation)
    changed = []
    for number, units in sorted(ours.items()):
        others = theirs.get(number, set())
        if units != others and (others or units & MASSES):
            changed.append(
                f"{number} {'/'.join(sorted(units))}: {'/'.join(sorted(others)) or 'none'}"
            )
    if _PER_WEIGHT.search(source) and not _WEIGHT.search(translation):
        changed.append("per kg: none")
    return f"other units ({', '.join(changed)})" if changed else None


def _units_of(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for dose in doses_of(text):
        number, _, unit = dose.told.partition(" ")
        found.setdefault(number, set()).add(unit)
    return found


def _other_drugs(source: str, translation: str) -> str | None:
    wanted = {mention.name for mention in find_drugs(source)}
    there = {mention.name for mention in find_in_persian(translation, wanted)} if wanted else set()
    added = {mention.name for mention in find_drugs(translation)} - wanted
    added |= find_added(source, translation)
    lost = wanted - there
    if not lost and not added:
        return None
    return f"other drugs ({told_difference(Counter(lost), Counter(added))})"
