"""Short answers beyond their share: a model that learns from too many becomes curt."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.scorers import ScoresSettings
from gaokerena_data.curate.sifted import Sifted, leave_out

NAME = "short_share@1"
REASON = "short_beyond_the_share"


def drop_short_beyond(
    table: pa.Table,
    short_words: int,
    max_share: float,
    may_train: npt.NDArray[np.bool_],
    was_released: npt.NDArray[np.bool_],
) -> Sifted:
    """Drop the short rows to learn from that are more than their share of what stays.

    Those that were released stay first, then those of the highest `worth`, then by id. Of four long
    rows and four short ones, a share of 0.2 keeps one of the short ones: one of five.

    Args:
        table: the records under curation, with their scores.
        short_words: words of the answer below which a row is short.
        max_share: of the rows that stay, 0..1; 1 keeps all.
        may_train: one a row; test rows are neither counted nor dropped.
        was_released: one a row.
    """
    short = pc.less(table["body_words"], short_words).to_numpy() & may_train
    long = int(may_train.sum() - short.sum())
    allowed = table.num_rows if max_share >= 1 else int(max_share * long / (1 - max_share) + 1e-9)
    rows = np.flatnonzero(short)
    ids = np.array(table["id"].to_pylist(), dtype=object)[rows]
    worth = table["worth"].to_numpy()[rows]
    order = sorted(
        range(len(rows)), key=lambda k: (not was_released[rows[k]], -float(worth[k]), ids[k])
    )
    gone = np.zeros(table.num_rows, np.bool_)
    gone[rows[order[allowed:]]] = True
    share = len(rows) / max(len(rows) + long, 1)
    return leave_out(
        table,
        gone,
        NAME,
        REASON,
        value=pa.array(np.full(table.num_rows, share)),
        threshold=max_share,
    )


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    scores = curating.read(ScoresSettings).scores
    released = [each in curating.released for each in table["id"].to_pylist()]
    return drop_short_beyond(
        table,
        scores.short_words,
        scores.max_short_share,
        curating.may_train(table),
        np.array(released, np.bool_),
    )


RULE = Rule(
    NAME,
    "rows to learn from of fewer than `scores.short_words` words, where these are more than "
    "`scores.max_short_share` of what stays: those of the highest `worth` stay",
    (REASON,),
    _apply,
    ScoresSettings,
)
