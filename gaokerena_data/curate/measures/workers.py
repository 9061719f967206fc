"""The process from which workers are forked: it starts while everything else does.

Only the standard library is imported here: whoever asks for workers has imported nothing yet.
"""

from multiprocessing import forkserver
from pathlib import Path

# What workers find imported. The command line too: each imports the main module of its parent.
_PRELOADED = ["gaokerena_data.curate.measures.fork_server", "gaokerena_data.cli"]
_MANY_BYTES = 1 << 20  # of new extracted files: hundreds of articles, thousands of questions


def start_forking() -> None:
    """Start the process, if it is not there yet; it reads what workers need meanwhile."""
    forkserver.set_forkserver_preload(_PRELOADED)
    forkserver.ensure_running()


def expects_many(root: Path) -> bool:
    """A guess whether a workspace holds many texts that were never measured.

    Args:
        root: its folder.
    """
    shards = [folder.stat().st_mtime_ns for folder in root.glob("signals/*/measure@*")]
    extracted = [file.stat() for file in root.glob("extracted/*/*/*.parquet")]
    measured = max(shards, default=0)
    return sum(each.st_size for each in extracted if each.st_mtime_ns > measured) >= _MANY_BYTES
