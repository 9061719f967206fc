"""The log of a dataset's decisions, settled into the file that a curation reads."""

from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.datasets.settings import review_settings
from gaokerena_data.review.card import describe_review
from gaokerena_data.review.decisions import load_decisions, log_path
from gaokerena_data.review.settle import Resolved, Settled, settle
from gaokerena_data.settled import DISPUTED, Ruling, SettledReview, write_settled
from gaokerena_data.workspace import Workspace


def settle_log(workspace: Workspace, declaration: Declaration) -> None:
    """Settle all decisions on a dataset, by the rule of gaokerena.toml.

    A dataset that nobody reviews, and one on which nobody has decided anything, is left alone.

    Raises:
        GaokerenaError: a damaged log, or a rule that is none.
    """
    log = log_path(workspace, declaration.name)
    if not declaration.is_reviewed or not log.is_file():
        return
    review = review_settings(declaration, workspace)
    settled = settle(load_decisions(log), review.rule, review.senior)
    card = describe_review(workspace, declaration.name, review.rule, review.senior)
    content = SettledReview(review.rule, review.senior, rulings_of(settled), card)
    write_settled(workspace, declaration.name, content)


def rulings_of(settled: Settled) -> list[Ruling]:
    """What becomes of each content of each row that was judged.

    A row that is to be asked again stays, unless somebody rejects it: then it leaves as
    "disputed" until it is settled, for what a clinician calls harmful is not published meanwhile.
    """
    return [
        Ruling(
            record_id,
            content,
            DISPUTED if verdict.is_disputed else verdict.reason,
            verdict.question,
            verdict.answer,
            _said(verdict),
            "; ".join(vote.note for vote in verdict.votes if vote.note),
            any(vote.reason == "personal_data" for vote in verdict.votes),
        )
        for (record_id, content), verdict in settled.verdicts.items()
    ]


def _said(verdict: Resolved) -> str:
    return ", ".join(f"{vote.reviewer} {vote.choice} {vote.decided_at}" for vote in verdict.votes)
