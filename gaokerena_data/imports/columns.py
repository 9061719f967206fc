"""Names of columns, as people spell them on any keyboard."""

import re
import unicodedata
from collections.abc import Sequence

_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ؤ": "و", "أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه"}
)


def folded_name(name: str) -> str:
    """What is left of a column's name when keyboards, case, half-spaces and marks are set aside.

    «سؤال» and «سوال», "Answer" and "answer " with a half-space behind it are one name each.
    """
    text = unicodedata.normalize("NFKC", name).translate(_LETTERS)
    # Marks above letters, marks of direction, half-spaces: nobody sees them in a heading.
    kept = (c for c in text if unicodedata.category(c) not in {"Mn", "Cf", "Cc", "Cs"})
    return re.sub(r"[\W_]+", "_", "".join(kept).replace("ـ", "").casefold()).strip("_")


def some_names(names: Sequence[str]) -> str:
    """The first names of many, of a length that people read: a sheet may have 16,384 columns."""
    told = [repr(name if len(name) <= 80 else f"{name[:80]}…") for name in names[:20]]
    more = [f"{len(names) - 20:,} more"] if len(names) > 20 else []
    return ", ".join(told + more)
