"""How figures are drawn and written: one style, the same bytes, as PNG and SVG.

Persian is shaped and laid out from right to left by matplotlib itself (3.11 and later). Colours are
those of Okabe and Ito, told apart by colour-blind readers; no bar is told by its colour alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from gaokerena_data.sources import SOURCES
from gaokerena_data.workspace import atomic_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8C8C8C"


@contextmanager
def drawing_style() -> Iterator[None]:
    """Draw and save inside it: the reader's own settings change nothing."""
    import matplotlib as mpl

    # rc_context starts from the reader's own matplotlibrc, which would show in the bytes.
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rc("font", family="DejaVu Sans", size=10)  # comes with matplotlib, covers Persian
        mpl.rc("axes", titlelocation="left")
        mpl.rc("axes.spines", top=False, right=False)
        mpl.rc("figure", dpi=150)
        # Text stays text: a tenth of the bytes of outlines, and readers shape Persian themselves.
        mpl.rc("svg", hashsalt="gaokerena", fonttype="none")
        yield


def new_figure(
    height: float, panels: int = 1, width: float = 8.0, widths: Sequence[float] | None = None
) -> tuple["Figure", list["Axes"]]:
    """A figure with panels side by side, alike or of these relative widths; sizes in inches."""
    # Without pyplot: no window system, no state shared with the caller's own figures.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, panels, squeeze=False, width_ratios=widths)
    return figure, list(axes[0])


def save_figure(figure: "Figure", folder: Path, name: str) -> list[Path]:
    """Write `NAME.png` and `NAME.svg`; the same figure gives the same bytes."""
    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    save_png(figure, png)
    with atomic_file(svg) as part:
        figure.savefig(part, format="svg", metadata={"Date": None, "Creator": None})
    return [png, svg]


def save_png(figure: "Figure", path: Path) -> None:
    """Write a figure of few colours as PNG."""
    from PIL import Image

    # Every version uploads its figures anew: a palette of 64 shows a bar chart as well.
    drawn = BytesIO()
    figure.savefig(drawn, format="png")
    with Image.open(drawn) as image:
        few = image.convert("RGB").quantize(64, dither=Image.Dither.NONE)
        with atomic_file(path) as part:
            few.save(part, format="png", optimize=True)


def source_label(name: str) -> str:
    """A source's name as its readers write it, with the short one that the rows hold."""
    source = SOURCES.get(name)
    if source is None:
        return name.replace("_", " ")
    return f"{source.title}\n{name}" if not source.title.isascii() and source.hosts else name


def share(count: int, total: int) -> str:
    """A part of a whole in percent, for people."""
    return "< 0.1%" if 0 < count < total / 1000 else f"{count / (total or 1):.1%}"
