"""The medical subjects of MMLU, in Persian."""

from gaokerena_data.datasets.benchmark import SOURCE, TRANSLATED, Benchmark, four_options
from gaokerena_data.datasets.declaration import About

# MMLU's own names of its medical subjects.
MMLU_SUBJECTS = (
    "anatomy",
    "clinical_knowledge",
    "college_biology",
    "college_medicine",
    "medical_genetics",
    "professional_medicine",
)
_COLUMNS, _OPTIONS = four_options("question", "option", "answer", SOURCE)

BENCHMARK = Benchmark(
    name="mmlu_medical_fa",
    title="MMLU, medical subjects, in Persian",
    repository="gaokerena/mmlu_medical_fa",
    configs=MMLU_SUBJECTS,
    columns=_COLUMNS,
    options=_OPTIONS,
    choice="answer",
    original="https://github.com/Mehrdadghassabi/Gaokerena-V",
    terms="MMLU is MIT; its Persian translation is CC BY-NC-SA 4.0",
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
The six medical subjects of MMLU (Hendrycks et al.), translated into Persian by the authors of the
Gaokerena paper: four options a question, one of them right. Each subject is a config; without a
config all of them are loaded.""",
    privacy="The questions are those of examinations.",
    limits=(
        TRANSLATED,
        "The English original is public, so a model may have seen it.",
    ),
    citation="""\
@inproceedings{mmlu,
  title     = {Measuring Massive Multitask Language Understanding},
  author    = {Hendrycks, Dan and others},
  booktitle = {International Conference on Learning Representations},
  year      = {2021}
}""",
)
