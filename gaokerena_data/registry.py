"""Registries: things by name, of this package, of other installed packages, and of a workspace."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any, Protocol

from gaokerena_data.errors import GaokerenaError, reason_of


class Named(Protocol):
    """Anything that has a name of its own."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...


class Registry[T: Named](Mapping[str, T]):
    """Things by their names.

    Other packages add theirs by an entry point of the registry's group that leads to one of them,
    or to several in a list or tuple. Those of the workspace in use come last; they may take the
    place of a packaged one only where `use` is given one of its name.

    Args:
        what: what a person calls one of them, with its article ("a source").
        of: their class.
        packaged: those of this package.
        group: the entry points' group, such as "gaokerena_data.sources".
    """

    def __init__(self, what: str, of: type[T], packaged: Iterable[T], group: str) -> None:
        self._what = what
        self._of = of
        self._group = group
        self._packaged = _by_name(what, packaged)
        self._installed: dict[str, T] | None = None
        self._own: dict[str, T] = {}

    def use(self, own: Iterable[T]) -> None:
        """Take the workspace's own, in place of those of the workspace before."""
        self._own = _by_name(self._what, own)

    def find(self, name: str) -> T:
        """The one of that name.

        Raises:
            GaokerenaError: when there is none; the message lists the names.
        """
        found = self._all().get(name)
        if found is None:
            raise GaokerenaError(self.unknown(name))
        return found

    def unknown(self, name: str) -> str:
        """What to tell somebody who gave a name that nothing here has."""
        close = get_close_matches(name, self._all(), 1)
        meant = f"; did you mean {close[0]}?" if close else ""
        return (
            f"no {self._what.split()[-1]} is called {name!r}; "
            f"give one of: {', '.join(self._all())}{meant}"
        )

    def packaged(self) -> list[T]:
        """Those of this package and of other installed ones, as they declare themselves."""
        return list((self._packaged | self._from_packages()).values())

    def __getitem__(self, name: str) -> T:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, T]:
        return self._packaged | self._from_packages() | self._own

    def _from_packages(self) -> dict[str, T]:
        if self._installed is None:
            points = installed_points(self._group)
            found = [each for point in points for each in self._load(point)]
            installed = _by_name(self._what, found)
            for name in installed.keys() & self._packaged.keys():
                raise GaokerenaError(
                    f"an installed package adds {self._what} called {name!r}, which is taken: "
                    f"rename it there (entry points {self._group})"
                )
            self._installed = installed
        return self._installed

    def _load(self, point: EntryPoint) -> list[T]:
        loaded = load_entry_point(point)
        things: list[Any] = list(loaded) if isinstance(loaded, list | tuple) else [loaded]
        for thing in things:
            if not isinstance(thing, self._of):
                raise GaokerenaError(
                    f"the entry point {point.name} = {point.value} leads to no "
                    f"{self._of.__name__}: mend that package, or uninstall it"
                )
        return things


def _by_name[T: Named](what: str, things: Iterable[T]) -> dict[str, T]:
    named: dict[str, T] = {}
    for thing in things:
        if thing.name in named:
            raise GaokerenaError(f"{what} called {thing.name!r} is declared twice: rename one")
        named[thing.name] = thing
    return named


@cache
def installed_points(group: str) -> EntryPoints:
    """The entry points of a group; a process looks through all installed packages once."""
    return _all_points().select(group=group)


@cache
def _all_points() -> EntryPoints:
    return entry_points()


def load_entry_point(point: EntryPoint) -> Any:
    """What an entry point of another package leads to.

    Raises:
        GaokerenaError: that package cannot be imported, or has no such thing.
    """
    try:
        return point.load()
    except (Exception, SystemExit) as error:  # whatever another package does when it is imported
        raise GaokerenaError(
            f"the entry point {point.name} = {point.value} cannot be loaded "
            f"({reason_of(error)}): mend that package, or uninstall it"
        ) from None
