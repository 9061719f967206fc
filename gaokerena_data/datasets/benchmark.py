"""Benchmarks: questions that models are tested on, imported once and released as they are."""

from dataclasses import dataclass

import pyarrow as pa

from gaokerena_data.datasets.choice import Key
from gaokerena_data.datasets.declaration import About


@dataclass(frozen=True, slots=True)
class Column:
    """A published column.

    Args:
        name: as the authors' own files spell it.
        type: of its values.
        meaning: what the card says of it.
        required: a row without it is refused.
    """

    name: str
    type: pa.DataType
    meaning: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark: one file in `datasets/benchmarks/`, or an entry point of another package.

    Args:
        name: of the dataset.
        title: as people write it.
        repository: where it is published.
        configs: its parts; one file each.
        columns: read from the file, in published order, after `id` and `subject`; the question
            is the first.
        choice: name of the column that says which option is right, where there are options.
        terms: licences of the original and of this version.
        about: for the card's metadata.
        summary: Markdown for the card: what it is.
        privacy: Markdown for the card: whose words the questions are.
        limits: Markdown for the card: what its scores do not say, one entry a line.
        citation: BibTeX of the original, where there is one.
        options: names of the columns with the options, in order, where there are options; or of
            the one column that holds them as a list.
        key: how `choice` names the right option.
        topic: name of the column by which results are told apart, such as a specialty.
        answer: name of the column with a reference answer in free form, where there is one.
        only: a column, and the values in it (in lower case) of the rows that are this benchmark's,
            where a file holds others too, such as those in another language.
        original: where its authors publish it: a repository on the Hub, or an address.
        split: which split of the original is the test.
        least_rate: what every referee must have given, where a file has columns that end with
            `_rate`; None where no file has them.
        licence: of what is published, by the Hub's name of it.
        language: ISO code of its texts.
    """

    name: str
    title: str
    repository: str
    configs: tuple[str, ...]
    columns: tuple[Column, ...]
    choice: str | None
    terms: str
    about: About
    summary: str
    privacy: str
    limits: tuple[str, ...]
    citation: str = ""
    options: tuple[str, ...] = ()
    key: Key = "from_1"
    topic: str | None = None
    answer: str | None = None
    only: tuple[str, tuple[str, ...]] | None = None
    original: str = ""
    split: str = "test"
    least_rate: float | None = None
    licence: str = "cc-by-nc-sa-4.0"
    language: str = "fa"

    @property
    def question(self) -> str:
        """The column with the question's text."""
        return self.columns[0].name

    @property
    def schema(self) -> pa.Schema:
        """The published columns; a benchmark of several configs says in each row of which it is."""
        own = [("id", pa.string())]
        if len(self.configs) > 1:
            own.append(("subject", pa.string()))
        return pa.schema([*own, *((column.name, column.type) for column in self.columns)])


TRANSLATED = (
    "It is a translation: a wrong word can make another option right. It was not checked again."
)
SOURCE = Column("Source", pa.string(), "as the authors' file names it", required=False)


def four_options(
    question: str, option: str, answer: str, *others: Column, least: int = 4, first: int = 1
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """The columns of a multiple-choice benchmark, and those of them that are options.

    Args:
        question: the question's column.
        option: the options' columns, but for their number at the end.
        answer: the column with the number of the right option.
        others: further columns.
        least: how many options a question has at least; the last ones may be empty.
        first: the number of the first option in `answer`, 0 or 1.
    """
    options = tuple(f"{option}{number}" for number in range(1, 5))
    columns = (
        Column(question, pa.string(), "the question, with its case where it has one"),
        *(
            Column(name, pa.string(), f"option {number}", required=number <= least)
            for number, name in enumerate(options, start=1)
        ),
        Column(answer, pa.int64(), f"number of the right option, from {first} to {first + 3}"),
        *others,
    )
    return columns, options
