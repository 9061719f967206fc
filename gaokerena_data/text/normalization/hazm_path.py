"""hazm's default normalization, the same output at several times its speed.

`fast_hazm(text)` returns exactly what `hazm.Normalizer().normalize(text)` of hazm 0.12.1 returns.
The rules and the word lists are hazm's own; only the way they are applied differs: tables are
built once, a rule runs only when a character it needs is in the text, and no rule is quadratic.
`one_pass` can be told which of hazm's joins to keep.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from gaokerena_data.text.normalization.hazm_tables import ZWNJ, hazm_tables, hazm_vocabulary

# Whether the second of two words is joined to the first: see `joins.may_join`.
type JoinRule = Callable[[str, str, str, str], bool]

LETTERS = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"  # the letters that hazm's rules know

# hazm's token: a run between separators, or the separators themselves, each kind apart.
_TOKEN_PART = re.compile(r'[^ ؟!?\d.:،؛»\])}"«\[({/\\\n]+')
_TOKEN = re.compile(rf'{_TOKEN_PART.pattern}|[؟!?]+|[\d.:]+|[،؛»\])}}"«\[({{/\\]')
_TOKEN_END = re.compile(rf"{_TOKEN_PART.pattern}\Z")
_AFTER = r"\.:!،؛؟»\]\)\}"
_BEFORE = r"«\[\(\{"
_AFFIX = re.compile(
    rf" (?<=[^\n\d {_AFTER}{_BEFORE}]{{2}} )(تر(?:ین?)?|گری?|های?)(?=[ \n{_AFTER}{_BEFORE}]|$)"
)
_WORD_END_ZWNJ = re.compile(rf"{ZWNJ}(?<=\w{ZWNJ})(?!\w)")
_WORD_START_ZWNJ = re.compile(rf"{ZWNJ}(?<!\w{ZWNJ})(?=\w)")
# What hazm joins by suffixes and by می, as a word and its neighbours.
_MI_APART = re.compile(r"(?:^|(?<= ))(ن?می) (?=([^\s.:!،؛؟»\])}]*))")
_WORD_BEFORE = re.compile(rf"(?:([\w{ZWNJ}]+) )?[^\w{ZWNJ} ]*([\w{ZWNJ}]+)\Z")
_WORD_AFTER = re.compile(rf" ([\w{ZWNJ}]+)")
_SPACES = re.compile(" {2,}")
_NEWLINES = re.compile(r"\n{3,}")
_ZWNJS = re.compile(f"{ZWNJ}{{2,}}")
_GLUED_DIGIT = re.compile(rf"\d(?:(?=[{LETTERS}])|(?<=[{LETTERS}]\d))")
# hazm's last three rules of punctuation, each from the rarer of its two characters.
_GLUED_OPENER = re.compile(rf"[{_BEFORE}](?<=[^ {_BEFORE}][{_BEFORE}])")
_DIGIT_BEFORE_LETTER = re.compile(rf"\d(?=[{LETTERS}])")
_DIGIT_AFTER_LETTER = re.compile(rf"\d(?<=[{LETTERS}]\d)")
REPEATED_LETTER = re.compile(rf"([{LETTERS}])\1\1")
_REPEATED = re.compile(rf"([{LETTERS}])\1{{2,}}")
_LETTER_RUN = re.compile(f"[{LETTERS}]+")
_AROUND = 40  # characters in which the neighbours of a word stand that a dictionary has
_LETTER_SET = frozenset(LETTERS)
# Starts with its letters, not with \b, so that the search jumps from one می to the next.
_MI = re.compile(rf"می(?:(?<=\bمی)|(?<=\bنمی))[{LETTERS}]+")
_CLOSERS = ".:!،؛؟»])}"
_OPENERS = "«[({"


class _Rules(NamedTuple):
    """hazm's tables, and its regular expressions compiled once."""

    translation: dict[str, str]
    numbers: dict[str, str]
    diacritics: frozenset[str]
    specials: frozenset[str]
    replacements: list[tuple[str, str]]
    touched: re.Pattern[str]  # any character of the tables above
    style: list[tuple[re.Pattern[str], str]]
    affix: list[tuple[re.Pattern[str], str]]
    punctuation: list[tuple[re.Pattern[str], str]]


def fast_hazm(text: str, *, persian_digits: bool = True) -> str:
    """What `hazm.Normalizer().normalize(text)` returns, several times faster.

    Args:
        text: any text; the time is linear in its length.
        persian_digits: False gives `hazm.Normalizer(persian_numbers=False)`.
    """
    return one_pass(text, persian_digits=persian_digits)[0]


def one_pass(
    text: str, *, persian_digits: bool = True, may_join: JoinRule | None = None
) -> tuple[str, bool]:
    """Hazm's result, and whether its last steps changed a word that it may yet join.

    hazm joins words early and mends letters late, so words mended late may be joined only by a
    second pass: that is the main reason why hazm is not idempotent.

    Args:
        text: any text.
        persian_digits: as hazm's `persian_numbers`.
        may_join: asked of each join of two words, with their neighbours; without it, all are made.
    """
    rules = _rules()
    chars = set(rules.touched.findall(text))
    text = _translate(text, rules.translation, chars)
    if '"' in text:
        text = rules.style[0][0].sub(rules.style[0][1], text)
    if "." in text:
        text = rules.style[1][0].sub(rules.style[1][1], text)
        if "..." in text:
            text = rules.style[2][0].sub(rules.style[2][1], text)
    if persian_digits:
        text = _translate(text, rules.numbers, chars)
    for mark in chars & rules.diacritics:
        text = text.replace(mark, "")
    text = _remove_extra_space(text)
    text = "\n".join(_join_tokens(line, may_join) for line in text.split("\n"))
    text = _space_affixes(text, rules, may_join)
    text = spaced = _space_punctuation(text, rules)
    if not chars.isdisjoint(_REPLACED):
        for old, new in rules.replacements:
            text = text.replace(old, new)
    for mark in chars & rules.specials:
        text = text.replace(mark, "")
    changed = text is not spaced and text != spaced
    text, mended = _shorten_repeats(text, may_join)
    if "می" in text:
        text, separated = separate_mi(text)
        mended |= not hazm_vocabulary().joinable_verbs.isdisjoint(separated)
    return text, changed or mended


def is_known_word(word: str) -> bool:
    """Whether hazm's dictionary has the word, or its conjugation the verb."""
    vocabulary = hazm_vocabulary()
    return word in vocabulary.words or word in vocabulary.verbs


def _translate(text: str, table: dict[str, str], chars: set[str]) -> str:
    # No character of either table is also a result of it, so the order of replacement is free.
    for char in chars & table.keys():
        text = text.replace(char, table[char])
    return text


def _remove_extra_space(text: str) -> str:
    text = text.lstrip(" ")
    # `$` also stands before a last newline, as in hazm's pattern.
    text = text[:-1].rstrip(" ") + "\n" if text.endswith("\n") else text.rstrip(" ")
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if "\n\n\n" in text:
        text = _NEWLINES.sub("\n\n", text)
    if ZWNJ in text:
        text = _ZWNJS.sub(ZWNJ, text)
        text = text.replace(ZWNJ + " ", " ").replace(" " + ZWNJ, " ")
        text = _WORD_START_ZWNJ.sub("", _WORD_END_ZWNJ.sub("", text))
    return text.replace("ـ", "").replace("\r", "")


def _join_tokens(line: str, may_join: JoinRule | None = None) -> str:
    """Join with a ZWNJ the neighbours that hazm's dictionary knows as one word."""
    if not line.strip():
        return line
    vocabulary = hazm_vocabulary()
    tokens = _TOKEN.findall(line.replace("\t", " "))
    second_parts, first_parts = vocabulary.second_parts, vocabulary.first_parts
    suffixes = vocabulary.suffixes
    joined = False
    for i in [i for i, token in enumerate(tokens) if token in second_parts]:
        left = i - 1
        # Where the one before was joined, this one was tried with it.
        if i == 0 or not tokens[left]:
            continue
        if tokens[left] not in first_parts and tokens[i] not in suffixes:
            continue
        right = i
        while right < len(tokens) and _are_one(tokens, left, right, may_join):
            tokens[left], tokens[right] = f"{tokens[left]}{ZWNJ}{tokens[right]}", ""
            right += 1
        joined |= right > i
    return " ".join(filter(None, tokens)) if joined else " ".join(tokens)


def _are_one(tokens: list[str], left: int, right: int, may_join: JoinRule | None) -> bool:
    vocabulary = hazm_vocabulary()
    token, after = tokens[right], tokens[right + 1] if right + 1 < len(tokens) else ""
    if f"{tokens[left]}{ZWNJ}{token}" in vocabulary.joined:
        # «خواهد» of «خواهد شد» belongs to the verb that follows.
        one = not after or not begins_verb(token, after)
    else:
        one = token in vocabulary.suffixes and tokens[left] in vocabulary.words
    if not one or may_join is None:
        return one
    place = left - 1
    while place >= 0 and not tokens[place]:
        place -= 1
    before = tokens[place] if place >= 0 else ""
    return may_join(before, tokens[left], token, after)


def begins_verb(word: str, following: str) -> bool:
    """Whether the two are one verb, as «خواهد شد»."""
    vocabulary = hazm_vocabulary()
    return word in vocabulary.verb_starts and f"{word}_{following}" in vocabulary.verbs


def _space_affixes(text: str, rules: _Rules, may_join: JoinRule | None) -> str:
    affix = rules.affix
    if "ه ی " in text:
        text = _sub_suffix(affix[0][0], affix[0][1], text, may_join)
    mi, nemi = " می " in text, " نمی " in text
    begins = text.startswith(("می ", "نمی "))
    if may_join is not None:
        if mi or nemi or begins:
            text = _join_mi(text, may_join)
    elif (mi and nemi) or begins:
        text = affix[1][0].sub(affix[1][1], text)
    elif mi:
        text = text.replace(" می ", f" می{ZWNJ}")
    elif nemi:
        text = text.replace(" نمی ", f" نمی{ZWNJ}")
    if " تر" in text or " گر" in text or " ها" in text:
        text = _sub_suffix(_AFFIX, ZWNJ + r"\1", text, may_join)
    if "ه ا" in text:
        text = _sub_suffix(affix[3][0], affix[3][1], text, may_join)
    return text.replace("هها", f"ه{ZWNJ}ها")


def _join_mi(text: str, may_join: JoinRule) -> str:
    return _MI_APART.sub(
        lambda mi: f"{mi[1]}{ZWNJ}" if may_join("", mi[1], mi[2], "") else mi.group(), text
    )


def _sub_suffix(pattern: re.Pattern[str], joined: str, text: str, may_join: JoinRule | None) -> str:
    """The pattern replaced wherever the word before its space may be joined to the one after."""
    if may_join is None:
        return pattern.sub(joined, text)

    def replaced(match: re.Match[str]) -> str:
        space = text.index(" ", match.start())
        words = _WORD_BEFORE.search(text, max(space - 2 * _AROUND, 0), space)
        left, right = words or ("", "", ""), match.group()[space - match.start() :].strip()
        after = _WORD_AFTER.match(text, space + 1 + len(right))
        if not may_join(left[1] or "", left[2], right, after[1] if after else ""):
            return match.group()
        return match.expand(joined)

    return pattern.sub(replaced, text)


def _space_punctuation(text: str, rules: _Rules) -> str:
    punctuation = rules.punctuation
    if '" ' in text:
        text = punctuation[0][0].sub(punctuation[0][1], text)
    for closer in _CLOSERS:
        text = text.replace(" " + closer, closer)
    opened = any(opener in text for opener in _OPENERS)
    if opened:
        for opener in _OPENERS:
            text = text.replace(opener + " ", opener)
    if "." in text or ":" in text:
        text = punctuation[3][0].sub(punctuation[3][1], text)
    text = punctuation[4][0].sub(punctuation[4][1], text)
    if opened:
        text = _GLUED_OPENER.sub(r" \g<0>", text)
    if _GLUED_DIGIT.search(text):
        text = _DIGIT_AFTER_LETTER.sub(r" \g<0>", _DIGIT_BEFORE_LETTER.sub(r"\g<0> ", text))
    return text


def _shorten_repeats(text: str, may_join: JoinRule | None) -> tuple[str, bool]:
    """«سلااام» is «سلام»: of a letter three times or more one or two stay, as the dictionary says.

    Returns:
        The text, and whether a word so mended can now be joined to a neighbour.
    """
    pieces: list[str] = []
    end = 0
    joinable = False
    for triple in REPEATED_LETTER.finditer(text):
        if triple.start() < end:
            continue
        # The letters around it: back to where the word begins, on to where it ends.
        start = triple.start()
        while start > end and text[start - 1] in _LETTER_SET:
            start -= 1
        run = _LETTER_RUN.match(text, start)
        stop = run.end() if run else triple.end()
        word = _shortened(text[start:stop])
        pieces += (text[end:start], word)
        end = stop
        around = f"{text[max(start - _AROUND, 0) : start]}{word}{text[stop : stop + _AROUND]}"
        joinable |= any(
            _join_tokens(line, may_join).count(ZWNJ) > line.count(ZWNJ)
            for line in around.split("\n")
        )
    return "".join((*pieces, text[end:])) if pieces else text, joinable


def _shortened(word: str) -> str:
    words = hazm_vocabulary().words
    if word in words:
        return word
    once, twice = _REPEATED.sub(r"\1", word), _REPEATED.sub(r"\1\1", word)
    return once if once in words and twice not in words else twice


def separate_mi(text: str) -> tuple[str, list[str]]:
    """«میشود» is «می‌شود»; and the tokens in which that was done."""
    verbs = hazm_vocabulary().verbs
    pieces: list[str] = []
    tokens: list[str] = []
    end = 0
    for match in _MI.finditer(text):
        start, stop = match.span()
        separated = f"می{ZWNJ}{text[start + 2 : stop]}"
        negated = text[start - 1 : start] == "ن"
        if (f"ن{separated}" if negated else separated) in verbs:
            pieces += (text[end:start], separated)
            end = stop
            before = _TOKEN_END.search(text, max(start - _AROUND, 0), start)
            after = _TOKEN_PART.match(text, stop)
            tokens.append((before[0] if before else "") + separated + (after[0] if after else ""))
    return "".join((*pieces, text[end:])), tokens


# Every character that hazm's literal replacements start from ("(ﷰ|ﷹ)" and "ﻵ|ﻶ|..." are
# literals in hazm 0.12.1: they match themselves only).
_REPLACED = frozenset("﷽﷼ﷰﷲﷳﷴﷵﷶﷷﷸﻵ")


@cache
def _rules() -> _Rules:
    hazm = hazm_tables().constants
    translation = dict(zip(hazm["TRANSLATION_SRC"], hazm["TRANSLATION_DST"], strict=False))
    compiled = [
        [(re.compile(pattern), replacement) for pattern, replacement in patterns]
        for patterns in (
            hazm["PERSIAN_STYLE_PATTERNS"],
            hazm["AFFIX_SPACING_PATTERNS"],
            hazm["PUNCTUATION_SPACING_PATTERNS"],
        )
    ]
    translation = {source: result for source, result in translation.items() if source != result}
    numbers = dict(zip(hazm["NUMBERS_SRC"], hazm["NUMBERS_DST"], strict=True))
    # Both patterns are one class of characters: "[\u064b\u064c...]".
    diacritics, specials = (
        frozenset(patterns[0][0].strip("[]").encode().decode("unicode_escape"))
        for patterns in (hazm["DIACRITICS_PATTERNS"], hazm["SPECIAL_CHARS_PATTERNS"])
    )
    touched = "".join({*translation, *numbers, *diacritics, *specials, *_REPLACED})
    return _Rules(
        translation,
        numbers,
        diacritics,
        specials,
        hazm["UNICODE_REPLACEMENTS"],
        re.compile(f"[{re.escape(touched)}]"),
        *compiled,
    )
