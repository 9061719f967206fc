"""What the commands print: tables of counts, the same on a terminal and in a log."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gaokerena_data.ledger import count_reasons

if TYPE_CHECKING:
    from gaokerena_data.benchmarks.imports import BenchmarkImport
    from gaokerena_data.curate.told.why import Story
    from gaokerena_data.imports.records import ImportResult
    from gaokerena_data.release.build import Release
    from gaokerena_data.status import Status


def make_console() -> Console:
    """A console for results; a log gets lines wide enough not to be broken."""
    console = Console(highlight=False, soft_wrap=True)
    return console if console.is_terminal else Console(highlight=False, soft_wrap=True, width=120)


def count_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """A table whose numbers stand right, with thousands marked; None is an empty cell."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for place, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[place], int | float | None) for row in rows)
        table.add_column(column, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)


def print_import(file: Path, result: "ImportResult | BenchmarkImport") -> None:
    """Rows of a file = records + ledger rows."""
    console = make_console()
    refused = result.ledger.num_rows
    console.print(
        f"{file.name}: {result.rows:,} rows = {result.records:,} records + {refused:,} ledger rows"
    )
    for (_, reason), rows in count_reasons(result.ledger).most_common():
        console.print(f"  {rows:,} {reason}")
    if result.ignored_columns:
        names = ", ".join(repr(name) for name in result.ignored_columns)
        console.print(f"  ignored columns: {names}")
    console.print(f"  -> {result.path}")


def print_story(story: "Story") -> None:
    """The story of one record, chapter by chapter. Texts are shown as they are, never as markup."""
    console = make_console()
    for chapter, lines in story.chapters:
        console.print(Text(chapter, style="bold"))
        for line in lines:
            console.print(Text(f"  {line}"))


def print_status(status: "Status") -> None:
    """Sources and datasets: how many, how fresh, what is next."""
    console = make_console()
    rows = [
        (
            source.name,
            "" if source.pages is None else f"{source.pages:,}",
            source.records,
            source.crawled_at or "",
            source.next,
        )
        for source in status.sources
    ]
    console.print(count_table("Sources", ("source", "pages", "records", "crawled", "next"), rows))
    console.print(
        count_table(
            "Datasets",
            ("dataset", "records in", "kept", "released", "next"),
            [
                (
                    dataset.name,
                    dataset.records,
                    "" if dataset.kept is None else f"{dataset.kept:,}",
                    dataset.released or "",
                    dataset.next,
                )
                for dataset in status.datasets
            ],
        )
    )


def print_release(release: "Release") -> None:
    """Rows of a release, and where it is."""
    console = make_console()
    manifest = release.manifest
    console.print(
        count_table(
            f"{manifest['dataset']} {manifest['version']}",
            ("config", "split", "rows", "sha256 of the rows"),
            [
                (config, split, facts["rows"], facts["sha256"][:16])
                for config, splits in manifest["rows"].items()
                for split, facts in splits.items()
            ],
        )
    )
    if not release.is_new:
        console.print("this version was there already, with the same bytes")
    console.print(f"-> {release.folder}")
