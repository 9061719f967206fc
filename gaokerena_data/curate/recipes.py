"""Recipes: which rules a curation applies, in which order, and how it splits what stays."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from gaokerena_data.config import DatasetConfig, MedicalCorpus, Mf3qa
from gaokerena_data.curate.duplicates import drop as duplicates
from gaokerena_data.curate.rules import filters, paper
from gaokerena_data.curate.rules.filters import Outcome
from gaokerena_data.curate.rules.review import Reviewed, review_rows
from gaokerena_data.curate.splits.benchmarks import drop_paraphrases, drop_quotations
from gaokerena_data.curate.splits.protected import Protected
from gaokerena_data.curate.splits.split import SPLITS, split_apart
from gaokerena_data.curate.texts.signal_store import Progress, SignalStore
from gaokerena_data.curate.texts.whole_records import cleaned_rows, extracted_rows
from gaokerena_data.ledger import LEDGER_SCHEMA
from gaokerena_data.review.decisions import Decision
from gaokerena_data.review.settle import settle
from gaokerena_data.takedowns import Takedowns

type Step = Callable[[pa.Table], Outcome]
type Splits = dict[str, pa.Table]
type Preset = Literal["default", "paper"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to curate a dataset.

    Args:
        steps: (name, rule) in order; each sees what those before it kept.
        review: applies the reviewers' decisions to what the steps kept.
        split: what stays, in its splits, and the ledger rows of what could stand in none.
        write: the whole records of a split, from its index rows and where it was written last,
            one table after another.
    """

    steps: list[tuple[str, Step]]
    review: Callable[[pa.Table], Reviewed] | None
    split: Callable[[pa.Table], tuple[Splits, pa.Table]]
    write: Callable[[pa.Table, Path], Generator[pa.Table]]


def pairs_recipe(
    settings: Mf3qa,
    files: Sequence[Path],
    store: SignalStore,
    takedowns: Takedowns,
    protected: Protected,
    decisions: Sequence[Decision],
    progress: Progress,
) -> Recipe:
    """Questions and answers, our way."""
    settled = settle(decisions, settings.review.rule, settings.review.senior)
    return Recipe(
        [
            *_screening(settings, takedowns),
            (
                "length",
                partial(
                    filters.drop_short,
                    min_words=settings.min_answer_words,
                    min_words_of=settings.min_answer_words_of,
                ),
            ),
            (
                "template answers",
                partial(filters.drop_templates, max_share=settings.max_boilerplate_share),
            ),
            ("quality", partial(filters.drop_poor, quality=settings.quality)),
            *_decontamination(settings, store, protected, ("heading", "body")),
            ("exact duplicates", partial(duplicates.drop_exact, sources=settings.sources)),
            _near_duplicates(settings, store, ("heading", "body"), progress),
        ],
        partial(review_rows, store=store, settled=settled),
        partial(_split_pairs, settings, store),
        partial(cleaned_rows, files=files, kind="question_answer", store=store),
    )


def articles_recipe(
    settings: MedicalCorpus,
    files: Sequence[Path],
    store: SignalStore,
    takedowns: Takedowns,
    protected: Protected,
    progress: Progress,
) -> Recipe:
    """Articles of magazines. One printed twice often has two titles: its content decides."""
    return Recipe(
        [
            *_screening(settings, takedowns),
            (
                "length",
                partial(
                    filters.drop_short,
                    min_words=settings.min_content_words,
                    min_words_of={},
                    step="content_length@1",
                ),
            ),
            ("medical pages", partial(filters.drop_other_pages, pages=settings.pages)),
            ("quality", partial(filters.drop_poor, quality=settings.quality)),
            *_decontamination(settings, store, protected, ("heading", "body")),
            (
                "exact duplicates",
                partial(duplicates.drop_exact, sources=settings.sources, digests=("body_digest",)),
            ),
            _near_duplicates(settings, store, ("body",), progress),
        ],
        None,
        lambda table: ({"train": table.sort_by("id")}, LEDGER_SCHEMA.empty_table()),
        partial(cleaned_rows, files=files, kind="article", store=store),
    )


def paper_recipe(files: Sequence[Path]) -> Recipe:
    """Questions and answers, the authors' way (see `curate.rules.paper`)."""
    rows = partial(extracted_rows, files=files, kind="question_answer")

    def same_question(table: pa.Table) -> Outcome:
        return paper.drop_asked_before(table, rows(table)["question"].to_pylist())

    def split(table: pa.Table) -> tuple[Splits, pa.Table]:
        return _in_splits(table, paper.assign_paper_splits(table)), LEDGER_SCHEMA.empty_table()

    floors = dict.fromkeys(paper.UNFILTERED, 0)
    length = partial(filters.drop_short, min_words=paper.MIN_WORDS, min_words_of=floors)
    return Recipe(
        [("length", length), ("same questions", same_question)],
        None,
        split,
        lambda table, _: (whole for whole in [rows(table)]),
    )


def _screening(settings: DatasetConfig, takedowns: Takedowns) -> list[tuple[str, Step]]:
    """What every record must pass before anything else is asked of it."""
    return [
        ("repeated records", duplicates.drop_repeated),
        ("takedowns", partial(filters.drop_taken_down, takedowns=takedowns)),
        ("empty records", filters.drop_unanswered),
        ("script", partial(filters.drop_other_scripts, min_share=settings.min_persian_share)),
        ("language", partial(filters.drop_other_languages, languages=settings.languages)),
        ("personal data", partial(filters.drop_identified, kinds=settings.drop_personal_data)),
    ]


def _decontamination(
    settings: DatasetConfig, store: SignalStore, protected: Protected, columns: Sequence[str]
) -> list[tuple[str, Step]]:
    """Benchmarks and test records, kept out of what a model learns from."""
    if not protected.texts:
        return []

    def paraphrases(table: pa.Table) -> Outcome:
        fields = [store.read_texts(table["key"], name) for name in columns]
        return drop_paraphrases(table, fields, protected, settings.near_duplicates)

    quotations = partial(
        drop_quotations, store=store, protected=protected, settings=settings.decontamination
    )
    return [("benchmarks quoted", quotations), ("benchmarks paraphrased", paraphrases)]


def _near_duplicates(
    settings: DatasetConfig, store: SignalStore, columns: Sequence[str], progress: Progress
) -> tuple[str, Step]:
    name = "near-duplicates"

    def drop(table: pa.Table) -> Outcome:
        fields = [store.read_texts(table["key"], column) for column in columns]
        told = partial(progress, name)
        return duplicates.drop_near(table, fields, settings.sources, settings.near_duplicates, told)

    return name, drop


def _split_pairs(settings: Mf3qa, store: SignalStore, table: pa.Table) -> tuple[Splits, pa.Table]:
    table = table.sort_by("id")
    fields = [store.read_texts(table["key"], name) for name in ("heading", "body")]
    outcome = split_apart(table, fields, settings)
    return _in_splits(outcome.kept, outcome.kept["split"].to_pylist()), outcome.dropped


def _in_splits(table: pa.Table, assigned: Sequence[str]) -> Splits:
    names = np.array(assigned, dtype=object)
    return {name: table.filter(pa.array(names == name, pa.bool_())) for name in SPLITS}
