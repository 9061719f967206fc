"""Words that gave way to their opposite or their neighbour: left, iron, vitamin C."""

import re
from functools import cache
from importlib.resources import files

_LETTERS = {
    "a": "آ|ا|ای", "b": "ب|بی", "c": "ث|سی", "d": "د|دی", "e": "ای|ئی", "g": "جی",
    "k": "ک|کا|کی",
}  # fmt: skip
_KINDS = (("vitamin", "ویتامین"), ("hepatitis", "هپاتیت"))


type _Patterns = tuple[re.Pattern[str], re.Pattern[str]]


@cache
def _groups() -> tuple[dict[str, _Patterns], ...]:
    """What `opposites.txt` lists: of each name its English and its Persian pattern."""
    text = files("gaokerena_data.translate").joinpath("opposites.txt").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    return tuple(
        {
            name: (
                re.compile(rf"\b(?:{english})\b", re.IGNORECASE),
                re.compile(rf"(?<![\u0621-\u06cc])(?:{persian})(?![\u0621-\u06cc])"),
            )
            for name, english, persian in (line.split("\t") for line in group.split("\n"))
        }
        for group in re.split(r"\n{2,}", lines.strip("\n"))
    )


def exchanged_words(source: str, translation: str) -> str | None:
    """A word whose place another of its group took, told as "calcium: potassium"."""
    found = []
    # Of each group a source that has one and a translation that has another, and not it, differ.
    for group in _groups():
        ours = {name for name, (english, _) in group.items() if english.search(source)}
        theirs = {name for name, (_, persian) in group.items() if persian.search(translation)}
        lost, added = ours - theirs, theirs - ours
        if lost and added:
            found.append(f"{', '.join(sorted(lost))}: {', '.join(sorted(added))}")
    for kind, persian in _KINDS:
        before = {m[1].casefold() for m in re.finditer(rf"\b{kind} ([a-k])(?![a-z])", source, re.I)}
        after = re.findall(rf"{persian}\w*[ \u200c]([A-Za-z]|[آ-ی]+)", translation)
        letters = [_letters(letter) for letter in after]
        other = [got for got in letters if got and not got & before]
        gone = {letter for letter in before if not any(letter in got for got in letters)}
        if gone and other:
            told = "/".join(sorted(frozenset[str]().union(*other)))
            found.append(f"{kind} {', '.join(sorted(gone))}: {told}")
    return f"a word became another ({'; '.join(found)})" if found else None


def _letters(written: str) -> frozenset[str]:
    """What a letter of Latin may be that stands in either script."""
    if written.isascii():
        return frozenset({written.casefold()})
    return frozenset(letter for letter, forms in _LETTERS.items() if written in forms.split("|"))
