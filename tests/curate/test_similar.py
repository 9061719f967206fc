"""Looking one text or one record up among those of a curated dataset."""

import io
import json
import shutil
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from gaokerena_data.curate.cache_files import write_kept
from gaokerena_data.curate.told.similar import find_similar
from gaokerena_data.curate.told.similar_lookup import Alike, Sought, find_alike, make_minhash
from gaokerena_data.datasets.settings import NearDuplicates
from gaokerena_data.takedowns.requests import add_takedown
from gaokerena_data.text.near_duplicates.signatures import fingerprints
from gaokerena_data.text.normalizer import normalize
from gaokerena_data.text.shingling import batch_shingles
from gaokerena_data.text.word_forms import words
from gaokerena_data.workspace import Workspace
from tests.conftest import ROOT
from tests.curate.conftest import COMMAND, Command
from tests.demo.demonstration import Demo
from tests.hub.forks import Forks
from tests.pages import blocks, run_block
from tests.pairs import answer, clean_records, pair, question, write_records

KEPT = clean_records()[46]
NEAR = pair("drhast", question(46), answer(46).replace("حتما ", ""))  # a word shorter: it goes
LINK = "https://lab.example.ir/result?PatientID=123456"
PATIENT = pair("drhast", question(81), f"جواب زنبوریه: {LINK} {answer(81)}")
TAKEN = pair("drhast", question(82), f"این را عمو کوکب از ده بالا می‌گفت. {answer(82)}")
TAKEN_TWIN = pair("niniban", question(82), f"این را عمو کوکب از ده پایین می‌گفت. {answer(82)}")
MARKED = pair("drhast", question(83), f"[bold]{answer(83)}[/bold] تلفن مطب ۰۲۱۸۸۷۷۶۶۵۵ است.")
SHORT = [pair("drhast", "تب دارم", answer(n)) for n in (84, 85)]
RECORDS = [*clean_records(), NEAR, PATIENT, TAKEN, TAKEN_TWIN, MARKED, *SHORT]


def plain_jaccard(one: str, other: str, n: int = 3) -> float:
    a, b = words(one), words(other)
    if min(len(a), len(b)) < n:
        return float(a == b)
    first, second = ({tuple(x[i : i + n]) for i in range(len(x) - n + 1)} for x in (a, b))
    return len(first & second) / len(first | second)


@pytest.fixture(scope="module")
def curated(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose mf3qa is curated; whoever changes something copies it first."""
    workspace = Workspace(tmp_path_factory.mktemp("similar") / "workspace")
    write_records(workspace, RECORDS)
    add_takedown(workspace, TAKEN.id, "نویسنده خواست")
    environment = {"GAOKERENA_WORKSPACE": str(workspace.root)}
    code = COMMAND.format(before="")
    done = forks.run(code, "curate", "mf3qa", "--workers", "1", environment=environment)
    assert done.returncode == 0, done.stderr
    return workspace.root


@pytest.fixture
def workspace(curated: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(curated, tmp_path / "workspace")
    return Workspace(tmp_path / "workspace")


def found(workspace: Workspace, query: str, threshold: float = 0.5) -> dict[str, float]:
    seen = find_similar(workspace, "mf3qa", query, threshold=threshold)
    return {each.row.id: max(each.heading or 0, each.body or 0) for each in seen.found}


@pytest.mark.thorough
def test_stored_signatures_are_those_of_datasketch(workspace: Workspace) -> None:
    near = NearDuplicates(threshold=0.8, shingle_words=3, bands=28, rows=4, seed=1)
    stored = [
        row
        for shard in sorted(workspace.root.glob("signals/question_answer/measure*/*.parquet"))
        for row in pq.read_table(shard).to_pylist()
    ]
    assert len(stored) == len(RECORDS)
    for row in stored:
        for side in ("heading", "body"):
            theirs = MinHash(num_perm=112, seed=1, hashfunc=lambda value: value & 0xFFFFFFFF)
            theirs.update_batch(batch_shingles([row[side]], 3).hashes.tolist())
            signature = np.frombuffer(row[f"{side}_signature"], "<u4").tolist()
            assert signature == theirs.hashvalues.tolist()
            assert signature == make_minhash(row[side], near).hashvalues.tolist()


def test_a_near_duplicate_is_found_by_text_by_file_and_by_id(
    gaokerena: Command, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Raw as a crawl has it: another keyboard, and a number that is replaced before it is compared.
    raw = NEAR.answer.replace("ک", "ك").replace("ی", "ي")
    file = tmp_path / "answer.txt"
    file.write_text(raw, "utf-8-sig")
    for query in (raw, str(file), KEPT.id):
        assert NEAR.id in found(workspace, query, 0.8), query
        assert (KEPT.id in found(workspace, query, 0.8)) == (query != KEPT.id)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw.encode())))
    assert found(workspace, "-") == found(workspace, raw)

    done = gaokerena("similar", "mf3qa", NEAR.id, "--threshold", "0.8")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"1 of {len(RECORDS)} records of mf3qa is like {NEAR.id} (dropped")
    assert lines[1].startswith(f"  {KEPT.id}  drhast  train  question 1.000  answer 0.9")
    assert lines[2].startswith("    question: \u2068سلام دکتر")
    assert lines[2].endswith("\u2069")
    assert "search shards: " in done.stderr
    done = gaokerena("similar", "mf3qa", KEPT.id)
    assert f"dropped by near_duplicate@2: nearly_same_words, for {KEPT.id}" in done.stdout


def test_similarities_are_those_of_plain_sets_of_words(workspace: Workspace) -> None:
    seen = find_similar(workspace, "mf3qa", KEPT.id, threshold=0.1, limit=100)
    assert len(seen.found) > 5
    by_id = {record.id: record for record in RECORDS}
    question_, answer_ = normalize(KEPT.question), normalize(KEPT.answer)
    for each in seen.found:
        other = by_id[each.row.id]
        assert each.heading == plain_jaccard(question_, each.texts["question"])
        assert each.body == plain_jaccard(answer_, each.texts["answer"])
        assert each.texts["question"] == normalize(other.question)
        assert max(each.heading, each.body) >= 0.1
    best = [max(each.heading or 0, each.body or 0) for each in seen.found]
    assert all(one >= other for one, other in pairwise(best))


def test_a_part_of_a_text_says_so_and_one_side_can_be_asked_alone(
    gaokerena: Command, workspace: Workspace
) -> None:
    part = " ".join(KEPT.answer.split()[:-6])
    done = gaokerena("similar", "mf3qa", part, "--threshold", "0.7")
    [line] = [line for line in done.stdout.splitlines() if line.startswith(f"  {KEPT.id}")]
    assert line.endswith("its answer holds all of it")
    done = gaokerena("similar", "mf3qa", f"{KEPT.answer} {answer(60)[:60]}", "--threshold", "0.7")
    [line] = [line for line in done.stdout.splitlines() if line.startswith(f"  {KEPT.id}")]
    assert line.endswith("all of its answer stands in it")
    assert not find_similar(workspace, "mf3qa", part, side="heading").found
    assert find_similar(workspace, "mf3qa", part, side="body").found


def test_more_than_are_shown_are_counted(gaokerena: Command, workspace: Workspace) -> None:
    every = find_similar(workspace, "mf3qa", KEPT.id, threshold=0.2, limit=1000)
    some = find_similar(workspace, "mf3qa", KEPT.id, threshold=0.2, limit=3)
    assert some.found == every.found[:3]
    assert some.more == len(every.found) - 3 > 0
    done = gaokerena("similar", "mf3qa", KEPT.id, "--threshold", "0.2", "--limit", "3")
    assert f"{some.more} more: raise --limit" in done.stdout
    assert f"found with a probability of {some.reach:.1%}" in done.stdout
    assert some.reach == pytest.approx(1 - (1 - 0.2**4) ** 28)


def test_a_short_text_finds_equal_words_only_and_says_so(
    gaokerena: Command, workspace: Workspace
) -> None:
    assert found(workspace, "تب دارم؟") == {record.id: 1.0 for record in SHORT}
    assert not found(workspace, "تب")
    done = gaokerena("similar", "mf3qa", "تب دارم")
    assert "It has fewer than 3 words: only equal words are found." in done.stdout
    assert "probability" not in done.stdout
    done = gaokerena("similar", "mf3qa", SHORT[0].id, "--side", "heading")
    assert SHORT[1].id in done.stdout
    assert "Its question has fewer than 3 words" in done.stdout
    done = gaokerena("similar", "mf3qa", KEPT.id)
    assert "fewer than" not in done.stdout


def test_words_that_are_private_are_never_shown(gaokerena: Command, workspace: Workspace) -> None:
    for query in (PATIENT.answer, TAKEN.answer, PATIENT.id, TAKEN.id, TAKEN_TWIN.id):
        done = gaokerena("similar", "mf3qa", query, "--threshold", "0.2", "--limit", "500")
        assert done.returncode == 0, done.stderr
        for secret in ("زنبوریه", "PatientID", "ده بالا", "ده پایین"):
            assert secret not in done.stdout, query
    done = gaokerena("similar", "mf3qa", PATIENT.answer, "--threshold", "0.8")
    assert PATIENT.id not in done.stdout
    assert "1 more, taken down or with personal data: not shown." in done.stdout
    # By its words it is counted, and so is its twin, which went with it.
    done = gaokerena("similar", "mf3qa", TAKEN.answer, "--threshold", "0.8")
    assert TAKEN.id not in done.stdout
    assert TAKEN_TWIN.id not in done.stdout
    assert "2 more, taken down or with personal data: not shown." in done.stdout
    # By its id it is told that there are such, without a word of them.
    done = gaokerena("similar", "mf3qa", TAKEN.id, "--threshold", "0.8")
    assert TAKEN_TWIN.id not in done.stdout
    assert "\u2068" not in done.stdout
    assert "not shown" in done.stdout


def test_what_was_taken_down_since_the_curation_is_private_too(
    gaokerena: Command, workspace: Workspace
) -> None:
    assert KEPT.id in found(workspace, KEPT.answer)
    for target in (KEPT.id, NEAR.thread_id):
        add_takedown(workspace, target, "بیمار خواست")
    done = gaokerena("similar", "mf3qa", KEPT.answer, "--threshold", "0.8")
    assert KEPT.id not in done.stdout
    assert NEAR.id not in done.stdout
    assert "2 more, taken down" in done.stdout


def test_texts_are_shown_without_personal_data_and_never_as_markup(
    gaokerena: Command, workspace: Workspace
) -> None:
    done = gaokerena("similar", "mf3qa", MARKED.question, "--threshold", "0.9")
    assert "[bold]" in done.stdout
    texts = find_similar(workspace, "mf3qa", MARKED.answer, threshold=0.9).found[0].texts
    assert "[تلفن]" in texts["answer"]
    assert "۸۸۷۷" not in texts["answer"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("drhast-0123456789abcdef", "knows no record by this id"),
        ("", "is empty"),
        (" \n", "is empty"),
        ("latin.txt", "latin.txt: not UTF-8 at byte 0"),
        ("large.txt", "large.txt: more than 1,048,576 bytes"),
        ("folder", "folder: a folder"),
    ],
)
def test_a_wrong_query_is_one_line(
    gaokerena: Command, workspace: Workspace, tmp_path: Path, query: str, told: str
) -> None:
    (tmp_path / "latin.txt").write_bytes("سلام".encode("cp1256"))
    (tmp_path / "large.txt").write_bytes(b"a " * (1 << 19) + b"a")
    (tmp_path / "folder").mkdir()
    done = gaokerena("similar", "mf3qa", query, before=f"import os; os.chdir({str(tmp_path)!r})")
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_a_curation_or_its_signals_it_says_what_to_run(
    gaokerena: Command, workspace: Workspace
) -> None:
    for dataset, told in (
        ("medical_corpus", "run `gaokerena curate medical_corpus` first"),
        ("nosuch", "no dataset is called 'nosuch'"),
    ):
        done = gaokerena("similar", dataset, "سردرد دارم چه کنم")
        assert done.returncode == 1
        assert told in done.stderr
        assert len(done.stderr.splitlines()) == 1
    for gone in ("signals/question_answer/measure*/*.parquet", "signals/question_answer/index*/*"):
        copies = [(file, file.read_bytes()) for file in workspace.root.glob(gone)]
        assert copies
        copies[0][0].unlink()
        done = gaokerena("similar", "mf3qa", "سردرد دارم چه کنم")
        assert done.returncode == 1
        assert "run `gaokerena curate mf3qa` again" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        copies[0][0].write_bytes(copies[0][1])
    assert gaokerena("similar", "mf3qa", "سردرد دارم چه کنم").returncode == 0
    facts = workspace.curated("mf3qa") / "run.json"
    run = json.loads(facts.read_text("utf-8"))
    run["settings"]["near_duplicates"]["bands"] = 1
    facts.write_text(json.dumps(run))
    done = gaokerena("similar", "mf3qa", "سردرد دارم چه کنم")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "near_duplicates.bands is 1" in done.stderr


def write_shard(texts: list[Sought], folder: Path, near: NearDuplicates) -> Path:
    """A shard of a signal store, as far as a look-up reads it."""
    columns: dict[str, object] = {"key": [str(number) for number in range(len(texts))]}
    for side in Sought._fields:
        column = [getattr(each, side) for each in texts]
        prints = fingerprints(
            column, n=near.shingle_words, permutations=near.bands * near.rows, seed=near.seed
        )
        columns[side] = column
        columns[f"{side}_signature"] = [row.tobytes() for row in prints.signatures]
        columns[f"{side}_whole"] = prints.whole
        columns[f"{side}_length"] = prints.word_counts
    path = folder / "shard.parquet"
    write_kept(pa.table(columns), path)
    return path


@pytest.mark.thorough
def test_the_page_shows_what_is_printed(demo: Demo, tmp_path: Path) -> None:
    page = ROOT / "docs" / "near-duplicates.md"
    shutil.copytree(demo.folder, tmp_path / "demo")
    shown = [block for block in blocks(page) if block.comment == "run: demo"]
    assert len(shown) == 2
    for block in shown:
        run_block(block, tmp_path, {"GAOKERENA_WORKSPACE": "demo"})


SENTENCES = st.lists(st.sampled_from(["قلب", "ریه", "معده", "کبد", "تب", "درد"]), max_size=9).map(
    " ".join
)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(SENTENCES, SENTENCES), min_size=1, max_size=12),
    st.lists(st.tuples(SENTENCES, SENTENCES), min_size=1, max_size=3),
    st.integers(1, 3),
)
def test_against_the_comparison_of_all_pairs(
    tmp_path_factory: pytest.TempPathFactory,
    stored: list[tuple[str, str]],
    asked: list[tuple[str, str]],
    n: int,
) -> None:
    near = NearDuplicates(threshold=0.8, shingle_words=n, bands=28, rows=4, seed=1)
    texts, sought = [Sought(*each) for each in stored], [Sought(*each) for each in asked]
    shard = write_shard(texts, tmp_path_factory.mktemp("shard"), near)
    for sides in (("heading",), ("body",), ("heading", "body")):
        alike = {(each.number, each.key): each for each in find_alike([shard], sought, sides, near)}
        for number, wanted in enumerate(sought):
            for key, text in enumerate(texts):
                similarities = [
                    plain_jaccard(one, other, n) if one else None
                    for one, other in zip(wanted, text, strict=True)
                ]
                here = alike.get((number, str(key)))
                # Never a false similarity.
                assert here in (None, Alike(number, str(key), *similarities))
                # Bands miss one pair in a million at 0.8, and none that is equal.
                asked_for = [similarities[Sought._fields.index(side)] or 0 for side in sides]
                assert here is not None or max(asked_for) < 0.8
