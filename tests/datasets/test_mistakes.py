"""Whatever is wrong with a declaration is told in one line that names the file and the key."""

import os
from pathlib import Path

import pytest

from gaokerena_data.curate.settings import load_settings
from gaokerena_data.datasets.registry import DATASETS, find_dataset, use_workspace
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.sources import SOURCES, find_source
from gaokerena_data.workspace import Workspace
from tests.datasets.conftest import CAR_FORUM, LEGAL_CORPUS, declare


def mistake(workspace: Workspace, name: str) -> str:
    """What somebody is told who curates a dataset of the workspace."""
    with pytest.raises(GaokerenaError) as caught:
        load_settings(workspace, find_dataset(workspace, name))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ('kind = "article"', 'kind = "poem"', "no kind is called 'poem'; give one of: article"),
        ('kind = "article"', 'kinds = "article"', "kind"),
        ('"org/legal-corpus"', '"legal"', "repository"),
        ('sources = ["dadnameh"]', 'sources = ["dadname"]', "source.dadnameh: is none of"),
        ('["dadnameh"]', '["dadnameh", "hidocto"]', "'hidocto'"),
        ('["dadnameh"]', '["dadnameh", "hidocto"]', "did you mean hidoctor?"),
        ('["dadnameh"]', '["dadnameh", "drhast"]', "drhast holds no records of the kind article"),
        ('["medical_page@1"]', '["medical_pages@1"]', "without: 'medical_pages@1' is no step"),
        (
            'without = ["medical_page@1"]',
            "steps = []",
            "the last one, and no other, must assign splits",
        ),
        (
            'without = ["medical_page@1"]',
            'steps = ["takedown@2", "answer_lenght@1", "split@1"]',
            "no rule is called 'answer_lenght@1'",
        ),
        (
            'without = ["medical_page@1"]',
            'steps = ["takedown@2", "answer_lenght@1", "split@1"]',
            "did you mean answer_length@1?",
        ),
        (
            'without = ["medical_page@1"]',
            'steps = ["takedown@2", "takedown@2", "split@1"]',
            "takedown@2 stands there twice",
        ),
        (
            'without = ["medical_page@1"]',
            'steps = ["takedown@2", "containment@1", "split@1"]',
            "thresholds.containment",
        ),
        (
            'without = ["medical_page@1"]',
            'steps = ["takedown@2", "review@1", "split@1"]',
            "review@1 asks about questions and answers",
        ),
        (
            'without = ["medical_page@1"]',
            'steps = ["split@1", "takedown@2"]',
            "the last one, and no other, must assign splits",
        ),
        (
            'without = ["medical_page@1"]',
            'steps = ["takedown@2", "split@1", "paper_split@1"]',
            "the last one, and no other, must assign splits",
        ),
        # What was asked to be taken down never comes back.
        (
            'without = ["medical_page@1"]',
            'steps = ["answered@1", "split@1"]',
            "takedown@2 must be among them",
        ),
        (
            'without = ["medical_page@1"]',
            'without = ["medical_page@1", "takedown@2"]',
            "takedown@2 must be among them",
        ),
        ('["dadnameh"]', '["dadnameh", "dadnameh"]', "dadnameh stands there twice"),
        ("min_content_words = 40", 'min_content_words = "40"', "a whole number, without quotes"),
        ("min_content_words = 40", "min_content_words = true", "a whole number, without quotes"),
        ("min_content_words = 40", f"min_content_words = {10**20}", "min_content_words"),
        ("min_content_words = 40", "languages = []", "languages"),
        ('title = "Persian legal corpus"', 'title = "a\\n---\\nb"', "title"),
        ('"org/legal-corpus"', '"سازمان/متن"', "repository"),
        ('licence = "cc-by-4.0"', 'licence = "do what you want"', "licence"),
        ('licence = "cc-by-4.0"', 'uncleaned = "yes"', "must be true or false"),
        ("min_content_words = 40", "min_content_word = 40", "thresholds.min_content_word"),
        ("min_content_words = 40", "min_content_words = -1", "thresholds.min_content_words"),
        ("min_content_words = 40", 'sources = ["nabz"]', "thresholds.sources: is no threshold"),
        ("[source.dadnameh]", "[source.nabz]", "source.nabz: is none of `sources`"),
        ('hosts = ["dadnameh.example"]', 'hosts = ["nabz.site"]', "taken by the source nabz"),
        (
            'hosts = ["dadnameh.example"]',
            'hosts = ["https://dadnameh.example/"]',
            "write it without https://",
        ),
        ('title = "Persian legal corpus"', "title = Persian", "not TOML"),
        ('licence = "cc-by-4.0"', 'language = "farsi"', "language"),
        (
            'licence = "cc-by-4.0"',
            'splits = { dev = ["dadnameh"] }',
            "what is not drawn for dev goes to train",
        ),
        ('licence = "cc-by-4.0"', 'splits = { train = ["nabz"] }', "nabz is none of `sources`"),
        ('licence = "cc-by-4.0"', 'splits = { tests = ["dadnameh"] }', "no such split"),
        (
            'licence = "cc-by-4.0"',
            'splits = { train = ["dadnameh"], test = ["dadnameh"] }',
            "what tests is in no other split",
        ),
    ],
)
def test_a_mistake_in_a_dataset_s_file(tmp_path: Path, wrong: str, right: str, told: str) -> None:
    assert wrong in LEGAL_CORPUS
    workspace = Workspace(tmp_path)
    file = declare(workspace, "legal_corpus", LEGAL_CORPUS.replace(wrong, right))
    line = mistake(workspace, "legal_corpus")
    assert line.startswith(f"{file}: ")
    assert told in line


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mf3qa", "mf3qa is a dataset already"),
        ("kqa_fa", "a benchmark is called 'kqa_fa' too"),
        ("Legal-Corpus", "'Legal-Corpus' cannot be a name"),
    ],
)
def test_a_name_that_cannot_be_taken(tmp_path: Path, name: str, told: str) -> None:
    workspace = Workspace(tmp_path)
    file = declare(workspace, name, LEGAL_CORPUS)
    line = mistake(workspace, name)
    assert line.startswith(f"{file}: ")
    assert told in line


def test_one_source_in_two_files_is_to_be_declared_once(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    declare(workspace, "legal_corpus", LEGAL_CORPUS)
    declare(workspace, "other_corpus", LEGAL_CORPUS)
    assert "sites/sources.toml" in mistake(workspace, "legal_corpus")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[nemoone]\ntitle = 'نمونه'\n", "nemoone.kinds: say what it holds"),
        ("[nemoone]\nkinds = ['page']\n", "no kind is called 'page'"),
        ("[nemoone]\nkind = 'article'\n", "nemoone.kind"),
        ("[nabz]\nkinds = ['article']\n", "nabz is taken by the source nabz"),
        ("[nemoone]\nkinds = ['article']\naliases = ['Dr-Hast']\n", "taken by the source drhast"),
        ("['Nemoone']\nkinds = ['article']\n", "'Nemoone' cannot be a name"),
        ("nemoone = 3\n", "write it as a table, [nemoone]"),
    ],
)
def test_a_mistake_in_the_table_of_sites(tmp_path: Path, text: str, told: str) -> None:
    workspace = Workspace(tmp_path)
    workspace.sites.mkdir()
    (workspace.sites / "sources.toml").write_text(text, "utf-8")
    with pytest.raises(GaokerenaError) as caught:
        use_workspace(workspace)
    assert str(caught.value).startswith(f"{workspace.sites / 'sources.toml'}: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_threshold_of_gaokerena_toml_is_told_there(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    declare(workspace, "legal_corpus", LEGAL_CORPUS)
    workspace.config_file.write_text("[legal_corpus]\nmin_content_words = 'few'\n")
    assert mistake(workspace, "legal_corpus").startswith(
        f"{workspace.config_file}: legal_corpus.min_content_words: "
    )


def test_gaokerena_toml_overrides_what_a_dataset_s_file_says(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    declare(workspace, "car_forum", CAR_FORUM)
    workspace.config_file.write_text("[car_forum]\nsources = ['mechanic']\nmin_answer_words = 9\n")
    declaration = find_dataset(workspace, "car_forum")
    settings = load_settings(workspace, declaration).model_dump()
    assert (declaration.sources, settings["min_answer_words"]) == (("mechanic",), 9)
    assert settings["split"] == {"dev_share": 0.3, "max_dev_cluster": 100, "seed": 1}


def test_what_one_workspace_declares_another_does_not_know(tmp_path: Path) -> None:
    declare(Workspace(tmp_path), "legal_corpus", LEGAL_CORPUS)
    use_workspace(Workspace(tmp_path))
    assert "legal_corpus" in DATASETS
    assert find_source("www.dadnameh.example").name == "dadnameh"
    use_workspace(Workspace(tmp_path / "another"))
    assert set(DATASETS) == {each.name for each in DATASETS.packaged()}
    assert "dadnameh" not in SOURCES


def test_files_that_editors_leave_are_no_datasets(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    declare(workspace, ".#legal_corpus", "")
    use_workspace(workspace)
    assert set(DATASETS) == {each.name for each in DATASETS.packaged()}


def test_what_is_no_declaration_is_told_and_not_passed_over(
    workspace: Workspace, tmp_path: Path
) -> None:
    declare(workspace, "legal_corpus", LEGAL_CORPUS)
    for name in ("other.yaml", "other.TOML"):
        file = workspace.declarations / name
        file.write_text(LEGAL_CORPUS, "utf-8")
        with pytest.raises(GaokerenaError, match=r"is no declaration: name it NAME\.toml"):
            find_dataset(workspace, "legal_corpus")
        file.unlink()
    for odd in (workspace.config_file, workspace.declarations / "folder.toml"):
        odd.mkdir()
        with pytest.raises(GaokerenaError, match="must be a file of at most"):
            find_dataset(workspace, "legal_corpus")
        odd.rmdir()
    os.mkfifo(workspace.declarations / "pipe.toml")
    with pytest.raises(GaokerenaError, match="must be a file of at most"):
        find_dataset(workspace, "legal_corpus")


def test_a_packaged_dataset_with_steps_of_its_own_gets_a_card_that_knows_no_other(
    workspace: Workspace,
) -> None:
    workspace.root.mkdir(parents=True, exist_ok=True)
    workspace.config_file.write_text(
        '[medical_corpus]\nsteps = ["takedown@2", "answered@1", "split@1"]\n', "utf-8"
    )
    assert find_dataset(workspace, "medical_corpus").card == "article.md.j2"
    workspace.config_file.write_text('[medical_corpus]\nsteps = ["split@1"]\n', "utf-8")
    with pytest.raises(GaokerenaError, match=r"gaokerena\.toml: medical_corpus\.steps: takedown@2"):
        find_dataset(workspace, "medical_corpus")
