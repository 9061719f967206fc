"""Which processes stem from which, as Linux tells in /proc."""

from contextlib import suppress
from pathlib import Path


def descendants(pid: int) -> set[int]:
    """The children of a process, theirs, and so on."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}
