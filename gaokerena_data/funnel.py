"""The funnel: from what was read to what was kept, by the reason and by the source.

It is read from the `run.json` of a curation, so that a curation and a release tell the same.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gaokerena_data.drawing import BLUE, GREY, ORANGE, new_figure, share, source_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Loss:
    """What one rule left out.

    Args:
        step: the versioned rule.
        reason: what the ledger calls it.
        sources: rows of each source.
    """

    step: str
    reason: str
    sources: dict[str, int]

    @property
    def rows(self) -> int:
        """Rows of all sources."""
        return sum(self.sources.values())

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.reason.replace('_', ' ')}  [{self.step}]"


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One row of a funnel as it is shown.

    Args:
        label: what it is.
        sources: its rows of each source.
        is_loss: they were left out; otherwise they are what there is at this place.
    """

    label: str
    sources: dict[str, int]
    is_loss: bool

    @property
    def rows(self) -> int:
        """Rows of all sources."""
        return sum(self.sources.values())


@dataclass(frozen=True, slots=True)
class Funnel:
    """From what was read to what was kept.

    Args:
        unread: pages and rows that never became a record, the greatest loss first.
        dropped: what the rules of the curation left out, in their order.
        kept: rows of each source.
    """

    unread: list[Loss]
    dropped: list[Loss]
    kept: dict[str, int]

    @property
    def sources(self) -> list[str]:
        """Every source, by its name."""
        losses = [*self.unread, *self.dropped]
        return sorted({name for loss in losses for name in loss.sources} | self.kept.keys())

    @property
    def records(self) -> dict[str, int]:
        """Records of each source that went into the curation."""
        return {
            name: self.kept.get(name, 0) + sum(loss.sources.get(name, 0) for loss in self.dropped)
            for name in self.sources
        }

    def rows(self) -> list[FunnelRow]:
        """The funnel from its wide end to its narrow one."""
        rows = [FunnelRow("records in", self.records, is_loss=False)]
        rows += [FunnelRow(loss.name, loss.sources, is_loss=True) for loss in self.dropped]
        rows.append(FunnelRow("kept", self.kept, is_loss=False))
        if self.unread:
            unread = [FunnelRow(loss.name, loss.sources, is_loss=True) for loss in self.unread]
            rows = [FunnelRow("pages and rows read", self._read(), is_loss=False), *unread, *rows]
        return rows

    def _read(self) -> dict[str, int]:
        read = dict(self.records)
        for loss in self.unread:
            for name, count in loss.sources.items():
                read[name] += count
        return read


def read_funnel(run: dict[str, Any]) -> Funnel:
    """The funnel of a curation.

    Args:
        run: its run.json.
    """
    unread: dict[tuple[str, str], dict[str, int]] = {}
    dropped: dict[tuple[str, str], dict[str, int]] = {}
    kept: dict[str, int] = {}
    for losses, rows in ((unread, run.get("unread", [])), (dropped, run["funnel"])):
        for row in rows:
            if row["decision"] == "kept":
                into = kept
            else:
                into = losses.setdefault((row["step"], row["reason"]), {})
            into[row["source"]] = into.get(row["source"], 0) + row["rows"]
    order = {step: place for place, step in enumerate(run.get("steps", []))}

    # Where the run does not tell the order of its steps, the greatest loss comes first.
    def place(loss: Loss) -> tuple[int, int, str, str]:
        return order.get(loss.step, len(order)), -loss.rows, loss.step, loss.reason

    def sort(losses: dict[tuple[str, str], dict[str, int]]) -> list[Loss]:
        return sorted((Loss(*key, losses[key]) for key in losses), key=place)

    return Funnel(sort(unread), sort(dropped), kept)


def draw_funnel(funnel: Funnel) -> "Figure":
    """What each rule took is the orange end of its bar."""
    figure, (axes,) = new_figure(1.2 + 0.42 * (len(funnel.rows()) - 1), width=9)
    _draw_bars(axes, funnel)
    axes.set_title("From records to rows: what each rule left out")
    return figure


def draw_funnel_by_source(funnel: Funnel) -> "Figure":
    """The funnel, and beside each bar its rows by source, the darker the more of that source."""
    rows, sources = funnel.rows(), funnel.sources
    if not sources:
        return draw_funnel(funnel)
    widths = [9, max(1.2, 0.95 * len(sources))]  # a title's width at least
    figure, (left, right) = new_figure(1.6 + 0.42 * len(rows), 2, sum(widths), widths)
    _draw_bars(left, funnel)
    left.set_title("From what was read to what was kept")
    whole = rows[0].sources
    parts = [
        [row.sources.get(name, 0) / (whole.get(name) or 1) for name in sources] for row in rows
    ]
    right.imshow(parts, cmap="Blues", vmin=0, vmax=1.3, aspect="auto")
    for place, row in enumerate(rows):
        for column, name in enumerate(sources):
            if count := row.sources.get(name, 0):
                dark = parts[place][column] > 0.7
                right.annotate(
                    f"{count:,}",
                    (column, place),
                    ha="center",
                    va="center",
                    fontsize=9,
                    color="white" if dark else "black",
                )
    right.set_xticks(range(len(sources)), [source_label(name) for name in sources], fontsize=8)
    right.set_yticks([])
    right.tick_params(length=0)
    right.spines[["left", "bottom"]].set_visible(False)
    right.set_ylim(*left.get_ylim())
    right.set_title("by source")
    return figure


def _draw_bars(axes: "Axes", funnel: Funnel) -> None:
    rows = funnel.rows()
    total = left = rows[0].rows
    for place, row in enumerate(rows):
        if row.is_loss:
            left -= row.rows
            axes.barh(place, left, color=BLUE, alpha=0.35, height=0.62)
            axes.barh(place, row.rows, left=left, color=ORANGE, hatch="///", height=0.62)
            _count(axes, place, left + row.rows, f"−{row.rows:,}  ({share(row.rows, total)})")
        else:
            color = BLUE if place == len(rows) - 1 else GREY
            axes.barh(place, row.rows, color=color, height=0.62)
            part = f"  ({share(row.rows, total)})" if place else ""
            _count(axes, place, row.rows, f"{row.rows:,}{part}")
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, (total or 1) * 1.25)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _count(axes: "Axes", place: int, end: int, text: str) -> None:
    axes.annotate(
        text, (end, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=9
    )
