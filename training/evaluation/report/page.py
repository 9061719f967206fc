"""A page of plain tables with what they show, as Markdown and as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gaokerena_data.workspace import atomic_file
from training.evaluation.report.render import templates


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its heading and what is to be known to read it; texts are escaped."""

    heading: str
    note: str
    columns: list[str]
    rows: list[list[str]]


def write_page(title: str, sections: Sequence[Section], folder: Path, name: str) -> list[Path]:
    """Write `name.md` and `name.html`; a section without rows is left out."""
    environment = templates()
    shown = [section for section in sections if section.rows]
    written = []
    for form in ("md", "html"):
        template = environment.get_template(f"page.{form}.j2")
        path = folder / f"{name}.{form}"
        with atomic_file(path) as part:
            part.write_text(template.render(title=title, sections=shown), encoding="utf-8")
        written.append(path)
    return written
