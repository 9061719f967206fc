"""What somebody asked to be left out."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.curate.texts.input_index import read_batches
from gaokerena_data.datasets.declaration import TAKEDOWN
from gaokerena_data.datasets.kind import Kind
from gaokerena_data.datasets.record_files import read_records
from gaokerena_data.takedowns.matching import TakedownMatcher
from gaokerena_data.takedowns.requests import Takedowns
from gaokerena_data.workspace import whole_file

NAME = TAKEDOWN
NAMED, SAME = "taken_down", "says_what_was_taken_down"

type Places = dict[tuple[int, int], str]


def drop_taken_down(table: pa.Table, curating: Curating) -> Sifted:
    """Drop what its author, its site or a patient asked to be left out, and what says the same.

    An id that a row had before its answers were parted takes all of them down.
    """
    matcher = curating.takedowns
    if matcher.is_empty:
        return leave_out(table, np.zeros(table.num_rows, np.bool_), NAME, NAMED)
    if curating.taken_down is None:
        curating.taken_down = _find_texts(curating.files, curating.declaration.kind, matcher)
    named = matcher.by_names(table["id"], table["url"], table["thread"])
    whole = _taken_down_whole(curating.files, matcher.takedowns)
    places = zip(table["file"].to_pylist(), table["row"].to_pylist(), strict=True)
    same = [curating.taken_down.get(place) for place in places]
    if whole:
        for row, (record_id, origin) in enumerate(
            zip(table["id"].to_pylist(), table["origin"].to_pylist(), strict=True)
        ):
            if reason := whole.get((record_id.rpartition("-")[0], origin)):
                named.setdefault(row, reason)
    reasons = [named.get(row, found) for row, found in enumerate(same)]
    gone = np.array([reason is not None for reason in reasons], np.bool_)
    return leave_out(
        table,
        gone,
        NAME,
        [NAMED if row in named else SAME for row in np.flatnonzero(gone).tolist()],
        detail=pa.array(reasons, pa.string()),
    )


def _find_texts(files: Sequence[Path], kind: Kind, matcher: TakedownMatcher) -> Places:
    """Why rows of the extracted files may not be published, by file and row."""
    found: Places = {}
    if not matcher.knows_texts:
        return found
    is_pair = kind.thread is not None
    for number, file in enumerate(files):
        for first, batch in read_batches(file, kind):
            heading, body = (batch.column(name) for name in kind.texts)
            for each in (body, *(batch.column(name) for name in kind.others)):
                for row, meant in matcher.by_texts(heading, each, is_pair=is_pair).items():
                    found[number, first + row] = meant.request.reason
    return found


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
    "what its author, its site or a patient asked to be left out, and what says the same",
    (NAMED, SAME),
    drop_taken_down,
)
