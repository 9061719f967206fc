"""A dataset in another language than Persian keeps its letters."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.workspace import Workspace
from tests.datasets.conftest import declare
from tests.datasets.texts import arabic_text, legal_text, write_articles

ARABIC_LAW = """
kind = "article"
repository = "org/arabic-law"
sources = ["qanun"]
without = ["medical_page@1"]
language = "ar"

[source.qanun]
title = "القانون"
"""


@pytest.mark.thorough
def test_arabic_letters_are_published_as_they_were_written(
    workspace: Workspace, works: Callable[..., str], tmp_path: Path
) -> None:
    declare(workspace, "arabic_law", ARABIC_LAW)
    arabic = [arabic_text(n) for n in range(20)]
    texts = [*arabic, legal_text(1)]
    works("import", "qanun", write_articles(tmp_path / "qanun.jsonl", "qanun.example", texts, "م"))
    works("curate", "arabic_law", "--workers", "1")
    ledger = pq.read_table(workspace.curated("arabic_law") / "ledger.parquet").to_pylist()
    lost = [(row["step"], row["reason"]) for row in ledger if row["decision"] == "dropped"]
    assert lost == [("language@1", "other_language")]  # the Persian one

    works("release", "arabic_law", "1.0.0")
    release = workspace.release("arabic_law", "1.0.0")
    published = pq.read_table(release / "data/train-00000-of-00001.parquet")["content"].to_pylist()
    assert sorted(published) == sorted(arabic)
    assert all(letter in "".join(published) for letter in "يكىة")
    card = (release / "README.md").read_text("utf-8")
    assert "language:\n- ar\n" in card
    assert "tags: []" in card
    assert "normalized with hazm" not in card
    assert "| Arabic or Persian script |" in card
