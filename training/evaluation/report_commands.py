"""The commands that sum up: `contamination` and `report`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gaokerena_data.options import DEFAULT_WORKSPACE, WorkspaceOption
from training.evaluation.options import (
    DEFAULT_KEY_VARIABLE,
    BatchSize,
    EndpointUrl,
    KeyVariable,
)

if TYPE_CHECKING:
    from training.evaluation.scoring.multiple_choice import AnswerSet


def contamination(
    test: Annotated[
        list[str] | None, typer.Option(help="NAME=LOCATION[#SPLIT] of a test set; repeatable.")
    ] = None,
    train: Annotated[
        list[str] | None, typer.Option(help="NAME=LOCATION[#SPLIT] of a training set; repeatable.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="The summary (.json); WORKSPACE/contamination.json.")
    ] = None,
    n: Annotated[int, typer.Option(min=1, help="Words in an n-gram.")] = 8,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Count the test items that share word n-grams with training texts.

    Without --test and --train, all splits and benchmarks of the workspace are held against each
    other, and the cards of their releases show it.
    """
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.workspace import Workspace
    from training.evaluation.asking.progress import shown
    from training.evaluation.questions.sources import find_sources, parse_source
    from training.evaluation.report.summaries import write_summary
    from training.evaluation.scoring.contamination import check_contamination, read_overlaps

    room = Workspace(workspace)
    if test and train and to:
        tests = [parse_source(text, "test") for text in test]
        trains = [parse_source(text, "train") for text in train]
    elif test or train or to:
        raise GaokerenaError("give --test, --train and --to together, or none of them")
    else:
        tests, trains = find_sources(room)
    with shown("contamination") as progress:
        summary = check_contamination(tests, trains, n=n, progress=progress)
    path = to or room.contamination_file
    write_summary(path, summary)
    for overlap in read_overlaps(summary):
        typer.echo(overlap)
    typer.echo(path)


@dataclass(frozen=True, kw_only=True)
class ReaderOptions:
    """Who reads the answers that the rules are in doubt about."""

    reader: Annotated[
        str | None,
        typer.Option(help="Model that reads the answers that the rules are in doubt about."),
    ] = None
    endpoint: EndpointUrl = None
    key_variable: KeyVariable = DEFAULT_KEY_VARIABLE
    threshold: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, help="Rules that agreed with people less often are in doubt."
        ),
    ] = 0.6
    batch_size: BatchSize = 8

    def read(self, sets: "list[AnswerSet]", to: Path) -> "list[AnswerSet]":
        """The answer files as the reader read them, where there is one."""
        from training.evaluation.asking.choice_reader import ask_reader
        from training.evaluation.asking.progress import shown
        from training.evaluation.scoring.multiple_choice import with_answers
        from training.evaluation.systems.opening import open_model

        if self.reader is None:
            return sets
        model = open_model(self.reader, endpoint=self.endpoint, key_variable=self.key_variable)
        with shown(f"{self.reader} reads") as progress:
            read = ask_reader(
                model,
                [answer for found in sets for answer in found.answers],
                to / "readings.jsonl",
                threshold=self.threshold,
                batch_size=self.batch_size,
                progress=progress,
            )
        return with_answers(sets, read)


@dataclass(frozen=True, kw_only=True)
class ShownOptions:
    """What a report shows beside the accuracies."""

    also: Annotated[
        list[Path] | None,
        typer.Option(help="Summary (.json) of another evaluation, of any kind; repeatable."),
    ] = None
    first: Annotated[
        str | None, typer.Option(help="The system that is compared with the others.")
    ] = None
    every_pair: Annotated[
        bool, typer.Option("--every-pair", help="Compare every system with every other.")
    ] = False
    price: Annotated[
        list[str] | None,
        typer.Option(help="SYSTEM=IN,OUT: dollars a million tokens; repeatable."),
    ] = None

    def measure(self, sets: "list[AnswerSet]") -> list[dict[str, Any]]:
        """What the answers took, with the prices given."""
        from gaokerena_data.errors import GaokerenaError
        from training.evaluation.asking.usage import measure_usage, parse_price
        from training.evaluation.questions.paper import system_named

        prices = {
            system_named(name) or name: each for name, each in map(parse_price, self.price or [])
        }
        if unknown := sorted(prices.keys() - {found.system for found in sets}):
            raise GaokerenaError(
                f"no answers of a system called {unknown[0]!r}: its price is of no use"
            )
        used = (measure_usage(each.subject, each.system, each.answers, prices) for each in sets)
        return [each for each in used if each]


def report(
    answers: Annotated[Path, typer.Argument(help="Folder of answer files: SUBJECT/SYSTEM.xlsx.")],
    to: Annotated[
        Path, typer.Option(help="Folder for report.md, .tex, .html and .json, and the figures.")
    ],
    reading: ReaderOptions,
    shown: ShownOptions,
    benchmarks: Annotated[
        Path | None,
        typer.Option(help="Folder of the benchmarks' files, for duplicates and topics."),
    ] = None,
) -> None:
    """Score answer files of any systems and benchmarks; Tables III and IV beside the paper's."""
    from gaokerena_data.errors import GaokerenaError
    from training.evaluation.questions.benchmarks import load_sheets, place_items
    from training.evaluation.questions.paper import system_named
    from training.evaluation.report.render import write_report
    from training.evaluation.report.summaries import read_summary
    from training.evaluation.report.tables import build_report
    from training.evaluation.report.topics import with_topics
    from training.evaluation.scoring.multiple_choice import collect

    if not answers.is_dir():
        raise GaokerenaError(f"no folder {answers}: give the folder of the answer files")
    if reading.endpoint and not reading.reader:
        raise GaokerenaError("--endpoint is where the reader is asked: give --reader too")
    sets, passed_over = collect(answers)
    sheets = load_sheets(benchmarks) if benchmarks else {}
    sets = with_topics(sets, sheets)
    usage = shown.measure(sets)
    built = build_report(
        reading.read(sets, to),
        items=place_items(sheets),
        passed_over=[str(path.relative_to(answers)) for path in passed_over],
        also=[read_summary(path) for path in shown.also or []],
        threshold=reading.threshold,
        reader=reading.reader,
        usage=usage,
        first=shown.first and (system_named(shown.first) or shown.first),
        every_pair=shown.every_pair,
    )
    for path in write_report(built, to):
        typer.echo(path)
    checked = [cell.reproduced for cell in built.cells if cell.reproduced is not None]
    typer.echo(
        f"{len(checked)} of the paper's cells have labelled answers here; "
        f"{sum(checked)} are reproduced within 0.01"
    )
