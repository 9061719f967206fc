"""Preference pairs: two answers to one question with options, of which one is preferred."""

from gaokerena_data.datasets.declaration import About, Declaration
from gaokerena_data.datasets.kind import PREFERENCE_PAIR

PREFERENCE_PAIRS = Declaration(
    name="preference_pairs",
    title="Persian medical preference pairs",
    kind=PREFERENCE_PAIR,
    repository="gaokerena/preference_pairs",
    sources=("gaokerena_r", "reason"),
    splits={"train": ("gaokerena_r", "reason"), "dev": ("gaokerena_r", "reason")},
    steps=(
        "repeated_record@1",
        "takedown@2",
        "answered@1",
        "script@1",
        "language@1",
        "personal_data@1",
        "rejected_text@1",
        "answer_in_prompt@1",
        "chosen_option@1",
        "rejected_option@1",
        "length_ratio@1",
        "benchmark_ngram@1",
        "benchmark_near@1",
        "exact_duplicate@1",
        "near_duplicate@2",
        "decontaminate@1",
        "containment@1",
        "split@1",
    ),
    card="preference_pair.md.j2",
    about=About(
        tasks=("text-generation", "question-answering"),
        task_ids=("open-domain-qa",),
        annotations="machine-generated",
        language_creators="machine-generated",
        tags=("medical", "persian", "preference", "dpo"),
    ),
    made_of=("medmcqa_fa",),
)
