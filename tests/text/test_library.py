"""`gaokerena_data.text` as a library: light to import, functions by name, alone in the world."""

import ast
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import gaokerena_data.text
from tests.arrows import arrows, product_modules
from tests.conftest import ROOT

ROOM = "gaokerena_data.text"
FUNCTIONS = (
    *("normalize", "redact", "find_personal_data", "detect_language", "words", "sentences"),
    *("sentence_spans", "shingles"),
)


def run(program: str, folder: Path = ROOT) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=folder, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_it_reads_nothing() -> None:
    """Not even numpy: what a function needs is read when it is asked for."""
    program = (
        "import sys; before = set(sys.modules); import gaokerena_data.text as text; dir(text)\n"
        "print(*sorted(name for name in set(sys.modules) - before if '.text.' in name"
        " or name in ('numpy', 'hazm', 'torch', 'fasttext', 'langdetect', 'pyarrow', 're')))"
    )
    assert run(program) == ""


@pytest.mark.parametrize("name", ["sentences", "detect_language"])
def test_a_function_reads_what_it_needs_and_no_more(name: str) -> None:
    program = (
        f"from gaokerena_data.text import {name}; import sys\n"
        f"{name}('تب دارم. سه روز است که سرم درد می‌کند')\n"
        "print(*sorted({'hazm', 'torch', 'pyarrow', 'nltk'} & set(sys.modules)))"
    )
    assert run(program) == ""


def test_every_function_is_there_by_name() -> None:
    assert set(gaokerena_data.text.__all__) == set(FUNCTIONS)
    assert set(FUNCTIONS) <= set(dir(gaokerena_data.text))
    for name in FUNCTIONS:
        function = getattr(gaokerena_data.text, name)
        assert callable(function), name
        assert ">>> " in (function.__doc__ or ""), name
    with pytest.raises(AttributeError, match="no attribute 'normalise'"):
        _ = gaokerena_data.text.normalise  # type: ignore[attr-defined]


def test_a_function_is_one_whatever_was_imported_before() -> None:
    """No module or room in it bears the name of a function, nor does what it imports."""
    names = {name.removeprefix(f"{ROOM}.").partition(".")[0] for name in product_modules()}
    assert not names & set(FUNCTIONS)
    for name in product_modules():
        if name.startswith(f"{ROOM}."):
            import_module(name)
    for name in FUNCTIONS:
        assert callable(getattr(gaokerena_data.text, name)), name
        assert import_module(getattr(gaokerena_data.text, name).__module__) is not None


def test_checkers_of_types_see_the_same_functions() -> None:
    """Those that are imported for them are those that are given out, from the same modules."""
    tree = ast.parse((ROOT / "gaokerena_data" / "text" / "__init__.py").read_text("utf-8"))
    seen = {
        each.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(ROOM)
        for each in node.names
    }
    assert set(seen) == set(FUNCTIONS)
    for name, module in seen.items():
        assert getattr(import_module(str(module)), name) is getattr(gaokerena_data.text, name)


def test_it_imports_nothing_else_of_ours() -> None:
    """But for its commands, which belong to the command line."""
    every = arrows(product_modules())
    inside = [name for name in every if name == ROOM or name.startswith(f"{ROOM}.")]
    assert len(inside) > 20
    outside = {
        f"{name} -> {imported}"
        for name in inside
        if name != f"{ROOM}.commands"
        for imported in every[name]
        if imported != ROOM and not imported.startswith(f"{ROOM}.")
    }
    assert not outside


@pytest.mark.thorough
def test_it_works_where_nothing_else_of_ours_is(tmp_path: Path) -> None:
    """As a package of its own, of another name."""
    alone = tmp_path / "persian_text"
    shutil.copytree(ROOT / "gaokerena_data" / "text", alone, ignore=lambda *_: {"commands.py"})
    for file in alone.rglob("*.py"):
        file.write_text(file.read_text("utf-8").replace(ROOM, alone.name), "utf-8")
    program = (
        f"from {alone.name} import *; import sys\n"
        "assert normalize('دوز 2.5mg') == 'دوز 2.5mg'\n"
        "assert redact('شماره من ۰۹۱۲۳۴۵۶۷۸۹ است') == 'شماره من [تلفن] است'\n"
        "assert detect_language('سردرد دارم') == 'fa'\n"
        "assert sentences('تب دارم. چرا؟') == ['تب دارم.', 'چرا؟']\n"
        "assert shingles('قرص و آب', 2) == ['قرص و', 'و آب'] and words('آب') == ['آب']\n"
        "print(any(name.startswith('gaokerena_data') for name in sys.modules))"
    )
    assert run(program, tmp_path) == "False"
