"""scores.parquet: what a scorer says of every record that was measured, kept or not."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gaokerena_data.curate.decide import Decided
from gaokerena_data.curate.rules.repeated_record import drop_repeated
from gaokerena_data.curate.rules.takedown import drop_taken_down
from gaokerena_data.datasets.configs import SCORES_FILE, SCORES_SCHEMA
from gaokerena_data.text.near_duplicates.clusters import clusters

_ALIKE = ("exact_duplicate", "near_duplicate")


def write_scores(decided: Decided, folder: Path) -> None:
    """Write the scores of a curation, in id order; nothing where the dataset has no scorer.

    What was taken down is not among them.

    Args:
        decided: what was decided, with the measured numbers of all records.
        folder: of the curation.
    """
    if decided.curating.scores is None:
        return
    table = drop_repeated(decided.numbers).kept
    table = drop_taken_down(table, decided.curating).kept.sort_by("id")
    table = table.append_column("similar_rows", _similar_rows(table["id"], decided.ledger))
    table = table.select(SCORES_SCHEMA.names).cast(SCORES_SCHEMA)
    pq.write_table(
        table.combine_chunks(), folder / SCORES_FILE, compression="zstd", write_page_checksum=True
    )


def _similar_rows(ids: pa.ChunkedArray, ledger: pa.Table) -> pa.Array:
    """How many other records are (nearly) the same as each, as duplicates were left out."""
    names = ids.combine_chunks()
    rules = pc.list_element(pc.split_pattern(ledger["step"], "@"), 0)
    alike = ledger.filter(pc.is_in(rules, pa.array(_ALIKE)))
    one = pc.index_in(alike["id"], value_set=names)
    other = pc.index_in(alike["keeper"], value_set=names)
    known = pc.and_(pc.is_valid(one), pc.is_valid(other))
    first, second = (each.filter(known).to_numpy().astype(np.int64) for each in (one, other))
    labels = clusters(first, second, len(names))
    return pa.array(np.bincount(labels, minlength=len(names))[labels] - 1, pa.int32())
