"""Articles that are too short."""

from gaokerena_data.curate.rules.answer_length import drop_short
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.datasets.settings import Count, Settings

NAME = "content_length@1"


class ContentLength(Settings):
    """The floor of all sources."""

    min_content_words: Count


RULE = Rule(
    NAME,
    "fewer words of the article (by hazm's tokenizer) than `min_content_words`",
    ("too_short",),
    lambda table, curating: drop_short(
        table, curating.read(ContentLength).min_content_words, {}, NAME
    ),
    ContentLength,
)
