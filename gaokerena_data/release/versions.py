"""Version numbers: which come before, and how far a change must move them."""

from pathlib import Path
from typing import Literal, NamedTuple

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import VERSION, Workspace

type Level = Literal["patch", "minor", "major"]

# What each level stands for, said to people.
MEANING: dict[Level, str] = {
    "major": "the columns, configs or splits changed",
    "minor": "rows were added, removed or moved to another split",
    "patch": "only values of rows were corrected, or nothing but the card changed",
}


class Version(NamedTuple):
    """MAJOR.MINOR.PATCH, in the order of the numbers."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def after(self, level: Level) -> "Version":
        """The next version by a change of this level."""
        if level == "major":
            return Version(self.major + 1, 0, 0)
        if level == "minor":
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)


def parse_version(text: str) -> Version:
    """The version that a person typed.

    Raises:
        GaokerenaError: when it is not three numbers.
    """
    found = VERSION.fullmatch(text)
    if found is None:
        raise GaokerenaError(f"{text!r} is not a version: give MAJOR.MINOR.PATCH, like 1.0.0")
    return Version(*(int(number) for number in found.groups()))


def released_versions(workspace: Workspace, dataset: str) -> list[Version]:
    """The versions of a dataset on disk, the oldest first."""
    return [parse_version(folder.name) for folder in workspace.releases(dataset)]


def previous_release(workspace: Workspace, dataset: str, version: Version) -> Path | None:
    """The release that a version follows: the greatest one below it."""
    below = [each for each in released_versions(workspace, dataset) if each < version]
    return workspace.release(dataset, str(below[-1])) if below else None


def check_version(old: Version, new: Version, level: Level) -> None:
    """Hold a new version number against what changed.

    Raises:
        GaokerenaError: when it promises less than what changed; names the number to give.
    """
    least = old.after(level)
    if new < least:
        raise GaokerenaError(
            f"{new} is too small a step from {old}: {MEANING[level]}; give {least} or more"
        )
