"""The figure of ``wb benchmark``: AUC, average precision and accuracy of every measure, with their intervals."""

from collections.abc import Sequence
from pathlib import Path

from workbench.analysis.telling import Telling
from workbench.figures import COLOURS, new_figure, save_figure

PANELS = (
    ("AUC", "auc", "auc_low", "auc_high"),
    ("average precision", "average_precision", "precision_low", "precision_high"),
    ("accuracy at a held-out τ", "accuracy", "accuracy_low", "accuracy_high"),
)


def draw(rows: Sequence[Telling], target: Path) -> None:
    """Write the figure.

    Raises:
        ConfigError: If matplotlib is not installed, or the file cannot be written.
    """
    figure = new_figure(11, 1.4 + 0.32 * len(rows))
    axes = figure.subplots(1, len(PANELS), sharey=True)
    places = range(len(rows))
    for axis, (title, value, low, high), colour in zip(axes, PANELS, COLOURS, strict=False):
        for place, row in zip(places, rows, strict=True):
            found, ends = getattr(row, value), (getattr(row, low), getattr(row, high))
            if found is None:
                continue
            if None not in ends:
                axis.plot(ends, (place, place), color=colour, linewidth=1.5)
            axis.plot(found, place, "o", color=colour, markersize=5)
        axis.axvline(0.5, color="0.7", linewidth=0.8, zorder=0)
        axis.set_xlim(min(0.4, *axis.get_xlim()), 1.02)
        axis.set_title(title, fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_yticks(list(places), [row.measure for row in rows])
    axes[0].invert_yaxis()
    refs = max((row.n_refs for row in rows), default=0)
    figure.supxlabel(f"95 % bootstrap intervals over {refs} references", fontsize=9)
    save_figure(figure, target)
