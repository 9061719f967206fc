"""What `status` and `curate` say of datasets, and of records that lie in none."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gaokerena_data.status import read_status
from gaokerena_data.workspace import Workspace
from tests.datasets.conftest import LEGAL_CORPUS, declare
from tests.datasets.texts import legal_text, write_articles
from tests.pairs import clean_records, write_records

IN_NONE = "records of drhast (question_answer) lie in no dataset: add drhast to `sources` of one"


@pytest.mark.thorough
def test_narrowed_sources_are_named_and_no_curation_is_advised_for_ever(
    workspace: Workspace, works: Callable[..., str]
) -> None:
    write_records(workspace, clean_records())
    assert read_status(workspace).in_no_dataset == []
    assert "no dataset" not in works("curate", "mf3qa", "--workers", "1")

    workspace.config_file.write_text("[mf3qa]\nsources = ['niniban', 'doctoryab']\n")
    assert IN_NONE in read_status(workspace).in_no_dataset
    (mf3qa,) = [each for each in read_status(workspace).datasets if each.name == "mf3qa"]
    assert mf3qa.next == "gaokerena curate mf3qa"
    assert works("curate", "mf3qa", "--workers", "1").splitlines()[-1] == IN_NONE

    (mf3qa,) = [each for each in read_status(workspace).datasets if each.name == "mf3qa"]
    assert (mf3qa.records, mf3qa.next) == (50, "gaokerena release mf3qa 1.0.0")
    assert works("status").splitlines()[-1] == IN_NONE


def test_a_source_without_a_dataset_is_named_once_and_then_taken(
    workspace: Workspace, works: Callable[..., str], tmp_path: Path
) -> None:
    workspace.sites.mkdir(parents=True)
    (workspace.sites / "sources.toml").write_text(
        "[nemoone]\nkinds = ['article']\nhosts = ['nemoone.ir']\n"
    )
    file = write_articles(
        tmp_path / "n.jsonl", "nemoone.ir", [legal_text(n) for n in range(4)], "م"
    )
    works("import", "nemoone", file)
    (line,) = read_status(workspace).in_no_dataset
    assert line.startswith("records of nemoone (article) lie in no dataset")
    declare(
        workspace, "legal_corpus", LEGAL_CORPUS.replace('["dadnameh"]', '["dadnameh","nemoone"]')
    )
    assert read_status(workspace).in_no_dataset == []
    works("curate", "legal_corpus", "--workers", "1")
    run = json.loads((workspace.curated("legal_corpus") / "run.json").read_text("utf-8"))
    assert run["records"] == 4


def test_a_site_without_a_spider_is_to_be_imported(workspace: Workspace) -> None:
    declare(workspace, "legal_corpus", LEGAL_CORPUS)
    (dadnameh,) = [each for each in read_status(workspace).sources if each.name == "dadnameh"]
    assert dadnameh.next == "gaokerena import dadnameh FILE"
    (workspace.sites).mkdir(parents=True)
    (workspace.sites / "dadnameh.py").write_text("raise RuntimeError('status runs no code')\n")
    (dadnameh,) = [each for each in read_status(workspace).sources if each.name == "dadnameh"]
    assert dadnameh.next == "gaokerena crawl dadnameh"
