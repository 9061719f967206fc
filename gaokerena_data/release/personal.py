"""What is told of people in a release: doctors by pseudonyms, patients no closer than is asked for.

Names of doctors are personal data too. A pseudonym is a number that the workspace remembers, not
a digest: whoever has a list of doctors could try a digest's names one by one.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.progress import Progress
from gaokerena_data.release.inputs import ReleaseInput, Tables
from gaokerena_data.text.personal.quasi_identifiers import (
    QUASI_IDENTIFIERS,
    find_quasi_identifiers,
    generalize,
)
from gaokerena_data.text.personal.span import fold
from gaokerena_data.workspace import Workspace, atomic_file

SEVERAL = 3  # kinds of quasi-identifiers in one text from which somebody may be singled out
_ASKED_BY, _ANSWERED_BY, _SOURCE = "Question", "answered_by", "Source"
_TITLES = ("دکتر ", "خانم ", "آقای ", "مهندس ", "Dr. ", "Dr ")


@dataclass(slots=True)
class _Doctors:
    """Whose pseudonym is whose at one source; a number is never given twice."""

    next: int
    numbers: dict[str, int]


type Pseudonyms = dict[str, _Doctors]


def as_published(workspace: Workspace, given: ReleaseInput, progress: Progress) -> Tables:
    """The tables of a release with what its dataset's settings say of people.

    Doctors' names give way to pseudonyms (`drhast-doctor-17`), but for sources in
    `attributed_sources`. Ages and cities in patients' questions are made coarser where `generalize`
    says so.

    Args:
        workspace: `pseudonyms.json` in it holds whose pseudonym is whose, and is written where a
            doctor is new. It is never published.
        given: what is released.
        progress: told (what, splits done, splits in all).

    Raises:
        GaokerenaError: a damaged `pseudonyms.json`.
    """
    settings = given.run["settings"]
    coarser = {kind for kind, is_on in settings.get("generalize", {}).items() if is_on}
    if coarser and all(_ASKED_BY not in table.column_names for table in _tables(given.tables)):
        raise GaokerenaError(
            f"{given.dataset}: generalize is for patients' questions, of which it has none; take "
            "it out of gaokerena.toml"
        )
    named = frozenset(settings.get("attributed_sources", ()))
    pseudonyms = _read(workspace)
    before = _written(pseudonyms)
    total = sum(1 for _ in _tables(given.tables))
    made: Tables = {}
    done = 0
    for config, splits in given.tables.items():
        made[config] = {}
        for split, table in splits.items():
            told = table
            if _ANSWERED_BY in table.column_names:
                told = _with_pseudonyms(told, pseudonyms, named)
            if coarser and _ASKED_BY in table.column_names:
                told = _with_coarse_questions(told, coarser)
            made[config][split] = told
            done += 1
            progress("people", done, total)
    if (after := _written(pseudonyms)) != before:
        with atomic_file(workspace.pseudonyms_file) as part:
            part.write_text(after, "utf-8")
    return made


def _tables(tables: Tables) -> Iterator[pa.Table]:
    for splits in tables.values():
        yield from splits.values()


def count_quasi_identifiers(tables: Tables) -> dict[str, dict[str, dict[str, int]]]:
    """In how many questions something stands that with the rest may tell who somebody is.

    Args:
        tables: config -> split -> published table; those without questions are left out.

    Returns:
        config -> split -> `rows`, one count for each of `QUASI_IDENTIFIERS`, and `several`: rows
        with at least three kinds of them.
    """
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for config, splits in tables.items():
        for split, table in splits.items():
            if _ASKED_BY in table.column_names and _ANSWERED_BY in table.column_names:
                texts = table[_ASKED_BY].to_pylist()
                counts.setdefault(config, {})[split] = _count(texts)
    return counts


def _count(texts: Iterable[str | None]) -> dict[str, int]:
    count: dict[str, int] = dict.fromkeys(("rows", *QUASI_IDENTIFIERS, "several"), 0)
    for text in texts:
        kinds = {span.kind for span in find_quasi_identifiers(text or "")}
        count["rows"] += 1
        count["several"] += len(kinds) >= SEVERAL
        for kind in kinds:
            count[kind] += 1
    return count


def _with_pseudonyms(table: pa.Table, pseudonyms: Pseudonyms, named: frozenset[str]) -> pa.Table:
    doctors = table[_ANSWERED_BY].to_pylist()
    sources = table[_SOURCE].to_pylist()
    return _replaced(
        table,
        _ANSWERED_BY,
        [
            doctor if source in named else _pseudonym(doctor, source, pseudonyms)
            for doctor, source in zip(doctors, sources, strict=True)
        ],
    )


def _with_coarse_questions(table: pa.Table, coarser: set[str]) -> pa.Table:
    questions = [
        generalize(text, age="age" in coarser, city="city" in coarser)
        for text in table[_ASKED_BY].to_pylist()
    ]
    return _replaced(table, _ASKED_BY, questions)


def _pseudonym(doctor: str | None, source: str, pseudonyms: Pseudonyms) -> str | None:
    """The next number of a source for a new doctor: rows come in id order, which tells nothing."""
    if not doctor or not (name := _settled(doctor)):
        return None
    doctors = pseudonyms.setdefault(source, _Doctors(1, {}))
    if name not in doctors.numbers:
        doctors.numbers[name] = doctors.next
        doctors.next += 1
    return f"{source}-doctor-{doctors.numbers[name]}"


def _settled(doctor: str) -> str:
    """One spelling of a name, without titles."""
    name = " ".join(fold(unicodedata.normalize("NFKC", doctor)).replace("\u200c", " ").split())
    while title := next((each for each in _TITLES if name.startswith(each)), None):
        name = name.removeprefix(title)
    return name


def _replaced(table: pa.Table, column: str, values: list[Any]) -> pa.Table:
    place = table.column_names.index(column)
    field = table.schema.field(column)
    return table.set_column(place, field, pa.array(values, field.type)).combine_chunks()


def _read(workspace: Workspace) -> Pseudonyms:
    file = workspace.pseudonyms_file
    if not file.is_file():
        return {}
    try:
        read = json.loads(file.read_text("utf-8"))
        return {
            source: _Doctors(int(each["next"]), {k: int(v) for k, v in each["numbers"].items()})
            for source, each in read.items()
        }
    except (ValueError, AttributeError, TypeError, KeyError):
        raise GaokerenaError(
            f"{file}: damaged; bring it back from a backup: new pseudonyms would not be the "
            "doctors' published ones"
        ) from None


def _written(pseudonyms: Pseudonyms) -> str:
    table = {source: asdict(doctors) for source, doctors in sorted(pseudonyms.items())}
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"
