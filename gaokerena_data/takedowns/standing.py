"""Answers that doctors give to many people: nobody's question is told by them."""

from collections.abc import Sequence
from dataclasses import replace

from gaokerena_data.takedowns.alike import PrintIndex
from gaokerena_data.takedowns.letters import read_grams, read_letters
from gaokerena_data.takedowns.places import TextTable
from gaokerena_data.takedowns.prints import TextPrint

# An answer that stands under more other questions is what a doctor says to many. A long one may
# be a person's that was copied a few times.
_LETTERS = 200
_QUESTIONS, _QUESTIONS_OF_LONG = 3, 9


def mark_standing(
    tables: Sequence[TextTable], prints: Sequence[TextPrint], key: bytes
) -> list[TextPrint]:
    """The fingerprints, in their order; those of standing answers do not count by themselves.

    Args:
        tables: of a workspace.
        prints: of questions and answers that are taken down.
        key: that they were made with.
    """
    answers = {
        number: each for number, each in enumerate(prints) if each.side == "answer" and each.alone
    }
    if not answers:
        return list(prints)
    numbers = list(answers)
    given = PrintIndex(list(answers.values()), key)
    asked = PrintIndex([each for each in prints if each.side == "heading"], key)
    questions: dict[int, set[int]] = {number: set() for number in numbers}
    for table in tables:
        if table.stage != "extracted" or table.columns.kind != "pair":
            continue
        for batch in table.batches(table.columns.texts):
            headings, bodies = ([text or "" for text in each.to_pylist()] for each in batch.columns)
            alike = given.find(bodies, "answer")
            if not alike.twins.any():
                continue
            own = set(asked.find(headings, "heading").texts.tolist())
            words = read_grams(read_letters(headings)).whole.tolist()
            rows, found = alike.texts[alike.twins].tolist(), alike.prints[alike.twins].tolist()
            for row, place in zip(rows, found, strict=True):
                if row not in own:
                    questions[numbers[place]].add(words[row])
    return [
        replace(each, alone=False) if len(questions.get(number, ())) > _most(each) else each
        for number, each in enumerate(prints)
    ]


def _most(answer: TextPrint) -> int:
    """Under how many other questions an answer may stand that is somebody's own."""
    return _QUESTIONS if answer.letters < _LETTERS else _QUESTIONS_OF_LONG
