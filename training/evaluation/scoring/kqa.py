"""K-QA: what a good answer must say, and what it must not contradict (Manes et al. 2024).

Comprehensiveness is the share of a question's must-have statements that the answer entails;
the hallucination rate is the share of all its statements, must-have and nice-to-have, that the
answer contradicts. Both are means over questions.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.answer_log import open_log, read_log
from training.evaluation.asking.fences import digest
from training.evaluation.asking.progress import Progress, unseen
from training.evaluation.questions.rows import read_rows
from training.evaluation.scoring.entailment import Entailment, ModelEntailment
from training.evaluation.scoring.statistics import bootstrap_mean
from training.evaluation.scoring.unread import count_reasons
from training.evaluation.systems.opening import open_model

type Need = Literal["must", "nice"]


@dataclass(frozen=True, slots=True)
class Statements:
    """A question of K-QA with its physicians' statements."""

    id: str
    question: str
    must: tuple[str, ...]
    nice: tuple[str, ...]


def open_entailment(
    model: str | None, nli: str | None, *, endpoint: str | None, key_variable: str
) -> Entailment:
    """A chat model, here or at an endpoint, or an NLI classifier.

    Raises:
        GaokerenaError: neither is named, or both are.
    """
    if nli is not None and model is None:
        from training.evaluation.scoring.nli import NliEntailment

        return NliEntailment(nli)
    if model is not None and nli is None:
        return ModelEntailment(open_model(model, endpoint=endpoint, key_variable=key_variable))
    raise GaokerenaError("give one of --nli and --model: what is to read the statements")


def read_statements(source: str) -> list[Statements]:
    """The questions of K-QA; one without an id goes by its row's number.

    Args:
        source: a file (`.jsonl`, `.parquet`, ...), a released folder, or a Hub repository. A list
            of statements may be one, or be printed as one, as in the authors' Persian file.

    Raises:
        GaokerenaError: the source cannot be read, or a row lacks a column.
    """
    found = []
    for number, row in enumerate(read_rows(source, "test"), start=1):
        try:
            must, nice = _listed(row["must_have"]), _listed(row["nice_to_have"])
            question = row["question"]
        except (ValueError, KeyError, SyntaxError, MemoryError, RecursionError) as error:
            raise GaokerenaError(
                f"{source}, row {number}: Question and lists Must_have and Nice_to_have are needed"
            ) from error
        identity = str(row.get("id") or number)
        found.append(Statements(identity, question, must, nice))
    return found


def _listed(cell: object) -> tuple[str, ...]:
    """The texts of a list, also of one that is printed in a text; a list of nothing is empty."""
    if isinstance(cell, str):
        cell = ast.literal_eval(cell) if cell.strip() else None
    if cell is None:
        return ()
    if not isinstance(cell, list) or not all(isinstance(text, str) for text in cell):
        raise ValueError("not a list of texts")
    return tuple(cell)


def run_kqa(
    entailment: Entailment,
    statements: Sequence[Statements],
    answers: Path,
    path: Path,
    *,
    batch_size: int,
    progress: Progress = unseen,
) -> list[dict[str, Any]]:
    """Label every statement that the file does not hold yet, against the answer to its question.

    A label is known by answer and statement: an answer that changed is read anew. A statement
    without a label is asked again by a later run, and the later reply counts.

    Returns:
        The present labels: `id`, `question`, `statement` ("must" or "nice"), `label`.

    Raises:
        GaokerenaError: the answer file answers none of the questions, or others by the same id.
    """
    answered = {entry["id"]: entry for entry in read_log(answers)}
    wanted: list[tuple[str, str, Need, str, str]] = []
    for question in statements:
        entry = answered.get(question.id)
        if entry is None or entry["answer"] is None:
            continue  # no answer is no empty one
        if entry["question"] != question.question:
            raise GaokerenaError(f"{answers} answers another question under id {question.id}")
        needs: tuple[tuple[Need, tuple[str, ...]], ...] = (
            ("must", question.must),
            ("nice", question.nice),
        )
        said = entry.get("answer")
        if not isinstance(said, str) or not said.strip() or entry.get("missing"):
            continue
        wanted += [
            (
                _label_id(question.id, need, place, entry["answer"], text),
                question.id,
                need,
                entry["answer"],
                text,
            )
            for need, texts in needs
            for place, text in enumerate(texts)
        ]
    if not wanted:
        raise GaokerenaError(f"{answers} answers none of K-QA's questions: run free-form on it")
    with open_log(path, {"entailment": entailment.name, "answers": answers.name}) as log:
        read = {entry["id"] for entry in log.entries if entry.get("label") is not None}
        waiting = [entry for entry in wanted if entry[0] not in read]
        progress(len(wanted) - len(waiting), len(wanted))
        for start in range(0, len(waiting), batch_size):
            batch = waiting[start : start + batch_size]
            labels = entailment.label([(answer, text) for _, _, _, answer, text in batch])
            log.append(
                {
                    "id": identity,
                    "question": question_id,
                    "statement": need,
                    "label": judged.label,
                    "text": judged.text,
                    **({"missing": judged.missing} if judged.missing else {}),
                }
                for (identity, question_id, need, _, _), judged in zip(batch, labels, strict=True)
            )
            progress(len(wanted) - len(waiting) + start + len(batch), len(wanted))
        last = {entry["id"]: entry for entry in log.entries}
        return [last[entry[0]] for entry in wanted]


def _label_id(question: str, need: Need, place: int, answer: str, statement: str) -> str:
    read = f"{answer}\x1f{statement}"
    return f"{question}:{need}:{place}:{digest(read)[:16]}"


def as_published(labels: Sequence[dict[str, Any]], asked: int) -> dict[str, Any]:
    """Both measures by the formulas of K-QA's authors.

    A question without an answer adds nothing to either sum, and both are divided by all questions;
    a statement without a label is neither entailed nor contradicted and stays in the denominator.
    The hallucination rate counts contradicted statements, so it may be above 1. "answered" are the
    authors' `_norm` figures: divided by the questions that have an answer.

    Source: `compute_macro_scores` of github.com/Itaymanes/K-QA.

    Args:
        labels: as `run_kqa` gives them.
        asked: questions of the benchmark (201 in K-QA), answered or not.
    """
    recalls: dict[str, list[bool]] = {}
    contradicted = 0
    for entry in labels:
        recalls.setdefault(entry["question"], [])
        contradicted += entry["label"] == "contradicts"
        if entry["statement"] == "must":
            recalls[entry["question"]].append(entry["label"] == "entails")
    recall = sum(float(np.mean(found)) for found in recalls.values() if found)
    answered = len(recalls)
    return {
        "questions": asked,
        "answered": answered,
        "comprehensiveness": recall / asked,
        "comprehensiveness_of_answered": recall / answered,
        "hallucination": contradicted / asked,
        "hallucination_of_answered": contradicted / answered,
        "contradicted": contradicted,
    }


def summarize(
    labels: Sequence[dict[str, Any]], *, system: str, entailment: str, asked: int
) -> dict[str, Any]:
    """The summary of kind "kqa", ours and the authors' figures.

    Ours leaves statements without a label out and counts them; the hallucination rate is a share
    of a question's statements.

    Args:
        labels: as `run_kqa` gives them.
        system: whose answers they are.
        entailment: what labelled.
        asked: questions of the benchmark, answered or not.

    Raises:
        GaokerenaError: no must-have statement has a label.
    """
    must: dict[str, list[bool]] = {}
    contradicted: dict[str, list[bool]] = {}
    for entry in labels:
        if entry["label"] is None:
            continue
        contradicted.setdefault(entry["question"], []).append(entry["label"] == "contradicts")
        if entry["statement"] == "must":
            must.setdefault(entry["question"], []).append(entry["label"] == "entails")
    if not must:
        raise GaokerenaError(f"{entailment} labelled no must-have statement: nothing to sum up")
    entailed = [float(np.mean(found)) for found in must.values()]
    rates = [float(np.mean(found)) for found in contradicted.values()]
    high, low = bootstrap_mean(entailed), bootstrap_mean(rates)
    return {
        "kind": "kqa",
        "system": system,
        "entailment": entailment,
        "questions": len(must),
        "asked": asked,
        "as_published": as_published(labels, asked),
        "statements": len(labels),
        "unlabelled": sum(entry["label"] is None for entry in labels),
        "unlabelled_by": count_reasons(labels, "label"),
        "comprehensiveness": float(np.mean(entailed)),
        "comprehensiveness_interval": {"low": high.low, "high": high.high},
        "hallucination": float(np.mean(rates)),
        "hallucination_interval": {"low": low.low, "high": low.high},
        "contradictions_per_question": float(np.mean([sum(f) for f in contradicted.values()])),
    }
