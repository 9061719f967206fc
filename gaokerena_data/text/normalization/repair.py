"""Numbers and codes that an earlier normalizer took apart, put together where that is certain."""

import re

from gaokerena_data.text.normalization.spans import DIGITS

_D = f"[{DIGITS}]"
_LONE = rf"(?<![{DIGITS}.,٫٬/])"
_END = rf"(?![{DIGITS}]| ?[.,٫٬/] ?{_D})"
# The decimal sign has no other use.
_DECIMAL = re.compile(rf"(?<={_D}) ?٫ ?(?={_D})")
_THOUSANDS = re.compile(rf"{_LONE}({_D}{{1,3}})((?: [,٬] {_D}{{3}})+){_END}")
_DATE = re.compile(
    rf"{_LONE}({_D}{{4}}|{_D}{{1,2}}) / ({_D}{{1,2}}) / ({_D}{{4}}|{_D}{{1,2}}){_END}"
)
# Blood pressure, visual acuity: two or three digits on both sides.
_RATIO = re.compile(rf"{_LONE}({_D}{{2,3}}) / ({_D}{{2,3}}){_END}")
# No other vitamin has this name, and nothing that is measured is called B alone. «ویتامین D 16» is
# a level, and «ویتامین B 2 عدد» two of them.
_B12 = re.compile(
    rf"(ویتامین [Bb]) (12|۱۲|١٢)(?! ?[{DIGITS}.٫/×*x-])"
    "(?! ?(?:عدد|تا|بار|قرص|آمپول|امپول|واحد|میلی|mg))"
)
_HBA1C = re.compile(r"\b([Hh][Bb][Aa]) ?([1۱]) ?([Cc])\b")


def repair(text: str) -> str:
    """Close up spaced-out decimals, thousands, dates, ratios, vitamins and HbA1c.

    Only forms with one reading are touched: `۲ ٫ ۵`, `۷۰۰ , ۰۰۰`, `۱۴۰ / ۹۰`,
    `۱۴۰۲ / ۵ / ۱۲`, `ویتامین B ۱۲`, `HbA ۱ C`. A spaced hyphen (`۵ - ۱۰`) may be a range or a dash
    and stays; so does a number beside another letter (`ویتامین D ۱۶` is a level).
    """
    if "٫" in text:
        text = _DECIMAL.sub("٫", text)
    if " , " in text or " ٬ " in text:
        text = _THOUSANDS.sub(lambda m: m.group().replace(" ", ""), text)
    if " / " in text:
        text = _RATIO.sub(r"\1/\2", _DATE.sub(r"\1/\2/\3", text))
    if "ویتامین" in text:
        text = _B12.sub(r"\1\2", text)
    if "Hb" in text or "HB" in text or "hb" in text:
        text = _HBA1C.sub(r"\1\2\3", text)
    return text
