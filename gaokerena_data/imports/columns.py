"""Names of columns, as people spell them on any keyboard."""

import re
import unicodedata

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
