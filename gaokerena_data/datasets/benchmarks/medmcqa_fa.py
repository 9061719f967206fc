"""MedMCQA in Persian, as the authors of Gaokerena-R translated and checked it."""

import pyarrow as pa

from gaokerena_data.datasets.benchmark import TRANSLATED, Benchmark, Column, four_options
from gaokerena_data.datasets.declaration import About

_COLUMNS, _OPTIONS = four_options(
    "Question",
    "Option",
    "Correct_answer",
    Column("subject_name", pa.string(), "the subject, in English", required=False),
    Column("topic_name", pa.string(), "the topic within it, in English", required=False),
    Column("choice_type", pa.string(), "as MedMCQA says: single or multi", required=False),
    Column("Expression", pa.string(), "why the option is right", required=False),
    first=0,
)

BENCHMARK = Benchmark(
    name="medmcqa_fa",
    title="MedMCQA in Persian",
    repository="gaokerena/medmcqa_fa",
    original="https://github.com/Mehrdadghassabi/Gaokerena-R",
    configs=("default",),
    columns=_COLUMNS,
    options=_OPTIONS,
    choice="Correct_answer",
    key="from_0",
    least_rate=5,
    topic="subject_name",
    terms="its Persian translation is CC BY-NC-SA 4.0; MedMCQA has terms of its own",
    about=About(
        tasks=("question-answering", "multiple-choice"),
        task_ids=("multiple-choice-qa",),
        annotations="expert-generated",
        language_creators="machine-generated",
        multilinguality="translation",
        source_datasets="extended",
        tags=("medical", "persian", "benchmark"),
    ),
    summary="""\
Questions of MedMCQA (Indian entrance exams) in Persian: translated by a model, rated by two others,
and kept by the authors of Gaokerena-R where both gave the best mark. Four options, one right.""",
    privacy="The questions are those of examinations.",
    limits=(
        TRANSLATED,
        "The English original is public, so a model may have seen it.",
        "Gaokerena-R was trained on pairs made of these questions: they say nothing about it.",
    ),
    citation="""\
@inproceedings{medmcqa,
  title     = {MedMCQA: A Large-scale Multi-Subject Multi-Choice Dataset for Medical domain
               Question Answering},
  author    = {Pal, Ankit and Umapathi, Logesh Kumar and Sankarasubbu, Malaikannan},
  booktitle = {Conference on Health, Inference, and Learning},
  year      = {2022}
}""",
)
