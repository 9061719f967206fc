"""Texts: JSON, lines of JSON, tables of separated values, pages, and plain lines."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from gaokerena_data.purge.contents.outcome import Outcome
from gaokerena_data.purge.sought import URL, Sought, texts_in

# Not `splitlines`: a line of JSON may hold what ends a line for it.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SCRIPT = re.compile(r"(<script\b[^>]*>)(.*?)(</script>)", re.DOTALL | re.IGNORECASE)
_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_ODD_BYTE = re.compile("[\udc80-\udcff]")
_WIDEST = 1 << 30  # characters of a cell


def purge_text(data: bytes, name: str, sought: Sought) -> Outcome | None:
    """A text without what is sought; None where it holds none of it.

    Args:
        data: in UTF-8, UTF-16 or, where it is neither, windows-1256.
        name: of its file: its ending says what it is.
        sought: what goes.
    """
    for text, encoding, errors in _decoded(data):
        outcome = _without(text, name, sought)
        if outcome is not None:
            content = None if outcome[0] is None else outcome[0].encode(encoding, errors)
            return Outcome(content, outcome[1])
    return None


def _without(text: str, name: str, sought: Sought) -> tuple[str | None, int] | None:
    """The text without what is sought, and how many pieces went; no text where all of it goes."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if not _may_hold(text, sought):
        return None
    for take_out in _ways(ending, text):
        outcome = take_out(text, ending, sought)
        if outcome is None:
            continue
        new, pieces = outcome
        if not sought.in_text(new):
            return (new, pieces) if pieces else None
    return None, 1


def _ways(ending: str, text: str) -> list[Callable[[str, str, Sought], tuple[str, int] | None]]:
    """How to take something out of such a text, the finest first."""
    if ending in _SEPARATORS:
        return [_separated]
    if ending in {".html", ".htm"}:
        return [_page]
    if text.lstrip()[:1] in {"{", "["}:
        return [_json, _lines] if ending != ".jsonl" else [_lines]
    return [_lines]


def _decoded(data: bytes) -> Iterator[tuple[str, str, str]]:
    """How bytes may be read: each text, its encoding and what is done with odd bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield data.decode("utf-16", "surrogatepass"), "utf-16", "surrogatepass"
        return
    text = data.decode("utf-8", "surrogateescape")
    yield text, "utf-8", "surrogateescape"
    if _ODD_BYTE.search(text):
        yield data.decode("windows-1256"), "windows-1256", "backslashreplace"


def _may_hold(text: str, sought: Sought) -> bool:
    if len(sought.words.wholes):  # a short text may be any field of it
        return True
    if sought.in_text(text) or any(each in text for each in sought.ids):
        return True
    return any(sought.is_page(url) for url in set(URL.findall(text)))


def _json(text: str, _ending: str, sought: Sought) -> tuple[str, int] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    counted = [0]
    pruned = _prune(value, sought, counted)
    first = text.lstrip()[:2]
    indent = len(found[1]) if (found := re.match(r"\s*[{\[]\n( +)", text)) else None
    if indent is None and "\n" in first:
        indent = 0
    end = "\n" if text.endswith("\n") else ""
    return json.dumps(pruned, ensure_ascii=False, indent=indent) + end, counted[0]


def _prune(value: Any, sought: Sought, counted: list[int]) -> Any:
    """Entries of lists go whole, the innermost first; a field by itself becomes empty."""
    if isinstance(value, dict):
        kept = {}
        for name, each in value.items():
            if sought.in_text(name) or name in sought.ids:
                counted[0] += 1
            else:
                kept[name] = _prune(each, sought, counted)
        return kept
    if isinstance(value, list):
        kept_entries = []
        for each in value:
            inner = [0]
            pruned = _without_inner_lists(each, sought, inner)
            if _is_sought(pruned, sought):
                counted[0] += 1
                continue
            counted[0] += inner[0]
            kept_entries.append(pruned)
        return kept_entries
    if isinstance(value, str) and sought.in_text(value):
        counted[0] += 1
        return ""
    return value


def _without_inner_lists(value: Any, sought: Sought, counted: list[int]) -> Any:
    if isinstance(value, list):
        return _prune(value, sought, counted)
    if isinstance(value, dict):
        return {name: _without_inner_lists(each, sought, counted) for name, each in value.items()}
    return value


def _is_sought(value: Any, sought: Sought) -> bool:
    if isinstance(value, dict):
        if sought.is_named(value):
            return True
        if any(_is_sought(each, sought) for each in value.values() if isinstance(each, dict)):
            return True
        return any(sought.in_text(text) for text in _own_texts(value))
    return isinstance(value, str) and (value in sought.ids or sought.in_text(value))


def _own_texts(value: dict[str, Any]) -> list[str]:
    return [
        text for each in value.values() if not isinstance(each, list) for text in texts_in(each)
    ]


def _separated(text: str, ending: str, sought: Sought) -> tuple[str, int] | None:
    limit = csv.field_size_limit(_WIDEST)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=_SEPARATORS[ending]))
    except csv.Error:
        return None
    finally:
        csv.field_size_limit(limit)
    kept = [
        row
        for row in rows
        if not any(
            cell in sought.ids or sought.is_page(cell) or sought.in_text(cell) for cell in row
        )
    ]
    out = io.StringIO()
    end = "\r\n" if "\r\n" in text else "\n"
    csv.writer(out, delimiter=_SEPARATORS[ending], lineterminator=end).writerows(kept)
    bom = "\ufeff" if text.startswith("\ufeff") and not out.getvalue().startswith("\ufeff") else ""
    return bom + out.getvalue(), len(rows) - len(kept)


def _page(text: str, _ending: str, sought: Sought) -> tuple[str, int] | None:
    """A reviewer's page: its rows are JSON in a script."""
    counted = 0

    def pruned(script: re.Match[str]) -> str:
        nonlocal counted
        if script[2].lstrip()[:1] not in {"{", "["}:
            return script[0]
        try:
            value = json.loads(script[2])
        except ValueError:
            return script[0]
        pieces = [0]
        kept = json.dumps(_prune(value, sought, pieces), ensure_ascii=False, separators=(",", ":"))
        if not pieces[0]:
            return script[0]
        counted += pieces[0]
        for sign in "<>&":
            kept = kept.replace(sign, f"\\u{ord(sign):04x}")
        return f"{script[1]}{kept}{script[3]}"

    new = _SCRIPT.sub(pruned, text)
    return new, counted


def _lines(text: str, _ending: str, sought: Sought) -> tuple[str, int] | None:
    lines = _LINE.findall(text)
    kept = [line for line in lines if not _is_line_sought(line, sought)]
    return "".join(kept), len(lines) - len(kept)


def _is_line_sought(line: str, sought: Sought) -> bool:
    if sought.in_text(line):
        return True
    start = line.find("{")  # the lines of an archive's index begin with its key
    if start < 0:
        return False
    try:
        value = json.loads(line[start:])
    except ValueError:
        return False
    return isinstance(value, dict) and (
        sought.is_named(value) or any(sought.in_text(text) for text in texts_in(value))
    )
