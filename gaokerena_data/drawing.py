"""How figures are drawn and written: one style, the same bytes, as PNG and SVG.

Persian is shaped and laid out from right to left by matplotlib itself (3.11 and later). Colours are
those of Okabe and Ito, told apart by colour-blind readers; no bar is told by its colour alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

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


def new_figure(height: float, panels: int = 1, width: float = 8.0) -> tuple["Figure", list["Axes"]]:
    """A figure with panels side by side; sizes in inches."""
    # Without pyplot: no window system, no state shared with the caller's own figures.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, panels, squeeze=False)
    return figure, list(axes[0])


def save_figure(figure: "Figure", folder: Path, name: str) -> list[Path]:
    """Write `NAME.png` and `NAME.svg`; the same figure gives the same bytes."""
    from PIL import Image

    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    # Every version uploads its figures anew: a palette of 64 shows a bar chart as well.
    drawn = BytesIO()
    figure.savefig(drawn, format="png")
    with Image.open(drawn) as image:
        few = image.convert("RGB").quantize(64, dither=Image.Dither.NONE)
        with atomic_file(png) as part:
            few.save(part, format="png", optimize=True)
    with atomic_file(svg) as part:
        figure.savefig(part, format="svg", metadata={"Date": None, "Creator": None})
    return [png, svg]
