"""A verifier reads the answers of runs that do not agree, and chooses.

What it chose is kept by a digest of its prompt, so that other answers are read anew; what could not
be read is asked again by the next run, and the question stays unanswered in this one.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from gaokerena_data.choices.reading import extract_choice
from gaokerena_data.choices.thinking import without_thinking
from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.answer_log import open_log
from training.evaluation.asking.fences import digest, fence_of
from training.evaluation.asking.progress import Progress, unseen
from training.evaluation.chains.decided import Decided
from training.evaluation.chains.prompts import VERIFIER
from training.evaluation.chains.run_files import RunSet
from training.evaluation.questions.prompts import choices_prompt
from training.evaluation.reading.answers import ChoiceAnswer
from training.evaluation.systems.model import Model, whole_text
from training.models.decoding import Decoding

ADAPTER_OFF = "adapter-off"


def verifier_prompt(answers: Sequence[ChoiceAnswer]) -> str:
    """What a verifier is asked of one question; each answer stands between marks it cannot know.

    Braces in questions and answers are theirs, not places of the prompt.
    """
    said = [without_thinking(each.answer) for each in answers if each.answer.strip()]
    fence = fence_of("\n".join(said))
    fenced = "\n\n".join(f"{fence}\n{text}\n{fence}" for text in said)
    asked = answers[0]
    choices = choices_prompt("", asked.options, "{choices}")
    return VERIFIER.format(
        count=len(said), fence=fence, question=asked.question, choices=choices, answers=fenced
    )


def ask_verifier(
    verifier: Model,
    found: RunSet,
    decided: Decided,
    path: Path,
    *,
    batch_size: int,
    decoding: Decoding,
    progress: Progress = unseen,
) -> Decided:
    """The decisions of runs with a verifier's choice where they did not agree.

    Args:
        verifier: the model that reads the answers.
        found: the runs.
        decided: what they come to.
        path: where its choices are kept (.jsonl).
        batch_size: prompts in one batch.
        decoding: how it generates.
        progress: told how many of how many questions it has read.
    """
    prompts = {
        place: verifier_prompt(found.questions[place])
        for place, decision in enumerate(decided.decisions)
        if decision is None and any(each.answer.strip() for each in found.questions[place])
    }
    keys = {place: digest(prompt) for place, prompt in prompts.items()}
    settings = {"verifier": verifier.name, "tokens": decoding.max_new_tokens}
    with open_log(path, settings) as log:
        said: dict[str, str] = {
            entry["id"]: entry["chosen"] for entry in log.entries if entry["chosen"]
        }
        waiting = [place for place in prompts if keys[place] not in said]
        progress(len(prompts) - len(waiting), len(prompts))
        for start in range(0, len(waiting), batch_size):
            batch = waiting[start : start + batch_size]
            texts = verifier.generate([prompts[place] for place in batch], decoding)
            entries = []
            for place, generation in zip(batch, texts, strict=True):
                asked = found.questions[place][0]
                text = whole_text(generation)
                chosen = extract_choice(text, asked.options, asked.question)
                entry = {"id": keys[place], "row": asked.row, "answer": generation.text}
                entries.append(entry | {"chosen": chosen, "unanswered": chosen is None})
                said |= {keys[place]: chosen} if chosen else {}
            log.append(entries)
            progress(len(prompts) - len(waiting) + start + len(batch), len(prompts))
    choices = [said.get(keys.get(place, "")) for place in range(len(found.questions))]
    return decided.with_verifier(choices, verifier.name)


def without_adapter(found: RunSet) -> str:
    """The model of a system's runs without its adapter, as their settings name it.

    Raises:
        GaokerenaError: the settings are not there, or name no adapter.
    """
    path = found.paths[0].with_suffix(".settings.json")
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        model = settings["model"] if settings.get("adapter") else None
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        model = None
    if not isinstance(model, str):
        raise GaokerenaError(
            f"{path} names no model with an adapter that could be switched off: give --verifier a "
            "model"
        )
    return model
