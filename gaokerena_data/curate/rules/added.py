"""Rules that somebody added: what they make of records is not believed before it is looked at."""

from collections.abc import Iterator

import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted
from gaokerena_data.errors import GaokerenaError, reason_of


def apply_added(rule: Rule, table: pa.Table, curating: Curating) -> Sifted:
    """What a rule of a workspace or of another package makes of records.

    Raises:
        GaokerenaError: it fails, returns something else, or gives records the texts of others.
    """
    try:
        return _looked_at(rule, table, curating)
    except GaokerenaError:
        raise
    except (Exception, SystemExit) as error:  # whatever somebody's rule does
        what = f"{type(error).__name__}: {reason_of(error)}"
        raise GaokerenaError(
            f"{rule.name}: fails on these records ({what}); mend the rule, nothing was written"
        ) from None


def _looked_at(rule: Rule, table: pa.Table, curating: Curating) -> Sifted:
    sifted: object = rule.apply(table, curating)
    if not isinstance(sifted, Sifted):
        raise TypeError(f"it returns {type(sifted).__name__}, not what leave_out returns")
    missing = set(table.column_names) - set(sifted.kept.column_names)
    if missing:
        raise ValueError(f"it takes the column {min(missing)} away")
    texts = dict(_texts_of(table))
    if any(texts.get(record) != key for record, key in _texts_of(sifted.kept)):
        raise ValueError("it gives records the texts of others")
    return sifted


def _texts_of(table: pa.Table) -> Iterator[tuple[tuple[str, int, int], str]]:
    """The record of each row, and the key of its texts."""
    columns = (table[name].to_pylist() for name in ("id", "file", "row", "key"))
    for record_id, file, row, key in zip(*columns, strict=True):
        yield (record_id, file, row), key
