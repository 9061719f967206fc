"""Chat templates for training: where the answers are marked, and that their end is learnt too."""

import re
from importlib.util import find_spec
from pathlib import Path

from gaokerena_data.errors import GaokerenaError
from training.models.encoding import Encoder

_MARK = re.compile(r"\{%-?\s*generation\s*-?%\}")
_ANSWER = "با پزشک خود مشورت کنید"
_TURNS = ({"role": "user", "content": "سرفه دارم"}, {"role": "assistant", "content": _ANSWER})


def marks_answers(template: str) -> bool:
    """Whether a template says which part of it is the answer."""
    return bool(_MARK.search(template))


def is_known(template: str) -> bool:
    """Whether trl holds a marked copy of a template, as it does of aya-expanse's."""
    spec = find_spec("trl")
    if spec is None or spec.origin is None:
        return True  # told by whoever needs it
    folder = Path(spec.origin).with_name("chat_templates")
    return any(template == file.read_text("utf-8") for file in folder.glob("*.jinja"))


def refuse_unmarked(where: str) -> GaokerenaError:
    """What is told of a template that marks no answer, and that nobody knows how to mark."""
    return GaokerenaError(
        f"{where}: its chat template does not mark answers with {{% generation %}}: give one that "
        "does with --set model.chat_template=FILE"
    )


def refuse_endless(encoder: Encoder, template: str, where: str) -> None:
    """Make sure that the end of an answer is learnt, or the model would never stop.

    Args:
        encoder: of the model's tokenizer.
        template: one that marks answers.
        where: whose it is.

    Raises:
        GaokerenaError: the token that ends the turn lies outside of `{% generation %}`, there is
            none, or nothing is marked.
    """
    turns = encoder.conversation(_TURNS, template, ask=False)
    if not any(turns.answer):
        raise refuse_unmarked(where)
    (said,), _ = encoder.texts([_ANSWER])
    last = max(place for place, token in enumerate(turns.ids) if token == said[-1])
    after = range(last + 1, len(turns.ids))
    end = next((place for place in after if turns.ids[place] in encoder.control), None)
    if end is None:
        raise GaokerenaError(
            f"{where}: its chat template writes no end of turn after an answer: add the end token "
            "before {% endgeneration %} (--set model.chat_template=FILE)"
        )
    if not turns.answer[end]:
        raise GaokerenaError(
            f"{where}: its chat template leaves the end of turn outside of {{% generation %}}, so "
            "that the model would not learn to stop: put the end token before {% endgeneration %} "
            "(--set model.chat_template=FILE)"
        )
