"""Rules that hold the house: what may stand where."""

import re
from pathlib import Path

from tests.conftest import ROOT

# As a statement, and as a line of the programs that tests run in processes of their own.
FROM_A_TEST_FILE = re.compile(
    r"\b(from\s+(tests[\w.]*)?\.test_\w+\s+import|import\s+tests[\w.]*\.test_\w+"
    r"|from\s+(tests[\w.]*|\.+)\s+import\s+\(?\s*test_\w+)"
)


def test_nothing_is_imported_from_a_test_file() -> None:
    """What two files share has a module of its own, with a name that says what it is."""
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for room in ("tests", "benchmarks")
        for path in sorted((ROOT / room).rglob("*.py"))
        if path != Path(__file__)  # it holds such lines, below
        for match in FROM_A_TEST_FILE.finditer(path.read_text("utf-8"))
    ]
    assert not found


def test_an_import_from_a_test_file_is_seen() -> None:
    for line in (
        "from tests.curate.test_safe import files_of",
        "from .test_safe import files_of",
        "import tests.hub.test_publish",
        "from tests.hub import test_publish",
        "from tests.hub import (\n    test_publish,\n)",
    ):
        assert FROM_A_TEST_FILE.search(line), line
    assert not FROM_A_TEST_FILE.search("from tests.curate.signals import shards_of")
