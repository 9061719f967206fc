"""The thresholds of a dataset: those that its rules read, and nothing else."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from gaokerena_data.curate.rules.registry import are_known, rules_of
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.datasets.declaration import Declaration, Preset
from gaokerena_data.datasets.registry import DATASETS
from gaokerena_data.datasets.settings import (
    DatasetSettings,
    default_table,
    own_table,
    settings_of,
)
from gaokerena_data.datasets.toml_files import read_toml
from gaokerena_data.nested import overlaid
from gaokerena_data.workspace import Workspace

# The order in which run.json and manifests have named the keys since 0.1: their bytes stay.
_FIRST = (
    "repository",
    "sources",
    "languages",
    "min_persian_share",
    "drop_personal_data",
    "quality",
    "near_duplicates",
    "decontamination",
)
_LAST = ("review",)


def load_settings(
    workspace: Workspace, declaration: Declaration, preset: Preset | None = None
) -> DatasetSettings:
    """The packaged thresholds, with those of the declaration and of the workspace laid over them.

    All tables of the workspace's gaokerena.toml are checked, whichever dataset is asked for.

    Args:
        workspace: its gaokerena.toml need not exist.
        declaration: the dataset.
        preset: the way it is curated, where that is not the dataset's own.

    Raises:
        GaokerenaError: unreadable TOML, an unknown key or a value out of range, by its name.
    """
    file = workspace.config_file
    for name in read_toml(file) if file.exists() else ():
        # Whose rules are code of the workspace, that is told when it is curated itself.
        if name != declaration.name and name in DATASETS and are_known(DATASETS[name]):
            _validated(workspace, DATASETS[name], {})
    return _validated(workspace, declaration, dict(preset.thresholds) if preset else {})


def dump_settings(settings: DatasetSettings) -> dict[str, Any]:
    """Settings as nested tables, always in one order."""
    dumped = settings.model_dump(mode="json", exclude_none=True)
    names = [*_FIRST, *(name for name in dumped if name not in {*_FIRST, *_LAST}), *_LAST]
    return {name: dumped[name] for name in names if name in dumped}


def _validated(
    workspace: Workspace, declaration: Declaration, fixed: dict[str, Any]
) -> DatasetSettings:
    # A preset's rules read no other keys than the dataset's own do.
    model = _model(tuple(rules_of(workspace, declaration, None)))
    read = {
        key: value for key, value in default_table(declaration).items() if key in model.model_fields
    }
    table = overlaid(overlaid(read, own_table(declaration, workspace)), fixed)
    return settings_of(model, declaration, workspace, table)


@cache
def _model(rules: Sequence[Rule]) -> type[DatasetSettings]:
    """The settings of all of these rules as one model, which is an instance of each of theirs."""
    # The bases of a class give their fields from the last to the first.
    own = dict.fromkeys(rule.settings for rule in reversed(rules) if rule.settings is not None)
    bases: tuple[type, ...] = (*own, DatasetSettings)
    return type("DatasetSettings", bases, {"__doc__": "What a dataset's table holds."})
