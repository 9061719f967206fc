"""A curation that is decided and not written: what new thresholds would change."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.decide import decide
from gaokerena_data.curate.lock import only_one
from gaokerena_data.curate.measures.engines import Engine
from gaokerena_data.curate.rules.repeated_record import drop_repeated
from gaokerena_data.curate.run import curated_folder, no_room_told
from gaokerena_data.curate.settings import dump_settings
from gaokerena_data.curate.texts.signal_store import SignalStore
from gaokerena_data.curate.told.compare import Change, Comparison, compare, pick
from gaokerena_data.curate.told.earlier_runs import find_run
from gaokerena_data.curate.told.private import is_private
from gaokerena_data.datasets.registry import find_dataset
from gaokerena_data.progress import Progress
from gaokerena_data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change, and enough to judge it.

    Args:
        comparison: with a curation that was made.
        samples: (kind, rule, all of its changes, some of them), as `Comparison.groups` orders them.
        texts: id -> field -> normalized text of the records in `samples` and of their keepers.
    """

    comparison: Comparison
    samples: list[tuple[str, str, int, list[Change]]]
    texts: dict[str, dict[str, str]]


def preview(
    workspace: Workspace,
    dataset: str,
    progress: Progress,
    engine: Engine,
    preset: str,
    run: str,
    samples: int,
) -> Preview:
    """Apply the thresholds of now, and compare with a curation that was made.

    Texts that were never measured are measured and kept; nothing else is written.

    Args:
        workspace: where to read.
        dataset: its name.
        progress: told (step, done, total) as it goes.
        engine: who measures.
        preset: our rules or the authors' own.
        run: the curation: "last", a curated folder, or a released version.
        samples: records to show of each change.

    Raises:
        GaokerenaError: no such curation, or anything that stops a curation.
    """
    declaration = find_dataset(workspace, dataset)
    earlier = find_run(workspace, dataset, run, curated_folder(workspace, dataset, preset))
    with no_room_told(workspace), only_one(workspace, declaration):
        decided = decide(workspace, declaration, progress, engine, preset)
    curating = decided.curating
    comparison = compare(
        earlier,
        decided.ledger,
        dump_settings(curating.settings),
        curating.inputs,
    )
    shown = [
        (kind, rule, len(changes), pick(changes, samples))
        for kind, rule, changes in comparison.groups()
    ]
    texts = _texts_of(
        [change for *_, some in shown for change in some],
        decided.numbers,
        curating.store,
        declaration.kind.texts,
    )
    return Preview(comparison, shown, texts)


def _texts_of(
    changes: list[Change], numbers: pa.Table, store: SignalStore, fields: tuple[str, str]
) -> dict[str, dict[str, str]]:
    private = {
        row.id for change in changes for row in (change.before, change.after) if is_private(row)
    }
    wanted = {change.after.id for change in changes}
    wanted |= {
        row.keeper
        for change in changes
        for row in (change.before, change.after)
        if row.keeper is not None
    }
    numbers = drop_repeated(numbers).kept
    rows = numbers.filter(pc.is_in(numbers["id"], pa.array(sorted(wanted - private), pa.string())))
    texts = store.read(rows["key"], ["heading", "body"])
    columns = (rows["id"], texts["heading"], texts["body"])
    return {
        record_id: dict(zip(fields, (heading, body), strict=True))
        for record_id, heading, body in zip(*(c.to_pylist() for c in columns), strict=True)
    }
