"""One HTML file in which a reviewer decides: no server, no network, nothing to install.

The rows lie in it as JSON that no HTML parser reads; the script puts every text into the page as
text, never as markup, and the page's own policy forbids any request and any other script.
"""

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gaokerena_data.review.batch import Batch
from gaokerena_data.review.formats.page_reading import FORMAT
from gaokerena_data.review.labels import CHOICE_LABELS, REASON_LABELS, instructions
from gaokerena_data.workspace import atomic_file


def write_page(batch: Batch, folder: Path) -> Path:
    """Write one reviewer's part of a batch as `BATCH.REVIEWER.html`."""
    path = folder / f"{batch.name}.{batch.reviewer}.html"
    with atomic_file(path) as part:
        part.write_text(render_page(batch), "utf-8")
    return path


def render_page(batch: Batch) -> str:
    """The page as HTML."""
    numbers = {row.id: row.number for row in batch.rows}
    data = {
        "format": FORMAT,
        "batch": batch.name,
        "reviewer": batch.reviewer,
        "guideline": batch.guideline,
        "reasons": REASON_LABELS,
        "rows": [
            {
                "number": row.number,
                "id": row.id,
                "content": row.content,
                "source": row.source,
                "hint": row.hint,
                "question": row.question,
                "answer": row.answer,
                "partner": numbers.get(row.partner or ""),
            }
            for row in batch.rows
        ],
    }
    style, script = (
        files("gaokerena_data.review.formats").joinpath("page_files", name).read_text("utf-8")
        for name in ("page.css", "page.js")
    )
    environment = Environment(
        loader=PackageLoader("gaokerena_data.review.formats", "page_files"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html.j2").render(
        batch=batch,
        choices=CHOICE_LABELS,
        keys=dict(zip(CHOICE_LABELS, "AERFU", strict=True)),
        instructions=instructions(),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=Markup(_script_safe(data)),  # noqa: S704 - escaped for where it stands
    )


def _script_safe(value: object) -> str:
    """JSON that stays JSON inside a script element: no `<` can close it or open a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
