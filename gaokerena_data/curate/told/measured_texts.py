"""The texts of a dataset as they were measured: what scorers are trained on, and score."""

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.rules.personal_data import name_model_of
from gaokerena_data.curate.rules.repeated_record import drop_repeated
from gaokerena_data.curate.settings import load_settings
from gaokerena_data.curate.texts.input_index import INDEX, hash_inputs, input_files, read_index
from gaokerena_data.curate.texts.signal_store import SignalStore
from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.takedowns.matching import read_matcher
from gaokerena_data.workspace import Workspace


def measured_texts(workspace: Workspace, declaration: Declaration) -> pa.Table:
    """Every record of a dataset once, in id order, but for what was taken down.

    Args:
        workspace: with the dataset curated: what was not measured is not measured now.
        declaration: of the dataset.

    Returns:
        Columns `id`, `source`, `thread`, and `heading` and `body`, normalized and without
        personal data.

    Raises:
        GaokerenaError: there are no records, or some that were never measured.
    """
    kind = declaration.kind
    settings = load_settings(workspace, declaration)
    files = input_files(workspace, kind, settings.sources)
    store = SignalStore(
        workspace, kind, settings.near_duplicates, declaration.language, name_model_of(settings)
    )
    inputs = hash_inputs(workspace, files)
    index = read_index(files, inputs.values(), kind, store.folder.parent / INDEX)
    index = drop_repeated(index).kept.sort_by("id")
    if not pc.all(pc.is_in(index["key"], value_set=store.known_keys())).as_py():
        raise GaokerenaError(
            f"{store.folder}: not all records of {declaration.name} were measured; run "
            f"`gaokerena curate {declaration.name}` first"
        )
    texts = store.read(index["key"], ["heading", "body"])
    table = index.select(["id", "source", "thread"])
    for name in texts.column_names:
        table = table.append_column(name, texts[name])
    reasons = read_matcher(workspace).reasons(
        table["id"], None, table["heading"], table["body"], is_pair=kind.thread is not None
    )
    return table.filter(pa.array([reason is None for reason in reasons], pa.bool_()))
