"""Small worlds drawn at random: what a curation calls near or contained outlives no takedown."""

import random
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.run import curate
from gaokerena_data.records import QuestionAnswer
from gaokerena_data.release.build import release
from gaokerena_data.takedowns.found import find_meant, keep_found
from gaokerena_data.takedowns.requests import make_takedown
from gaokerena_data.text.near_duplicates.jaccard import jaccard
from gaokerena_data.text.shingling import shingle_hashes
from gaokerena_data.text.word_forms import words
from gaokerena_data.workspace import Workspace
from tests.pairs import pair, write_records

MANY_CASES = True

WORDS = """
شب صبح کودک مادر سرفه تب گلو بینی چشم گوش دست پا زانو کمر گردن معده روده کبد کلیه قلب
ریه پوست مو ناخن دندان لثه زبان خواب خستگی اضطراب دارو قرص شربت قطره پماد آزمایش خون
ادرار قند چربی فشار نبض وزن رژیم ورزش شنا پیاده‌روی استراحت درد سوزش خارش ورم زخم
تاول جوش کبودی خونریزی عفونت ویروس حساسیت گرده نان شیر ماهی گردو عسل لیمو زنجبیل آب
نمک چای قهوه دود گرما سرما باران سفر کار مدرسه
""".split()  # noqa: SIM905


def say(draw: random.Random, count: int) -> str:
    """So many words, which nobody else says in this order."""
    return " ".join(draw.choice(WORDS) for _ in range(count))


def change(draw: random.Random, text: str) -> str:
    """The text with a few words changed, left out, added or marked, or a piece of it, or more."""
    found = text.split()
    for _ in range(draw.randint(0, max(1, len(found) // 30))):
        place = draw.randrange(len(found))
        found[place : place + 1] = draw.choice([[], [draw.choice(WORDS)], ["و", found[place]]])
    changed = draw.choice([" ", "  ", "\n"]).join(found) + draw.choice(["", "؟", "!!", "…"])
    more = say(draw, draw.randint(5, 60))
    kept = " ".join(found[: max(48, len(found) * 2 // 3)])
    return draw.choice([changed, changed, f"{more}. {changed}", f"{changed} {more}", kept])


def make_world(draw: random.Random) -> list[QuestionAnswer]:
    """Records of which many say what the first says."""
    sources = ["drhast", "niniban", "doctoryab"]
    named = pair("drhast", say(draw, draw.randint(12, 30)), say(draw, draw.randint(50, 120)))
    records = [named]
    for _ in range(12):
        asked = draw.choice([named.question, change(draw, named.question), say(draw, 20)])
        said = draw.choice([named.answer, change(draw, named.answer), say(draw, 70)])
        records.append(pair(draw.choice(sources), asked, said))
    records += [pair(draw.choice(sources), say(draw, 20), say(draw, 70)) for _ in range(12)]
    return list({record.id: record for record in records}.values())


def share(held: str, holder: str, n: int) -> float:
    """How much of a text's n-grams another one has."""
    if len(words(held)) < n:
        return 0.0
    return float(np.isin(shingle_hashes(held, n), shingle_hashes(holder, n)).mean())


def says_the_same(text: str, other: str) -> bool:
    """As mf3qa's own thresholds have it: nearly equal, or one stands in the other."""
    near = jaccard([text, other], np.array([0]), np.array([1]), n=3)[0] >= 0.8
    inside = max(share(text, other, 8), share(other, text, 8)) >= 0.8
    return bool(near) or (inside and min(len(words(text)), len(words(other))) >= 13)


@pytest.mark.parametrize("seed", range(12))
def test_no_split_and_no_release_says_what_was_taken_down(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    workspace = Workspace(tmp_path)
    records = make_world(draw)
    named = records[0]
    write_records(workspace, records)
    found = find_meant(workspace, make_takedown(named.id, "بیمار خواست"))
    keep_found(workspace, found)
    # More comes in later, by other ids.
    later = [
        pair("niniban", change(draw, named.question), change(draw, named.answer)) for _ in range(4)
    ]
    write_records(workspace, [*records, *later])
    curate(workspace, "mf3qa", lambda *_: None, workers=1)
    release(workspace, "mf3qa", "1.0.0")
    rows = [
        row
        for folder in (workspace.curated("mf3qa"), workspace.release("mf3qa", "1.0.0"))
        for file in folder.glob("*/*.parquet")
        for row in pq.read_table(file).to_pylist()
    ]
    assert rows
    for row in rows:
        for name in ("question", "answer", "Question", "Answer"):
            for text in (named.question, named.answer):
                assert not (row.get(name) and says_the_same(row[name], text)), (seed, row["id"])
    # Nor is anything taken that says something else.
    taken = {each for _, ids in found.rows for each in ids}
    strangers = {
        record.id
        for record in records
        if not any(
            share(one, other, 3) > 0.4 or share(other, one, 3) > 0.4
            for one in (record.question, record.answer)
            for other in (named.question, named.answer)
        )
    }
    assert strangers
    assert not strangers & taken
