"""The medical corpus: articles of Persian medical magazines."""

from gaokerena_data.datasets.declaration import About, Declaration
from gaokerena_data.datasets.kind import ARTICLE

MEDICAL_CORPUS = Declaration(
    name="medical_corpus",
    title="Persian medical corpus",
    kind=ARTICLE,
    repository="gaokerena/medical_corpus",
    sources=(
        "hidoctor",
        "niniban",
        "darmankade",
        "paziresh24",
        "doctoreto",
        "extern",
        "hamrahteb",
        "seebmagazine",
        "majalepezeshki",
        "nabz",
        "salammag",
    ),
    steps=(
        "repeated_record@1",
        "takedown@2",
        "answered@1",
        "script@1",
        "language@1",
        "personal_data@1",
        "content_length@1",
        "medical_page@1",
        "quality@2",
        "benchmark_ngram@1",
        "benchmark_near@1",
        "exact_duplicate@1",
        "near_duplicate@2",
        "split@1",
    ),
    card="medical_corpus.md.j2",
    about=About(
        tasks=("text-generation", "fill-mask"),
        task_ids=("language-modeling", "masked-language-modeling"),
    ),
)
