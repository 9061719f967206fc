"""Rules: one thing that a curation does to records, stated once and told everywhere by one name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.sifted import Sifted
from gaokerena_data.datasets.settings import Settings


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its file is called as it is, without the version.

    Args:
        name: in the ledger, with its version (`answer_length@1`): the number rises when the rule
            changes its meaning.
        drops: what it drops, as one phrase for people; keys of gaokerena.toml stand in backticks.
        reasons: all that the ledger may give.
        apply: what it does to the records under curation.
        settings: the keys of the dataset's table that it reads.
    """

    name: str
    drops: str
    reasons: tuple[str, ...]
    apply: Callable[[pa.Table, Curating], Sifted]
    settings: type[Settings] | None = None

    def __post_init__(self) -> None:
        """Refuse what would fail in the middle of a curation.

        Raises:
            TypeError: `apply` is nothing that can be called, or `settings` are no settings.
        """
        apply, settings = cast("tuple[object, object]", (self.apply, self.settings))
        is_model = isinstance(settings, type) and issubclass(settings, Settings)
        if not callable(apply) or not (settings is None or is_model):
            raise TypeError(f"{self.name}: apply must be a function, settings a class of Settings")

    @property
    def label(self) -> str:
        """For people who watch it at work."""
        return self.name.partition("@")[0].replace("_", " ")
