"""What can be reviewed: every row that a curation took as far as its review step."""

import json
from dataclasses import dataclass

from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.errors import GaokerenaError, damage_told, read_table
from gaokerena_data.takedowns.matching import read_matcher
from gaokerena_data.workspace import Workspace, sha256_file

COLUMNS = ("id", "source", "question", "answer", "answer_words", "persian_share")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row as it was before any decision was applied to it."""

    id: str
    source: str
    question: str
    answer: str
    answer_words: int
    persian_share: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the last curation held rows against, as far as doubts are near to it.

    Args:
        min_answer_words: the floor of all sources; 0 where there is none.
        min_answer_words_of: the floors of sources that have one of their own.
        min_persian_share: of letters in Persian script.
        shingle_words: words of a shingle by which texts are compared.
        seed: of the permutations.
    """

    min_answer_words: int
    min_answer_words_of: dict[str, int]
    min_persian_share: float
    shingle_words: int
    seed: int

    def floor_of(self, source: str) -> int:
        """Words that an answer of a source must have."""
        return self.min_answer_words_of.get(source, self.min_answer_words)


def read_thresholds(workspace: Workspace, dataset: str) -> Thresholds:
    """The thresholds of the last curation, from its run.json."""
    file = workspace.curated(dataset) / "run.json"
    with damage_told(file, _again(dataset)):
        settings = json.loads(file.read_text("utf-8"))["settings"]
        return Thresholds(
            settings.get("min_answer_words", 0),
            settings.get("min_answer_words_of", {}),
            settings.get("min_persian_share", 0.0),
            settings["near_duplicates"]["shingle_words"],
            settings["near_duplicates"]["seed"],
        )


def _again(dataset: str) -> str:
    return f"run `gaokerena curate {dataset}` again"


def read_candidates(workspace: Workspace, declaration: Declaration) -> list[Candidate]:
    """The rows of the last curation, in id order, but for what was taken down since.

    Raises:
        GaokerenaError: nothing is curated, or the dataset has no rows that are reviewed.
    """
    dataset = declaration.name
    if not declaration.is_reviewed:
        raise GaokerenaError(f"{dataset}: its rows are not reviewed one by one")
    file = workspace.curated(dataset) / "candidates.parquet"
    if not file.is_file():
        raise GaokerenaError(f"{file}: not there; run `gaokerena curate {dataset}` first")
    table = read_table(file, _again(dataset), columns=list(COLUMNS))
    taken_down = read_matcher(workspace).reasons(
        table["id"], None, table["question"], table["answer"], is_pair=True
    )
    rows = zip(table.to_pylist(), taken_down, strict=True)
    return [Candidate(**row) for row, reason in rows if reason is None]


def dataset_version(workspace: Workspace, dataset: str) -> str:
    """The release that was made of the last curation, or the curation's own digest."""
    run = workspace.curated(dataset) / "run.json"
    with damage_told(run, _again(dataset)):
        facts = json.loads(run.read_text("utf-8"))
        made_of = {name: facts[name] for name in ("inputs", "settings")}
    same = []
    for folder in workspace.releases(dataset):
        file = folder / "manifest.json"
        with damage_told(file, "restore it from a copy, or from the Hub"):
            if made_of.items() <= json.loads(file.read_text("utf-8")).items():
                same.append(folder.name)
    return same[-1] if same else f"curation-{sha256_file(run)[:12]}"
