"""What a plot says of the point under its cursor, whatever its width."""

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from workbench.tui.widgets.scatter import Plot, Point, Scatter

LONG = "Wanderer above the Sea of Fog, as it is called in a catalogue"


class Plotting(App[None]):
    def compose(self) -> ComposeResult:
        yield Scatter(id="plot")


@pytest.mark.parametrize(("width", "whole"), [(120, True), (60, False), (40, False), (30, False)])
async def test_numbers_are_never_cut(width: int, whole: bool) -> None:
    async with (app := Plotting()).run_test(size=(width, 20)) as pilot:
        scatter = app.query_one(Scatter)
        points = [
            Point(x=1817.0, y=0.875, key="Q1", label=LONG),
            Point(x=1900.0, y=0.1, key="Q2", label="神奈川沖浪裏"),
        ]
        scatter.show(Plot(points=points, along="creation_date", up="cra"))
        scatter.action_visit(1)
        await pilot.pause()
        said = scatter.render().plain.splitlines()[-1]
        assert "0.875" in said and "1,817" in said and said.startswith("◆ Wand") and cell_len(said) <= width
        assert ("creation_date" in said) == (width >= 60) and ("…" in said) != whole
        scatter.action_visit(1)
        assert "0.100" in scatter.render().plain.splitlines()[-1]
