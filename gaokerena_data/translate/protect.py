"""Placeholders for what a translator must not touch."""

import re
from collections import Counter
from collections.abc import Iterable

_UNITS = (
    "mcg|µg|ug|mg|kg|g|mL|ml|dL|dl|L|mmol|mEq|mOsm|IU|units?|U|mmHg|mm|cm|km|m|bpm|°C|°F|kcal|Hz"
)
_PER = rf"(?:\s?/\s?(?:{_UNITS}|day|h|hr|min|d))"
_NUMBER = r"\d+(?:[.,/:×x–-]\d+)*"
# A number with its unit, a percentage, a code such as B12 or HbA1c, or a number by itself.
_DOSE = rf"{_NUMBER}\s?(?:(?:{_UNITS})\b{_PER}*|%)"
_CODE = r"\b(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\b"
# Stems of international nonproprietary names (WHO stem book): a word that ends in one is a drug.
_STEMS = (
    "cillin|mycin|micin|floxacin|cycline|azole|oxetine|pril|sartan|olol|statin|dipine|azepam|"
    "azolam|caine|profen|triptan|gliptin|glutide|formin|mab|tinib|parin|xaban|vir|setron|prazole|"
    "tidine|thiazide|semide|sone|solone|terol|tropium|barbital|opram|idone|apine"
)
_DRUG = rf"\b[A-Za-z]{{2,}}(?:{_STEMS})\b"
_PLACEHOLDER = re.compile(r"\[\[\s*(\d+)\s*\]\]")


def protect(text: str, names: Iterable[str] = ()) -> tuple[str, list[str]]:
    """Replace doses, codes, numbers and drug names by `[[0]]`, `[[1]]`, ...

    Args:
        text: what is to be translated.
        names: further names to keep as they are; whole words, any case.

    Returns:
        The text with placeholders, and what they stand for in order. A text that holds such
        brackets itself is returned without any.
    """
    if _PLACEHOLDER.search(text):
        return text, []
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    forms = [*([rf"(?<!\w)(?:{listed})(?!\w)"] if listed else []), _DRUG, _DOSE, _CODE, _NUMBER]
    kept: list[str] = []

    def stand_in(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"[[{len(kept) - 1}]]"

    return re.sub("|".join(forms), stand_in, text, flags=re.IGNORECASE), kept


def restore(text: str, kept: list[str]) -> tuple[str, list[str]]:
    """Put back what the placeholders stand for.

    Returns:
        The text, and the problems: a placeholder lost, doubled or invented.
    """
    seen = Counter(int(number) for number in _PLACEHOLDER.findall(text))
    problems = [f"lost {kept[n]!r}" for n in range(len(kept)) if not seen[n]]
    problems += [f"doubled {kept[n]!r}" for n in range(len(kept)) if seen[n] > 1]
    if any(number >= len(kept) for number in seen) and kept:
        problems.append("invented a placeholder")

    def original(match: re.Match[str]) -> str:
        number = int(match.group(1))
        return kept[number] if number < len(kept) else match.group()

    return _PLACEHOLDER.sub(original, text), problems
