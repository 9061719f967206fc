"""Every question is asked several times at a temperature; each run has its own answer files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.batches import NOTHING, run_choices
from training.evaluation.asking.fences import digest
from training.evaluation.asking.progress import Progress, unseen
from training.evaluation.asking.variants import InForm
from training.evaluation.chains.prompts import CHAIN_FORMS
from training.evaluation.questions.benchmarks import Item
from training.evaluation.questions.prompts import ChoiceForm
from training.evaluation.systems.model import Generation, Model
from training.models.decoding import Decoding


class Sampled(InForm):
    """A model that draws every batch of every run with a seed of its own.

    One seed for all would draw alike in all batches and runs.
    """

    def __init__(self, model: Model, form: ChoiceForm, run: int) -> None:
        super().__init__(model, form)
        self.run = run

    def answer_choices(self, items: Sequence[Item], decoding: Decoding) -> list[Generation]:
        """A free answer to every multiple-choice question, as one batch."""
        drawn = "\n".join([str(decoding.seed), str(self.run), *(item.id for item in items)])
        seed = int(digest(drawn)[:7], 16)
        return super().answer_choices(items, replace(decoding, seed=seed))


def run_chains(
    model: Model,
    items: Sequence[Item],
    folder: Path,
    *,
    prompt: str,
    runs: int,
    file_name: str,
    batch_size: int,
    decoding: Decoding,
    made_with: Mapping[str, Any] = NOTHING,
    progress: Progress = unseen,
) -> list[Path]:
    """Ask a model every item in every run whose answer files do not hold it yet.

    Args:
        model: here or behind an endpoint.
        items: the benchmark's items.
        folder: answers go to `folder/SUBJECT/file_name/run-N.jsonl`.
        prompt: a name of `CHAIN_FORMS`.
        runs: how often each item is asked; more may be added later.
        file_name: the system's name in file names.
        batch_size: prompts in one batch; a kill loses one batch at most.
        decoding: how to generate; its seed is drawn from anew for every batch of every run.
        made_with: what else the answers depend on, kept beside them and compared by later runs.
        progress: told how many of how many answers there are, over all runs.

    Returns:
        The answer files, run by run.

    Raises:
        GaokerenaError: several runs at temperature 0, which would all be one.
    """
    if runs > 1 and decoding.temperature == 0:
        raise GaokerenaError(
            f"{runs} runs at temperature 0 are all the same: give --temperature, or --runs 1"
        )
    paths: list[Path] = []
    for run in range(1, runs + 1):

        def told(done: int, total: int, before: int = (run - 1) * len(items)) -> None:
            del total
            progress(before + done, runs * len(items))

        paths += run_choices(
            Sampled(model, CHAIN_FORMS[prompt], run),
            items,
            folder,
            file_name=f"{file_name}/run-{run}",
            batch_size=batch_size,
            decoding=decoding,
            made_with={**made_with, "prompt": prompt, "run": run},
            progress=told,
        )
    return paths
