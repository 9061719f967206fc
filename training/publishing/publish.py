"""A trained model onto the Hub, by the same way as a dataset: one commit, read back, one tag."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.publish import PublishResult
from gaokerena_data.hub.publish import publish as publish_release
from gaokerena_data.hub.repository import REPOSITORY_ID
from training.publishing.eval_results import find_system
from training.publishing.model_card import read_evaluation, render_card
from training.publishing.publication import open_publication, stage


def publish(
    path: Path,
    repo_id: str,
    *,
    version: str = "1.0.0",
    base: str | None = None,
    license_id: str | None = None,
    evaluation: Path | None = None,
    system: str | None = None,
    private: bool = False,
    gated: bool = False,
    dry_run: bool = False,
    parent: str | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> PublishResult:
    """Publish a merged model, or an adapter, with a card filled from its runs.

    A version that is there already is left alone; with other content it is refused.

    Args:
        path: a run folder, what `gaokerena train merge` wrote, or the `adapter` in it.
        repo_id: `ORGANIZATION/NAME`. A model and its adapter go to one repository each: that is
            where `AutoModelForCausalLM` and `PeftModel.from_pretrained` look for them.
        version: its tag is this with a `v` in front.
        base: the base model's Hub id, where the training read it from a folder.
        license_id: the Hub's name of the licence; that of the base where it is known.
        evaluation: report.json of `gaokerena evaluate report`, for the card.
        system: which system of it the model is, for the card's block of results.
        private: make the repository private, before anything is sent.
        gated: readers must accept the terms on the card first (automatic approval).
        dry_run: change nothing, find out what would be changed.
        parent: the head that may be overwritten although others worked on it.
        say: told each step, one line.

    Raises:
        GaokerenaError: for a folder that holds no model, and whatever the Hub refuses.
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise GaokerenaError(f"version {version!r}: give three numbers, such as 1.0.0")
    if not REPOSITORY_ID.fullmatch(repo_id):
        raise GaokerenaError(
            f"{repo_id!r} is not the name of a repository: write it as ORGANIZATION/NAME"
        )
    publication = open_publication(path, base)
    report = read_evaluation(evaluation) if evaluation else None
    if report and find_system(report, repo_id, system) is None:
        say(
            f"no system of {evaluation} is called {repo_id.rpartition('/')[2]}: the card has no "
            "block of results; --system says which one the model is"
        )
    card = render_card(
        publication,
        repo_id,
        version,
        license_id=license_id,
        evaluation=report,
        system=system,
    )
    with _staging(path) as folder:
        stage(publication, card, repo_id.rpartition("/")[2], version, folder)
        return publish_release(
            folder,
            repo_id,
            repo_type="model",
            private=private,
            gated=gated,
            dry_run=dry_run,
            parent=parent,
            say=say,
        )


@contextmanager
def _staging(path: Path) -> Iterator[Path]:
    """An empty folder beside the weights, so that they are linked and not copied."""
    folder = path.resolve().with_name(f".{path.resolve().name}.publish")
    shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
