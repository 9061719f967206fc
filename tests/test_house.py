"""Rules that hold the house: what may stand where."""

import ast
import re
from pathlib import Path

from tests.arrows import arrows, beside_each_other, find_circle, product_modules
from tests.conftest import ROOT

# As a statement, and as a line of the programs that tests run in processes of their own.
FROM_A_TEST_FILE = re.compile(
    r"\b(from\s+(tests[\w.]*)?\.test_\w+\s+import|import\s+tests[\w.]*\.test_\w+"
    r"|from\s+(tests[\w.]*|\.+)\s+import\s+\(?\s*test_\w+)"
)


def test_nothing_is_imported_from_a_test_file() -> None:
    """What two files share has a module of its own, with a name that says what it is."""
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for room in ("tests", "benchmarks")
        for path in sorted((ROOT / room).rglob("*.py"))
        if path != Path(__file__)  # it holds such lines, below
        for match in FROM_A_TEST_FILE.finditer(path.read_text("utf-8"))
    ]
    assert not found


def test_an_import_from_a_test_file_is_seen() -> None:
    for line in (
        "from tests.curate.test_safe import files_of",
        "from .test_safe import files_of",
        "import tests.hub.test_publish",
        "from tests.hub import test_publish",
        "from tests.hub import (\n    test_publish,\n)",
    ):
        assert FROM_A_TEST_FILE.search(line), line
    assert not FROM_A_TEST_FILE.search("from tests.curate.signals import shards_of")


MODULES = product_modules()
COMMAND_LINE = {
    name
    for name in MODULES
    if name.rpartition(".")[2] in {"cli", "options", "commands"} or name.endswith("_commands")
}
ARROWS = {name: imported for name, imported in arrows(MODULES).items() if name not in COMMAND_LINE}
NO_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}
# Folders of files that are all alike: one a rule, one a site.
ALIKE = {ROOT / "gaokerena_data" / "curate" / "rules", ROOT / "spiders"}


def read_table() -> dict[str, set[str]]:
    """The table of docs/architecture.md: a room -> what it may import, by their whole names."""
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    section = page.partition("\n## Who may call whom\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([\w.]+)` \|(.*)\|$", section, re.MULTILINE)
    return {
        _whole(room): {_whole(name) for name in re.findall(r"`([\w.]+)`", allowed)}
        for room, allowed in rows
    }


def _whole(name: str) -> str:
    first = name.partition(".")[0]
    return name if first in {"spiders", "cards", "training"} else f"gaokerena_data.{name}"


TABLE = read_table()


def is_in(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def room_of(name: str) -> str:
    """The innermost row that a module belongs to; "" for the ground, which has none."""
    return max((room for room in TABLE if is_in(name, room)), key=len, default="")


def forbidden(name: str, imported: str) -> bool:
    room, other = room_of(name), room_of(imported)
    return (
        bool(other) and other != room and not any(is_in(imported, a) for a in TABLE.get(room, ()))
    )


def test_every_import_between_rooms_is_allowed() -> None:
    assert len(TABLE) > 30
    assert not [
        f"{name} -> {imported}"
        for name, every in ARROWS.items()
        for imported in sorted(every - COMMAND_LINE)
        if forbidden(name, imported)
    ]


def test_nothing_but_the_command_line_imports_the_command_line() -> None:
    assert "gaokerena_data.cli" in COMMAND_LINE
    assert not [f"{name} -> {each}" for name in ARROWS for each in ARROWS[name] & COMMAND_LINE]
    assert not [name for name, every in arrows(MODULES).items() if "gaokerena_data.cli" in every]


def test_an_import_that_the_table_does_not_allow_is_seen() -> None:
    """Its other side: what these tests forbid, with modules that are there."""
    review, curate = "gaokerena_data.review.export", "gaokerena_data.curate.run"
    assert {review, curate} <= MODULES.keys()
    assert forbidden(review, curate)
    assert forbidden(curate, review)
    assert forbidden("gaokerena_data.ledger", curate)
    assert forbidden("gaokerena_data.hub.publish", "gaokerena_data.release.build")
    assert forbidden("training.runs.recipe", "training.models.merge")
    assert not forbidden(curate, "gaokerena_data.ledger")
    assert not forbidden(curate, "gaokerena_data.curate.rules.rule")


def test_the_table_names_every_room_and_nothing_else() -> None:
    folders = {
        name
        for name, file in MODULES.items()
        if file.name == "__init__.py" and name != "gaokerena_data"
    }
    assert folders - TABLE.keys() == set()
    names = TABLE.keys() | {name for allowed in TABLE.values() for name in allowed}
    assert names - MODULES.keys() == set()


def test_what_the_table_allows_is_used() -> None:
    unused = [
        f"{room} -> {allowed}"
        for room, every in TABLE.items()
        for allowed in sorted(every)
        if not any(
            is_in(imported, allowed) and room_of(imported) != room
            for name in ARROWS
            if room_of(name) == room
            for imported in ARROWS[name]
        )
    ]
    assert not unused


def test_no_circle_in_any_folder() -> None:
    folders = {name for name, file in MODULES.items() if file.name == "__init__.py"} | {""}
    circles = {folder: find_circle(beside_each_other(ARROWS, folder)) for folder in folders}
    assert not {folder: circle for folder, circle in circles.items() if circle}
    assert not find_circle(ARROWS)


def test_a_circle_is_found() -> None:
    made = {"a.one.x": {"a.two.y"}, "a.two.y": {"b"}, "a.two.z": {"a.one.w"}, "b": {"b.c"}}
    assert not find_circle(made)
    assert find_circle(beside_each_other(made, "a")) == ["one", "two", "one"]
    assert not find_circle(beside_each_other(made, ""))


def test_every_room_stands_in_the_list_of_rooms() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = page.partition("\n## The rooms\n")[2].partition("\n## ")[0]
    for name, file in MODULES.items():
        if file.name == "__init__.py" and name != "gaokerena_data":
            path = name.removeprefix("gaokerena_data.").replace(".", "/")
            assert f"`{path}`" in rooms or f"`{path}/`" in rooms, name


def test_files_are_short_and_so_are_functions() -> None:
    for name, file in MODULES.items():
        text = file.read_text("utf-8")
        assert len(text.splitlines()) <= 391, name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                assert lines <= 72, f"{name}.{node.name}"


def test_no_folder_holds_too_much() -> None:
    for folder in {file.parent for file in MODULES.values()} - ALIKE:
        files = [file for file in folder.glob("*.py") if file.name != "__init__.py"]
        assert len(files) <= 21, folder


def test_a_name_says_what_is_in_it() -> None:
    files = [*MODULES.values(), *(ROOT / "tests").rglob("*.py")]
    assert not [
        file
        for file in files
        for part in file.relative_to(ROOT).with_suffix("").parts
        if NO_NAMES & set(part.split("_"))
    ]
