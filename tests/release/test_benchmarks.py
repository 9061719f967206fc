from pathlib import Path

import pytest
from datasets import load_dataset

from gaokerena_data.benchmarks.imports import import_benchmark
from gaokerena_data.datasets.benchmarks.mmlu_medical_fa import MMLU_SUBJECTS
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.release.build import Release, release
from gaokerena_data.workspace import Workspace
from tests.benchmarks.exam_rows import ibmsee_row, mmlu_row
from tests.imports.spreadsheets import write_xlsx
from tests.release.versions import import_mmlu


@pytest.fixture(scope="module")
def mmlu(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("mmlu")
    workspace = Workspace(folder / "workspace")
    import_mmlu(workspace, folder)
    return release(workspace, "mmlu_medical_fa", "1.0.0")


def test_every_subject_is_a_config(mmlu: Release, tmp_path: Path) -> None:
    assert list(mmlu.manifest["rows"]) == list(MMLU_SUBJECTS)
    for subject in MMLU_SUBJECTS:
        test = load_dataset(str(mmlu.folder), subject, split="test", cache_dir=str(tmp_path))
        assert test.num_rows == 4
        assert set(test["subject"]) == {subject}
        assert test["answer"] == [1, 2, 3, 4]


def test_without_a_config_all_subjects_are_loaded(mmlu: Release, tmp_path: Path) -> None:
    dataset = load_dataset(str(mmlu.folder), cache_dir=str(tmp_path))
    assert list(dataset) == ["test"]
    assert dataset["test"].num_rows == 24
    assert set(dataset["test"]["subject"]) == set(MMLU_SUBJECTS)


def test_a_benchmark_is_released_whole_or_not_at_all(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    file = write_xlsx(tmp_path / "mmlu-anatomy_fa.xlsx", [mmlu_row(1)])
    import_benchmark(workspace, "mmlu_medical_fa", file)
    with pytest.raises(GaokerenaError, match="clinical_knowledge is missing"):
        release(workspace, "mmlu_medical_fa", "1.0.0")
    with pytest.raises(GaokerenaError, match="gaokerena import ibmsee"):
        release(workspace, "ibmsee", "1.0.0")


def test_a_corrected_key_is_a_patch_and_the_file_order_is_kept(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    rows = [ibmsee_row(n) for n in (5, 2, 9, 1)]
    import_benchmark(workspace, "ibmsee", write_xlsx(tmp_path / "a.xlsx", rows))
    first = release(workspace, "ibmsee", "1.0.0")
    loaded = load_dataset(str(first.folder), split="test", cache_dir=str(tmp_path / "cache"))
    assert loaded["Question"] == [row["Question"] for row in rows]
    rows[2]["Correct answer"] = 4
    import_benchmark(workspace, "ibmsee", write_xlsx(tmp_path / "b.xlsx", rows))
    assert release(workspace, "ibmsee", "1.0.1").is_new
