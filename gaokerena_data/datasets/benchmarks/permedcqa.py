"""PerMedCQA: patients' questions and doctors' answers, in free form."""

import pyarrow as pa

from gaokerena_data.datasets.benchmark import Benchmark, Column
from gaokerena_data.datasets.declaration import About


def _text(name: str, meaning: str) -> Column:
    return Column(name, pa.string(), meaning, required=False)


BENCHMARK = Benchmark(
    name="permedcqa",
    title="PerMedCQA",
    repository="gaokerena/permedcqa",
    original="NaghmehAI/PerMedCQA",
    configs=("default",),
    columns=(
        Column("Question", pa.string(), "a patient's question"),
        Column("Expert_Answer", pa.string(), "a doctor's answer"),
        _text("Title", "of the question"),
        _text("Category", "as the site sorted it"),
        _text("Specialty", "of the doctor"),
        _text("Age", "of the patient, as given"),
        _text("Weight", "of the patient, as given"),
        _text("Sex", "of the patient, as given"),
        _text("dataset_source", "DrYab, HiSalamat, GetZoop or Mavara-e-Teb"),
        _text("Tag", "chapter of ICD-11, by a model, with its reason"),
        _text("QuestionType", "one of 25, by a model, with its reason"),
    ),
    choice=None,
    answer="Expert_Answer",
    topic="Specialty",
    terms="PerMedCQA is published under the MIT licence",
    licence="mit",
    about=About(
        tasks=("question-answering", "text-generation"),
        task_ids=("open-domain-qa",),
        annotations="expert-generated",
        language_creators="found",
        tags=("medical", "persian", "benchmark"),
    ),
    summary="""\
PerMedCQA (arXiv 2505.18331): questions that people asked doctors on four Iranian sites between
November 2022 and April 2024, with the doctors' answers.""",
    privacy="The questions were asked by patients on public sites, and may tell who asked.",
    limits=(
        "Doctor-Yab is a source of it and of the test split of MF3QA: count how far they overlap.",
        "The doctors had not examined who asked.",
    ),
    citation="""\
@article{permedcqa,
  title   = {PerMedCQA},
  journal = {arXiv preprint arXiv:2505.18331},
  year    = {2025}
}""",
)
