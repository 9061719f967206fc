"""How often: the periods that a text of spelled numbers says something is done in."""

import re

from gaokerena_data.translate.numbers import Language

_DAILY = (
    r"روزی|روزانه|(?:هر|در) (?:شبانه[\u200c ]?)?روز(?! از)|هر شب|هر صبح|هر عصر|شبی|"
    r"شب[\u200c ]?ها|همه[\u200c ]?روزه"
)
_RATES: dict[Language, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "en": tuple(
        (period, re.compile(rf"\b(?:{form})\b", re.IGNORECASE))
        for period, form in (
            ("other day", (r"every other (?:day|night)|alternate (?:days|nights)|every (?:second|"
                          r"2) days?")),
            ("day", (r"(?<!twice-)daily|nightly|(?:every|each) (?:single )?(?:day|night|morning|"
                    r"evening)|"
                    r"(?:once|times?|mg|mcg|g|ml|tablets?|pills?|units?|hours?|glasses|cups|"
                    r"liters|\d) "
                    r"(?:a|per|each|every|in a|in one) day|per day|at night|at bedtime")),
            ("week", (r"(?<!bi)(?<!bi-)weekly|(?:every|each|per) week|"
                     r"(?:once|times?|days?|nights?|mg|tablets?|hours?|minutes?) (?:a|in a|"
                     r"in one) week")),
            ("month", r"monthly|(?:every|each|per) month|(?:once|times?|days?) (?:a|in a) month"),
            ("year", (r"yearly|annual(?:ly)?|(?:every|each|per) year|(?:once|times?) (?:a|"
                     r"in a) year")),
            ("hour", r"hourly|every hour|(?:per|an) hour|/\s?(?:h|hr|hour)"),
            ("day", r"/\s?(?:d|day)"),
        )
    ),
    "fa": tuple(
        (period, re.compile(rf"(?<![آ-ی])(?:{form})(?![آ-ی])"))
        for period, form in (
            ("other day", r"(?:یک )?(?:روز|شب) در میان|هر 2 (?:روز|شب)"),
            ("day", _DAILY),
            ("week", r"هفته[\u200c ]?ای|هفتگی|(?:هر|در) (?:یک )?هفته"),
            ("month", r"ماهی|ماهانه|ماهیانه|(?:هر|در) (?:یک )?ماه"),
            ("year", r"سالی|سالانه|سالیانه|(?:هر|در) (?:یک )?سال"),
            ("hour", r"ساعتی|(?:هر|در) (?:یک )?ساعت"),
        )
    ),
}  # fmt: skip


def other_periods(source: str, translation: str) -> str | None:
    """Periods that were exchanged for others: "once a week" and «روزی یک بار».

    Args:
        source: English, its numbers spelled.
        translation: Persian, its numbers spelled.
    """
    ours, theirs = _periods(source, "en"), _periods(translation, "fa")
    lost, added = ours - theirs, theirs - ours
    skipped = "other day" in lost and "day" in added
    if (lost and added) or skipped or ("other day" in added and "day" in lost):
        return f"other periods (lost {', '.join(sorted(lost))}; added {', '.join(sorted(added))})"
    return None


def _periods(text: str, language: Language) -> frozenset[str]:
    found: set[str] = set()
    for period, pattern in _RATES[language]:
        text, times = pattern.subn(" ", text)
        if times:
            found.add(period)
    return frozenset(found)
