"""The further texts of a record: cleaned like the two that are measured, but not kept in the store.

A preference pair has a third one, the rejected answer. Such kinds are small, so that their texts
are read from the extracted files whenever they are needed.
"""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from gaokerena_data.curate.texts.rows import gather_rows
from gaokerena_data.datasets.kind import Kind
from gaokerena_data.text.normalizer import normalizer
from gaokerena_data.text.privacy import find_personal_data, redact


def with_other_texts(numbers: pa.Table, files: Sequence[Path], kind: Kind) -> pa.Table:
    """The numbers of records with the personal data of their further texts among theirs.

    Args:
        numbers: with columns `file`, `row` and `personal_data`.
        files: the extracted files.
        kind: what they hold.
    """
    texts = gather_rows(numbers, files, kind, kind.others)
    held = [set(kinds) for kinds in numbers["personal_data"].to_pylist()]
    for name in kind.others:
        for found, text in zip(held, texts[name].to_pylist(), strict=True):
            found.update(span.kind for span in find_personal_data(text or ""))
    place = numbers.column_names.index("personal_data")
    field = numbers.schema.field("personal_data")
    return numbers.set_column(place, field, pa.array(map(sorted, held), field.type))


def clean_others(records: pa.Table, kind: Kind, language: str, *, normalize: bool) -> pa.Table:
    """Records whose further texts hold no personal data.

    Args:
        records: of the kind's schema.
        kind: of them.
        language: of the dataset.
        normalize: whether the texts are normalized too.
    """
    normalized = normalizer(language)
    for name in kind.others:
        cleaned: list[str | None] = []
        for text in records[name].to_pylist():
            if text is None:
                cleaned.append(None)
                continue
            told = redact(text)
            cleaned.append(normalized(told) if normalize else told)
        place, field = records.column_names.index(name), records.schema.field(name)
        records = records.set_column(place, field, pa.array(cleaned, field.type))
    return records
