"""Records by which a patient can be identified."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.datasets.settings import Settings
from gaokerena_data.text.personal.span import PersonalData

NAME = "personal_data@1"


class PersonalDataSettings(Settings):
    """Kinds of personal data that no redaction makes harmless."""

    drop_personal_data: list[PersonalData]
    # A model that finds names as well, by name or folder; needs the extra `ner`.
    name_model: str | None = None


def name_model_of(settings: Settings) -> str | None:
    """The model that finds names as well, where a dataset's settings name one."""
    return settings.name_model if isinstance(settings, PersonalDataSettings) else None


def drop_identified(table: pa.Table, kinds: Sequence[str]) -> Sifted:
    """Drop records that hold personal data by which a patient can be identified.

    Args:
        table: the records under curation.
        kinds: of personal data (see `text.privacy`) that no redaction makes harmless.
    """
    held = table["personal_data"].combine_chunks()
    banned = pc.is_in(held.flatten(), pa.array(kinds, pa.string()))
    found = np.zeros(table.num_rows, np.bool_)
    found[pc.list_parent_indices(held).filter(banned).to_numpy()] = True
    details = np.full(table.num_rows, None, dtype=object)
    details[found] = [
        ", ".join(sorted(set(kinds).intersection(those)))
        for those in held.filter(pa.array(found)).to_pylist()
    ]
    return leave_out(
        table, found, NAME, "identifies_a_patient", detail=pa.array(details, pa.string())
    )


RULE = Rule(
    NAME,
    "records with a kind of `drop_personal_data`; all other personal data is replaced in the text",
    ("identifies_a_patient",),
    lambda table, curating: drop_identified(
        table, curating.read(PersonalDataSettings).drop_personal_data
    ),
    PersonalDataSettings,
)
