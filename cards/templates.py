"""Whatever fills the templates of this folder fills them alike."""

from jinja2 import Environment, PackageLoader, StrictUndefined


def template_environment(*, html: bool) -> Environment:
    """What reads the templates: a gap is an error, and tags leave no empty lines.

    Args:
        html: whether the output is a page, on which every text is escaped, and not Markdown.
    """
    return Environment(
        loader=PackageLoader("cards", "."),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not html,
        autoescape=html,  # noqa: S701 - in Markdown, whoever fills it escapes what needs it
    )
