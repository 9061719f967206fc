"""`gaokerena purge`: a person's words are gone from every byte, and nothing of others' is."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from warcio.archiveiterator import ArchiveIterator

from gaokerena_data.crawl.extract import extract_site
from gaokerena_data.crawl.fetching.archive import Place
from gaokerena_data.crawl.fetching.archive_index import index_path
from gaokerena_data.crawl.fetching.archive_reader import ArchiveReader
from gaokerena_data.crawl.queue.frontier import Frontier
from gaokerena_data.crawl.reading.links import RECORD, Link
from gaokerena_data.curate.run import curate
from gaokerena_data.datasets.configs import SCORES_FILE
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.datasets.record_files import read_records
from gaokerena_data.hub.manifest import file_problems, read_manifest, row_problems
from gaokerena_data.purge.run import Purge, alone_in
from gaokerena_data.purged import purged_ids
from gaokerena_data.review.batch import read_batches
from gaokerena_data.review.decisions import load_decisions
from gaokerena_data.review.settle_log import settle_log
from gaokerena_data.workspace import Workspace
from tests.conftest import ROOT
from tests.files import files_of
from tests.pairs import answer, question
from tests.purge.conftest import MOMENTS, Command
from tests.purge.needles import holders
from tests.purge.planted import (
    LINKS_URL,
    LISTING_URL,
    NEEDLES,
    NOT_PURGED,
    OTHER_ID,
    OTHER_URL,
    RECORD_ID,
    SITEMAP_URL,
    TWIN_ID,
    URL,
)

KILLS = 20


def receipts(workspace: Workspace) -> list[Path]:
    return sorted((workspace.root / "purges").glob("*T*Z.json"))


def scored_in(workspace: Workspace) -> set[str]:
    """The ids of the records whose scores lie in a curation."""
    return set(pq.read_table(workspace.curated("mf3qa") / SCORES_FILE)["id"].to_pylist())


@pytest.fixture(scope="module")
def purged(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One purge, for all who look at what it left."""
    root = tmp_path_factory.mktemp("purged") / "workspace"
    workspace = Workspace(shutil.copytree(planted, root, symlinks=True))
    with alone_in(workspace):
        work = Purge(workspace)
        assert work.look_up()
        assert not work.run().left
    return workspace


def test_the_words_are_planted_in_every_kind_of_place(planted: Path) -> None:
    """Or the test below would find nothing where there never was anything."""
    found = holders(planted, NEEDLES)
    for start in (
        "archive/drhast.cdxj", "archive/drhast/", "frontier/", "extracted/", "signals/",
        "curated/mf3qa/default/", "curated/mf3qa/uncleaned/", "curated/mf3qa/candidates",
        "curated/mf3qa/removed/", "releases/mf3qa/1.0.0/data/", "releases/mf3qa/1.0.0/scored/",
        "releases/mf3qa/1.0.0/uncleaned/", "releases/mf3qa/1.0.0/removed/", "published/scored/",
        "published/removed/", "reviews/mf3qa.jsonl", "reviews/mf3qa.settled",
        "runs/", "contamination.json", "cards/", ".release-",
    ):  # fmt: skip
        assert any(path.startswith(start) for path in found), start
    for ending in (
        ".html",
        ".xlsx",
        ".label-studio.json",
        ".gz",
        ".zst",
        ".zip",
        ".arrow",
        ".part",
    ):
        assert any(ending in path for path in found), ending


def test_nothing_is_left_in_any_byte(purged: Workspace) -> None:
    assert not holders(purged.root, NEEDLES, NOT_PURGED)
    assert RECORD_ID in (purged.root / "takedowns.jsonl").read_text("utf-8")


def test_records_of_others_stay(purged: Workspace, planted: Path) -> None:
    old = Workspace(planted)
    for source, gone in (("drhast", 1), ("doctoryab", 0), ("niniban", 0)):
        before, after = (
            read_records(each.extracted("question_answer", source) / "crawl.parquet").to_pylist()
            for each in (old, purged)
        )
        assert after == [row for row in before if row["id"] != RECORD_ID]
        assert len(before) - len(after) == gone
    kept = pq.read_table(purged.curated("mf3qa") / "default" / "train.parquet")["id"].to_pylist()
    assert OTHER_ID in kept
    assert RECORD_ID not in kept
    assert {RECORD_ID, OTHER_ID} <= scored_in(old)
    assert scored_in(purged) == scored_in(old) - {RECORD_ID, TWIN_ID}
    lines = (purged.root / "runs/a/predictions.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["output"] for line in lines] == [answer(5)]
    assert (purged.root / "runs/a/train.log").read_text("utf-8") == "step 1\nstep 2\n"
    deep = json.loads((purged.root / "notes/deep.json").read_text("utf-8"))
    assert deep == {"groups": [{"rows": [{"id": "x", "text": answer(4)}]}], "note": ""}
    assert answer(3) in (purged.root / "notes/rows.csv").read_text("utf-8")


def test_the_archive_keeps_every_other_record_at_its_place(
    purged: Workspace, planted: Path
) -> None:
    folder, old = purged.archive("drhast"), Workspace(planted).archive("drhast")
    (file,) = sorted(folder.glob("*.warc.gz"))
    assert file.stat().st_size == (old / file.name).stat().st_size
    lines = index_path(folder).read_text("utf-8").splitlines()
    entries = [json.loads(line.partition("{")[1] + line.partition("{")[2]) for line in lines]
    urls = {entry["url"]: int(entry["offset"]) for entry in entries}
    assert OTHER_URL in urls
    assert URL not in urls
    with ArchiveReader(folder) as archive, ArchiveReader(old) as before:
        for url, offset in urls.items():
            place = Place(file.name, offset)
            read = archive.read(place)
            assert read.url == url
            kept = {LISTING_URL: question(3), LINKS_URL: "7002", SITEMAP_URL: OTHER_URL}
            if url in kept:  # pages of others that quoted it, or led to it
                assert kept[url] in read.body.decode()
            else:
                assert read.body == before.read(place).body
    with file.open("rb") as opened:
        kinds: list[str] = []
        with suppress(Exception):  # the torn end was no record before either
            for record in ArchiveIterator(opened):
                kinds.append(record.rec_type)  # noqa: PERF401 (what came before the end counts)
    assert kinds.count("metadata") >= 4


def test_the_site_is_read_again_without_the_page(purged: Workspace, tmp_path: Path) -> None:
    purged = Workspace(shutil.copytree(purged.root, tmp_path / "copy", symlinks=True))
    with Frontier(purged.frontier("drhast"), ["drhast.com"], purged_ids(purged)) as frontier:
        frontier.check()
        assert frontier.begin_run([Link(URL, RECORD, 0)], "2026-11-05T08:00:00Z") is False
        assert not [page for page in frontier.lease(9, 1e12) if "7001" in page.url]
        assert sorted(outcome.url for outcome in frontier.record_pages()) == [OTHER_URL]
    assert extract_site(purged, "drhast").damaged == 0


def test_versions_are_whole_and_say_what_was_erased(purged: Workspace) -> None:
    for folder in (purged.release("mf3qa", "1.0.0"), purged.root / "published"):
        manifest = read_manifest(folder)
        assert not [*file_problems(folder, manifest), *row_problems(folder, manifest)]
        told = json.loads((folder / "manifest.json").read_text("utf-8"))
        # Of default, scored and uncleaned the record, of uncleaned and removed its twin.
        assert told["erased"] == 5
        card = (folder / "README.md").read_text("utf-8")
        assert "5 rows of this version were erased on request" in card
        info = yaml.safe_load(card.split("---\n")[1])["dataset_info"]
        counted = {
            each["config_name"]: {s["name"]: s["num_examples"] for s in each["splits"]}
            for each in info
        }
        assert counted == {
            config: {split: stamp.rows for split, stamp in splits.items()}
            for config, splits in manifest.rows.items()
        }


def test_reviews_keep_what_others_say(purged: Workspace) -> None:
    assert [each.record_id for each in load_decisions(purged.review_log("mf3qa"))] == [OTHER_ID]
    (batch,) = read_batches(purged, "mf3qa")
    assert RECORD_ID not in {row.id for row in batch.rows}
    assert len(batch.rows) > 20
    assert not purged.settled_file("mf3qa").exists()


def test_the_receipt_says_what_where_and_when_and_no_word(purged: Workspace, planted: Path) -> None:
    (file,) = receipts(purged)
    receipt = json.loads(file.read_text("utf-8"))
    assert RECORD_ID in receipt["ids"]
    assert receipt["requests"] == [{"kind": "id", "target": RECORD_ID}]
    assert not receipt["left"]
    for each in receipt["files"]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", each["at"])
        before, after = planted / each["path"], purged.root / each["path"]
        if not before.is_file():
            continue
        assert hashlib.sha256(before.read_bytes()).hexdigest() == each["before"], each
        if not after.name.endswith(".sqlite") and "drhast" not in after.name:
            now = hashlib.sha256(after.read_bytes()).hexdigest() if after.exists() else None
            assert now == each["after"], each
    told = "\n".join(receipt["unreachable"])
    for named in ("old-crawl.xlsx", "takedown purge --hub", "runs/a: trained on org/mf3qa v1.0.0"):
        assert named in told


@pytest.mark.thorough
def test_a_dry_run_changes_nothing_and_a_second_purge_has_nothing_to_do(
    workspace: Workspace, gaokerena: Command
) -> None:
    before = files_of(workspace.root)
    told = gaokerena("purge", "--dry-run")
    assert told.returncode == 0, told.stderr
    assert "archive/drhast/drhast-00001.warc.gz: " in told.stdout
    assert not any(needle in told.stdout for needle in NEEDLES)
    after = files_of(workspace.root)
    assert {name: after.get(name) for name in before} == before
    refused = gaokerena("purge", said="n\n")
    assert refused.returncode == 1
    assert holders(workspace.root, NEEDLES, NOT_PURGED)
    done = gaokerena("purge", said="y\n")
    assert done.returncode == 0, done.stderr
    assert not holders(workspace.root, NEEDLES, NOT_PURGED)
    again = gaokerena("purge")
    assert again.returncode == 0
    assert "nothing is left to erase" in again.stdout
    assert len(receipts(workspace)) == 1


@pytest.mark.thorough
def test_what_cannot_be_read_is_named(workspace: Workspace, gaokerena: Command) -> None:
    damaged = workspace.root / "extracted/question_answer/doctoryab/crawl.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-40])
    (workspace.root / "frontier" / "niniban.sqlite").write_bytes(b"SQLite format 3\x00" + bytes(99))
    release = workspace.root / "published" / "data" / "test-00000-of-00001.parquet"
    release.write_bytes(release.read_bytes()[:-9])
    done = gaokerena("purge", "--yes")
    assert done.returncode == 1
    for name in ("crawl.parquet", "niniban.sqlite", "published"):
        assert f"{name}: cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
    left = holders(workspace.root, NEEDLES, NOT_PURGED)
    assert all(path.startswith("published/") for path in left)


def test_in_a_wrong_folder_nothing_is_made(tmp_path: Path, gaokerena: Command) -> None:
    done = gaokerena("purge", "--yes", "--workspace", str(tmp_path / "elsewhere"))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.thorough
def test_a_curation_after_it_leaves_the_record_out(
    workspace: Workspace, gaokerena: Command
) -> None:
    assert gaokerena("purge", "--yes").returncode == 0
    settle_log(workspace, MF3QA)  # as the command does
    curate(workspace, "mf3qa", lambda *_: None, workers=1)
    assert not holders(workspace.root, NEEDLES, NOT_PURGED)
    kept = pq.read_table(workspace.curated("mf3qa") / "default" / "train.parquet")["id"].to_pylist()
    assert OTHER_ID in kept


@pytest.mark.thorough
@pytest.mark.parametrize("share", range(KILLS))
def test_killed_at_any_moment_it_finishes(
    workspace: Workspace, gaokerena: Command, moments: int, share: int
) -> None:
    moment = 1 + round(share * (moments - 1) / (KILLS - 1))
    killed = gaokerena("purge", "--yes", moment=moment)
    assert killed.returncode == -signal.SIGKILL or share == KILLS - 1
    assert not holders(workspace.root / "purges", NEEDLES)
    again = gaokerena("purge", "--yes")
    assert again.returncode == 0, again.stderr
    assert not holders(workspace.root, NEEDLES, NOT_PURGED)
    assert not list((workspace.root / "purges").glob("unfinished*"))
    folder = workspace.release("mf3qa", "1.0.0")
    manifest = read_manifest(folder)
    assert not [*file_problems(folder, manifest), *row_problems(folder, manifest)]
    ids = {each for file in receipts(workspace) for each in json.loads(file.read_text())["ids"]}
    assert RECORD_ID in ids


@pytest.fixture(scope="module")
def moments(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many moments a purge has at which it can be killed."""
    folder = tmp_path_factory.mktemp("moments")
    shutil.copytree(planted, folder / "workspace", symlinks=True)
    environment = {
        "GAOKERENA_WORKSPACE": str(folder / "workspace"), "PYTHONPATH": str(ROOT), "MOMENT": "0",
        "ROOT_OF_MOMENTS": str(folder),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", MOMENTS, "purge", "--yes"],
        capture_output=True, text=True, check=True, env={**os.environ, **environment},
    )  # fmt: skip
    return int(done.stdout.splitlines()[-1].split()[-1])
