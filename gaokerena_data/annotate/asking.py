"""A teacher is asked for every label that is missing; each reply is on disk before the next."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from gaokerena_data.annotate.replies import KeptReply, Outcome, keep, outcome_of, reply_to_json
from gaokerena_data.annotate.rubric import again
from gaokerena_data.annotate.teacher import Teacher
from gaokerena_data.endpoints.json_lines import Append, appending
from gaokerena_data.endpoints.reply import Reply

# How often a teacher is asked whose answers cannot be read.
ATTEMPTS = 3


@dataclass(slots=True)
class Question:
    """One row as a teacher is asked about it.

    Args:
        key: digest of prompt and teacher.
        id: the record.
        prompt: what is asked.
        replies: what was said so far, in this run and before.
        was_asked: whether this run has had a reply that is none of the model's own.
    """

    key: str
    id: str
    prompt: str
    replies: list[KeptReply] = field(default_factory=list)
    was_asked: bool = False

    @property
    def outcome(self) -> Outcome | None:
        """What the replies come to; None where it is to be asked."""
        found = outcome_of(self.replies, ATTEMPTS)
        return "failed" if found is None and self.was_asked else found

    @property
    def next_prompt(self) -> str:
        """What is asked next: with what was wrong with the last answer, if anything was."""
        said = [reply for reply in self.replies if reply.text is not None]
        return again(self.prompt, said[-1].detail) if said else self.prompt


def ask_all(
    teacher: Teacher,
    questions: Sequence[Question],
    path: Path,
    progress: Callable[[int, int], None],
) -> None:
    """Ask until every question has an outcome; those that failed before come last.

    Args:
        teacher: who is asked.
        questions: with the replies that they have; more are added to them.
        path: where replies are kept.
        progress: told how many of how many have an outcome.

    Raises:
        GaokerenaError: the teacher does not answer any more; what it answered is kept.
    """
    waiting = [question for question in questions if question.outcome is None]
    queue = deque(sorted(waiting, key=lambda question: bool(question.replies)))
    left = len(queue)
    progress(len(questions) - left, len(questions))
    running: dict[Future[list[Reply]], list[Question]] = {}
    with appending(path) as append, ThreadPoolExecutor(teacher.at_once) as pool:
        try:
            while queue or running:
                while queue and len(running) < teacher.at_once:
                    batch = [queue.popleft() for _ in range(min(teacher.batch, len(queue)))]
                    prompts = [question.next_prompt for question in batch]
                    running[pool.submit(teacher.ask, prompts)] = batch
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for each in done:
                    batch = running.pop(each)
                    _take(append, teacher.name, batch, each.result())
                    unread = [question for question in batch if question.outcome is None]
                    queue.extend(unread)
                    left -= len(batch) - len(unread)
                    progress(len(questions) - left, len(questions))
        except BaseException:
            teacher.stop()
            _keep_what_comes(append, teacher.name, running)
            raise


def _take(append: Append, name: str, batch: Sequence[Question], replies: Iterable[Reply]) -> None:
    for question, reply in zip(batch, replies, strict=True):
        kept = keep(reply, question.key, question.id, name)
        append([reply_to_json(kept)])
        question.replies.append(kept)
        question.was_asked = question.was_asked or reply.unanswered


def _keep_what_comes(
    append: Append, name: str, running: Mapping[Future[list[Reply]], list[Question]]
) -> None:
    """What is under way was paid for: it is waited for, and kept."""
    for each, batch in running.items():
        if not each.cancel() and each.exception() is None:
            _take(append, name, batch, each.result())
