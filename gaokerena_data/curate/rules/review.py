"""What clinicians decided, applied at every run to the rows that they judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.measures.measure import NUMBERS
from gaokerena_data.curate.reviewed import Reviewed
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.curate.sifted import Sifted, leave_out
from gaokerena_data.curate.texts.input_index import text_key
from gaokerena_data.curate.texts.signal_store import SignalStore, read_numbers
from gaokerena_data.datasets.declaration import REVIEW
from gaokerena_data.datasets.settings import Review
from gaokerena_data.ledger import with_notes
from gaokerena_data.settled import DISPUTED, REASONS, Ruling, content_hash, read_settled
from gaokerena_data.text.normalizer import normalizer


@dataclass(frozen=True, slots=True)
class Applied:
    """One entry a row, in the order of the rows.

    Args:
        rejected: whether the row leaves.
        reasons: the ledger's reason of a row that leaves, None for every other.
        details: the ledger's detail of a row that leaves or was edited (who decided; the content
            hash of the original), None for every other.
        questions: as they go on: corrected and normalized where a reviewer edited them.
        answers: likewise.
        edited: whether a text was changed.
        stale: ids of records that were judged, but never in their present form.
    """

    rejected: list[bool]
    reasons: list[str | None]
    details: list[str | None]
    questions: list[str]
    answers: list[str]
    edited: list[bool]
    stale: list[str]


def apply_review(
    ids: Sequence[str],
    questions: Sequence[str],
    answers: Sequence[str],
    rulings: Sequence[Ruling],
    normalize: Callable[[str], str],
) -> Applied:
    """Apply what was settled. A row whose present words nobody judged goes on as it is.

    Args:
        ids: record ids.
        questions: their normalized questions.
        answers: their normalized answers.
        rulings: what was settled.
        normalize: of the dataset's texts, and so of corrections.
    """
    applied = Applied([], [], [], [], [], [], [])
    found = {(ruling.record_id, ruling.content): ruling for ruling in rulings}
    judged = {ruling.record_id for ruling in rulings}
    for record_id, question, answer in zip(ids, questions, answers, strict=True):
        reason, detail, new_question, new_answer = None, None, question, answer
        if record_id in judged:
            original = content_hash(question, answer)
            ruling = found.get((record_id, original))
            if ruling is None:
                applied.stale.append(record_id)
            else:
                reason = ruling.reason
                if ruling.question is not None:
                    new_question = normalize(ruling.question)
                if ruling.answer is not None:
                    new_answer = normalize(ruling.answer)
                if reason or (new_question, new_answer) != (question, answer):
                    detail = f"{ruling.said}; original {original}"
                    detail += f"; {ruling.notes}" if ruling.notes else ""
        applied.rejected.append(reason is not None)
        applied.reasons.append(reason)
        applied.details.append(detail)
        applied.questions.append(new_question)
        applied.answers.append(new_answer)
        applied.edited.append((new_question, new_answer) != (question, answer))
    return applied


def _apply(table: pa.Table, curating: Curating) -> Sifted:
    """Apply the settled decisions to the rows that all rules before have kept."""
    dataset, settings = curating.declaration.name, curating.read(Review).review
    settled = read_settled(curating.workspace, dataset, settings.rule, settings.senior)
    table = table.sort_by("id")
    texts = curating.store.read(table["key"], ["heading", "body"])
    candidates = pa.table(
        {
            "id": table["id"],
            "source": table["source"],
            "question": texts["heading"],
            "answer": texts["body"],
            "answer_words": table["body_words"],
            "persian_share": table["persian_share"],
        }
    )
    applied = apply_review(
        table["id"].to_pylist(),
        texts["heading"].to_pylist(),
        texts["body"].to_pylist(),
        settled.rulings,
        normalizer(curating.declaration.language),
    )
    details = pa.array(applied.details, pa.string())
    table = _with_corrections(table, applied, curating.store)
    sifted = leave_out(
        with_notes(table, {row: said for row, said in enumerate(applied.details) if said}),
        np.array(applied.rejected, dtype=bool),
        REVIEW,
        reason=[reason for reason in applied.reasons if reason is not None],
        detail=details,
    )
    curating.reviewed = Reviewed(candidates, applied.stale, settled.card)
    return sifted


def _with_corrections(table: pa.Table, applied: Applied, store: SignalStore) -> pa.Table:
    """The rows with the keys and the numbers of their corrected texts."""
    if not any(applied.edited):
        return table
    texts = list(zip(applied.questions, applied.answers, strict=True))
    keys = table["key"].to_pylist()
    for row, is_edited in enumerate(applied.edited):
        if is_edited:
            keys[row] = text_key(*texts[row])
    store.measure_texts(
        [pair for pair, is_edited in zip(texts, applied.edited, strict=True) if is_edited]
    )
    index = table.drop_columns(list(NUMBERS))
    index = index.set_column(
        index.column_names.index("key"), "key", pa.chunked_array([pa.array(keys, pa.string())])
    )
    return read_numbers(store, index)


RULE = Rule(
    REVIEW,
    "what reviewers rejected, by the reviewers' reason; what they corrected is kept as corrected",
    (*REASONS, DISPUTED),
    _apply,
    Review,
)
