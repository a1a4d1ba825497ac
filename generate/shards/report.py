"""What came of a merge: of every shard of its plans, what is there and what is missing."""

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from generate.plan import plan_images
from generate.request import GenerateRequest
from generate.shards.merge import Merged
from generate.shards.shard import Shard
from workbench.errors import SomeItemsFailed
from workbench.options import say
from workbench.records import Settings
from workbench.store import Store

SCHEMA = {
    "shard": pl.String,
    "folder": pl.String,
    "ok": pl.Int64,
    "not_ok": pl.Int64,
    "new": pl.Int64,
    "damaged": pl.Int64,
    "missing": pl.Int64,
}


def report(store: Store, merged: Sequence[Merged]) -> pl.DataFrame:
    """A row for each shard of the plans that these are parts of, also for those that are not among them.

    Columns: ``ok`` and ``not_ok`` images in its folder, ``new`` to the study, ``damaged`` parts and pictures, and
    ``missing``: what the study still lacks of its part of the plan.
    """
    settings = merged[0].contents.manifest.settings
    plans: dict[tuple[GenerateRequest, int], dict[Shard, Merged]] = {}
    for one in merged:
        manifest = one.contents.manifest
        plans.setdefault((manifest.request.plan(), manifest.shard.count), {})[manifest.shard] = one
    rows = [row for (request, n), there in plans.items() for row in _rows(store, settings, request, n, there)]
    return pl.DataFrame(rows, schema=SCHEMA)


def check_whole(frame: pl.DataFrame) -> None:
    """Say what is missing, and fail where something could not be read.

    Raises:
        SomeItemsFailed: If a part or a picture is damaged.
    """
    missing = frame.filter(pl.col("missing") > 0)
    say(f"merged {frame['new'].sum():,} images")
    if missing.is_empty():
        say("the plan is complete; next: wb score")
    else:
        say(f"still missing: {missing['missing'].sum():,} images, of shards {', '.join(missing['shard'])}")
    if damaged := frame["damaged"].sum():
        hint = "copy the folders anew, or run their shards until nothing is left to make: what is damaged is made again"
        raise SomeItemsFailed(f"parts and pictures that are not whole, and were left out: {damaged:,}", hint)


def _rows(
    store: Store, settings: Settings, request: GenerateRequest, count: int, there: Mapping[Shard, Merged]
) -> list[dict[str, object]]:
    plan = plan_images(store, request, settings)
    rows = []
    for number in range(1, count + 1):
        shard = Shard(number=number, count=count)
        part = plan.only(shard.part(prompt.prompt_id for prompt in plan.prompts))
        rows.append({"shard": str(shard), **_held(there.get(shard)), "missing": part.count})
    return rows


def _held(one: Merged | None) -> dict[str, object]:
    if one is None:
        return {"folder": None, "ok": 0, "not_ok": 0, "new": 0, "damaged": 0}
    statuses = Counter(image.status for image in one.contents.images)
    return {
        "folder": str(one.contents.folder.path),
        "ok": statuses["ok"],
        "not_ok": statuses.total() - statuses["ok"],
        "new": len(one.new),
        "damaged": len(one.contents.damaged) + one.lost,
    }
