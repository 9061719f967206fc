"""A whole site is purged: its pages too that no record was made of."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gaokerena_data.purge.run import Purge, alone_in
from gaokerena_data.takedowns.requests import add_takedown
from gaokerena_data.workspace import Workspace
from tests.purge.conftest import Command
from tests.purge.needles import holders

NO_TEXT = pa.py_buffer(b"\xff\xfe")


def test_no_page_of_a_site_is_left_in_archive_or_frontier(workspace: Workspace) -> None:
    add_takedown(workspace, "drhast.com", "its owner asked")
    with alone_in(workspace):
        work = Purge(workspace)
        assert work.look_up()
        assert not work.run().left
    for folder in ("archive", "frontier"):
        assert not holders(workspace.root / folder, ["drhast.com"])


@pytest.mark.thorough
def test_a_text_that_is_none_is_named(workspace: Workspace, gaokerena: Command) -> None:
    file = workspace.root / "extracted/question_answer/niniban/odd.parquet"
    _write_odd(file)
    done = gaokerena("purge", "--yes")
    assert done.returncode == 1
    assert f"{file}: cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def _write_odd(file: Path) -> None:
    offsets = pa.array([0, 2], pa.int32()).buffers()[1]
    odd = pa.Array.from_buffers(pa.string(), 1, [None, offsets, NO_TEXT])
    row = {"id": ["niniban-0123456789abcdef"], "question": odd, "answer": ["بله"]}
    pq.write_table(pa.table(row), file)
