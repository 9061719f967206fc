"""Learn the weights of `text.personal.learnt_names` from texts in which names are marked.

    python -m tests.text.learn_names MARKED.jsonl ... > name_weights.json

A line of a file is {"text": ..., "names": [[start, end], ...], "weight": 1.0, "only_names": false}.
`weight` says how far the marks are to be trusted; a text with an invented name put into it has
`only_names`, so that of its other words nothing is learnt. No word of a text goes into the weights
but the most usual ones of forum_words.txt.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from gaokerena_data.text.personal.name_evidence import evidence
from gaokerena_data.text.personal.name_slots import find_slots
from gaokerena_data.text.personal.span import fold

LISTED = frozenset(("sure", "given", "first", "last"))
UNLISTED_SHARE = 0.4  # the weight of a word again, as if no list of names had it
CAUTION = 1.2  # taken from the sum: two false names of a hundred are too many
LEAST = 0.02  # a smaller weight is left out

Example = tuple[frozenset[str], bool, float]  # evidence, whether a name, weight


def examples(text: str, names: list[list[int]], weight: float, *, only: bool) -> Iterator[Example]:
    """What stands at the places of a text, with and without the lists of names."""
    folded = fold(text)
    for slot in find_slots(folded):
        end = slot.start + len(slot.word)
        is_name = any(start < end and slot.start < stop for start, stop in names)
        if only and not is_name:
            continue
        found = frozenset(each for part in evidence(folded, slot) for each in part)
        yield found, is_name, weight
        if found & LISTED:
            share = 1.0 if only else UNLISTED_SHARE
            yield frozenset(filter(_is_not_of_lists, found)), is_name, weight * share


def learn(marked: list[Example]) -> dict[str, float]:
    """The weights of a logistic regression."""
    vectorizer = DictVectorizer()
    rows = vectorizer.fit_transform([dict.fromkeys(sorted(each[0]), 1.0) for each in marked])
    model = LogisticRegression(C=0.5, max_iter=600)
    model.fit(rows, [each[1] for each in marked], sample_weight=[each[2] for each in marked])
    learnt = zip(vectorizer.get_feature_names_out(), map(float, model.coef_[0]), strict=True)
    weights = {name: round(weight, 3) for name, weight in learnt if abs(weight) >= LEAST}
    return weights | {"always": round(float(model.intercept_[0]) - CAUTION, 3)}


def _is_not_of_lists(name: str) -> bool:
    parts = name.partition(": ")[2] or name
    return LISTED.isdisjoint(parts.split(" + "))


def main() -> None:
    """Print the weights that the files named on the command line teach."""
    marked: list[Example] = []
    for file in sys.argv[1:]:
        for line in Path(file).read_text("utf-8").splitlines():
            row = json.loads(line)
            only, weight = row.get("only_names", False), row.get("weight", 1.0)
            marked += examples(row["text"], row["names"], weight, only=only)
    weights = learn(marked)
    json.dump(dict(sorted(weights.items())), sys.stdout, ensure_ascii=False, indent=0)


if __name__ == "__main__":
    main()
