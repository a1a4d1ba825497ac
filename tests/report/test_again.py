"""Everything in the report can be had again: by the SQL and the commands that it names."""

import io
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import click
import polars as pl
import pytest

from tests.conftest import Outcome
from tests.report.page import read, tables_of
from workbench import report as package
from workbench.analysis import confounding
from workbench.analysis.resampling import Bootstrap
from workbench.cli import root
from workbench.records import StudyFacts, Thresholds
from workbench.report.blocks import Said, Table
from workbench.report.sections import SECTIONS, of_records
from workbench.report.study import Study
from workbench.report.tables import MEASURES, bounds, decimal, estimate, p_value, text
from workbench.store import Store, queries

ORDINARY = {"count_images"}
"""Asked by any section that says under which prompt condition it is."""


@pytest.fixture(scope="module")
def asked(study: Store) -> Study:
    """What the report of the fixtures asks."""
    facts = study.rows("study_facts", StudyFacts)[0]
    named = {"encoder": facts.encoder_id, "patch_encoder": facts.patch_encoder_id}
    parameters = Thresholds().parameters() | named | {"models": None, "perturbations": None}
    kinds = ("static", "dynamic", "all")
    return Study(store=study, parameters=parameters, kinds=kinds, bootstrap=Bootstrap(resamples=200))


def blocks_of(markdown: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)\n```$", markdown, flags=re.DOTALL | re.MULTILINE)


def test_the_sql_gives_the_rows_that_the_tables_are_made_of(
    html: str, markdown: str, study: Store, asked: Study
) -> None:
    told = blocks_of(markdown, "sql")
    names = list(dict.fromkeys(query for section in SECTIONS for query in section.queries))
    assert len(told) == len(names)
    for name, sql in zip(names, told, strict=True):
        assert pl.DataFrame(study.sql(sql)).equals(asked.frame(name)), name
    shown = [e.text.strip() for e in read(html).named("code")]
    for section in SECTIONS:
        assert shown.count(told[names.index(section.queries[0])]) >= 1, section.key


@pytest.mark.parametrize("section", SECTIONS, ids=lambda s: s.key)
def test_a_section_names_every_query_that_it_asks(section, asked: Study) -> None:
    fresh = Study(store=asked.store, parameters=asked.parameters, kinds=asked.kinds, bootstrap=asked.bootstrap)
    section.build(fresh)
    assert set(fresh._frames) - ORDINARY <= set(section.queries)
    assert set(section.queries) <= set(fresh._frames)


def commands(markdown: str) -> list[list[str]]:
    return [shlex.split(line)[1:] for line in blocks_of(markdown, "sh") if line.startswith("wb ")]


def test_the_commands_are_well_formed(markdown: str) -> None:
    told = commands(markdown)
    assert len(told) == sum(bool(section.command) for section in SECTIONS)
    for words in told:
        command = root
        while isinstance(command, click.Group) and words:
            with click.Context(command) as context:
                command = command.get_command(context, words.pop(0))
        assert command is not None
        command.make_context("wb", words).close()


def test_the_commands_say_the_same(
    html: str, markdown: str, study: Store, wb: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WB_DB", str(study.path))
    plane, correlations = (
        next(words for words in commands(markdown) if set(some) <= set(words)) for some in (["plane"], ["correlations"])
    )
    ((shown,), (pairs,)) = tables_of(html, "measures"), tables_of(html, "correlations")
    places = answer(wb(*plane, "--format", "csv"))
    assert len(places) == len(shown)
    for row in places:
        (line,) = (r for r in shown if [r[h] for h in ("Model", "Prompt", "Kind")] == keys(row, "perturbation", "kind"))
        assert [line["CRA"], line["CRA interval"]] == [decimal(row["cra"]), bounds(row["cra_low"], row["cra_high"])]
    found = answer(wb(*correlations, "--format", "csv", "--perturbation", "title"))
    assert len(found) == len(pairs)
    for row in found:
        columns = keys(row | {"measure": MEASURES[row["measure"]]}, "covariate", "measure", "kind")
        (line,) = (r for r in pairs if [r[h] for h in ("Model", "Covariate", "Measure", "Kind")] == columns)
        assert [line["ρ"], line["ρ interval"]] == [decimal(row["rho"]), bounds(row["low"], row["high"])]
        assert line["p adjusted"] == p_value(row["p_adjusted"])


def answer(done: Outcome) -> list[dict]:
    assert done.code == 0, done.err
    return pl.read_csv(io.StringIO(done.out), infer_schema_length=None).to_dicts()


def keys(row: dict, *names: str) -> list[str]:
    return [row[name] for name in ("model_id", *names)]


def overlap(study: Study) -> list:
    return list(study.analysed(confounding.collinearity, study.frame("correlation_input")))


def test_a_section_of_one_analysis_is_one_entry(asked: Study) -> None:
    columns = [text("covariate", "Covariate"), text("other", "Other"), *estimate("rho", "ρ", "low", "high")]
    (table,) = of_records(overlap, "Overlap", columns, "no covariates")(asked)
    assert isinstance(table, Table)
    assert len(table.rows) == len(overlap(asked))
    assert table.rows[0][2] == decimal(asked.ordered(overlap(asked))[0].rho)


def test_keys_are_anchors_and_queries_ship() -> None:
    keys = [section.key for section in SECTIONS]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z-]+", key) for key in keys)
    assert {query for section in SECTIONS for query in section.queries} <= set(queries.query_names())


def test_templates_are_in_the_package() -> None:
    folder = Path(package.__path__[0]) / "templates"
    assert {path.name for path in folder.iterdir()} >= {"report.html", "report.css"}


def test_an_empty_section_says_why(store: Store) -> None:
    study = Study(store=store, parameters=Thresholds().parameters(), kinds=("all",), bootstrap=Bootstrap())
    build = of_records(overlap, "Overlap", [], "no covariates")
    assert build(study) == [Said(text="Nothing here yet: no covariates.", missing=True)]
