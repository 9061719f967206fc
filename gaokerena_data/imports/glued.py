"""Rows of an older crawl that hold several answers, as one record an answer.

Crawlers that looked for the first line with a doctor's name took all that follows for one answer.
Of the authors' crawl of niniban, 670 of 9,728 rows are such.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from gaokerena_data.records import answer_id, pair_id, thread_id
from gaokerena_data.text.bylines import Answered, split_answers, split_questions

type Cells = Mapping[str, Any]


def split_row(cells: Cells, source: str) -> list[dict[str, Any]]:
    """The pairs that a row holds, as cells of records with ids of their own; none where it is one.

    Args:
        cells: by field, with a `question` and an `answer`.
        source: name of the source.
    """
    question, above = split_answers(cells["question"])
    if not question:  # a row that begins with a by-line is none that we know how to read
        return []
    own, *later = split_questions(cells["answer"])
    unnamed, below = split_answers(own)
    given = Answered(cells.get("answered_by"), cells.get("specialty"), unnamed)
    threads = [(question, [*above, *([given] if unnamed else []), *below])]
    threads += [each for each in map(split_answers, later) if each[0] and each[1]]
    if question == cells["question"] and threads == [(question, [given])]:
        return []
    return _pairs(threads, cells, source)


def _pairs(
    threads: list[tuple[str, list[Answered]]], cells: Cells, source: str
) -> list[dict[str, Any]]:
    url = cells.get("url")
    answers_of: Counter[str | None] = Counter()
    pairs: dict[str, dict[str, Any]] = {}
    for place, (question, answers) in enumerate(threads):
        # A second question on a page is a thread of its own.
        page = url if place == 0 or url is None else f"{url}#{place + 1}"
        for position, answer in enumerate(answers):
            who = answer.answered_by
            record_id = (
                answer_id(source, url, who, answers_of[who])
                if url
                else pair_id(source, question, answer.text)
            )
            own = {
                "id": record_id,
                "thread_id": thread_id(source, page, question),
                "question": question,
                "answer": answer.text,
                "answered_by": who,
                "specialty": answer.specialty,
                "answer_position": position,
            }
            answers_of[who] += 1
            pairs.setdefault(record_id, {**cells, **own})
    return list(pairs.values())
