"""Scores by topic: the specialty or subject that a benchmark names for each of its questions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from training.evaluation.questions.benchmarks import Item, choice_parts
from training.evaluation.questions.paper import SUBJECTS
from training.evaluation.scoring.multiple_choice import (
    AnswerSet,
    Reading,
    Score,
    item_key,
    score,
)

NO_TOPIC = "not told"


@dataclass(frozen=True, slots=True)
class TopicScore:
    """One system on the questions of one topic; by people's labels where all answers have one."""

    subject: str
    topic: str
    system: str
    score: Score


def other_subjects(sets: Iterable[AnswerSet]) -> dict[str, str]:
    """The subjects with answers that the paper does not have, each with its title."""
    parts = choice_parts()
    there = {found.subject for found in sets} - set(SUBJECTS)
    return {subject: part.title for subject, part in parts.items() if subject in there}


def with_topics(
    sets: Sequence[AnswerSet], benchmarks: Mapping[str, Sequence[Item]]
) -> list[AnswerSet]:
    """The answer files with the topics of the benchmarks' items where they do not say them.

    Answers meet items by their options and right letter; the nth of the same meets the nth.

    Args:
        sets: the answer files.
        benchmarks: items by subject.
    """
    topics: dict[tuple[str, ...], str | None] = {}
    for subject, items in benchmarks.items():
        times: Counter[tuple[str, ...]] = Counter()
        for item in items:
            key = item_key(subject, item.correct, item.options)
            times[key] += 1
            topics[*key, str(times[key])] = item.topic
    told = []
    for found in sets:
        times = Counter()
        answers = []
        for answer in found.answers:
            key = item_key(found.subject, answer.correct, answer.options)
            times[key] += 1
            known = topics.get((*key, str(times[key])))
            answers.append(replace(answer, topic=answer.topic or known))
        told.append(replace(found, answers=answers))
    return told


def score_topics(sets: Sequence[AnswerSet], threshold: float) -> list[TopicScore]:
    """Every system on every topic, subject by subject; the topics with most questions first."""
    found: list[TopicScore] = []
    for subject in (*SUBJECTS, *other_subjects(sets)):
        of_subject = [each for each in sets if each.subject == subject]
        counts: Counter[str] = Counter()
        for each in of_subject:
            told = Counter(answer.topic or NO_TOPIC for answer in each.answers)
            counts |= told
        if set(counts) <= {NO_TOPIC}:
            continue
        for topic, _ in counts.most_common():
            for each in of_subject:
                answers = [a for a in each.answers if (a.topic or NO_TOPIC) == topic]
                reading: Reading = "human" if each.read_by_people() else "ours"
                scored = score(answers, reading, threshold=threshold)
                if answers:
                    found.append(TopicScore(subject, topic, each.system, scored))
    return found
