"""Every text on screen has a contrast of at least 4.5 to its background, in both themes."""

import pytest
from rich.color import Color as RichColor
from textual.color import Color
from textual.screen import ModalScreen

from workbench.store import Store

from .conftest import ROWS, Run, Tui

LEAST = 4.5
DECORATION = set(" ▀▁▂▃▄▅▆▇█▉▊▋▌▍▎▐▏▕━╸╺╭╮╰╯│─▔")
"""Frames, scroll bars and half-cell pictures are no text."""


def luminance(color: Color) -> float:
    def linear(value: int) -> float:
        v = value / 255
        return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


def contrast(a: RichColor, b: RichColor) -> float:
    """As WCAG 2 defines it."""
    high, low = sorted((luminance(Color.from_rich_color(c)) for c in (a, b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_wcags() -> None:
    black, white, grey = (RichColor.from_rgb(v, v, v) for v in (0, 255, 118))
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.01)


def faint(t: Tui) -> list[str]:
    """Text that is hard to read."""
    found = []
    strips, screen = t.app.screen._compositor.render_strips(), t.app.screen
    if isinstance(screen, ModalScreen):  # what lies behind it is dimmed
        x, y, width, height = screen.children[0].region
        strips = [strip.crop(x, x + width) for strip in strips[y : y + height]]
    for strip in strips:
        for segment in strip:
            text = "".join(c for c in segment.text if c not in DECORATION)
            style = segment.style
            if not text or style is None or style.color is None or style.bgcolor is None:
                continue
            ratio = contrast(style.color, style.bgcolor)
            if ratio < LEAST:
                found.append(f"{segment.text!r} {style} {ratio:.1f}")
    return found


@pytest.mark.parametrize("theme", ["workbench-dark", "workbench-light"])
async def test_every_text_can_be_read(tui: Run, study: Store, theme: str) -> None:
    async with tui(size=(170, 50), image_mode="none") as t:
        t.app.theme = theme
        await t.rows(ROWS)
        await t.until(lambda: "Generated 1" in t.text())
        assert faint(t) == []
        for keys in (["slash"], ["x", "tab"], ["tab", "space"], ["escape", "3"], ["1", "enter"], ["escape"]):
            await t.press(*keys)
            await t.pilot.pause(0.3)
            assert faint(t) == [], keys
        t.study.query_one("#tau_static").value = "x"  # type: ignore[attr-defined]
        await t.until(lambda: t.status.refused)
        assert faint(t) == []
        await t.press("y")
        await t.pilot.pause()
        assert faint(t) == []


PLACES: tuple[tuple[list[str], str], ...] = (
    (["2"], "Seed"),
    (["4"], "Recognition × realization"),
    (["d"], "Model A"),
    (["3", "o"], "ρ held"),
    (["question_mark"], "hold the other covariates"),
    (["escape", "1", "s"], "Sort by"),
    (["escape", "c"], "show or hide"),
    (["escape", "e"], "parquet"),
    (["escape", "6", "f5"], "rows in"),
    (["f7"], "Earlier queries"),
    (["escape", "escape", "5"], "Outcome"),
    (["1", "enter", "o"], "reused"),
    (["escape", "a"], "Who labels?"),
    (["A", "enter"], "realized as"),
)
"""Keys that lead on from one place to the next, and what is read there."""


@pytest.mark.parametrize("theme", ["workbench-dark", "workbench-light"])
async def test_every_screen_can_be_read(tui: Run, study: Store, theme: str) -> None:
    async with tui(size=(120, 40)) as t:
        t.app.theme = theme
        await t.rows(ROWS)
        for keys, words in PLACES:
            for key in keys:
                await t.press(key)
            await t.until(lambda words=words: words in t.text())  # type: ignore[misc]
            await t.pilot.pause(0.1)
            assert faint(t) == [], words


@pytest.mark.parametrize("theme", ["workbench-dark", "workbench-light"])
async def test_the_other_screens_can_be_read(tui: Run, study: Store, theme: str) -> None:
    async with tui(size=(80, 24)) as t:
        t.app.theme = theme
        await t.rows(ROWS)
        for key in ("f", "enter"):
            await t.press(key)
            await t.pilot.pause(0.5)
            assert faint(t) == [], key
            await t.press("escape")
        await t.press("6")
        await t.pilot.pause(0.5)
        assert "ref_scores" in t.text()
        assert faint(t) == [], "6"
        await t.press("escape", "1")
        study.path.unlink()
        await t.until(lambda: "No study yet" in t.text())
        assert faint(t) == []
