"""Sets of texts whose contamination is checked: given one by one, or all of a workspace."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.datasets.kind import KINDS
from gaokerena_data.datasets.registry import BENCHMARKS, DATASETS, use_workspace
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace, sha256_file
from training.evaluation.questions.rows import read_rows

TEST_SPLITS = ("dev", "test")


@dataclass(frozen=True, slots=True)
class TextSource:
    """A named set of texts.

    Args:
        name: what tables call it.
        location: a file, a folder or a Hub repository.
        split: which split of it; a file has only one.
        dataset: of which dataset or benchmark of a workspace it is a part, if of any.
        shown: the location as it is written down; the same for everybody's workspace.
    """

    name: str
    location: str
    split: str
    dataset: str | None = None
    shown: str | None = None

    def describe(self) -> dict[str, Any]:
        """What was read: its place, and the SHA-256 of its bytes where it is a file."""
        path = Path(self.location)
        return {
            "dataset": self.dataset,
            "location": self.shown or self.location,
            "split": self.split,
            "sha256": sha256_file(path) if path.is_file() else None,
        }


def parse_source(text: str, split: str) -> TextSource:
    """`NAME=LOCATION` or `NAME=LOCATION#SPLIT`.

    Raises:
        GaokerenaError: it is neither.
    """
    name, found, location = text.partition("=")
    if not (name and found and location):
        raise GaokerenaError(f"{text!r} is no source: write NAME=LOCATION or NAME=LOCATION#SPLIT")
    location, _, wanted = location.partition("#")
    return TextSource(name, location, wanted or split)


def find_sources(workspace: Workspace) -> tuple[list[TextSource], list[TextSource]]:
    """The test sets and the training splits of a workspace, as they would be released now.

    Test sets are the imported benchmarks and the splits dev and test of what is curated; a
    benchmark of several configs is one source a config.

    Raises:
        GaokerenaError: there is nothing of one of the two.
    """
    tests: list[TextSource] = []
    trains: list[TextSource] = []
    use_workspace(workspace)
    for dataset in DATASETS:
        for split in ("train", *TEST_SPLITS):
            file = workspace.curated(dataset) / "default" / f"{split}.parquet"
            if file.is_file():
                side = trains if split == "train" else tests
                side.append(_of_workspace(workspace, f"{dataset} {split}", file, dataset))
    for name, benchmark in BENCHMARKS.items():
        for config in benchmark.configs:
            file = workspace.benchmark(name) / f"{config}.parquet"
            if file.is_file():
                called = name if len(benchmark.configs) == 1 else f"{name} {config}"
                tests.append(_of_workspace(workspace, called, file, name))
    if not tests or not trains:
        raise GaokerenaError(
            f"{workspace.root} has no {'test' if trains else 'training'} split: curate a dataset "
            "and import the benchmarks first, or give --test and --train"
        )
    return tests, trains


def text_columns() -> tuple[str, ...]:
    """Published columns with a text to compare, of all kinds and benchmarks, in lower case."""
    columns = [benchmark.question for benchmark in BENCHMARKS.values()]
    for kind in KINDS.values():
        compared = {getattr(kind, part) for part in kind.compared}
        columns += [column for column, field in kind.published.items() if field in compared]
    columns += [benchmark.answer for benchmark in BENCHMARKS.values() if benchmark.answer]
    return tuple(dict.fromkeys(map(str.casefold, columns)))


def read_texts(source: TextSource) -> Iterator[dict[str, str]]:
    """The text columns of every row by their names in lower case; cells without letters left out.

    Raises:
        GaokerenaError: the source cannot be read, or its rows have no text column.
    """
    columns = text_columns()
    for number, cells in enumerate(read_rows(source.location, source.split), start=1):
        texts = {
            column: value
            for column in columns
            if isinstance(value := cells.get(column), str) and any(map(str.isalpha, value))
        }
        if number == 1 and not any(column in cells for column in columns):
            raise GaokerenaError(f"{source.location} has none of the columns {', '.join(columns)}")
        yield texts


def _of_workspace(workspace: Workspace, name: str, file: Path, dataset: str) -> TextSource:
    shown = file.relative_to(workspace.root).as_posix()
    return TextSource(name, str(file), file.stem, dataset, shown)
