"""A dataset's declaration: all that is known of it before a record is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gaokerena_data.datasets.kind import Kind

TRAIN, DEV, TEST = SPLITS = ("train", "dev", "test")
UNASSIGNED = "unassigned"  # records of the config "uncleaned" that stand in none of them
REVIEW, TAKEDOWN = "review@1", "takedown@2"
# Rules under the names of their earlier versions: a declaration that names one gets what took its
# place, and the ledger states that.
SUCCEEDED = {
    "takedown@1": TAKEDOWN,
    "quality@1": "quality@2",
    "near_duplicate@1": "near_duplicate@2",
}
# Rules that go by a scorer's scores: a dataset that has none does not inherit them.
BY_SCORE = ("worth@1", "short_share@1")
# The rules without which a text of one split may stand in another.
AGAINST_LEAKS = ("decontaminate@1", "containment@1")


@dataclass(frozen=True, slots=True)
class About:
    """What a card's metadata says of a dataset that its rows do not tell; the Hub's own words."""

    tasks: tuple[str, ...]
    task_ids: tuple[str, ...]
    annotations: str = "no-annotation"
    language_creators: str = "found"
    multilinguality: str = "monolingual"
    source_datasets: str = "original"
    tags: tuple[str, ...] = ("medical", "persian")


@dataclass(frozen=True, slots=True)
class Preset:
    """Another way to curate the same records.

    Args:
        steps: ledger names of its rules, in order.
        thresholds: settings that it fixes, whatever gaokerena.toml says.
        texts: "cleaned", or "extracted" where texts stay as they were read.
    """

    steps: tuple[str, ...]
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    texts: Literal["cleaned", "extracted"] = "extracted"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a dataset is made of.

    Args:
        name: also of its folders and of its table in gaokerena.toml.
        title: as people write it.
        kind: of its records.
        repository: where it is published, `ORG/NAME`.
        sources: names of the sources whose records of this kind it takes, the best first.
        steps: ledger names of the rules that are applied, in order; the last one assigns splits.
        splits: split -> the sources that may feed it; a source that stands in none feeds train.
        configs: of a release: "default"; "uncleaned" where every record that was read is published
            beside the cleaned ones; "scored" and "removed", see `datasets.configs`.
        card: name of its template in `cards/`.
        about: for the card's metadata.
        thresholds: its settings, which gaokerena.toml overrides; those that are missing are the
            packaged ones of a dataset of its kind.
        licence: of what is published, by the Hub's name of it.
        language: ISO code of its texts. Persian is normalized with hazm; letters of any other
            language are left as they are.
        presets: other ways to curate it, by name.
        made_of: benchmarks whose questions it is made of: its records are not kept clear of them,
            and who learns from it is not measured by them.
    """

    name: str
    title: str
    kind: Kind
    repository: str
    sources: tuple[str, ...]
    steps: tuple[str, ...]
    card: str
    about: About
    splits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    configs: tuple[str, ...] = ("default",)
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    licence: str = "cc-by-nc-sa-4.0"
    language: str = "fa"
    presets: Mapping[str, Preset] = field(default_factory=dict)
    made_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        steps = tuple(SUCCEEDED.get(step, step) for step in self.steps)
        object.__setattr__(self, "steps", steps)

    @property
    def is_reviewed(self) -> bool:
        """Whether clinicians decide on its rows."""
        return REVIEW in self.steps

    def splits_of(self, source: str) -> tuple[str, ...]:
        """The splits that a source may feed."""
        found = tuple(split for split, names in self.splits.items() if source in names)
        return found or (TRAIN,)

    def feeds_test(self, source: str) -> bool:
        """Whether a source's records are for testing: no model may learn from them."""
        return TEST in self.splits_of(source)
