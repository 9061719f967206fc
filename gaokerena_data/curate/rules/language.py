"""Texts in other languages."""

from collections.abc import Sequence
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.datasets.settings import Settings

NAME = "language@1"


class Language(Settings):
    """What texts may be written in."""

    languages: Annotated[list[str], Field(min_length=1)]


def drop_other_languages(table: pa.Table, languages: Sequence[str]) -> Sifted:
    """Drop texts in another language; one that cannot be told ("unknown") stays."""
    allowed = pa.array([*languages, "unknown"])
    other = pc.invert(pc.is_in(table["language"], allowed))
    return leave_out(table, other, NAME, "other_language", detail=table["language"])


RULE = Rule(
    NAME,
    "languages not in `languages`; one that cannot be told stays",
    ("other_language",),
    lambda table, curating: drop_other_languages(table, curating.read(Language).languages),
    Language,
)
