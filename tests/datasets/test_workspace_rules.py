"""A rule in the workspace's `rules/`: a file, and a line in the dataset's declaration."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.workspace import Workspace
from tests.datasets.conftest import LEGAL_CORPUS, Gaokerena, declare
from tests.datasets.texts import legal_text, write_articles

MANY_CASES = True  # see tests/conftest.py


RULE = '''
"""Texts that quote no verdict."""

import pyarrow.compute as pc

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import leave_out
from gaokerena_data.datasets.settings import Count, Settings


class NoVerdict(Settings):
    """Words that a text with a verdict has at least."""

    min_verdict_words: Count


def _apply(table, curating):
    words = curating.read(NoVerdict).min_verdict_words
    return leave_out(table, pc.less(table["body_words"], words), "no_verdict@1", "no_verdict")


RULE = Rule("no_verdict@1", "texts that quote no verdict", ("no_verdict",), _apply, NoVerdict)
'''
DECLARED = LEGAL_CORPUS.replace(
    'without = ["medical_page@1"]',
    'steps = ["takedown@2", "answered@1", "no_verdict@1", "split@1"]',
).replace("min_content_words = 40", "min_verdict_words = 90")


@pytest.fixture
def legal(workspace: Workspace, works: Callable[..., str], tmp_path: Path) -> Workspace:
    """A workspace with a rule, and records whose lengths differ."""
    declare(workspace, "legal_corpus", DECLARED)
    write_rule(workspace, RULE)
    short = " ".join(legal_text(50).split()[:60])
    texts = [*(legal_text(n) for n in range(3)), short]
    works(
        "import", "dadnameh", write_articles(tmp_path / "n.jsonl", "dadnameh.example", texts, "م")
    )
    return workspace


def write_rule(workspace: Workspace, text: str, name: str = "no_verdict") -> Path:
    file = workspace.rules / f"{name}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def test_it_is_applied_under_its_name_and_said_to_be_code_of_the_workspace(
    legal: Workspace, gaokerena: Gaokerena
) -> None:
    done = gaokerena("curate", "legal_corpus", "--workers", "1")
    assert done.returncode == 0, done.stderr
    said = f"gaokerena: running code of this workspace: {legal.rules / 'no_verdict.py'}"
    assert done.stderr.splitlines().count(said) == 1
    assert "no verdict: " in done.stderr  # its progress
    assert "no verdict  [no_verdict@1]" in done.stdout
    ledger = pq.read_table(legal.curated("legal_corpus") / "ledger.parquet").to_pylist()
    (row,) = [row for row in ledger if row["decision"] == "dropped"]
    assert (row["step"], row["reason"]) == ("no_verdict@1", "no_verdict")


def test_steps_under_the_names_of_their_earlier_versions(
    legal: Workspace, gaokerena: Gaokerena
) -> None:
    steps = '["takedown@1", "answered@1", "quality@1", "split@1"]'
    declared = DECLARED.replace('["takedown@2", "answered@1", "no_verdict@1", "split@1"]', steps)
    declare(legal, "legal_corpus", declared.replace("min_verdict_words = 90", ""))
    done = gaokerena("curate", "legal_corpus", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "quality: " in done.stderr


def test_it_is_not_run_where_nobody_asks_for_it(legal: Workspace, gaokerena: Gaokerena) -> None:
    assert "running code" not in gaokerena("status").stderr
    declare(legal, "legal_corpus", LEGAL_CORPUS)
    done = gaokerena("curate", "legal_corpus", "--workers", "1")
    assert (done.returncode, "running code" in done.stderr) == (0, False)


@pytest.mark.parametrize(
    ("options", "before"),
    [
        (["--no-workspace-code"], ""),
        ([], "import os; os.environ['GAOKERENA_NO_WORKSPACE_CODE'] = '1'"),
    ],
)
def test_it_can_be_refused(
    legal: Workspace, gaokerena: Gaokerena, options: list[str], before: str
) -> None:
    done = gaokerena(*options, "curate", "legal_corpus", before=before)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "no_verdict.py: is code of this workspace, and was refused" in line
    assert not legal.curated("legal_corpus").exists()


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("\nRULE = Rule(", "\nRULES = Rule(", "no_verdict.py: defines no RULE; see docs/new-rule"),
        ('Rule("no_verdict@1"', 'Rule("no_verdicts@1"', "name it after its file, no_verdict@1"),
        ('Rule("no_verdict@1"', 'Rule("no_verdict"', "name it after its file, no_verdict@1"),
        ('("no_verdict",)', "()", "no_verdict@1 states no reasons"),
        ("import pyarrow", "import pyarow", "no_verdict.py: cannot be run"),
        ('1", "no_verdict")', '1", "too_short")', "reason 'too_short', which it does not state"),
    ],
)
def test_what_is_forgotten_is_one_line_and_nothing_is_written(
    legal: Workspace, gaokerena: Gaokerena, wrong: str, right: str, told: str
) -> None:
    assert wrong in RULE
    write_rule(legal, RULE.replace(wrong, right))
    done = gaokerena("curate", "legal_corpus", "--workers", "1")
    assert done.returncode == 1
    assert told in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not legal.curated("legal_corpus").exists()
    # Only what a rule does with records cannot be known before it is given some.
    assert ("measure" in done.stderr) == ("does not state" in told)


def test_a_threshold_that_nobody_states_is_named(legal: Workspace, gaokerena: Gaokerena) -> None:
    file = declare(legal, "legal_corpus", DECLARED.replace("min_verdict_words = 90", ""))
    done = gaokerena("curate", "legal_corpus")
    assert done.stderr.splitlines()[-1].startswith(
        f"gaokerena: {file}: thresholds.min_verdict_words: "
    )


def test_a_rule_of_the_package_is_not_replaced(legal: Workspace, gaokerena: Gaokerena) -> None:
    taken = RULE.replace("no_verdict@1", "answered@1")
    write_rule(legal, taken, "answered")
    done = gaokerena("curate", "legal_corpus")
    assert "answered.py: answered@1 is a rule already" in done.stderr


# What a rule returns that keeps everything, and then is changed.
NONE = 'none = leave_out(table, [False] * table.num_rows, "no_verdict@1", "no_verdict"); '
EXCHANGED = 'table.set_column(table.column_names.index("key"), "key", table["key"].take(turned))'


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ('raise ValueError("boom")', "ValueError: boom"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("return None", "it returns NoneType"),
        ("return table", "it returns Table"),
        ('return leave_out(table, [True], "no_verdict@1", "no_verdict")', "fails on these records"),
        (
            NONE + 'return type(none)(table.drop_columns(["source"]), none.dropped)',
            "takes the column source away",
        ),
        (
            NONE
            + "turned = list(range(table.num_rows))[::-1]; "
            + f"return type(none)({EXCHANGED}, none.dropped)",
            "the texts of others",
        ),
        (
            NONE + "return type(none)(table.slice(1), none.dropped)",
            "no_verdict@1: of 4 records it keeps 3 and drops 0",
        ),
    ],
)
def test_a_rule_that_fails_is_named_in_one_line_and_nothing_is_written(
    legal: Workspace, gaokerena: Gaokerena, made: str, told: str
) -> None:
    body = RULE[RULE.index("    words = ") : RULE.index("\n\n\nRULE")]
    write_rule(legal, RULE.replace(body, f"    {made}"))
    done = gaokerena("curate", "legal_corpus", "--workers", "1")
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not legal.curated("legal_corpus").exists()


def test_code_that_ends_the_process_is_no_success(legal: Workspace, gaokerena: Gaokerena) -> None:
    write_rule(legal, "import sys\nsys.exit(0)\n")
    done = gaokerena("curate", "legal_corpus", "--workers", "1")
    assert (done.returncode, "cannot be run" in done.stderr) == (1, True)


def test_files_beside_a_rule_are_not_run(legal: Workspace, gaokerena: Gaokerena) -> None:
    write_rule(legal, "raise RuntimeError('nobody asked for this')\n", "neighbour")
    assert gaokerena("curate", "legal_corpus", "--workers", "1").returncode == 0
