"""The worked examples in docstrings are run as they stand."""

import doctest
from importlib import import_module

import pytest

# What a module's examples need that it does not import itself.
NEEDED = {
    "curate.splits.containment": {
        "Containment": "curate.splits.ngrams",
        "index_ngrams": "curate.splits.ngrams",
    },
    "text.near_duplicates.search": {"fingerprints": "text.near_duplicates.signatures"},
    "text.near_duplicates.signatures": {"word_arrays": "text.word_arrays"},
}


@pytest.mark.parametrize(
    "module",
    [
        "curate.duplicates.preference",
        "curate.splits.benchmarks",
        "curate.splits.containment",
        "curate.splits.ngrams",
        "text.arrays",
        "text.near_duplicates.buckets",
        "text.near_duplicates.clusters",
        "text.near_duplicates.jaccard",
        "text.near_duplicates.search",
        "text.near_duplicates.signatures",
        "text.shingles",
        "text.stored_texts",
        "text.word_arrays",
    ],
)
def test_examples_hold(module: str) -> None:
    needed = {
        name: getattr(import_module(f"gaokerena_data.{where}"), name)
        for name, where in NEEDED.get(module, {}).items()
    }
    found = doctest.testmod(import_module(f"gaokerena_data.{module}"), extraglobs=needed)
    assert found.attempted > 0
    assert found.failed == 0
