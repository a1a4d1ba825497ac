"""``wb generate``: plan, load once, sample, save."""

import contextlib
import functools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from generate.devices import gpu_memory, pick_dtype
from generate.engines.engine import LOCAL, Engine
from generate.engines.registry import device_for, start_engine
from generate.making import Job, Maker, making
from generate.models.naming import named_in
from generate.models.settings import settings_for
from generate.models.source import DIGEST, ModelSource, as_known, find_model
from generate.plan import Plan, plan_images
from generate.progress import Progress
from generate.request import GenerateRequest, check_request
from generate.saving import MadeImage, save_images
from generate.shards.folder import PART_SECONDS, ShardPlace, shard_place
from generate.shards.shard import Shard
from generate.twins import check_alone
from generate.writer import FLUSH_SECONDS, RowWriter
from workbench.errors import ConfigError, ModelError, SomeItemsFailed
from workbench.options import say
from workbench.records import GeneratedImage, Settings
from workbench.store import RunLog, Sink, Store, Write

PACKAGES = ("torch", "diffusers", "transformers", "safetensors", "pillow")
BATCHES_WAITING = 4
"""Batches that may wait to be saved before sampling has to."""
NONE_CAME_OUT = {
    "blocked": "--no-safety-checker makes images without that check, under settings of their own",
    "black": "--dtype float32 or bfloat16 may help where float16 overflows; --retry-failed tries the same again",
}
"""What to do where not one image came out well, by what became of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratePlan:
    """A request, settled: which model, under which settings, and what is missing."""

    request: GenerateRequest
    source: ModelSource
    device: str
    settings: Settings
    images: Plan
    place: ShardPlace | None = None
    """Of a shard: where its images go instead of into the study."""


def prepare(
    store: Store, request: GenerateRequest, *, shard: Shard | None = None, into: Path | None = None
) -> GeneratePlan:
    """Settle a request without loading the model.

    Args:
        store: the study.
        request: what is asked for.
        shard: make only this part of it, in a folder of its own.
        into: the folder; None: beside the study.

    Raises:
        ConfigError: If it names something that is not there, or the folder holds something else.
        ModelError: If there is nothing to prompt with, or the model cannot be had.
    """
    check_request(store, request)
    source = _find(store, request)
    device = device_for(request.engine, request.device)
    request.loading.check(device)
    dtype = pick_dtype(request.dtype, device, (source.spec or source.family).dtype)
    settings = settings_for(source, request.wishes, dtype, safety_checker=request.safety_checker)
    place = _place(store, request, settings, shard, into)
    images = _missing(store, request, settings, place)
    plan = GeneratePlan(request=request, source=source, device=device, settings=settings, images=images, place=place)
    _announce(plan)
    return plan


def _place(
    store: Store, request: GenerateRequest, settings: Settings, shard: Shard | None, into: Path | None
) -> ShardPlace | None:
    if shard is None:
        if into is not None:
            raise ConfigError("--into is the folder of a shard, and none is asked for", "--shard 1/8 asks for one")
        return None
    return shard_place(store.path, request, settings, shard, into)


def _missing(store: Store, request: GenerateRequest, settings: Settings, place: ShardPlace | None) -> Plan:
    images = plan_images(store, request, settings)
    return images if place is None else place.missing(images, retry=request.retry_failed)


def _find(store: Store, request: GenerateRequest) -> ModelSource:
    """The model that is asked for, in the revision that is asked for, under its id in the study."""
    digest = request.revision if str(request.revision).startswith(DIGEST) else None
    source = find_model(request.model, None if digest else request.revision)
    if digest:
        source = as_known(source, [digest])
    if digest and source.revision != digest:
        raise ModelError(f"the weights of {request.model} have changed", "--model names those that are meant")
    if source.folder is not None and request.revision and not digest:
        raise ConfigError(f"{request.model} is a folder, which has no revisions", "leave --revision out")
    return named_in(store, source)


def _arguments(plan: GeneratePlan) -> dict[str, object]:
    """What a run was asked, so that it can be repeated from any folder."""
    source = plan.source
    model = plan.request.model if source.folder is None or source.spec is not None else str(source.folder)
    shard = {"shard": str(plan.place.manifest.shard)} if plan.place else {}
    return {**asdict(replace(plan.request, model=model)), **shard}


def generate(store: Store, plan: GeneratePlan, *, flush_seconds: float | None = None) -> Counter[str]:
    """Make what is planned.

    Args:
        store: the study.
        plan: from ``prepare``.
        flush_seconds: between two transactions, or two parts of a shard; None: what suits them.

    Returns:
        How many images there are now of each status; those that were there before only where nothing was to be made.

    Raises:
        SomeItemsFailed: If images failed: they are rows with a reason.
        ConfigError: If another process is making some of these images.
        ModelError: If the model cannot be loaded, or the device fails.
        StoreError: If the study, or the folder of a shard, cannot be written.
    """
    with contextlib.nullcontext(store) if plan.place is None else plan.place.writing() as sink:
        if not plan.images.count:
            return _say_nothing_to_do(store, plan)
        if plan.place is None:
            check_alone(store, plan.settings, plan.images)
        seconds = flush_seconds if flush_seconds is not None else PART_SECONDS if plan.place else FLUSH_SECONDS
        counts = _run(store, sink, plan, seconds)
    if counts["failed"]:
        hint = "--retry-failed tries them again"
        raise SomeItemsFailed(f"{counts['failed']:,} of {counts.total():,} images failed", hint)
    return counts


def next_step(plan: GeneratePlan, counts: Counter[str]) -> str | None:
    """The command that goes on from here with what ``generate`` made; None: nothing of it can be gone on with."""
    if plan.place:
        return f"wb merge {plan.place.folder.path}"
    if not counts["ok"]:
        return None
    return "wb score" if any(prompt.scorable for prompt in plan.images.prompts) else "wb ingest --images DIR"


def _run(store: Store, sink: Sink, plan: GeneratePlan, flush_seconds: float) -> Counter[str]:
    made_by, count = plan.settings.settings_id, plan.images.count
    with RunLog(sink, "generate", _arguments(plan), PACKAGES, settings_id=made_by, planned=count) as run:
        if plan.place is None:
            check_alone(store, plan.settings, plan.images, own=run.run_id)
        with contextlib.closing(start_engine(plan.request.engine, _job(plan).load, plan.device)) as engine:
            return _make_and_save(sink, plan, engine, run, flush_seconds)


def _job(plan: GeneratePlan) -> Job:
    return Job(
        source=plan.source,
        settings=plan.settings,
        device=plan.device,
        loading=plan.request.loading,
        batch_size=plan.request.batch_size,
        elsewhere=plan.request.engine.engine != LOCAL,
    )


def _make_and_save(
    sink: Sink, plan: GeneratePlan, engine: Engine[Maker], run: RunLog, flush_seconds: float
) -> Counter[str]:
    run.device = engine.ask(Maker.describe)
    prompts = {prompt.prompt_id: prompt.text for prompt in plan.images.open_prompts}
    tokens = engine.ask(functools.partial(Maker.tokens, prompts=prompts))
    sink.write(
        Write(query="insert_models", table="models", records=[plan.source.record()]),
        Write(query="insert_settings", table="settings", records=[plan.settings]),
        Write(query="insert_prompt_tokens", table="prompt_tokens", records=tokens),
        run.step(),
    )
    sink.images.sweep()
    progress = Progress("images", run.planned, gauge=functools.partial(gpu_memory, plan.device))
    writer = RowWriter(
        sink, run, query="upsert_images", table="images", waiting=BATCHES_WAITING, flush_seconds=flush_seconds
    )
    smaller: set[int] = set()
    save = functools.partial(_save, sink, plan, run, progress, smaller)
    with progress, writer:
        for made in engine.do(making(plan.request.batch_size), plan.images.images(), progress.note):
            writer.put(functools.partial(save, made))
    _conclude(writer.counts, progress)
    return writer.counts


def _save(
    sink: Sink,
    plan: GeneratePlan,
    run: RunLog,
    progress: Progress,
    smaller: set[int],
    make: Callable[[], Sequence[MadeImage]],
) -> Sequence[GeneratedImage]:
    made = make()
    rows = save_images(sink.images, made, plan.settings, run.run_id)
    smaller |= {one.batch_size for one in made if one.batch_size is not None} - {plan.request.batch_size}
    if smaller:
        # Batches of another size may round otherwise: the record of what made these images says so.
        run.message = f"out of memory: batches of {', '.join(map(str, sorted(smaller, reverse=True)))}"
    for one in made:
        if one.status == "failed":
            planned = one.planned
            progress.complain(f"{planned.qid} “{planned.text}” seed {planned.seed}", str(one.error))
    progress.advance(len(rows))
    return rows


def _announce(plan: GeneratePlan) -> None:
    settings = plan.settings
    size = f"{settings.width}×{settings.height}"
    say(
        f"{settings.model_id}: {plan.images.count:,} images to make; {settings.steps} steps, guidance "
        f"{settings.guidance:g}, {size}, {settings.dtype}, {settings.scheduler}, on {plan.device}"
    )
    planned = {prompt.qid for prompt in plan.images.open_prompts}
    blind = {prompt.qid for prompt in plan.images.open_prompts if not prompt.scorable}
    if blind:
        say(f"references without a reference image: {len(blind):,} of {len(planned):,}; theirs cannot be scored yet")
        say("hint: --with-reference-image leaves them out; wb ingest --images DIR adds reference images")


def _say_nothing_to_do(store: Store, plan: GeneratePlan) -> Counter[str]:
    say("nothing to generate: every image that is asked for is there")
    again = _missing(store, replace(plan.request, retry_failed=True), plan.settings, plan.place).count
    if again:
        say(f"failed, blocked or black among them: {again:,}")
        say("hint: --retry-failed tries them again")
    asked = len(plan.images.prompts) * len(plan.images.seeds)
    return Counter({"ok": asked - again, "not ok": again})


def _conclude(counts: Counter[str], progress: Progress) -> None:
    apart = ", ".join(f"{counts[status]:,} {status}" for status in ("blocked", "black", "failed") if counts[status])
    say(
        f"made {counts['ok']:,} images in {progress.seconds:.0f} s, {progress.rate:.2f} images/s"
        + (f"; {apart}" if apart else "")
    )
    for status, hint in NONE_CAME_OUT.items():
        if counts[status] and not counts["ok"]:
            say(f"hint: {hint}")
