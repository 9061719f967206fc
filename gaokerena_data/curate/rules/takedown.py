"""What somebody asked to be left out."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.datasets.record_files import read_records
from gaokerena_data.takedowns import Takedowns
from gaokerena_data.workspace import whole_file

NAME = "takedown@1"


def drop_taken_down(table: pa.Table, takedowns: Takedowns, files: Sequence[Path] = ()) -> Sifted:
    """Drop what its author, its site or a patient asked to be left out.

    Args:
        table: the records under curation.
        takedowns: the requests.
        files: the extracted files: an id that a row had before its answers were parted takes all
            of them down.
    """
    reasons: list[str | None] = [None] * table.num_rows
    if takedowns.requests:
        whole = _taken_down_whole(files, takedowns)
        names = ("id", "thread", "url", "origin")
        rows = zip(*(table[name].to_pylist() for name in names), strict=True)
        reasons = [
            takedowns.matches(record_id, url)
            or takedowns.matches(thread, url)
            or whole.get((record_id.rpartition("-")[0], origin))
            for record_id, thread, url, origin in rows
        ]
    return leave_out(
        table,
        np.array([reason is not None for reason in reasons], dtype=bool),
        NAME,
        "taken_down",
        detail=pa.array(reasons, pa.string()),
    )


def _taken_down_whole(files: Sequence[Path], takedowns: Takedowns) -> dict[tuple[str, str], str]:
    """Why imported rows were taken down as they stood, by source and origin."""
    asked = {each.target: each.reason for each in takedowns.requests if each.kind == "id"}
    found: dict[tuple[str, str], str] = {}
    for stood in filter(Path.is_file, map(whole_file, files)) if asked else ():
        rows = read_records(stood)
        rows = rows.filter(pc.is_in(rows["id"], pa.array(sorted(asked), pa.string())))
        for row in rows.to_pylist():
            where = row["provenance"]
            origin = f"{where['import_file']}:{where['import_row']}"
            found[row["source"], origin] = asked[row["id"]]
    return found


RULE = Rule(
    NAME,
    "what its author, its site or a patient asked to be left out",
    ("taken_down",),
    lambda table, curating: drop_taken_down(table, curating.takedowns, curating.files),
)
