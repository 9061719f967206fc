"""K-QA in Persian: free answers, judged by the statements that they must hold."""

import pyarrow as pa

from gaokerena_data.datasets.benchmark import TRANSLATED, Benchmark, Column
from gaokerena_data.datasets.declaration import About

BENCHMARK = Benchmark(
    name="kqa_fa",
    title="K-QA in Persian",
    repository="gaokerena/kqa_fa",
    configs=("default",),
    columns=(
        Column("Question", pa.string(), "a patient's question"),
        Column("Free_form_answer", pa.string(), "a physician's answer"),
        Column(
            "Must_have",
            pa.list_(pa.string()),
            "statements without which an answer is incomplete or harmful",
        ),
        Column(
            "Nice_to_have",
            pa.list_(pa.string()),
            "statements that make an answer better",
            required=False,
        ),
        Column("Sources", pa.string(), "what the physician relied on", required=False),
        Column("ICD_10_diag", pa.string(), "diagnosis by ICD-10", required=False),
    ),
    choice=None,
    answer="Free_form_answer",
    original="https://github.com/Mehrdadghassabi/Gaokerena-V",
    terms="K-QA is MIT; its Persian translation is CC BY-NC-SA 4.0",
    about=About(
        tasks=("question-answering", "text-generation"),
        task_ids=("open-domain-qa",),
        annotations="expert-generated",
        language_creators="machine-generated",
        multilinguality="translation",
        source_datasets="extended",
        tags=("medical", "persian", "benchmark"),
    ),
    summary="""\
K-QA (Manes et al.): questions of patients, physicians' answers, and the statements that an answer
must hold, or should, translated into Persian by the authors of the Gaokerena paper.""",
    privacy="The questions were asked by patients and published by the authors of K-QA without "
    "their names.",
    limits=(
        TRANSLATED,
        "The English original is public, so a model may have seen it.",
    ),
    citation=r"""@article{kqa,
  title   = {K-QA: A Real-World Medical Q\&A Benchmark},
  author  = {Manes, Itay and others},
  journal = {arXiv preprint arXiv:2401.14493},
  year    = {2024}
}""",
)
