"""`gaokerena annotate DATASET`: a sample of its rows, labelled by a teacher."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gaokerena_data.annotate.asking import Question, ask_all
from gaokerena_data.annotate.codes import Language
from gaokerena_data.annotate.decisions import write_reviewed
from gaokerena_data.annotate.judgement import Judgement
from gaokerena_data.annotate.replies import (
    OUTCOMES,
    KeptReply,
    Outcome,
    key_of,
    read_replies,
    replies_path,
    write_labels,
)
from gaokerena_data.annotate.rows import Row, draw_rows, read_rows
from gaokerena_data.annotate.rubric import prompt_for
from gaokerena_data.annotate.teacher import USUAL_TOKENS, Teacher
from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.endpoints.cost import Cost, estimate_cost
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows that are to be labelled, with the replies that there are.

    Args:
        dataset: their dataset.
        questions: one a row, in the order of ids.
        strata: of each.
        population: how many rows there are to draw from.
    """

    dataset: Declaration
    questions: list[Question]
    strata: list[tuple[str, str, int]]
    population: int

    def cost(self, price_in: float | None, price_out: float | None) -> Cost:
        """What the missing labels will cost, retries not counted.

        Args:
            price_in: dollars a million tokens read.
            price_out: dollars a million tokens written.
        """
        missing = [each.next_prompt for each in self.questions if each.outcome is None]
        return estimate_cost(missing, USUAL_TOKENS, price_in=price_in, price_out=price_out)


@dataclass(frozen=True, slots=True)
class Labelled:
    """What came of a sample.

    Args:
        outcomes: how many rows came to what; together they are the sample.
        first_failure: what was said of the first row that failed; "" where none did.
        labels: labels by stratum: source and what became of the rows -> the teacher's judgements.
        teachers: labels by teachers that the dataset has now, earlier samples' too.
        reviewed: labels by reviewers.
    """

    outcomes: dict[Outcome, int]
    first_failure: str
    labels: dict[tuple[str, str], list[Judgement]]
    teachers: int
    reviewed: int


def draw(
    workspace: Workspace,
    dataset: Declaration,
    teacher: str,
    *,
    count: int,
    seed: int,
    language: Language,
) -> Sample:
    """Draw the rows of a sample, and find the replies that there are already.

    Args:
        workspace: with the dataset curated.
        dataset: its declaration.
        teacher: the teacher's name.
        count: rows wanted.
        seed: another seed, another sample.
        language: of the rubric.

    Raises:
        GaokerenaError: nothing is curated, no row may be shown, or the replies are damaged.
    """
    rows = read_rows(workspace, dataset)
    if not rows:
        raise GaokerenaError(f"{dataset.name}: no curated row that may be shown to a teacher")
    said: defaultdict[str, list[KeptReply]] = defaultdict(list)
    for reply in read_replies(replies_path(workspace, dataset.name)):
        said[reply.key].append(reply)
    drawn = draw_rows(rows, count, seed)
    questions = [_question(row, teacher, language, said) for row in drawn]
    return Sample(dataset, questions, [row.stratum for row in drawn], len(rows))


def label(
    workspace: Workspace,
    sample: Sample,
    teacher: Teacher,
    progress: Callable[[int, int], None],
) -> Labelled:
    """Ask for every label that is missing, and write `labels.jsonl` from all replies.

    Raises:
        GaokerenaError: the teacher does not answer any more; labels are written of what it said.
    """
    name = sample.dataset.name
    keys = {question.key: question.id for question in sample.questions}
    try:
        ask_all(teacher, sample.questions, replies_path(workspace, name), progress)
    finally:
        teachers = write_labels(workspace, name, keys)
    outcomes = Counter(question.outcome for question in sample.questions)
    failed = next((each for each in sample.questions if each.outcome == "failed"), None)
    return Labelled(
        {outcome: outcomes[outcome] for outcome in OUTCOMES},
        failed.replies[-1].detail if failed else "",
        _by_stratum(sample.questions, sample.strata),
        teachers,
        write_reviewed(workspace, sample.dataset),
    )


def _question(
    row: Row, teacher: str, language: Language, said: defaultdict[str, list[KeptReply]]
) -> Question:
    prompt = prompt_for(row.question, row.answer, language)
    key = key_of(prompt, teacher)
    return Question(key, row.id, prompt, list(said[key]))


def _by_stratum(
    questions: Sequence[Question], strata: Sequence[tuple[str, str, int]]
) -> dict[tuple[str, str], list[Judgement]]:
    found: defaultdict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for question, (source, became, _) in zip(questions, strata, strict=True):
        judgements = [reply.judgement for reply in question.replies]
        found[source, became] += [each for each in judgements if each is not None][:1]
    return dict(sorted(found.items()))
