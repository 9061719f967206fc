"""Who imports whom in the product, read from the source without running it."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.conftest import ROOT

PACKAGES = ("gaokerena_data", "spiders", "cards", "training")

type Arrows = Mapping[str, set[str]]


def product_modules() -> dict[str, Path]:
    """Every module of the product by its dotted name; a package goes by the name of its folder."""
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
    }


def arrows(modules: Mapping[str, Path]) -> dict[str, set[str]]:
    """What each module imports of the others: in functions and for type hints too."""
    return {name: set(_imports(file, modules)) for name, file in modules.items()}


def _imports(file: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in modules)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}:{node.lineno}: write the import out"
            for each in node.names:
                name = f"{node.module}.{each.name}"
                if name in modules:
                    yield name
                elif node.module in modules:
                    yield str(node.module)


def beside_each_other(every: Arrows, folder: str) -> dict[str, set[str]]:
    """The arrows among the modules and rooms that lie side by side in a folder ("" for the top)."""
    inside = f"{folder}." if folder else ""
    found: dict[str, set[str]] = {}
    for name, imported in every.items():
        if name.startswith(inside):
            here = name.removeprefix(inside).partition(".")[0]
            there = {
                other.removeprefix(inside).partition(".")[0]
                for other in imported
                if other.startswith(inside)
            }
            found.setdefault(here, set()).update(there - {here})
    return found


def find_circle(every: Arrows) -> Sequence[str]:
    """Names of which each imports the next, from one to itself; none where there is no circle."""
    whole: set[str] = set()

    def search(name: str, path: list[str]) -> Sequence[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in whole:
            return []
        for other in sorted(every.get(name, ())):
            if circle := search(other, [*path, name]):
                return circle
        whole.add(name)
        return []

    return next((circle for name in every if (circle := search(name, []))), [])
