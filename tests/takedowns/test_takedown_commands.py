"""A person asks for words to be left out, and they are: in every place, and at every later step."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.run import curate as run_curation
from gaokerena_data.release.build import release as build_release
from gaokerena_data.takedowns.requests import add_takedown, load_takedowns
from gaokerena_data.workspace import Workspace
from tests.command_line import CommandLine
from tests.pairs import answer, clean_records, pair, question, write_records
from tests.takedowns.world import GONE, NAMED, NEAR, PRINTED, SECRET, STRANGER, again, plant

ADD = ("takedown", "add", NAMED.id, "--reason", "بیمار خواست", "--yes")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a released version that holds the words."""
    root = tmp_path_factory.mktemp("planted")
    workspace = plant(root)
    for dataset in ("mf3qa", "medical_corpus", "forum_qa"):
        curate(workspace, dataset)
    build_release(workspace, "mf3qa", "1.0.0")
    return workspace.root


def curate(workspace: Workspace, dataset: str, preset: str = "default") -> None:
    run_curation(workspace, dataset, lambda *_: None, workers=1, preset=preset)


@pytest.fixture
def workspace(planted: Path, tmp_path: Path) -> Workspace:
    return Workspace(shutil.copytree(planted, tmp_path / "w"))


@pytest.fixture
def gaokerena(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> CommandLine:
    monkeypatch.setenv("GAOKERENA_WORKSPACE", str(workspace.root))
    return CommandLine(capsys, monkeypatch)


def texts_of(folder: Path) -> str:
    """Everything that tables of a folder say, ledgers too."""
    return "\n".join(str(pq.read_table(file).to_pylist()) for file in folder.rglob("*.parquet"))


def test_the_words_stood_everywhere_before(workspace: Workspace) -> None:
    """The other side of the tests below: what they look for would be found."""
    for place in ("curated/mf3qa/default", "curated/mf3qa/uncleaned", "curated/forum_qa"):
        assert SECRET in texts_of(workspace.root / place), place
    assert SECRET in texts_of(workspace.curated("medical_corpus"))
    candidates = pq.read_table(workspace.curated("mf3qa") / "candidates.parquet").to_pylist()
    assert SECRET in str(candidates)


def test_what_says_the_same_is_told_asked_for_and_gone_from_every_dataset(
    gaokerena: CommandLine, workspace: Workspace
) -> None:
    done = gaokerena(*ADD)
    assert done.code == 0, done.err
    assert SECRET not in done.out
    for record_id in [*(record.id for record in GONE), PRINTED.id]:
        assert record_id in done.out
    assert STRANGER.id not in done.out
    assert f"\nmf3qa: {len(GONE)} records: " in done.out
    assert "\nforum_qa: 4 records: " in done.out
    assert "ibmsee: 1 record: " in done.out
    assert "mf3qa 1.0.0: data/train" in done.out
    assert SECRET not in workspace.takedowns_file.read_text("utf-8")

    # What the curation before wrote is shown to nobody any more.
    done = gaokerena("sample", "mf3qa", "-n", "200")
    assert done.code == 0, done.err
    assert SECRET not in done.out
    # What reviewers were to see was made before too, and is not sent.
    done = gaokerena("review", "export", "mf3qa", "--format", "html", "--sample", "500")
    assert done.code == 0, done.err
    sent = (workspace.root / "reviews").rglob("*.html")
    assert not [file for file in sent if SECRET in file.read_text("utf-8")]

    done = gaokerena("release", "mf3qa", "1.1.0")
    assert done.code == 1
    assert "was asked to be taken down after mf3qa was curated" in done.err

    for dataset in ("mf3qa", "medical_corpus", "forum_qa"):
        curate(workspace, dataset)
        assert SECRET not in texts_of(workspace.curated(dataset)), dataset
    curate(workspace, "mf3qa", "paper")
    assert SECRET not in texts_of(workspace.curated("mf3qa-paper"))
    ledger = pq.read_table(workspace.curated("mf3qa") / "ledger.parquet").to_pylist()
    gone = {row["id"]: row["reason"] for row in ledger if row["step"] == "takedown@2"}
    assert gone.keys() == {record.id for record in GONE}
    assert (gone[NAMED.id], gone[GONE[3].id]) == ("taken_down", "says_what_was_taken_down")
    kept = {row["id"] for row in ledger if row["decision"] == "kept"}
    assert STRANGER.id in texts_of(workspace.curated("mf3qa") / "uncleaned")
    assert {record.id for record in clean_records()} <= kept


def test_what_was_dropped_for_it_does_not_come_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "w")
    monkeypatch.setenv("GAOKERENA_WORKSPACE", str(workspace.root))
    gaokerena = CommandLine(capsys, monkeypatch)
    write_records(workspace, [*clean_records()[:5], NAMED, NEAR])
    curate(workspace, "mf3qa")
    ledger = workspace.curated("mf3qa") / "ledger.parquet"
    [twin] = [row for row in pq.read_table(ledger).to_pylist() if row["keeper"]]
    assert {twin["id"], twin["keeper"]} == {NAMED.id, NEAR.id}
    done = gaokerena("takedown", "add", twin["keeper"], "--reason", "بیمار خواست", "--yes")
    assert "mf3qa: 2 records: " in done.out
    done = gaokerena("clusters", "mf3qa")
    assert (done.code, SECRET in done.out) == (0, False)
    curate(workspace, "mf3qa")
    kept = [row["id"] for row in pq.read_table(ledger).to_pylist() if row["decision"] == "kept"]
    assert sorted(kept) == sorted(record.id for record in clean_records()[:5])


@pytest.mark.thorough
def test_what_is_told_of_the_next_version_holds_no_word_of_it(
    gaokerena: CommandLine, workspace: Workspace, tmp_path: Path
) -> None:
    assert gaokerena(*ADD).code == 0
    curate(workspace, "mf3qa")
    # The config `removed` held nothing but what is taken down: a version without it is a major one.
    done = gaokerena("release", "mf3qa", "2.0.0")
    assert done.code == 0, done.err
    assert gaokerena("release", "ibmsee", "1.0.0").code == 0
    for version in (workspace.release("mf3qa", "2.0.0"), workspace.release("ibmsee", "1.0.0")):
        assert not [
            file
            for file in version.rglob("*")
            if file.suffix in {".json", ".md"} and SECRET in file.read_text("utf-8")
        ]
        assert SECRET not in texts_of(version)
    # Nothing is added: what had been dropped for the record has not come back in its place.
    for form in ("text", "json", "html"):
        done = gaokerena("diff", "mf3qa", "1.0.0", "2.0.0", "--format", form, "--samples", "99")
        assert done.code == 0, done.err
        assert SECRET not in done.out, form
    told = json.loads(gaokerena("diff", "mf3qa", "1.0.0", "2.0.0", "--format", "json").out)
    assert told["configs"]["default"]["added"] == []


def test_the_same_page_imported_again_stays_out(
    workspace: Workspace, gaokerena: CommandLine
) -> None:
    assert gaokerena(*ADD).code == 0
    write_records(workspace, [*clean_records(), *map(again, GONE), STRANGER])
    assert again(NAMED).id not in {record.id for record in GONE}
    curate(workspace, "mf3qa")
    assert SECRET not in texts_of(workspace.curated("mf3qa"))
    ledger = pq.read_table(workspace.curated("mf3qa") / "ledger.parquet").to_pylist()
    assert {row["id"] for row in ledger if row["step"] == "takedown@2"} == {
        again(record).id for record in GONE
    }


def test_a_file_of_an_older_version_gets_its_fingerprints_where_the_record_is_known(
    workspace: Workspace, gaokerena: CommandLine
) -> None:
    add_takedown(workspace, NAMED.id, "بیمار خواست")
    add_takedown(workspace, "drhast-0123456789abcdef", "نویسنده خواست")
    told = [json.loads(line) for line in workspace.takedowns_file.read_text("utf-8").splitlines()]
    assert [sorted(each) for each in told] == [["kind", "reason", "target"]] * 2
    curate(workspace, "mf3qa")
    assert SECRET not in texts_of(workspace.curated("mf3qa"))
    unknown, known = load_takedowns(workspace).requests
    assert (known.target, len(known.texts) > 2, unknown.texts) == (NAMED.id, True, ())
    before = workspace.takedowns_file.read_bytes()
    curate(workspace, "mf3qa")
    assert workspace.takedowns_file.read_bytes() == before
    assert gaokerena(*ADD).code == 0
    assert workspace.takedowns_file.read_bytes() == before


def test_without_the_key_nothing_is_curated_released_or_added(
    workspace: Workspace, gaokerena: CommandLine
) -> None:
    assert gaokerena(*ADD).code == 0
    key = workspace.takedowns_key.rename(workspace.root / "elsewhere")
    for words in (("curate", "mf3qa"), ("release", "mf3qa", "1.1.0"), ADD):
        done = gaokerena(*words)
        assert (done.code, len(done.err.splitlines())) == (1, 1)
        assert "the key of the takedowns' fingerprints is not there" in done.err
    workspace.takedowns_key.write_text("00" * 16)
    assert "is another one" in gaokerena("curate", "mf3qa").err
    key.rename(workspace.takedowns_key)
    assert gaokerena(*ADD).code == 0


def test_a_request_is_asked_for_taken_back_and_listed(
    workspace: Workspace, gaokerena: CommandLine
) -> None:
    done = gaokerena(*ADD[:-1])
    assert done.code == 1
    assert done.err.splitlines() == [
        f"gaokerena: Take {NAMED.id} down? There is no terminal to ask on: say so by --yes"
    ]
    assert not workspace.takedowns_file.exists()
    assert not workspace.takedowns_key.exists()
    assert gaokerena(*ADD).code == 0
    assert NAMED.id in gaokerena("takedown", "list").out
    assert gaokerena("takedown", "remove", NAMED.id).code == 1
    assert gaokerena("takedown", "remove", NAMED.id, "--yes").code == 0
    assert "nothing was asked" in gaokerena("takedown", "list").out
    done = gaokerena("takedown", "remove", NAMED.id, "--yes")
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert "nobody asked" in done.err


def test_a_site_takes_what_says_the_same_elsewhere_only_where_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "w")
    monkeypatch.setenv("GAOKERENA_WORKSPACE", str(workspace.root))
    gaokerena = CommandLine(capsys, monkeypatch)
    copy = pair("drhast", question(3), answer(3))
    write_records(workspace, [*clean_records(), copy])
    host = ("takedown", "add", "niniban.com", "--reason", "صاحب سایت خواست", "--yes")
    done = gaokerena(*host)
    assert "mf3qa: 40 records: " in done.out
    assert copy.id not in done.out
    done = gaokerena(*host, "--twins")
    assert copy.id in done.out
    curate(workspace, "mf3qa")
    assert copy.id not in texts_of(workspace.curated("mf3qa") / "default")


def test_the_story_of_a_record_that_was_taken_down_holds_no_word_of_it(
    gaokerena: CommandLine,
) -> None:
    assert SECRET in gaokerena("why", NAMED.id).out
    assert gaokerena(*ADD).code == 0
    told = gaokerena("why", NAMED.id).out
    assert NAMED.id in told
    assert SECRET not in told


@pytest.mark.parametrize("others", [4, 12])
def test_a_long_answer_under_many_questions_is_nobodys(
    gaokerena: CommandLine, workspace: Workspace, others: int
) -> None:
    """Under a few it may be one person's that was copied."""
    said = answer(700)
    asked = [pair("doctoryab", question(number), said) for number in range(700, 700 + others)]
    write_records(workspace, asked)
    done = gaokerena("takedown", "add", asked[0].id, "--reason", "بیمار خواست", "--yes")
    assert done.code == 0
    assert (asked[-1].id in done.out) == (others == 4)
