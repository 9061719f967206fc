"""PersianMedQA: the same questions of the Iranian residency exams, in English."""

from dataclasses import replace

from gaokerena_data.datasets.benchmarks import persianmedqa

BENCHMARK = replace(
    persianmedqa.BENCHMARK,
    name="persianmedqa_en",
    title="PersianMedQA in English",
    repository="gaokerena/persianmedqa_en",
    only=("language", ("en", "english")),
    language="en",
    limits=(
        *persianmedqa.BENCHMARK.limits,
        "It is a translation: it tells what a model knows without its Persian.",
    ),
)
