"""docs/new-site.md, followed to the letter where it needs no checkout."""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.datasets.small_magazine import small_magazine
from tests.pages import blocks, run_block

PAGE = ROOT / "docs" / "new-site.md"


@pytest.mark.thorough
def test_a_site_is_added_to_a_workspace_as_the_page_says(tmp_path: Path) -> None:
    ran = 0
    with small_magazine() as address:
        for block in blocks(PAGE):
            what, _, path = block.comment.partition(": ")
            if what == "file":
                file = tmp_path / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(block.text, "utf-8")
            elif block.comment == "run: magazine":
                run_block(block, tmp_path, {"COLUMNS": "80", "GAOKERENA_CONNECT_ALL": address})
                ran += 1
    assert ran == 2
