"""The Iranian Basic Medical Sciences Entrance Exam."""

import pyarrow as pa

from gaokerena_data.datasets.benchmark import SOURCE, Benchmark, Column, four_options
from gaokerena_data.datasets.declaration import About

_COLUMNS, _OPTIONS = four_options(
    "Question",
    "Option",
    "Correct answer",
    Column("Topic", pa.string(), "the subject of the exam, in Persian"),
    SOURCE,
)

BENCHMARK = Benchmark(
    name="ibmsee",
    title="IBMSEE: Iranian Basic Medical Sciences Entrance Exam",
    repository="gaokerena/ibmsee",
    configs=("default",),
    columns=_COLUMNS,
    options=_OPTIONS,
    choice="Correct answer",
    topic="Topic",
    original="https://github.com/Mehrdadghassabi/Gaokerena-V",
    terms="questions of a public state examination, collected under CC BY-NC-SA 4.0",
    about=About(
        tasks=("question-answering", "multiple-choice"),
        task_ids=("multiple-choice-qa",),
        annotations="expert-generated",
        language_creators="expert-generated",
        tags=("medical", "persian", "benchmark"),
    ),
    summary="""\
Questions of the Iranian Basic Medical Sciences Entrance Exam of September 2023, written in Persian:
four options a question, one of them right. The exam is passed with 36 % right answers.""",
    privacy="The questions are those of examinations.",
    limits=(
        "One sitting of one exam: a subject with few questions says little about a model.",
        "The key is the one that the authors' file holds; it was not checked again.",
    ),
)
