import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from datasets import load_dataset

from gaokerena_data.datasets.kind import QUESTION_ANSWER
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.release.build import Release, release
from gaokerena_data.release.parquet import MAX_GROUP_BYTES, group_rows
from gaokerena_data.takedowns.requests import add_takedown
from gaokerena_data.workspace import Workspace, sha256_file
from tests.files import files_of
from tests.pairs import answer, clean_records, pair, question
from tests.release.versions import released


def test_load_dataset_gives_the_published_columns(made: Release, tmp_path: Path) -> None:
    dataset = load_dataset(str(made.folder), cache_dir=str(tmp_path))
    assert list(dataset) == ["train", "dev", "test"]
    for split in dataset.values():
        assert split.column_names == list(QUESTION_ANSWER.published)
        assert split["id"] == sorted(split["id"])
    uncleaned = load_dataset(str(made.folder), "uncleaned", cache_dir=str(tmp_path))
    assert sum(split.num_rows for split in uncleaned.values()) == 70


def test_the_manifest_is_true_of_the_folder(made: Release) -> None:
    manifest = json.loads((made.folder / "manifest.json").read_text("utf-8"))
    assert manifest == made.manifest
    assert set(manifest["files"]) | {"manifest.json"} == set(files_of(made.folder))
    for name, facts in manifest["files"].items():
        assert sha256_file(made.folder / name) == facts["sha256"]
        assert (made.folder / name).stat().st_size == facts["bytes"]
    rows = manifest["rows"]["default"]
    assert {split: facts["rows"] for split, facts in rows.items()} == {
        split: pq.read_metadata(made.folder / f"data/{split}-00000-of-00001.parquet").num_rows
        for split in ("train", "dev", "test")
    }
    assert rows["test"]["sources"] == {"doctoryab": 10}


@pytest.mark.thorough
def test_two_workspaces_give_the_same_bytes(made: Release, tmp_path: Path) -> None:
    other = released(Workspace(tmp_path), clean_records(), "1.0.0")
    assert files_of(other.folder) == files_of(made.folder)
    again = release(Workspace(tmp_path), "mf3qa", "1.0.0")
    assert not again.is_new
    assert files_of(again.folder) == files_of(made.folder)


def test_a_version_is_never_made_twice_with_other_content(made: Release, begun: Workspace) -> None:
    folder = begun.release("mf3qa", "1.0.0")
    before = files_of(folder)
    assert before == files_of(made.folder)
    more = [*clean_records(), pair("drhast", question(300), answer(300))]
    with pytest.raises(GaokerenaError, match="exists with other content"):
        released(begun, more, "1.0.0")
    assert files_of(folder) == before
    assert released(begun, more, "1.1.0").is_new


def test_a_split_without_a_row_is_left_out(tmp_path: Path) -> None:
    only_train = [record for record in clean_records() if record.source == "drhast"]
    made = released(Workspace(tmp_path), only_train, "1.0.0")
    assert list(made.manifest["rows"]["default"]) == ["train"]
    loaded = load_dataset(str(made.folder), cache_dir=str(tmp_path / "cache"))
    assert {split: rows.num_rows for split, rows in loaded.items()} == {"train": 20}


def test_nothing_kept_is_nothing_to_release(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match="no record was kept"):
        released(Workspace(tmp_path), [pair("drhast", question(1), "بله")], "1.0.0")


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "../1.0.0"])
def test_what_is_no_version_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(GaokerenaError, match=r"MAJOR\.MINOR\.PATCH"):
        release(Workspace(tmp_path), "mf3qa", version)


def test_the_card_states_the_numbers_and_names_every_split(made: Release) -> None:
    card = (made.folder / "README.md").read_text("utf-8")
    _, head, body = card.split("---\n", 2)
    metadata = yaml.safe_load(head)
    assert metadata["language"] == ["fa"]
    assert metadata["license"] == "cc-by-nc-sa-4.0"
    assert metadata["size_categories"] == ["n<1K"]
    names = [config["config_name"] for config in metadata["configs"]]
    assert names == list(made.manifest["rows"])
    assert names[0] == "default"
    assert [file["split"] for file in metadata["configs"][0]["data_files"]] == [
        "train",
        "dev",
        "test",
    ]
    assert "70 records went in" in body
    for gap in ("{{", "}}", "More Information Needed", "None", "Undefined"):
        assert gap not in body


def test_a_later_version_keeps_the_order_and_tells_what_changed(begun: Workspace) -> None:
    workspace, first = begun, begun.release("mf3qa", "1.0.0")
    before = pq.read_table(first / "uncleaned/train-00000-of-00001.parquet")["id"].to_pylist()
    more = [
        *clean_records()[1:],
        *(pair("drhast", question(n), answer(n)) for n in range(300, 305)),
    ]
    with pytest.raises(
        GaokerenaError, match=r"1\.0\.1 is too small a step .* give 1\.1\.0 or more"
    ):
        released(workspace, more, "1.0.1")
    second = release(workspace, "mf3qa", "1.1.0")
    files = sorted((second.folder / "uncleaned").glob("train-*"))
    assert [file.name for file in files] == [
        "train-00000-of-00002.parquet",
        "train-00001-of-00002.parquet",
    ]
    after = [each for file in files for each in pq.read_table(file)["id"].to_pylist()]
    gone = clean_records()[0].id
    added = {record.id for record in more[-5:]}
    assert after == [each for each in before if each != gone] + sorted(added)
    newest, oldest = json.loads((second.folder / "changelog.json").read_text("utf-8"))
    assert (newest["version"], newest["previous"], newest["level"]) == ("1.1.0", "1.0.0", "minor")
    assert newest["changes"]["uncleaned"]["added"] == {"drhast": 5}
    assert newest["changes"]["uncleaned"]["removed"] == {"niniban": 1}
    assert (oldest["version"], oldest["previous"], oldest["changes"]) == ("1.0.0", None, {})
    assert second.manifest["previous"] == {
        "version": "1.0.0",
        "sha256": sha256_file(first / "manifest.json"),
    }
    assert workspace.release_ledger("mf3qa", "1.1.0").is_file()
    # The older version can still be made again, the newer one notwithstanding.
    released(workspace, clean_records(), "1.0.0")


def test_row_groups_fit_the_viewer() -> None:
    article = "قلب خون را به همه اندام‌ها می‌رساند. " * 120
    table = pa.table({"id": [str(n) for n in range(200)], "content": [article] * 200})
    rows = group_rows(table)
    assert rows & (rows - 1) == 0
    assert rows * table.nbytes / table.num_rows <= MAX_GROUP_BYTES < 300 * 1024**2
    assert 2 * rows * table.nbytes / table.num_rows > MAX_GROUP_BYTES


def test_what_was_taken_down_after_the_curation_is_not_released(tmp_path: Path) -> None:
    room = Workspace(tmp_path)
    records = clean_records()
    released(room, records, "1.0.0")
    add_takedown(room, records[0].thread_id, "asked by its author")
    with pytest.raises(GaokerenaError, match="asked to be taken down after mf3qa was curated"):
        release(room, "mf3qa", "1.0.1")
    assert not room.release("mf3qa", "1.0.1").exists()
