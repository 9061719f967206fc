"""Files of extracted records: no flipped bit is read as data, and each is told in one line."""

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.texts.input_index import read_batches
from gaokerena_data.curate.told.why import find_story
from gaokerena_data.datasets.kind import QUESTION_ANSWER
from gaokerena_data.datasets.record_files import count_rows, read_records, write_records
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.records import Provenance, QuestionAnswer

MANY_CASES = True  # see tests/conftest.py


def table(rows: int = 30) -> pa.Table:
    return QUESTION_ANSWER.table(
        [
            QuestionAnswer(
                id=f"nabz-{number:016x}",
                thread_id=f"nabz-{number // 3:016x}",
                source="nabz",
                url=f"https://nabz.site/{number}",
                title="سرگیجه",
                question=f"سلام دکتر، {number} روزه سرم گیج میره.",
                answer="فشار خونتون رو اندازه بگیرید.",
                provenance=Provenance(extractor="nabz@1", warc_offset=number),
            )
            for number in range(rows)
        ]
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "workspace" / "extracted" / "question_answer" / "nabz" / "crawl.parquet"
    path.parent.mkdir(parents=True)
    write_records(table(), path)
    return path


def flip(data: bytes, bit: int) -> bytes:
    flipped = bytearray(data)
    flipped[bit // 8] ^= 1 << bit % 8
    return bytes(flipped)


def damage_of(file: Path, good: pa.Table | None = None) -> str | None:
    """What is said of a file; None where it is read, and holds what it should."""
    try:
        rows = read_records(file)
    except GaokerenaError as error:
        return str(error)
    assert good is None or rows.equals(good), "a flipped bit was read as data"
    return None


def footer_of(data: bytes) -> int:
    """Where the footer begins."""
    return len(data) - 8 - int.from_bytes(data[-8:-4], "little")


def test_what_is_written_is_read(file: Path) -> None:
    assert read_records(file).equals(table())
    assert read_records(file).schema.metadata is None
    assert read_records(file, ["id", "answer"]).column_names == ["id", "answer"]
    assert pq.read_table(file).equals(table())
    assert count_rows(file) == 30


def test_the_same_rows_give_the_same_bytes(file: Path, tmp_path: Path) -> None:
    write_records(table(), tmp_path / "again.parquet")
    assert (tmp_path / "again.parquet").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("part", ["pages", "footer", "end"])
def test_no_flipped_bit_is_read_as_data(file: Path, part: str) -> None:
    data, good = file.read_bytes(), table()
    footer = footer_of(data)
    places = {
        "pages": range(8 * footer),
        "footer": range(8 * footer, 8 * (len(data) - 8)),
        "end": range(8 * (len(data) - 8), 8 * len(data)),
    }[part]
    told = 0
    for bit in random.Random(0).sample(places, min(len(places), 1500)):
        file.write_bytes(flip(data, bit))
        said = damage_of(file, good)
        if said is not None:
            told += 1
            assert said.startswith(f"{file}: damaged (")
            assert said.endswith("run `gaokerena extract nabz`")
            assert "\n" not in said
    assert told > len(places) // 100 or told > 500


@pytest.mark.thorough
def test_no_byte_of_all_is_read_as_data(file: Path) -> None:
    data, good = file.read_bytes(), table()
    for byte in range(len(data)):
        file.write_bytes(flip(data, 8 * byte + byte % 8))
        damage_of(file, good)


def page_of(data: bytes) -> int:
    """A byte in the middle of the texts."""
    meta = pq.ParquetFile(pa.BufferReader(data)).metadata.row_group(0)
    column = next(
        meta.column(number)
        for number in range(meta.num_columns)
        if meta.column(number).path_in_schema == "question"
    )
    return int(column.dictionary_page_offset + column.total_compressed_size // 2)


def test_a_damaged_page_is_told_whoever_reads_it(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[page_of(bytes(data))] ^= 4
    file.write_bytes(data)
    from gaokerena_data.workspace import Workspace

    workspace = Workspace(file.parents[3])
    for read in (
        lambda: read_records(file),
        lambda: list(read_batches(file, QUESTION_ANSWER)),
        lambda: find_story(workspace, "nabz-0000000000000001"),
    ):
        with pytest.raises(GaokerenaError, match=r"crawl\.parquet: damaged .*extract nabz"):
            read()


@pytest.mark.parametrize(
    ("name", "remedy"), [("import-0a1b.parquet", "import it"), ("pull-0a1b-x.parquet", "pull it")]
)
def test_what_to_do_depends_on_who_made_it(file: Path, name: str, remedy: str) -> None:
    moved = file.rename(file.with_name(name))
    moved.write_bytes(moved.read_bytes()[:-100])
    with pytest.raises(GaokerenaError, match=f"{remedy} again$"):
        read_records(moved)


def test_files_of_older_versions_are_read_and_their_damage_is_one_line(file: Path) -> None:
    pq.write_table(table(), file, compression="zstd")
    assert read_records(file).equals(table())
    data = file.read_bytes()
    for bit in random.Random(1).sample(range(8 * len(data)), 800):
        file.write_bytes(flip(data, bit))
        assert (damage_of(file) or f"{file}: damaged (").startswith(f"{file}: damaged (")


@pytest.mark.parametrize("harm", [b"", b"PAR1", b"not parquet at all, but long enough"])
def test_what_is_no_parquet_is_one_line(file: Path, harm: bytes) -> None:
    file.write_bytes(harm)
    for read in (read_records, count_rows):
        with pytest.raises(GaokerenaError, match=r"damaged \("):
            read(file)
