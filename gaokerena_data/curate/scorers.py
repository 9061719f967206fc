"""Which scorer a dataset has: the packaged one, or one that was trained in the workspace."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.datasets.settings import Count, Settings, Share
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.scoring.model_files import packaged_folder
from gaokerena_data.workspace import Workspace

PACKAGED = "packaged"


class Scores(Settings):
    """What a dataset's rows are scored by, and which of them are learnt from."""

    # "packaged", or a scorer's folder, which `gaokerena annotate train` writes.
    model: Annotated[str, Field(min_length=1)]
    min_worth: Share
    short_words: Count
    max_short_share: Share


class ScoresSettings(Settings):
    """The table of the scorer; its rules read it."""

    scores: Scores


def scorer_folder(
    workspace: Workspace, declaration: Declaration, settings: Settings
) -> Path | None:
    """The folder of a dataset's scorer; None where no rule of it asks for scores.

    Raises:
        GaokerenaError: the packaged one is asked for, and there is none for this dataset.
    """
    if not isinstance(settings, ScoresSettings):
        return None
    model = settings.scores.model
    if model != PACKAGED:
        return workspace.root / model
    folder = packaged_folder(declaration.name)
    if folder is None:
        raise GaokerenaError(
            f"{declaration.name}: no scorer comes with this package for it; train one with "
            f"`gaokerena annotate train {declaration.name}` and name its folder as "
            f"[{declaration.name}.scores] model in {workspace.config_file}"
        )
    return folder
