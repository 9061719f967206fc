"""More sittings of the Iranian Basic Medical Sciences Entrance Exam."""

import pyarrow as pa

from gaokerena_data.datasets.benchmark import SOURCE, Benchmark, Column, four_options
from gaokerena_data.datasets.benchmarks import ibmsee

_COLUMNS, _OPTIONS = four_options(
    "Question",
    "Option",
    "Correct answer",
    Column("Topic", pa.string(), "the subject of the exam, in Persian", required=False),
    SOURCE,
    least=2,
)

BENCHMARK = Benchmark(
    name="kopp_larger",
    title="IBMSEE: more sittings",
    repository="gaokerena/kopp_larger",
    original="https://github.com/Mehrdadghassabi/Gaokerena-V",
    configs=("default",),
    columns=_COLUMNS,
    options=_OPTIONS,
    choice="Correct answer",
    topic="Topic",
    terms=ibmsee.BENCHMARK.terms,
    about=ibmsee.BENCHMARK.about,
    summary="""\
Questions of several sittings of the Iranian Basic Medical Sciences Entrance Exam, written in
Persian (`dataset/KOPP/kopp_larger.xlsx` of the authors' repository). A program took them out of
printed exams: a question may have three options, and no topic.""",
    privacy=ibmsee.BENCHMARK.privacy,
    limits=(
        "It holds other sittings than IBMSEE, and may hold the same one: count what they share.",
        "The key is the one that the authors' file holds; it was not checked again.",
        "A question without a key or options is left out: fewer may remain than were asked.",
    ),
)
