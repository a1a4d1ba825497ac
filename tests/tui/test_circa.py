"""A date that its source gives as circa says so wherever it is shown."""

from workbench.store import Store, connection

from .conftest import ROWS, Run
from .test_annotate import labelling


async def test_in_the_table_and_beside_it(tui: Run, study: Store) -> None:
    with connection.writing(study.path, 5) as con:
        con.execute(
            "UPDATE refs SET creation_circa = true WHERE label = 'Lamentation of Christ' OR creation_year = -459"
        )
    async with tui() as t:
        await t.rows(ROWS)
        years = {
            tuple(t.shown(row)[i] for i in (0, t.table.backend.columns.index("creation_year"))) for row in range(ROWS)
        }  # type: ignore[union-attr]
        assert {("Discobolus", "c. 460 BCE"), ("Lamentation of Christ", "c. 15th c."), ("Mona Lisa", "1503")} <= years
        assert ("Venus of Willendorf", "25th mill. BCE") in years
        await t.press("/")
        await t.type("Lamentation")
        await t.until(lambda: "c. 15th century · Andrea Mantegna" in t.text())


async def test_to_a_person_who_labels(tui: Run, study: Store) -> None:
    with connection.writing(study.path, 5) as con:
        con.execute("UPDATE refs SET creation_circa = true WHERE creation_year IS NOT NULL")
    async with labelling(tui, "ann") as (t, screen):
        await t.until(lambda: screen.item is not None)
        assert "c. " in str(screen.query_one("#label-title").render())
