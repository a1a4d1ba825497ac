"""Text from outside is data: it neither styles nor drives the terminal, whatever it is."""

from dataclasses import replace

from rich.cells import cell_len

from workbench.store import Store, Write

from .conftest import Run
from .study import Plan, fill, references

LABELS = (
    "[bold red]not markup[/]",
    "unbalanced [/nonsense] [",
    "escape \x1b[2J\x1b]52;c;aGk=\x07 codes",
    "line\nbreak\r\ttab",
    "bidi \u202eoverride\u2066 isolate",
    "zero\u200bwidth and comb\u0301ining e\u0301",
    "emoji 👩‍🎨 and flags 🇳🇱",
    "x" * 10_000,
    "漢" * 500,
    "\\[escaped\\] backslash \\",
    "{{braces}} $variable %s",
    "  spaces  ",
)


async def test_hostile_labels(tui: Run, store: Store) -> None:
    refs = [
        replace(r, label=label, creators=[label], type=label[:60])
        for r, label in zip(references(12), LABELS, strict=True)
    ]
    store.write(Write(query="upsert_refs", table="refs", records=refs))
    for size in ((80, 24), (160, 48)):
        async with tui(size=size) as t:
            await t.rows(len(LABELS))
            for i in range(len(LABELS)):
                await t.press("j")
                await t.pilot.pause(0.15)
                text = t.text()
                assert all(c == "\n" or c.isprintable() for c in text), (i, [c for c in text if not c.isprintable()])
                assert {cell_len(line) for line in text.splitlines()} == {size[0]}, i
            if size[0] == 160:
                for name in ("[bold red]not", "unbalanced [/no", "\\[escaped\\]"):
                    assert name in t.text()
                types = t.study.query_one("#types")
                types.query_one("ChoiceList").focus()
                await t.press("space")
                await t.until(lambda: t.status.filters == 1)


async def test_hostile_names_of_models_and_reasons(tui: Run, store: Store) -> None:
    fill(store, Plan(refs=2, models=("[red]sd", "a\x1b[31mb"), perturbations=("[/b]",)))
    async with tui(image_mode="halfcell") as t:
        await t.rows(4)
        await t.until(lambda: "[red]sd · [/b]" in t.text() or "a [31mb · [/b]" in t.text())
        assert "\x1b" not in t.text()
        await t.press("3")
        await t.until(lambda: t.table.row_count > 0)
        assert "[red]sd" in t.text()
