"""Who labels: a model behind an endpoint, or one on this machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gaokerena_data.annotate.judgement import Judgement
from gaokerena_data.endpoints.endpoint import Endpoint
from gaokerena_data.endpoints.parameters import Options
from gaokerena_data.endpoints.reply import Reply

# A label is about a hundred tokens; a model that thinks needs room for that too.
MOST_TOKENS = 2_048
USUAL_TOKENS = 120


@dataclass(frozen=True, slots=True)
class Teacher:
    """What is asked for labels.

    Args:
        name: by which its labels are known.
        ask: one reply a prompt, in order; the prompts make one batch.
        batch: prompts in one batch.
        at_once: batches that may be under way at one time.
        stop: called where nothing more is wanted: what is under way should end soon.
    """

    name: str
    ask: Callable[[Sequence[str]], list[Reply]]
    batch: int = 1
    at_once: int = 1
    stop: Callable[[], None] = lambda: None


def endpoint_teacher(endpoint: Endpoint, at_once: int, max_tokens: int = MOST_TOKENS) -> Teacher:
    """A model behind an endpoint, asked by the schema of a label where it takes one.

    Args:
        endpoint: the client.
        at_once: requests under way at one time.
        max_tokens: of one answer.
    """

    def ask(prompts: Sequence[str]) -> list[Reply]:
        return endpoint.ask(prompts, Options(max_tokens=max_tokens), Judgement)

    return Teacher(endpoint.name, ask, 1, at_once, endpoint.stop)
