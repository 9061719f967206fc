import re
import shutil
from pathlib import Path

import pytest
from datasets import load_dataset

from tests.demo.demonstration import Demo, run_demo


def check_sums(told: str) -> None:
    """What is kept changes with the rules of curation; that nothing vanishes does not."""
    sums = re.search(r"(\d+) records in = (\d+) kept \+ (\d+) in the ledger", told)
    assert sums is not None
    came, kept, left = map(int, sums.groups())
    assert came == kept + left == 158


def test_the_whole_way_on_the_replica_sites(demo: Demo, tmp_path: Path) -> None:
    check_sums(demo.told)
    published = demo.folder / "published" / "mf3qa"
    dataset = load_dataset(str(published), cache_dir=str(tmp_path / "cache"))
    assert set(dataset["test"]["Source"]) == {"doctoryab", "isovisit"}
    assert all(url.startswith("https://") for url in dataset["train"]["url"])
    # The paths that it names at the end are there to look at.
    for line in demo.told.split("Look at:")[1].split("\n"):
        if line.strip():
            assert Path(line.split()[0]).exists()


@pytest.mark.thorough
def test_a_demo_begins_afresh_in_the_folder_of_an_earlier_one(demo: Demo, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(demo.folder, folder)
    again = run_demo(folder)
    assert again.returncode == 0, again.stderr
    check_sums(again.stdout)


def test_a_folder_with_other_work_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = run_demo(tmp_path)
    assert done.returncode == 1
    assert "holds other work" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "mine"
