"""Reasoning chains: questions with the steps that lead to their answers."""

from gaokerena_data.datasets.declaration import About, Declaration
from gaokerena_data.datasets.kind import CHAIN_OF_THOUGHT

REASONING_CHAINS = Declaration(
    name="reasoning_chains",
    title="Persian medical reasoning chains",
    kind=CHAIN_OF_THOUGHT,
    repository="gaokerena/reasoning_chains",
    sources=("reason",),
    splits={"train": ("reason",), "dev": ("reason",)},
    steps=(
        "repeated_record@1",
        "takedown@2",
        "answered@1",
        "script@1",
        "language@1",
        "personal_data@1",
        "benchmark_ngram@1",
        "benchmark_near@1",
        "exact_duplicate@1",
        "near_duplicate@2",
        "decontaminate@1",
        "containment@1",
        "split@1",
    ),
    card="chain_of_thought.md.j2",
    about=About(
        tasks=("text-generation", "question-answering"),
        task_ids=("open-domain-qa",),
        annotations="machine-generated",
        language_creators="machine-generated",
        tags=("medical", "persian", "reasoning"),
    ),
)
