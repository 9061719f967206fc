"""`gaokerena import` and what it says when it is given something else."""

from pathlib import Path

import pytest

from gaokerena_data.workspace import Workspace
from tests.benchmarks.exam_rows import ibmsee_row, mmlu_row
from tests.command_line import CommandLine
from tests.imports.spreadsheets import write_xlsx


@pytest.mark.parametrize("name", ["kopp", "nonsense", "IBMSEE2", ""])
def test_an_unknown_name_lists_sources_and_benchmarks(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine, name: str
) -> None:
    done = gaokerena("import", name, tmp_path / "a.xlsx")
    assert done.code == 1
    assert done.err.count("\n") == 1
    for known in ("niniban", "drhast", "ibmsee", "mmlu_medical_fa", "kqa_fa"):
        assert known in done.err


def test_two_files_of_one_part_of_a_benchmark_are_refused(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine
) -> None:
    files = [write_xlsx(tmp_path / f"{name}.xlsx", [ibmsee_row(n)]) for n, name in enumerate("ab")]
    done = gaokerena("import", "ibmsee", *files)
    assert done.code == 1
    assert str(files[0]) in done.err
    assert str(files[1]) in done.err
    assert not workspace.root.exists()


def test_parts_of_a_benchmark_are_imported_together_or_not_at_all(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine
) -> None:
    names = ("mmlu-anatomy_fa", "mmlu-college_biology_fa")
    files = [write_xlsx(tmp_path / f"{name}.xlsx", [mmlu_row(1)]) for name in names]
    bad = tmp_path / "mmlu-college_medicine_fa.csv"
    bad.write_text("a,b\n1,2\n")
    assert gaokerena("import", "mmlu_medical_fa", *files, bad).code == 1
    assert not workspace.benchmark("mmlu_medical_fa").exists()
    assert gaokerena("import", "mmlu_medical_fa", *files).code == 0
    assert len(list(workspace.benchmark("mmlu_medical_fa").glob("*.ledger.parquet"))) == 2


def test_a_file_that_takes_another_s_place_says_so(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine
) -> None:
    first = write_xlsx(tmp_path / "a.xlsx", [ibmsee_row(1)])
    second = write_xlsx(tmp_path / "b.xlsx", [ibmsee_row(2)])
    assert "takes the place" not in gaokerena("import", "ibmsee", first).out
    assert "takes the place" not in gaokerena("import", "ibmsee", first).out
    assert "takes the place of a.xlsx" in gaokerena("import", "ibmsee", second).out


@pytest.mark.parametrize("source", ["drhast", "ibmsee"])
def test_what_is_no_file_is_told(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine, source: str
) -> None:
    folder = tmp_path / "a.xlsx"
    folder.mkdir()
    assert "is a folder" in gaokerena("import", source, folder).err
    assert "no such file" in gaokerena("import", source, tmp_path / "none.xlsx").err
    assert "neither a file nor a folder" in gaokerena("import", source, Path("/dev/null")).err


def test_a_folder_whose_name_looks_like_a_partition_adds_no_column(
    tmp_path: Path, workspace: Workspace, gaokerena: CommandLine
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path / "source=other"
    folder.mkdir()
    pq.write_table(pa.table({"Question": ["تب"], "Answer": ["آب"]}), folder / "a.parquet")
    done = gaokerena("import", "drhast", folder / "a.parquet")
    assert "1 rows = 1 records + 0 ledger rows" in done.out
