"""Scores of records, published beside their texts: what users who set thresholds of their own need.

Every row of `default` stands in the config `scored` once more, in the same split, with what the
models said of it. Rows of `removed` carry the same columns, so that the two can be put together by
another threshold than the rules had.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.datasets.configs import REMOVED, SCORED, SCORES_FILE, SCORES_SCHEMA
from gaokerena_data.errors import read_table
from gaokerena_data.release.inputs import Tables
from gaokerena_data.text.personal.quasi_identifiers import coarse_years, find_quasi_identifiers

SPECIALTY, SPECIALTY_FROM = "specialty", "specialty_from"
FROM_SITE, FROM_MODEL = "site", "model"
LABEL = "label"  # in `scored_by`, in place of a reader's name: clinicians are not published
NUMBERS = tuple(field.name for field in SCORES_SCHEMA if pa.types.is_floating(field.type))
NAMES = ("specialty", "question_type", "icd11_chapter")
FEW = 5  # rows: who shares age, sex and the rest with fewer may be singled out
_DECIMALS = 3  # more says nothing, and would make every row's bytes its own
_SHARES = (5, 25, 50, 75, 95)  # percent


def read_scores(folder: Path, dataset: str) -> pa.Table | None:
    """The scores of a curation; None where nothing scored its records.

    Args:
        folder: of the curation.
        dataset: its name.

    Raises:
        GaokerenaError: the file cannot be read, or lacks a column.
    """
    file = folder / SCORES_FILE
    if not file.is_file():
        return None
    remedy = f"run `gaokerena curate {dataset}` again"
    return read_table(file, remedy, columns=SCORES_SCHEMA.names).cast(SCORES_SCHEMA)


def with_scores(
    tables: Tables, scores: pa.Table | None, scorer: str | None, *, coarse_age: bool
) -> Tables:
    """The configs of a release with the scores of their rows.

    Args:
        tables: config -> split -> table as it is published.
        scores: by id; None where nothing was scored: then the tables are as they were.
        scorer: the model's name in `scored_by`; any other is somebody's, and is not published.
        coarse_age: whether ages are published as spans of five years: the first of them.

    Returns:
        `scored` after `default`, and `removed` with the same columns. Numbers have three decimals,
        a row without scores has nulls.
    """
    if scores is None:
        return tables
    published = _rounded(scores)
    by = published["scored_by"]
    by = pc.if_else(pc.equal(by, scorer or ""), by, pa.scalar(LABEL))
    published = _set(published, "scored_by", by)
    if coarse_age:
        ages = [None if age is None else coarse_years(age) for age in _ages(published)]
        published = _set(published, "patient_age", pa.array(ages, pa.int32()))
    made: Tables = {}
    for config, splits in tables.items():
        made[config] = splits
        if config == REMOVED:
            made[config] = {split: _scored(table, published) for split, table in splits.items()}
        if config == "default":
            made[SCORED] = {split: _scored(table, published) for split, table in splits.items()}
    return made


def count_scores(tables: Tables) -> dict[str, Any]:
    """Scores counted: split -> what the card tells of them; nothing where there are none.

    Returns:
        For each split `rows`, `scored_by` and the names of `NAMES` with their counts, each of
        `NUMBERS` with its percentiles, and `patients`: rows with an age, a sex, both, with either
        beside a rare disease in the question, and `few`: rows with both of which fewer than five
        share source, age, sex, specialty and chapter.
    """
    return {
        split: _statistics(table)
        for config in (SCORED, REMOVED)
        for split, table in tables.get(config, {}).items()
        if SPECIALTY_FROM in table.column_names
    }


def _scored(table: pa.Table, scores: pa.Table) -> pa.Table:
    place = pc.index_in(table["id"], value_set=scores["id"].combine_chunks())
    found = scores.take(place)
    model = found[SPECIALTY]
    site = (
        table[SPECIALTY] if SPECIALTY in table.column_names else pa.nulls(len(model), pa.string())
    )
    comes_from = pc.if_else(
        pc.is_valid(site), FROM_SITE, pc.if_else(pc.is_valid(model), FROM_MODEL, None)
    )
    table = _set(table, SPECIALTY, pc.coalesce(site, model).cast(pa.string()))
    table = _set(table, SPECIALTY_FROM, comes_from)
    for name in SCORES_SCHEMA.names:
        if name not in ("id", SPECIALTY):
            table = _set(table, name, found[name])
    return table.combine_chunks()


def _set(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    if name not in table.column_names:
        return table.append_column(name, values)
    return table.set_column(table.column_names.index(name), name, values)


def _rounded(scores: pa.Table) -> pa.Table:
    # Doubles: 0.9 as a float is less than 0.9, and `>= 0.9` would leave it out.
    for name in NUMBERS:
        exact = scores[name].cast(pa.float64())
        known = pc.if_else(pc.is_finite(exact), exact, pa.scalar(None, pa.float64()))
        scores = _set(scores, name, pc.round(known, _DECIMALS))
    return scores


def _ages(table: pa.Table) -> list[int | None]:
    ages: list[int | None] = table["patient_age"].to_pylist()
    return ages


def _statistics(table: pa.Table) -> dict[str, Any]:
    facts: dict[str, Any] = {"rows": table.num_rows}
    for name in ("scored_by", SPECIALTY_FROM, *NAMES):
        counts = {each["values"]: each["counts"] for each in pc.value_counts(
            table[name].drop_null().combine_chunks()).to_pylist()}  # fmt: skip
        facts[name] = dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
    for name in NUMBERS:
        known = table[name].drop_null().to_numpy()
        points = np.percentile(known, _SHARES, method="inverted_cdf") if len(known) else []
        facts[name] = {"rows": len(known), "percentiles": dict(zip(
            map(str, _SHARES), map(float, points), strict=False))}  # fmt: skip
    return facts | {"patients": _patients(table)}


def _patients(table: pa.Table) -> dict[str, int]:
    """How many rows tell an age or a sex, and how many of them few others share."""
    age, sex = pc.is_valid(table["patient_age"]), pc.is_valid(table["patient_sex"])
    both, either = pc.and_(age, sex), pc.or_(age, sex)
    shared = ["Source", "patient_age", "patient_sex", SPECIALTY, "icd11_chapter"]
    keys = table.filter(both).select([each for each in shared if each in table.column_names])
    groups = keys.group_by(keys.column_names).aggregate([([], "count_all")])["count_all"]
    few = pc.sum(groups.filter(pc.less(groups, FEW))).as_py() or 0
    rare = 0
    if "Question" in table.column_names:
        asked = table["Question"].filter(either).to_pylist()
        rare = sum(
            any(span.kind == "rare_disease" for span in find_quasi_identifiers(text or ""))
            for text in asked
        )
    counts = {"age": age, "sex": sex, "both": both}
    return {name: pc.sum(mask).as_py() or 0 for name, mask in counts.items()} | {
        "rare_disease": rare, "few": few,
    }  # fmt: skip
