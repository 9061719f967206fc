"""Shards of signals, finished and not, and records that fill many."""

from pathlib import Path

from gaokerena_data.workspace import Workspace
from tests.pairs import answer, pair, question, write_records


def shards_of(workspace: Workspace) -> dict[Path, tuple[int, int]]:
    """The finished shards, and what tells that one was written again."""
    return {
        shard: (shard.stat().st_ino, shard.stat().st_mtime_ns)
        for shard in workspace.root.glob("signals/*/measure@*/*.parquet")
    }


def left_behind(workspace: Workspace) -> list[Path]:
    """Files that were never finished."""
    return list(workspace.root.rglob("*.part"))


def write_many(workspace: Workspace, count: int) -> None:
    """That many invented pairs of three sources."""
    sources = ("niniban", "niniban", "drhast", "doctoryab")
    write_records(workspace, [pair(sources[n % 4], question(n), answer(n)) for n in range(count)])
