"""Whether another run makes the same images right now: all of them would be made twice, and kept once."""

import json
from datetime import timedelta

from generate.plan import Plan, plan_images
from generate.request import GenerateRequest
from workbench.errors import ConfigError
from workbench.options import say
from workbench.records import Run, Settings
from workbench.store import Store, is_alive, is_gone, utc_now

SILENT = timedelta(minutes=10)
"""A run whose process cannot be looked for is taken to be over once it gave no sign for so long."""
HINT = "--shard 1/2 shares a plan out; other prompts or seeds can be made beside it"


def check_alone(store: Store, settings: Settings, plan: Plan, *, own: str | None = None) -> None:
    """Say of every run that makes some of these images.

    One that may be over, as far as can be told from here, stands in nobody's way: what was killed goes on elsewhere.

    Args:
        store: the study.
        settings: of the images.
        plan: what is to be made.
        own: run that is to make it, once it is in the file: of two that began at once, the one that came later gives
            way, and all else was said before. None: it has not begun.

    Raises:
        ConfigError: If the process of such a run is at work for certain.
    """
    for run in store.rows("running_runs", Run):
        if run.run_id == own:
            return
        certain = is_alive(run)
        if run.settings_id != settings.settings_id or not (certain or _may_be_alive(run)):
            continue
        count = _in_both(plan, _plan_of(store, run, settings))
        if not count:
            continue
        message = f"run {run.run_id} on {run.host}, process {run.pid}, is making {count:,} of these images"
        if certain:
            raise ConfigError(message, HINT)
        if own is None:
            say(f"note: {message}, if it is still alive")
            say(f"hint: {HINT}")


def _may_be_alive(run: Run) -> bool:
    return not is_gone(run) and utc_now() - run.updated_utc < SILENT


def _plan_of(store: Store, run: Run, settings: Settings) -> Plan | None:
    """What a run has still to make here; None: nothing that can be told."""
    arguments = json.loads(run.arguments)
    if run.command != "generate" or "shard" in arguments:  # a shard writes elsewhere, and is here since a merge
        return None
    try:
        return plan_images(store, GenerateRequest.from_arguments(arguments), settings)
    except ConfigError:  # its condition holds for no prompt any more
        return None


def _in_both(plan: Plan, other: Plan | None) -> int:
    """Images that two plans have in common."""
    if other is None:
        return 0
    taken = {prompt.prompt_id: prompt.taken for prompt in other.prompts}
    both = range(max(plan.seeds.start, other.seeds.start), min(plan.seeds.stop, other.seeds.stop))
    return sum(
        len(both) - len({seed for seed in (*prompt.taken, *taken[prompt.prompt_id]) if seed in both})
        for prompt in plan.prompts
        if prompt.prompt_id in taken
    )
