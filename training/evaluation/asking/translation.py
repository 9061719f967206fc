"""K-QA and MMLU into Persian: protected, checked, resumable, with a list for review.

What comes out is a file that `gaokerena import kqa_fa` or `import mmlu_medical_fa` reads.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.translate.faithful import find_faults
from gaokerena_data.translate.protect import protect, restore
from gaokerena_data.workspace import atomic_file
from training.evaluation.asking.answer_log import open_log
from training.evaluation.asking.progress import Progress, unseen
from training.evaluation.asking.referees import BEST, rate
from training.evaluation.systems.model import Model
from training.evaluation.systems.translator import Translator

# Columns that are translated, in the published spelling; all others are taken over as they are.
FIELDS: dict[str, tuple[str, ...]] = {
    "kqa": ("Question", "Free_form_answer", "Must_have", "Nice_to_have"),
    "mmlu": ("question", "option1", "option2", "option3", "option4"),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person gave back of one text.

    Args:
        source: the English text.
        translation: as it should be.
        is_accepted: whether the person says that it is right as it was.
    """

    source: str
    translation: str
    is_accepted: bool = False


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows were written, and how many wait for a person."""

    written: int
    to_review: int


def translate_rows(
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    translator: Translator,
    path: Path,
    *,
    names: Sequence[str] = (),
    corrections: Mapping[str, Correction] | None = None,
    referees: Sequence[Model] = (),
    batch_size: int = 16,
    progress: Progress = unseen,
) -> RowCounts:
    """Translate every text that the log does not hold yet, then write the rows that are sound.

    Beside `path` lie `NAME.log.jsonl` (every text with its translation), `NAME.ratings.jsonl` (what
    referees said) and `NAME.review.jsonl` (every text whose translation has a problem: what the
    checks of `translate.faithful` find, or a referee that does not say 5). A row with such a text
    is left out until a correction for it is given.

    Args:
        kind: "kqa" or "mmlu".
        rows: the English rows; their columns by any case.
        translator: into Persian.
        path: the translated benchmark (`.jsonl`).
        names: names to keep as they are, beside drugs known by their stems.
        corrections: text id -> a person's translation, taken as it is. One that is empty, or
            the translation as it was without being accepted, still waits.
        referees: models that rate every translation from 0 to 5.
        batch_size: texts in one batch.
        progress: told how many of how many texts are translated.

    Raises:
        GaokerenaError: a row lacks a column, or a correction is of another text.
    """
    if kind == "mmlu":
        rows = [_with_options(row) for row in rows]
    texts = _texts(kind, rows)
    done = _translate(
        texts, translator, path.with_suffix(".log.jsonl"), names, batch_size, progress
    )
    fixed = _checked(corrections or {}, done, path)
    own = {i: (e["source"], e["translation"]) for i, e in done.items() if i not in fixed}
    ratings = (
        rate(
            referees,
            own,
            path.with_suffix(".ratings.jsonl"),
            batch_size=batch_size,
            progress=progress,
        )
        if referees
        else {}
    )
    final = {
        identity: fixed.get(identity, entry["translation"]) for identity, entry in done.items()
    }
    judged = [_judged(done[identity], ratings.get(identity, {})) for identity in own]
    review = [entry for entry in judged if entry["problems"]]
    held = {entry["id"].partition(":")[0] for entry in review}
    sound = [
        _translated(kind, number, row, final)
        for number, row in enumerate(rows, start=1)
        if str(number) not in held
    ]
    _write(path, sound)
    _write(path.with_suffix(".review.jsonl"), review)
    return RowCounts(len(sound), len(held))


def _translate(
    texts: Mapping[str, str],
    translator: Translator,
    path: Path,
    names: Sequence[str],
    batch_size: int,
    progress: Progress,
) -> dict[str, dict[str, Any]]:
    """Every text's entry in the log, by id; what the log does not hold yet is translated."""
    with open_log(path, {"translator": translator.name}) as log:
        waiting = [identity for identity in texts if identity not in log.done]
        progress(len(texts) - len(waiting), len(texts))
        for start in range(0, len(waiting), batch_size):
            batch = waiting[start : start + batch_size]
            guarded = [protect(texts[identity], names) for identity in batch]
            found = translator.translate([text for text, _ in guarded], "fa")
            log.append(
                _entry(identity, texts[identity], given, kept)
                for identity, (_, kept), given in zip(batch, guarded, found, strict=True)
            )
            progress(len(texts) - len(waiting) + start + len(batch), len(texts))
        done = {entry["id"]: entry for entry in log.entries if entry["id"] in texts}
    if any(done[identity]["source"] != text for identity, text in texts.items()):
        raise GaokerenaError(f"{path} is of other texts: use another --to")
    return done


def _entry(identity: str, source: str, given: str, kept: list[str]) -> dict[str, Any]:
    text, problems = restore(given, kept)
    entry = {"id": identity, "source": source, "translation": text, "problems": problems}
    if source.strip() and not given.strip():
        return entry | {"unanswered": True}  # no translation: a later run asks again
    return entry


def _judged(entry: Mapping[str, Any], ratings: Mapping[str, int | None]) -> dict[str, Any]:
    """A translation with all that speaks against it."""
    problems = [*entry["problems"], *find_faults(entry["source"], entry["translation"])]
    for referee, rating in ratings.items():
        if rating is None:
            problems.append(f"not rated by {referee}")
        elif rating < BEST:
            problems.append(f"rated {rating} of {BEST} by {referee}")
    rated = {"ratings": dict(ratings)} if ratings else {}
    return {**entry, "problems": list(dict.fromkeys(problems)), **rated}


def _checked(
    corrections: Mapping[str, Correction], done: Mapping[str, Mapping[str, Any]], path: Path
) -> dict[str, str]:
    """The corrections that were made, by text id."""
    fixed = {}
    for identity, correction in corrections.items():
        entry = done.get(identity)
        if entry is None or entry["source"] != correction.source:
            raise GaokerenaError(
                f"{path}: a correction of {identity!r} is of another text: give back the "
                f"{path.with_suffix('.review.jsonl').name} of these rows"
            )
        changed = correction.translation != entry["translation"]
        if correction.translation.strip() and (changed or correction.is_accepted):
            fixed[identity] = correction.translation
    return fixed


def read_corrections(path: Path) -> dict[str, Correction]:
    """A reviewed `NAME.review.jsonl`: the translations a person has set right, by text id.

    Raises:
        GaokerenaError: a line lacks its id, source or translation.
    """
    found: dict[str, Correction] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            found[str(entry["id"])] = Correction(
                str(entry["source"]), str(entry["translation"]), entry.get("accepted") is True
            )
        except (ValueError, KeyError, TypeError) as error:
            raise GaokerenaError(
                f"{path}, line {number}: an id, a source and a translation are needed"
            ) from error
    return found


def _with_options(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """MMLU as it is on the Hub (`choices`, `answer` from 0) in the columns of our release."""
    choices = row.get("choices")
    if not isinstance(choices, list):
        return row
    options = {f"option{place}": text for place, text in enumerate(choices, start=1)}
    rest = {column: value for column, value in row.items() if column not in {"choices", "answer"}}
    return rest | options | {"answer": int(row["answer"]) + 1}


def _texts(kind: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Every text to translate by its id: row, column, and place in a list."""
    texts: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        cells = {str(column).casefold(): value for column, value in row.items()}
        for column in FIELDS[kind]:
            value = cells.get(column.casefold())
            if value is None:
                raise GaokerenaError(f"row {number} has no {column}: {kind} needs it")
            parts = value if isinstance(value, list) else [value]
            for place, part in enumerate(parts):
                texts[f"{number}:{column}:{place}"] = str(part)
    return texts


def _translated(
    kind: str, number: int, row: Mapping[str, Any], final: Mapping[str, str]
) -> dict[str, Any]:
    """The row with its texts in Persian: options and statements stay in their order."""
    columns = {column.casefold(): column for column in FIELDS[kind]}
    made: dict[str, Any] = {}
    for name, value in row.items():
        column = columns.get(str(name).casefold())
        if column is None:
            made[str(name)] = value
        elif isinstance(value, list):
            made[column] = [final[f"{number}:{column}:{place}"] for place in range(len(value))]
        else:
            made[column] = final[f"{number}:{column}:0"]
    return made


def _write(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    with atomic_file(path) as part:
        lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
        part.write_text("".join(lines), encoding="utf-8")
