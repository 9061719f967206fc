"""What a takedown asks for: the other records that say the same."""

from gaokerena_data.curate.told.earlier_runs import find_run
from gaokerena_data.datasets.registry import DATASETS, use_workspace
from gaokerena_data.workspace import Workspace


def twins_of(workspace: Workspace, target: str) -> dict[str, list[str]]:
    """The records that are equal or nearly equal to one, in all datasets that are curated.

    Nearly equal is what curation calls a near-duplicate. A record that curation dropped for another
    one counts too: it comes back when that one goes.

    Args:
        workspace: where the datasets are.
        target: the id of a record, or of a thread.

    Returns:
        Dataset -> ids in order, without those that are taken down already.

    Raises:
        GaokerenaError: a curation cannot be read, or its signals are gone.
    """
    use_workspace(workspace)
    datasets = [
        each for each in DATASETS.values() if (workspace.curated(each.name) / "run.json").is_file()
    ]
    if not datasets:
        return {}

    from gaokerena_data.curate.told.similar_lookup import Sought
    from gaokerena_data.curate.told.similar_records import read_records

    curated = [
        read_records(
            workspace, each, find_run(workspace, each.name, "last", workspace.curated(each.name))
        )
        for each in datasets
    ]
    sought = {
        (known.declaration.kind.name, Sought(*texts))
        for known in curated
        for texts in known.texts_of([row["key"] for row in known.named(target)])
    }
    twins: dict[str, list[str]] = {}
    for records in curated:
        kind, threshold = records.declaration.kind, records.settings.threshold
        texts = [each for name, each in sorted(sought) if name == kind.name]
        # Candidates are looked for in the longer of what is compared.
        keys = {
            each.key
            for each in records.search(texts, kind.compared[-1:])
            if min(each.of(side) for side in kind.compared) >= threshold
        }
        ids = {
            row["id"]
            for row in records.rows_of(sorted(keys))
            if target not in (row["id"], row["thread"]) and not records.is_taken_down(row)
        }
        if ids:
            twins[records.declaration.name] = sorted(ids)
    return twins
