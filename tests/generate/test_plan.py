"""Plans: which images are missing, however many are asked for, and of which prompts."""

import itertools
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generate.models.settings import Wishes, settings_for
from generate.models.source import find_model
from generate.plan import Plan, plan_images
from generate.request import GenerateRequest
from tests.fixtures.studies import add_references
from workbench.errors import ConfigError
from workbench.records import PlannedPrompt, Settings
from workbench.store import Store


def prompt(number: int, taken: tuple[int, ...] = ()) -> PlannedPrompt:
    return PlannedPrompt(
        prompt_id=f"{number * 2654435761 % 2**32:08x}",
        qid="Q1",
        perturbation="title",
        text="t",
        scorable=True,
        taken=taken,
    )


def keys(plan: Plan) -> list[tuple[str, int]]:
    return [(image.prompt_id, image.seed) for image in plan.images()]


plans = st.builds(
    lambda prompts, first, count: Plan(prompts=prompts, seeds=range(first, first + count)),
    st.lists(
        st.builds(prompt, st.integers(0, 10**6), st.sets(st.integers(0, 30)).map(tuple)),
        max_size=4,
        unique_by=lambda p: p.prompt_id,
    ),
    st.integers(0, 20),
    st.integers(1, 20),
)


@given(plans)
def test_a_plan_has_what_is_not_taken_and_counts_it(plan: Plan):
    expected = {(p.prompt_id, seed) for p in plan.prompts for seed in plan.seeds if seed not in p.taken}
    found = keys(plan)
    assert set(found) == expected
    assert len(found) == plan.count == len(expected)
    assert plan.summary()["images"].sum() == plan.count


def test_a_plan_of_any_size_costs_no_memory():
    plan = Plan(prompts=[prompt(k) for k in range(100)], seeds=range(10**9))
    tracemalloc.start()
    assert plan.count == 10**11
    first = list(itertools.islice(plan.images(), 3))
    assert plan.summary()["images"].to_list() == [10**11]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [image.seed for image in first] == [0, 1, 2]
    assert peak < 2_000_000


@pytest.fixture
def settings(tiny) -> Settings:
    return settings_for(find_model(str(tiny)), Wishes(steps=2), "float32")


@pytest.mark.parametrize(
    ("condition", "qids"),
    [
        ("label = 'Picture 2'", {"Q2"}),
        ("type = 'painting' AND kind = 'dynamic'", {"Q9"}),
        ("text LIKE '%1, %' -- a comment", {"Q1"}),
        ("reference_images = 0", {"Q9"}),
        ("label <> 'x' OR false", {"Q1", "Q2", "Q9"}),
    ],
)
def test_where(store: Store, settings: Settings, condition: str, qids: set[str]):
    add_references(store, count=2)
    add_references(store, count=1, first=9, kind="dynamic", images=0)
    plan = plan_images(store, GenerateRequest(model="m", where=condition, images_per_prompt=1), settings)
    assert {p.qid for p in plan.prompts} == qids


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("colour = 'red'", "colour"),
        ("label = 'nothing has this label'", "holds for no prompt"),
        ("1 = 1); DELETE FROM refs; --", "--where"),
        ("", "--where: the condition is empty"),
        (" \n", "--where: the condition is empty"),
        ("-- nothing", "--where"),
        ("true) OR (1=1", "syntax error"),
        ("true LIMIT 1", "syntax error"),
        ("true) LIMIT 1 --", "syntax error"),
        ("(SELECT count(*) FROM read_csv('pyproject.toml', header = false)) > 0", "disabled"),
        ("label IN (SELECT content FROM read_text('pyproject.toml'))", "disabled"),
    ],
)
def test_a_condition_that_makes_no_sense(store: Store, settings: Settings, condition: str, said: str):
    add_references(store, count=2)
    with pytest.raises(ConfigError, match=said):
        plan_images(store, GenerateRequest(model="m", where=condition), settings)
    assert store.sql("FROM refs").height == 2


def test_limit_counts_references_that_the_condition_leaves(store: Store, settings: Settings):
    add_references(store, count=3, perturbations=("title", "synonym"))
    request = GenerateRequest(model="m", where="label > 'Picture 1'", limit=1, images_per_prompt=1)
    assert [p.qid for p in plan_images(store, request, settings).prompts] == ["Q2", "Q2"]
