"""A split is written from the texts of the last one, where they stay: faster, and nothing else."""

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.cache_files import read_kept_rows
from gaokerena_data.curate.run import Curation, curate
from gaokerena_data.curate.texts import signal_store as signals
from gaokerena_data.curate.texts import whole_records as rows
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.articles import article, write_articles
from tests.curate.shards import left_behind
from tests.files import files_of

COUNT = 40


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few texts at once that forty articles are many parts, from many shards."""
    monkeypatch.setattr(rows, "_ROWS_AT_ONCE", 6)
    monkeypatch.setattr(signals, "SHARD_ROWS", 8)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    room = Workspace(tmp_path / "workspace")
    write_articles(room, [article(number) for number in range(COUNT)])
    return room


def run(workspace: Workspace) -> Curation:
    return curate(workspace, "medical_corpus", lambda *_: None, workers=1)


def split_of(workspace: Workspace) -> Path:
    return workspace.curated("medical_corpus") / "default" / "train.parquet"


def texts_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts are read from shards to be written, call by call."""
    counts: list[int] = []

    def counted(file: Path, columns: list[str], wanted: Any) -> pa.Table:
        if "heading" in columns and "body" in columns:
            counts.append(len(wanted))
        return read_kept_rows(file, columns, wanted)

    monkeypatch.setattr("gaokerena_data.curate.texts.signal_store.read_kept_rows", counted)
    return counts


def test_many_parts_are_what_one_would_be(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pq.read_table(run(workspace).folder / "default" / "train.parquet")
    assert table.num_rows == COUNT
    assert table["id"].to_pylist() == sorted(table["id"].to_pylist())
    monkeypatch.setattr(rows, "_ROWS_AT_ONCE", 1_000)
    shutil.rmtree(workspace.root / "curated")
    assert pq.read_table(run(workspace).folder / "default" / "train.parquet").equals(table)
    assert left_behind(workspace) == []


def test_only_new_texts_are_read_from_shards_and_the_bytes_are_those_of_a_run_from_scratch(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown = [*map(article, range(COUNT)), *map(article, range(100, 105))]
    scratch = Workspace(tmp_path / "scratch")
    write_articles(scratch, grown)
    expected = files_of(run(scratch).folder)
    run(workspace)
    write_articles(workspace, grown)
    counts = texts_read(monkeypatch)
    assert files_of(run(workspace).folder) == expected
    assert sum(counts) == 5


def test_a_page_without_a_title_has_none_again(workspace: Workspace) -> None:
    untitled = [article(number, title=None) for number in range(COUNT)]
    write_articles(workspace, untitled)
    for _ in range(2):
        run(workspace)
        assert pq.read_table(split_of(workspace))["title"].null_count == COUNT


def edited(file: Path) -> None:
    """One word of one text is another, and the file is written as it was."""
    table = pq.read_table(file)
    texts = table["content"].to_pylist()
    texts[3] = texts[3].replace("درمان", "درمار")
    place = table.column_names.index("content")
    table = table.set_column(place, "content", pa.array(texts))
    pq.write_table(table, file, compression="lz4", row_group_size=1_000)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("change", [edited, emptied, Path.unlink])
def test_a_split_that_is_no_longer_what_was_written_is_not_believed(
    workspace: Workspace, change: Any
) -> None:
    before = files_of(run(workspace).folder)
    change(split_of(workspace))
    assert files_of(run(workspace).folder) == before


def test_a_split_that_the_disk_damaged_is_named(workspace: Workspace) -> None:
    before = files_of(run(workspace).folder)
    file = split_of(workspace)
    data = file.read_bytes()
    about = pq.read_metadata(file).row_group(0)
    place = pq.read_schema(file).names.index("content")
    middle = about.column(place).data_page_offset + about.column(place).total_compressed_size // 2
    file.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    with pytest.raises(GaokerenaError, match=r"train\.parquet: damaged .*delete it"):
        run(workspace)
    file.unlink()
    assert files_of(run(workspace).folder) == before
    assert left_behind(workspace) == []


def test_what_is_known_of_another_preset_or_dataset_is_not_used(workspace: Workspace) -> None:
    """Splits of one name in two folders are told apart."""
    run(workspace)
    notes = {file.name for file in workspace.root.glob("signals/*/*/written/*")}
    assert notes == {"medical_corpus-train.parquet"}
