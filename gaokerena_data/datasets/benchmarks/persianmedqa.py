"""PersianMedQA: questions of the Iranian residency exams, in Persian."""

import pyarrow as pa

from gaokerena_data.datasets.benchmark import Benchmark, Column
from gaokerena_data.datasets.declaration import About

BENCHMARK = Benchmark(
    name="persianmedqa",
    title="PersianMedQA",
    repository="gaokerena/persianmedqa",
    original="MohammadJRanjbar/PersianMedQA",
    configs=("default",),
    columns=(
        Column("question", pa.string(), "the question, with its case where it has one"),
        Column("options", pa.list_(pa.string()), "the options, in their order"),
        Column("answer_idx", pa.int64(), "number of the right option, from 0"),
        Column("language", pa.string(), "of question and options"),
        Column("specialty", pa.string(), "one of 23", required=False),
        Column("is_clinical", pa.bool_(), "whether it presents a patient", required=False),
        Column("patient_age", pa.string(), "of the patient in the question", required=False),
        Column("patient_gender", pa.string(), "of the patient in the question", required=False),
    ),
    options=("options",),
    choice="answer_idx",
    key="from_0",
    topic="specialty",
    only=("language", ("fa", "persian", "farsi")),
    terms="what its authors allow; it is not stated here, so ask them before you publish it again",
    licence="unknown",
    about=About(
        tasks=("question-answering", "multiple-choice"),
        task_ids=("multiple-choice-qa",),
        annotations="expert-generated",
        language_creators="expert-generated",
        tags=("medical", "persian", "benchmark"),
    ),
    summary="""\
PersianMedQA (arXiv 2506.00250): questions of fourteen years of the Iranian residency exams in 23
specialties, four options each, one of them right. The test split of the original has 5,236.""",
    privacy="The questions are those of examinations; their patients are invented for them.",
    limits=(
        "The exams are public, so a model may have seen them.",
        "The original has a training split of the same exams: a model may have been trained on it.",
    ),
    citation="""\
@article{persianmedqa,
  title   = {PersianMedQA},
  journal = {arXiv preprint arXiv:2506.00250},
  year    = {2025}
}""",
)
