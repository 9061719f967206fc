"""Persian text as pure functions: a library of its own, which imports nothing else of ours.

>>> from gaokerena_data.text import normalize, sentences
>>> print(normalize("دوز 2.5mg كتاب ها"))
دوز 2.5mg کتاب‌ها

Importing it costs nothing: a function's module is read when the function is first asked for.
docs/text.md shows each of them.
"""

from importlib import import_module

# Checkers of types take it for true; typing.TYPE_CHECKING would cost more than the rest of this.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from gaokerena_data.text.language import detect_language
    from gaokerena_data.text.normalizer import normalize
    from gaokerena_data.text.privacy import find_personal_data, redact
    from gaokerena_data.text.sentence_splitter import sentence_spans, sentences
    from gaokerena_data.text.shingling import shingles
    from gaokerena_data.text.word_forms import words

__all__ = [
    "detect_language",
    "find_personal_data",
    "normalize",
    "redact",
    "sentence_spans",
    "sentences",
    "shingles",
    "words",
]

# No module here bears the name of a function: importing it would put it in the function's place.
_MODULES = {
    "detect_language": "language",
    "find_personal_data": "privacy",
    "normalize": "normalizer",
    "redact": "privacy",
    "sentence_spans": "sentence_splitter",
    "sentences": "sentence_splitter",
    "shingles": "shingling",
    "words": "word_forms",
}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A function by its name; from then on it is an attribute like any other."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
