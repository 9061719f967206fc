"""Any text in any file, packed in any other: what is sought is gone, and the rest stays."""

import bz2
import csv
import gzip
import io
import json
import lzma
import random
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gaokerena_data.crawl.fetching.archive_members import read_members
from gaokerena_data.purge.contents.files import purge_bytes
from gaokerena_data.purge.contents.outcome import UnreadableError
from gaokerena_data.purge.contents.warc import nothing
from gaokerena_data.purge.sought import Sought
from gaokerena_data.purge.words import words_of
from tests.purge.needles import spellings, unpacked

TEXT = (
    "دیشب بعد شام قلبم تند زد دستم سرد شد مادرم گفت شاید فشارت افتاده باشد ولی قرص متورال داشتم"
    " نیم ساعت خوابیدم صبح دوباره سرگیجه گرفتم همسایه مان پرستار است گفت نوار بگیر"
)
WORDS = TEXT.split()
ELSE = "متنی دیگر که در هیچ پرونده‌ای نیست و نبود"
OTHERS = (
    "برای شست‌وشوی بینی از سرم نمکی ولرم استفاده کنید و روزی دو بار تکرار شود",
    "ناخن پا را صاف کوتاه کنید و کفش جلوباز بپوشید تا فرورفتگی بهتر شود",
)


def _jsonl(texts: list[str]) -> bytes:
    return "".join(json.dumps({"n": n, "text": t}) + "\n" for n, t in enumerate(texts)).encode()


def _json(texts: list[str]) -> bytes:
    rows = [{"id": n, "inner": {"text": t}} for n, t in enumerate(texts)]
    return json.dumps({"groups": [{"rows": rows}]}, ensure_ascii=False).encode()


def _csv(texts: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["id", "text"], *([n, f"{t}\nپایان"] for n, t in enumerate(texts))])
    return out.getvalue().encode()


def _lines(texts: list[str]) -> bytes:
    return "\n".join(texts).encode()


def _page(texts: list[str]) -> bytes:
    data = json.dumps({"rows": [{"id": f"r-{n}", "text": t} for n, t in enumerate(texts)]})
    return f"<html><script type=application/json>{data}</script></html>".encode()


def _parquet(texts: list[str]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"text": texts, "tags": [[t] for t in texts]}), out)
    return out.getvalue()


def _xlsx(texts: list[str]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for text in texts:
        book.active.append([text, 1])
    book.save(out)
    return out.getvalue()


def _zip(name: str, data: bytes) -> tuple[str, bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, data)
    return f"{name}.zip", out.getvalue()


def _tar(name: str, data: bytes) -> tuple[str, bytes]:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        file.addfile(entry, io.BytesIO(data))
    return f"{name}.tar", out.getvalue()


FILES: dict[str, Callable[[list[str]], bytes]] = {
    "a.jsonl": _jsonl, "a.json": _json, "a.csv": _csv, "a.txt": _lines, "a.html": _page,
    "a.parquet": _parquet, "a.xlsx": _xlsx,
}  # fmt: skip
PACKERS: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "gzip": lambda name, data: (f"{name}.gz", gzip.compress(data)),
    "zstd": lambda name, data: (f"{name}.zst", zstd.compress(data)),
    "bzip2": lambda name, data: (f"{name}.bz2", bz2.compress(data)),
    "xz": lambda name, data: (f"{name}.xz", lzma.compress(data)),
    "zip": _zip,
    "tar": _tar,
}


@settings(max_examples=30)
@given(
    kind=st.sampled_from(sorted(FILES)),
    packers=st.lists(st.sampled_from(sorted(PACKERS)), max_size=3),
    text=st.lists(st.sampled_from(WORDS), min_size=7, max_size=40).map(" ".join),
    place=st.integers(0, 2),
)
def test_a_text_is_gone_from_any_file(kind: str, packers: list[str], text: str, place: int) -> None:
    texts = [*OTHERS]
    texts.insert(place, text)
    name, data = kind, FILES[kind](texts)
    for packer in packers:
        name, data = PACKERS[packer](name, data)
    sought = Sought(words_of([text]))
    outcome = purge_bytes(data, name, sought)
    assert outcome is not None
    assert outcome.data is not None
    assert not _says(outcome.data, text)
    assert all(_says(outcome.data, other) for other in OTHERS)
    assert purge_bytes(outcome.data, name, sought) is None
    assert purge_bytes(data, name, Sought(words_of([ELSE]))) is None


def _says(data: bytes, text: str) -> bool:
    return any(each in some for some in unpacked(data) for each in spellings(text))


def _freed(folder: Path) -> bytes:
    """A database whose table with the text was dropped: the freed pages still hold it."""
    file = folder / "a.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        for table, text in (("gone", TEXT), ("kept", OTHERS[0])):
            database.execute(f"CREATE TABLE {table} (said TEXT)")
            database.execute(f"INSERT INTO {table} VALUES (?)", (text,))
        database.execute("DROP TABLE gone")
        database.commit()
    return file.read_bytes()


def _old(text: str) -> bytes:
    return text.replace("ی", "ي").encode("windows-1256")


@pytest.mark.parametrize(
    ("write", "others"),
    [
        (_freed, OTHERS[0].encode()),
        (lambda _: _old(f"{ELSE}\n{TEXT}\n{ELSE}\n".replace("\u200c", " ")), _old("متنی دیگر")),
        (lambda _: b"\x93NUMPY\x01\x00" + TEXT.encode("utf-32-le"), b""),
        (lambda _: TEXT.encode("utf-16-be"), b""),
    ],
)
def test_a_text_is_gone_from_what_only_its_bytes_tell(
    write: Callable[[Path], bytes], others: bytes, tmp_path: Path
) -> None:
    data = write(tmp_path)
    spelled = spellings(" ".join(WORDS[:6]))
    assert any(each in data for each in spelled)
    outcome = purge_bytes(data, "a", Sought(words_of([TEXT])))
    assert outcome is not None
    left = outcome.data or b""
    assert not any(each in left for each in spelled)
    assert others in left


@pytest.mark.parametrize("text", ["سردرد دارم", "تب و لرز شبانه"])
def test_a_short_text_goes_where_it_is_a_whole_one(text: str) -> None:
    sought = Sought(words_of([text]))
    longer = f"مادرم هم {text} و نگرانیم که چه کنیم"
    outcome = purge_bytes(_jsonl([text, longer]), "a.jsonl", sought)
    assert outcome is not None
    assert outcome.data == _jsonl([text, longer]).splitlines(keepends=True)[1]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_a_line_of_json_goes_whole_whatever_stands_in_it(mark: str) -> None:
    rows = [{"n": n, "text": f"{mark}{text}{mark}{text}"} for n, text in enumerate((TEXT, ELSE))]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    outcome = purge_bytes("".join(lines).encode(), "a.jsonl", Sought(words_of([TEXT])))
    assert outcome is not None
    assert outcome.data == lines[1].encode()


def test_words_that_others_say_too_are_nobodys() -> None:
    greeting = "سلام خدمت شما پزشک گرامی وقت شما بخیر باشد"
    mine = f"{greeting} انگشت شصتم لای در ماشین مانده و کبود شده است"
    words = words_of([mine]).without([f"{greeting} من یک سوال داشتم"])
    texts = [f"{greeting} خواستم تشکر کنم", f"نوشته بود: {mine}"]
    assert words.among(texts).tolist() == [False, True]


@pytest.mark.parametrize(
    "damage", [b"PAR1" + bytes(40), b"\x1f\x8b\x08" + bytes(40), b"PK\x03\x04x"]
)
def test_damage_is_told(damage: bytes) -> None:
    with pytest.raises(UnreadableError):
        purge_bytes(damage, "a", Sought(words_of([" ".join(WORDS)])))


def test_a_record_of_nothing_has_any_length() -> None:
    draw = random.Random(7)
    record = (
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
        b"WARC-Record-ID: <urn:uuid:12345678-1234-4123-8123-123456789012>\r\n\r\nHTTP/1.1 200"
    )
    lengths = [
        *range(67, 400),
        *range(65_500, 65_700),
        *(draw.randrange(10**6) + 400 for _ in range(50)),
    ]
    for length in lengths:
        member = nothing(record, length)
        assert len(member) == length
        ((offset, size, content),) = read_members(io.BytesIO(member))
        assert (offset, size) == (0, length)
        assert content.startswith(b"WARC/1.1\r\n")
