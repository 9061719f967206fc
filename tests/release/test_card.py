import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from gaokerena_data.curate.run import curate
from gaokerena_data.datasets.kind import ARTICLE
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.records import Article, article_id
from gaokerena_data.release.build import release
from gaokerena_data.release.papers.metadata import check_card
from gaokerena_data.workspace import Workspace
from tests.hub.forks import Forks
from tests.hub_server.server import HubServer
from tests.pairs import answer, clean_records, question
from tests.release.versions import import_mmlu, released

REPOSITORY = "org/snippets"

type Run = Callable[[str], str]


def snippets(card: str) -> str:
    """All Python of a card, in one script."""
    blocks = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    assert blocks
    return "\n".join(blocks)


@pytest.fixture(scope="module")
def forks(hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """Processes that know the Hub, and have imported what the snippets import."""
    folder = tmp_path_factory.mktemp("forks")
    server = Forks(hub.env(folder / "home"), folder)
    yield server
    server.stop()


@pytest.fixture
def run(forks: Forks) -> Run:
    """Run Python as somebody would who copied it; what it prints."""

    def run_in_a_process(code: str) -> str:
        done = forks.run(code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run_in_a_process


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    room = Workspace(tmp_path_factory.mktemp("card"))
    room.config_file.write_text(f'[mf3qa]\nrepository = "{REPOSITORY}"\n', "utf-8")
    notes = room.card_notes("mf3qa")
    notes.parent.mkdir(parents=True)
    notes.write_text("We thank the doctors of the forum.\n", "utf-8")
    released(room, clean_records(), "1.0.0")
    return room


def card_of(workspace: Workspace, dataset: str, version: str) -> str:
    return (workspace.release(dataset, version) / "README.md").read_text("utf-8")


@pytest.mark.thorough
def test_the_snippets_run_against_what_was_published_and_old_tags_are_searched(
    workspace: Workspace, tmp_path: Path, run: Run
) -> None:
    publish = ["publish", "mf3qa", "1.0.0", "--to", REPOSITORY, "--workspace", str(workspace.root)]
    run(f"import sys; sys.argv[1:] = {publish!r}; from gaokerena_data.cli import main; main()")
    told = run(snippets(card_of(workspace, "mf3qa", "1.0.0")))
    assert "سلام دکتر" in told
    assert "با سلام و احترام" in told
    find = ["takedown", "find", "doctor-yab.ir", "--hub", REPOSITORY]
    find += ["--workspace", str(workspace.root)]
    told = run(f"from tests.release.command_line import app; app({find!r})")
    files = ", ".join(
        f"{config}/test-00000-of-00001.parquet" for config in ("data", "scored", "uncleaned")
    )
    assert f"{REPOSITORY}@v1.0.0 (tag): 30 pieces in {files}" in told
    missing = ["takedown", "find", "drhast.com", "--hub", "org/nothing"]
    missing += ["--workspace", str(workspace.root)]
    code = (
        "from gaokerena_data.errors import GaokerenaError\n"
        "from tests.release.command_line import app\n"
        f"try: app({missing!r})\n"
        "except GaokerenaError as error: print(error)"
    )
    assert "org/nothing: there is no such repository on the Hub" in run(code)


def test_the_snippets_of_a_benchmark_run_on_its_folder(tmp_path: Path, run: Run) -> None:
    room = Workspace(tmp_path / "workspace")
    import_mmlu(room, tmp_path)
    made = release(room, "mmlu_medical_fa", "1.0.0")
    code = snippets(card_of(room, "mmlu_medical_fa", "1.0.0"))
    told = run(code.replace("gaokerena/mmlu_medical_fa", str(made.folder)))
    assert told.startswith("24 کدام عصب")


def test_a_corpus_has_a_card_too(tmp_path: Path, run: Run) -> None:
    room = Workspace(tmp_path / "workspace")
    records = [
        Article(
            id=article_id("hidoctor", f"https://hidoctor.ir/{n}"),
            source="hidoctor",
            content=f"{question(n)} {answer(n)}",
            url=f"https://hidoctor.ir/{n}",
            title=f"مقاله {n}",
            tags=["قلب"],
        )
        for n in range(12)
    ]
    folder = room.extracted("article", "hidoctor")
    folder.mkdir(parents=True)
    import pyarrow.parquet as pq

    pq.write_table(ARTICLE.table(records), folder / "crawl.parquet")
    curate(room, "medical_corpus", lambda *_: None, workers=1)
    made = release(room, "medical_corpus", "1.0.0")
    card = card_of(room, "medical_corpus", "1.0.0")
    assert "| **Persian, 1.0.0** |" in card
    assert "های دکتر" in card
    told = run(snippets(card).replace("gaokerena/medical_corpus", str(made.folder)))
    assert "مقاله" in told


@pytest.mark.thorough
def test_the_notes_of_a_maintainer_stay_when_the_card_is_made_again(workspace: Workspace) -> None:
    assert "## Notes of the maintainers\n\nWe thank the doctors" in card_of(
        workspace, "mf3qa", "1.0.0"
    )
    release(workspace, "mf3qa", "1.0.1")
    second = card_of(workspace, "mf3qa", "1.0.1")
    assert "We thank the doctors of the forum." in second
    assert "The rows are those of 1.0.0; only the card changed." in second
    assert "### 1.0.0\n\nThe first version." in second


def test_every_picture_of_the_card_is_there(workspace: Workspace) -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", card_of(workspace, "mf3qa", "1.0.0"))
    assert "figures/sources.png" in pictures
    for picture in pictures:
        assert (workspace.release("mf3qa", "1.0.0") / picture).is_file()


def changed(card: str, key: str, value: object) -> str:
    _, head, body = card.split("---\n", 2)
    metadata = yaml.safe_load(head) | {key: value}
    return f"---\n{yaml.safe_dump(metadata)}---\n{body}"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("license", "cc-by-nc-sa-5.0"),
        ("task_categories", ["question-answerring"]),
        ("task_ids", ["masked-language-modeling"]),
        ("size_categories", ["1k<n<10k"]),
        ("annotations_creators", []),
        ("multilinguality", ["persian"]),
    ],
)
def test_metadata_that_the_hub_does_not_know_is_refused(
    workspace: Workspace, key: str, value: object
) -> None:
    card = card_of(workspace, "mf3qa", "1.0.0")
    check_card(changed(card, "license", "cc-by-4.0"))
    with pytest.raises(GaokerenaError, match=key):
        check_card(changed(card, key, value))


@pytest.mark.parametrize("gap", ["[More Information Needed]", "{{ rows }}", "TODO", "None rows"])
def test_a_gap_is_refused_with_its_line(workspace: Workspace, gap: str) -> None:
    card = card_of(workspace, "mf3qa", "1.0.0")
    line = card.count("\n") + 1
    with pytest.raises(GaokerenaError, match=rf"README\.md:{line}: .* is a gap"):
        check_card(f"{card}{gap}\n")
