"""Where each spider lies; nothing here runs one, nor imports Scrapy.

Those of this package lie in `spiders/`; another package adds its own by an entry point of the group
"gaokerena_data.spiders" with the source's name, a workspace by a file in its `sites/`.
"""

from importlib.metadata import EntryPoint
from pathlib import Path

import gaokerena_data
from gaokerena_data.registry import installed_points
from gaokerena_data.workspace import Workspace

# `spiders` lies beside `gaokerena_data`, in a checkout as in a wheel.
PACKAGED = Path(gaokerena_data.__file__).resolve().parents[1] / "spiders"


def find_spider(name: str, workspace: Workspace | None = None) -> Path | EntryPoint | None:
    """Where the spider of a source is: a file or an entry point; None where it has none.

    Args:
        name: the source's.
        workspace: whose `sites/` is looked into last.
    """
    packaged = PACKAGED / f"{name}.py"
    if packaged.is_file():
        return packaged
    for point in installed_points("gaokerena_data.spiders"):
        if point.name == name:
            return point
    own = None if workspace is None else workspace.sites / f"{name}.py"
    return own if own is not None and own.is_file() else None
