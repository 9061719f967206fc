"""What a workspace declares: `datasets/NAME.toml`, `sites/sources.toml`, and gaokerena.toml.

All of it is data: nothing here runs code of the workspace.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gaokerena_data.datasets.configs import REMOVED, SCORED
from gaokerena_data.datasets.declaration import (
    BY_SCORE,
    DEV,
    REVIEW,
    SPLITS,
    SUCCEEDED,
    TAKEDOWN,
    TEST,
    TRAIN,
    About,
    Declaration,
)
from gaokerena_data.datasets.kind import KINDS, QUESTION_ANSWER, Kind
from gaokerena_data.datasets.toml_files import read_toml, validated
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.sources import SOURCES, TERMS_UNSTATED, Source
from gaokerena_data.workspace import Workspace

# Names are those of folders, of Python files and of columns in a ledger.
_NAME = re.compile(r"[a-z][a-z0-9_]*")
type Name = Annotated[str, Field(pattern=rf"^{_NAME.pattern}$")]
REPOSITORY = r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$"
# A title stands in YAML, in headings and in BibTeX.
type Title = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f{}]+$", max_length=200)]


def _bare_host(text: str) -> str:
    if not re.fullmatch(r"(?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+", text):
        raise ValueError(f"{text!r} is no host: write it without https://, www. and path")
    return text


type Host = Annotated[str, AfterValidator(_bare_host)]

# What the card's metadata says where a workspace's dataset does not say it itself.
_ABOUT = {
    "article": About(("text-generation", "fill-mask"), ("language-modeling",)),
    "question_answer": About(("question-answering", "text-generation"), ("open-domain-qa",)),
    "preference_pair": About(("question-answering", "text-generation"), ("open-domain-qa",)),
    "chain_of_thought": About(("question-answering", "text-generation"), ("open-domain-qa",)),
}


class _Table(BaseModel):
    # An unknown key is a spelling mistake that would silently do nothing.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _SourceTable(_Table):
    title: Title | None = None
    hosts: list[Host] = []
    kinds: list[str] = []
    terms: str = TERMS_UNSTATED
    aliases: list[Annotated[str, Field(pattern=r"^[^\s\x00-\x1f]+$")]] = []
    values: dict[Literal["method", "teacher", "student"], str] = {}


class _DatasetFile(_Table):
    kind: str
    repository: Annotated[str, Field(pattern=REPOSITORY)]
    sources: Annotated[list[Name], Field(min_length=1)]
    title: Title | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "fa"
    licence: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.+-]*$")] = "cc-by-nc-sa-4.0"
    steps: list[str] | None = None
    without: list[str] = []
    splits: dict[str, list[Name]] = {}
    uncleaned: bool = False
    removed: bool = False
    tags: list[str] | None = None
    source: dict[Name, _SourceTable] = {}
    thresholds: dict[str, Any] = {}


def read_sources(workspace: Workspace, packaged: Iterable[Source]) -> list[Source]:
    """The sources that a workspace adds, in `sites/sources.toml` or beside a dataset.

    Raises:
        GaokerenaError: a file that cannot be read, an unknown key or kind, a name that is taken.
    """
    taken = {name: each.name for each in packaged for name in each.spellings}
    found: list[Source] = []
    for file, source in _own_sources(workspace):
        for name in sorted(source.spellings):
            if name in taken:
                raise GaokerenaError(
                    f"{file}: {source.name}: {name} is taken by the source {taken[name]}: "
                    "rename it, or declare a source of several datasets once, in sites/sources.toml"
                )
            taken[name] = source.name
        found.append(source)
    return found


def _own_sources(workspace: Workspace) -> Iterator[tuple[Path, Source]]:
    """The sources that a workspace declares, with the file of each."""
    sites = workspace.sites / "sources.toml"
    if sites.is_file():
        for name, table in read_toml(sites).items():
            _check_name(sites, name)
            _check_table(sites, name, table)
            yield sites, _source(sites, name, validated(_SourceTable, table, sites, name), ())
    for file, declared in _dataset_files(workspace):
        for name, own in declared.source.items():
            if name not in declared.sources:
                raise GaokerenaError(f"{file}: source.{name}: is none of `sources`: add it there")
            yield file, _source(file, name, own, (declared.kind,))


def read_declarations(workspace: Workspace, packaged: Iterable[Declaration]) -> list[Declaration]:
    """Every dataset as a workspace has it: its own, and what its gaokerena.toml says of others.

    Raises:
        GaokerenaError: a file that cannot be read, an unknown key, kind, source or step.
    """
    known = {declaration.name: declaration for declaration in packaged}
    own = [_declare(file, declared, known) for file, declared in _dataset_files(workspace)]
    every = known | {declaration.name: declaration for declaration in own}
    tables = read_toml(workspace.config_file) if workspace.config_file.exists() else {}
    for name, table in tables.items():
        if name not in every:
            raise GaokerenaError(
                f"{workspace.config_file}: {name}: no dataset is called so; the tables are "
                f"{', '.join(every)}"
            )
        _check_table(workspace.config_file, name, table)
        every[name] = _overlaid(every[name], table, workspace.config_file)
    return list(every.values())


def _dataset_files(workspace: Workspace) -> Iterator[tuple[Path, _DatasetFile]]:
    for file in sorted(workspace.declarations.glob("[!.]*")):
        if file.suffix != ".toml":
            raise GaokerenaError(f"{file}: is no declaration: name it NAME.toml, or move it away")
        _check_name(file, file.stem)
        yield file, validated(_DatasetFile, read_toml(file), file)


def _check_name(file: Path, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise GaokerenaError(
            f"{file}: {name!r} cannot be a name: give small Latin letters, digits and _"
        )


def _check_table(file: Path, name: str, table: Any) -> None:
    if not isinstance(table, dict):
        raise GaokerenaError(f"{file}: {name}: write it as a table, [{name}]")


def _source(file: Path, name: str, table: _SourceTable, kinds: tuple[str, ...]) -> Source:
    for kind in (*table.kinds, *kinds):
        _kind(file, kind)
    if not (table.kinds or kinds):
        raise GaokerenaError(f"{file}: {name}.kinds: say what it holds: {', '.join(KINDS)}")
    return Source(
        name,
        table.title or name,
        tuple(table.hosts),
        tuple(table.kinds) or kinds,
        table.terms,
        tuple(table.aliases),
        dict(table.values.items()),
    )


def _declare(file: Path, declared: _DatasetFile, packaged: dict[str, Declaration]) -> Declaration:
    name, kind = file.stem, _kind(file, declared.kind)
    if name in packaged:
        raise GaokerenaError(
            f"{file}: {name} is a dataset already: change its thresholds in gaokerena.toml, "
            "or rename the file"
        )
    # Declarations of its kind know the steps and thresholds that it need not repeat.
    like = next(each for each in packaged.values() if each.kind is kind)
    without = [SUCCEEDED.get(step, step) for step in declared.without]
    for step in without:
        if step not in like.steps:
            raise GaokerenaError(
                f"{file}: without: {step!r} is no step of it; its steps are {', '.join(like.steps)}"
            )
    for key in ("repository", "sources"):
        if key in declared.thresholds:
            raise GaokerenaError(f"{file}: thresholds.{key}: is no threshold: write it at the top")
    steps = declared.steps
    if steps is None:
        steps = [step for step in like.steps if step not in BY_SCORE]
    tags = declared.tags
    if tags is None:
        tags = ["persian"] if declared.language == "fa" else []
    declaration = Declaration(
        name=name,
        title=declared.title or name,
        kind=kind,
        repository=declared.repository,
        sources=tuple(declared.sources),
        steps=tuple(step for step in steps if step not in without),
        splits={split: tuple(names) for split, names in declared.splits.items()},
        configs=_configs(declared),
        card=f"{kind.name}.md.j2",
        about=replace(_ABOUT[kind.name], tags=tuple(tags)),
        thresholds=declared.thresholds,
        licence=declared.licence,
        language=declared.language,
    )
    _check_sources(file, declaration, "sources")
    _check_splits(file, declaration)
    check_steps(declaration, f"{file}: steps")
    if declaration.is_reviewed and kind is not QUESTION_ANSWER:
        raise GaokerenaError(
            f"{file}: steps: {REVIEW} asks about questions and answers: leave it out of yours"
        )
    return declaration


def _configs(declared: _DatasetFile) -> tuple[str, ...]:
    """What is released of it; without scores, `scored` is left out."""
    asked = {"uncleaned": declared.uncleaned, REMOVED: declared.removed}
    return ("default", SCORED, *(config for config, is_asked in asked.items() if is_asked))


def _overlaid(declaration: Declaration, table: dict[str, Any], file: Path) -> Declaration:
    """What gaokerena.toml changes of a declaration; the thresholds that rules read are not here."""
    changed = declaration
    if isinstance(table.get("repository"), str):
        changed = replace(changed, repository=table["repository"])
    sources = table.get("sources")
    if isinstance(sources, list) and all(isinstance(name, str) for name in sources):
        changed = replace(changed, sources=tuple(sources))
        _check_sources(file, changed, f"{declaration.name}.sources")
    if "steps" in table:
        steps = table["steps"]
        if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
            raise GaokerenaError(
                f"{file}: {declaration.name}.steps: give the ledger names of its rules, in order"
            )
        # A packaged card speaks of the packaged rules.
        card = f"{declaration.kind.name}.md.j2"
        changed = replace(changed, steps=tuple(steps), card=card)
        check_steps(changed, f"{file}: {declaration.name}.steps")
    return changed


def check_steps(declaration: Declaration, where: str) -> None:
    """Refuse steps that can mean nothing, or that nobody may leave out.

    Raises:
        GaokerenaError: a step that stands twice, a last one that assigns no splits, or records
            that were taken down and would come back.
    """
    steps = declaration.steps
    for step in steps:
        if steps.count(step) > 1:
            raise GaokerenaError(f"{where}: {step} stands there twice: take one out")
    assigning = [step for step in steps if step.partition("@")[0].endswith("split")]
    if len(assigning) != 1 or steps[-1] != assigning[0]:
        raise GaokerenaError(f"{where}: the last one, and no other, must assign splits: split@1")
    if TAKEDOWN not in steps:
        raise GaokerenaError(
            f"{where}: {TAKEDOWN} must be among them: without it, what was asked to be taken down "
            "would be published"
        )


def _check_sources(file: Path, declaration: Declaration, key: str) -> None:
    if not declaration.sources:
        raise GaokerenaError(f"{file}: {key}: name at least one source")
    for name in declaration.sources:
        if declaration.sources.count(name) > 1:
            raise GaokerenaError(f"{file}: {key}: {name} stands there twice: take one out")
        if name not in SOURCES:
            raise GaokerenaError(f"{file}: {key}: {SOURCES.unknown(name)}")
        if declaration.kind.name not in SOURCES[name].kinds:
            raise GaokerenaError(
                f"{file}: {key}: {name} holds no records of the kind {declaration.kind.name}"
            )


def _check_splits(file: Path, declaration: Declaration) -> None:
    for split, names in declaration.splits.items():
        key = f"{file}: splits.{split}"
        if split not in SPLITS:
            raise GaokerenaError(f"{key}: no such split; they are {', '.join(SPLITS)}")
        for name in names:
            may_be = declaration.splits_of(name)
            if name not in declaration.sources:
                raise GaokerenaError(f"{key}: {name} is none of `sources`: add it there")
            if TEST in may_be and len(may_be) > 1:
                raise GaokerenaError(
                    f"{key}: {name} feeds {' and '.join(may_be)}: what tests is in no other split"
                )
            if DEV in may_be and TRAIN not in may_be:
                raise GaokerenaError(
                    f"{key}: {name}: what is not drawn for dev goes to train: name it there too"
                )


def _kind(file: Path, name: str) -> Kind:
    if name not in KINDS:
        raise GaokerenaError(f"{file}: no kind is called {name!r}; give one of: {', '.join(KINDS)}")
    return KINDS[name]


def where_declared(workspace: Workspace, name: str) -> str:
    """What declares a dataset, for an error: its file, or its name where no file here does."""
    file = workspace.declarations / f"{name}.toml"
    return str(file) if file.is_file() else name
