"""What every step of one curation works with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gaokerena_data.curate.duplicates.compared_texts import ComparedTexts
from gaokerena_data.curate.reviewed import Reviewed
from gaokerena_data.curate.splits.protected import Protected
from gaokerena_data.curate.splits.record_clusters import find_clusters
from gaokerena_data.curate.splits.released import read_released_splits
from gaokerena_data.curate.texts.score_store import ScoreStore
from gaokerena_data.curate.texts.signal_store import SignalStore
from gaokerena_data.datasets.declaration import Declaration, Preset
from gaokerena_data.datasets.settings import DatasetSettings, Settings
from gaokerena_data.progress import Progress
from gaokerena_data.scoring.label_files import Label
from gaokerena_data.takedowns.matching import TakedownMatcher
from gaokerena_data.workspace import Workspace

if TYPE_CHECKING:
    from gaokerena_data.curate.splits.ngrams import NgramIndex

TEXTS = ("heading", "body")


@dataclass
class Curating:
    """One curation under way.

    Args:
        workspace: where it reads.
        declaration: of the dataset.
        preset: the way it is curated, where that is not the dataset's own.
        settings: the thresholds of all of its rules.
        files: the extracted files.
        inputs: their SHA-256, by their places in the workspace.
        store: where the records' signals are.
        scores: where their scores are; None where the dataset has no scorer.
        labels: what readers said of records, which goes before scores.
        takedowns: what was asked to be left out.
        protected: what no training text may hold.
        progress: told (step, done, total) as it goes.
        taken_down: what `takedown@2` found by its words: why, by a row's file and number.
        reviewed: what `review@1` leaves for the run to write.
        contained: what `containment@1` leaves for `split@1`: the n-grams of the rows that stay.
    """

    workspace: Workspace
    declaration: Declaration
    preset: Preset | None
    settings: DatasetSettings
    files: Sequence[Path]
    inputs: dict[str, str]
    store: SignalStore
    scores: ScoreStore | None
    labels: Sequence[Label]
    takedowns: TakedownMatcher
    protected: Protected
    progress: Progress
    taken_down: dict[tuple[int, int], str] | None = None
    reviewed: Reviewed | None = None
    contained: "NgramIndex | None" = None

    @cached_property
    def released(self) -> dict[str, str]:
        """The split of every record that was released; none where the dataset has but one."""
        if self.preset is not None or not self.declaration.splits:
            return {}
        return read_released_splits(self.workspace, self.declaration.name)

    def read[S: Settings](self, section: type[S]) -> S:
        """The settings of one rule, by the class in which it states them."""
        found = self.find(section)
        if found is None:
            raise TypeError(f"the settings of {self.declaration.name} have no {section.__name__}")
        return found

    def find[S: Settings](self, section: type[S]) -> S | None:
        """The settings of a rule, or None where the dataset does not have that rule."""
        return self.settings if isinstance(self.settings, section) else None

    def texts(self, table: pa.Table, sides: Sequence[str] = TEXTS) -> list[ComparedTexts]:
        """The normalized texts of records, ready to be compared.

        Args:
            table: the records.
            sides: "heading", "body", or both.
        """
        return [self.store.read_texts(table["key"], side) for side in sides]

    def with_clusters(self, table: pa.Table) -> pa.Table:
        """The records with a column `cluster`: a label of all that must stand on one side."""
        kind = self.declaration.kind
        fields = self.texts(table, kind.compared)
        labels = find_clusters(table, kind, fields, self.settings.near_duplicates)
        return table.append_column("cluster", pa.array(labels))

    def may_train(self, table: pa.Table) -> npt.NDArray[np.bool_]:
        """Which records' sources feed a split that a model learns from."""
        tests = {name for name in self.declaration.sources if self.declaration.feeds_test(name)}
        return np.array([name not in tests for name in table["source"].to_pylist()], np.bool_)
