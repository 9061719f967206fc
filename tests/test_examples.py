"""The worked examples in docstrings are run as they stand."""

import doctest
from importlib import import_module

import pytest

from tests.conftest import ROOT
from tests.pages import blocks

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
        "text",
        "text.arrays",
        "text.language",
        "text.near_duplicates.buckets",
        "text.near_duplicates.clusters",
        "text.near_duplicates.jaccard",
        "text.near_duplicates.search",
        "text.near_duplicates.signatures",
        "text.normalizer",
        "text.privacy",
        "text.sentence_splitter",
        "text.shingling",
        "text.stored_texts",
        "text.word_arrays",
        "text.word_forms",
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


def test_the_page_of_the_text_library_prints_what_it_shows() -> None:
    """Its blocks, one after another, as a reader types them."""
    page = ROOT / "docs" / "text.md"
    shown = "\n".join(block.text for block in blocks(page) if block.language == "python")
    examples = doctest.DocTestParser().get_doctest(shown, {}, page.name, str(page), 0)
    assert len(examples.examples) > 12
    assert doctest.DocTestRunner().run(examples).failed == 0
