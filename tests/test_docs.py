"""Docs are held to the code: what stands in them is there, and what is there stands in them."""

import re
import shlex
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import typer

from gaokerena_data.cli import app
from gaokerena_data.curate.rules.registry import RULES
from tests.arrows import product_modules
from tests.conftest import ROOT
from tests.pages import PAGES, Block, blocks, is_shown, prose
from tests.write_docs import PAGE, written

TEXTS = {page: page.read_text("utf-8") for page in PAGES}
ROOT_COMMAND: Any = typer.main.get_command(app)
COMMAND = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:\S*/)?gaokerena (?P<words>.*)$")
# What pages make up to show how something is added.
INVENTED = ("nemoone", "asks_back", "NAME", "SITE", "DATASET")


def walk(command: Any = ROOT_COMMAND, path: str = "gaokerena") -> Iterator[tuple[str, Any]]:
    """Every command and group by its whole name."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, f"{path} {name}")


def complaint(line: str) -> str:
    """What is wrong with the words after `gaokerena`; empty where nothing is."""
    command, path, words = ROOT_COMMAND, "gaokerena", shlex.split(line, comments=True)
    while words and hasattr(command, "commands"):
        name = words.pop(0)
        if name not in command.commands and hasattr(command, "default_command"):
            words.insert(0, name)
            name = command.default_command  # its group takes a dataset's name as well
        if name in command.commands:
            command, path = command.commands[name], f"{path} {name}"
        elif name not in {each for param in command.params for each in param.opts}:
            return f"{path} knows no {name}"
    try:
        context = command.context_class(command, info_name=path)
        values, left, _ = command.make_parser(context).parse_args(args=words)
    except Exception as error:  # whatever its parser says
        return f"{path}: {error}"
    if left:
        return f"{path} does not take {left}"
    for param in command.params:
        value, choices = values.get(param.name), choices_of(param)
        if param.required and not value:
            return f"{path} needs {param.name}"
        if choices and isinstance(value, str) and value not in choices:
            return f"{path} knows no {value}"
    return ""


def choices_of(param: Any) -> tuple[str, ...]:
    """What may be given, where only some words may."""
    annotation = param.type_descriptor.annotation
    return get_args(annotation) if get_origin(annotation) is Literal else ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_line_in_a_block_can_be_given(page: Path) -> None:
    for block in blocks(page):
        for step, _ in block.steps if not block.language else ():
            for part in re.split(r" && | \| | (?=gaokerena )", step):
                found = COMMAND.match(part.strip().removesuffix("&"))
                if found and not re.search(r"[^.]\.\.\.", found["words"]):
                    assert not complaint(found["words"]), f"{block.where}: {step}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_a_sentence_is_one(page: Path) -> None:
    """There its arguments may be left out."""
    for code in re.findall(r"`gaokerena ([^`]+)`", prose(page)):
        words = [word for word in shlex.split(code, comments=True) if word not in {"...", "…"}]
        said = complaint(" ".join(words))
        assert not said or "needs" in said or "does not take" in said, (
            f"{page.name}: {code}: {said}"
        )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("crawl drhast --max-pages 5  # a comment", ""),
        ("--no-workspace-code curate mf3qa", ""),
        ("crawl drhast --max-page 5", "no such option"),
        ("craw drhast", "knows no"),
        ("review exprot mf3qa", "knows no"),
        ("curate", "needs"),
        ("curate mf3qa medical_corpus", "does not take"),
        ("curate mf3qa --engine spark", "knows no"),
    ],
)
def test_a_wrong_command_line_is_seen(line: str, said: str) -> None:
    assert said in complaint(line).lower() if said else not complaint(line)


def test_every_command_stands_in_the_docs() -> None:
    every = "\n".join(TEXTS.values())
    assert not [path for path, _ in walk() if not re.search(rf"{re.escape(path)}(?![\w-])", every)]


def test_every_option_stands_where_its_command_does() -> None:
    """On a page that names the command; `--workspace`, which all have, in the README."""
    missing = []
    for path, command in walk():
        pages = [text for text in TEXTS.values() if path in text]
        for param in command.params:
            if param.param_type_name != "option" or param.name in {"help", "workspace"}:
                continue
            spellings = "|".join(re.escape(each) for each in (*param.opts, *param.secondary_opts))
            if not any(re.search(rf"(?<![\w-])({spellings})(?![\w-])", text) for text in pages):
                missing.append(f"{path} {param.opts[-1]}: {param.help}")
    assert not missing, "\n".join(missing)
    assert "--workspace" in TEXTS[ROOT / "README.md"]


def test_every_rule_and_reason_stands_in_the_docs() -> None:
    text = PAGE.read_text("utf-8")
    for rule in RULES.packaged():
        for word in (rule.name, *rule.reasons):
            assert f"`{word}`" in text, f"{rule.name}: {word}"


def test_every_key_stands_in_the_docs() -> None:
    def keys(table: dict[str, Any], above: str = "") -> Iterator[str]:
        for key, value in table.items():
            if isinstance(value, dict):
                yield from keys(value, f"{above}{key}.")
            else:
                yield f"{above}{key}"

    packaged = tomllib.loads((ROOT / "gaokerena_data" / "gaokerena.toml").read_text("utf-8"))
    text = PAGE.read_text("utf-8")
    wanted = {key for table in packaged.values() for key in keys(table)}
    assert len(wanted) > 30
    assert not [key for key in sorted(wanted) if f"| `{key}` |" not in text]


def test_every_variable_of_the_environment_stands_in_the_docs() -> None:
    every = "\n".join(TEXTS.values())
    sources = (file.read_text("utf-8") for file in product_modules().values())
    names = {name for text in sources for name in re.findall(r"\bGAOKERENA_[A-Z_]+\b", text)}
    assert len(names) > 4
    assert not [name for name in sorted(names) if name not in every]


def test_the_tables_are_those_of_the_code() -> None:
    """Where they are not: `python -m tests.write_docs`."""
    text = PAGE.read_text("utf-8")
    assert written(text) == text
    assert written(text.replace("`too_short`", "`too_long`")) == text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(file), f"{page.name}: {target}"


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        kept = (c for c in text if c in "-_ \u200c" or unicodedata.category(c)[0] in "LMN")
        found.add("".join(kept).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    tops = "gaokerena_data|spiders|cards|training|tests|docs|benchmarks"
    for path in re.findall(
        rf"(?<![\w/.-])((?:{tops})/[\w./-]+\.(?:py|toml|ya?ml|j2|md))", TEXTS[page]
    ):
        if not any(word in path for word in INVENTED):
            assert (ROOT / path).exists(), f"{page.name}: {path}"
    for path in re.findall(r"`([\w/]+\.py)`", prose(page)):
        if not any(word in path for word in INVENTED):
            ends = [file for file in EVERY_FILE if f"/{file}".endswith(f"/{path}")]
            assert ends, f"{page.name}: {path}"


# Entry points' groups, which other packages name.
GROUPS = {
    f"gaokerena_data.{what}" for what in ("sources", "spiders", "datasets", "benchmarks", "rules")
}
EVERY_FILE = [
    file.relative_to(ROOT).as_posix()
    for top in ("gaokerena_data", "spiders", "training", "tests", "benchmarks")
    for file in (ROOT / top).rglob("*.py")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_module_that_a_page_names_is_there(page: Path) -> None:
    modules = product_modules()
    names = re.findall(r"\b((?:gaokerena_data|training)(?:\.[A-Za-z_]\w*)+)", TEXTS[page])
    imported = re.findall(
        r"^from ((?:gaokerena_data|training)[\w.]*) import (\w+)", TEXTS[page], re.M
    )
    for name in [*names, *(f"{module}.{what}" for module, what in imported)]:
        module, _, what = name.rpartition(".")
        if name in modules or name in GROUPS or what in {"md", "toml", "yaml"}:
            continue
        assert module in modules, f"{page.name}: {name}"
        text = modules[module].read_text("utf-8")
        assert re.search(rf"^(def|class|type)? ?{what}\b", text, re.M), f"{page.name}: {name}"


def test_what_is_shown_of_an_output_is_held_to_it() -> None:
    assert is_shown("a ... d\n...\nz", "a b c d\ne\nz\n")
    assert not is_shown("a\nc", "a\nb\nc")
    assert not is_shown("5 kept", "15 kept")
    assert is_shown("", "anything")


def test_a_block_knows_its_commands() -> None:
    plain = Block(
        "", "", "", "gaokerena crawl a \\\n    b   # c\nmake demo\nA=1 gaokerena x\nsome words"
    )
    assert [step for step, _ in plain.steps] == [
        "gaokerena crawl a      b   # c",
        "make demo",
        "A=1 gaokerena x",
    ]
    shown = Block("", "", "", "$ gaokerena x\nprinted\n$ gaokerena y\n")
    assert shown.steps == [("gaokerena x", "printed\n"), ("gaokerena y", "")]
