"""What ``wb generate`` is asked for, and whether a study can answer it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from generate.engines.engine import EngineChoice, changed_engine
from generate.models.pipeline import Loading
from generate.models.settings import Size, Wishes
from generate.shards.shard import Shard
from workbench.errors import ConfigError, ModelError, QueryError
from workbench.options import say
from workbench.records import KnownSettings, PromptCensus, Reference
from workbench.registry import unknown_name
from workbench.store import Store, find_run

MOST_SEED = 2**63 - 1
"""What the file can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """What ``wb generate`` is asked for."""

    model: str
    """Key of the table, local folder, or hub id."""
    revision: str | None = None
    """Branch, tag or commit on the hub, or ``sha256:…`` that the files of a folder must have; None: as they are."""
    images_per_prompt: int = 4
    first_seed: int = 0
    """The k-th image of every prompt has seed ``first_seed`` + k, so that conditions and models pair."""
    perturbations: Sequence[str] = ()
    """Empty: all."""
    kind: str | None = None
    qids: Sequence[str] = ()
    """Empty: all."""
    where: str | None = None
    """A condition in SQL over ``filterable_prompts``."""
    limit: int | None = None
    """References, the best known first."""
    with_reference_image: bool = False
    """Only references that can be scored."""
    retry_failed: bool = False
    """Also what failed, was blocked or came out black."""
    wishes: Wishes = field(default_factory=Wishes)
    safety_checker: bool = True
    batch_size: int = 4
    device: str = "auto"
    dtype: str = "auto"
    loading: Loading = field(default_factory=Loading)
    engine: EngineChoice = field(default_factory=EngineChoice)

    def plan(self) -> "GenerateRequest":
        """What of it decides which images there are to be, whatever makes them."""
        asked = ("images_per_prompt", "first_seed", "perturbations", "kind", "qids", "where", "limit")
        same = {name: getattr(self, name) for name in (*asked, "with_reference_image")}
        return GenerateRequest(model="", **same)

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any]) -> Self:
        """The request behind the arguments that a run has recorded; what this version does not know is left out."""
        known = {f.name: arguments[f.name] for f in fields(cls) if f.name in arguments}
        wishes = dict(known.get("wishes") or {})
        if wishes.get("size"):
            wishes["size"] = Size(**wishes["size"])
        known["wishes"] = Wishes(**wishes)
        known |= {name: tuple(known.get(name, ())) for name in ("perturbations", "qids")}
        known["loading"] = Loading(**(known.get("loading") or {}))
        known["engine"] = EngineChoice(**(known.get("engine") or {}))
        return cls(**known)


def request_like(store: Store, run: str, shard: Shard | None = None) -> GenerateRequest:
    """What a run was asked for, of the weights that it had: the whole plan, also where it made a shard of that.

    Args:
        store: the study.
        run: its id, the beginning of its id, or ``last`` for the newest that generated images.
        shard: that is asked for now; None: none, which is said where the run made one.

    Raises:
        ConfigError: If there is no such run, or it made no images.
    """
    found = find_run(store, run, command="generate")
    if found.command == "import":
        message = f"run {found.run_id} was a wb import: how its pictures were made is not known"
        raise ConfigError(message, "--model, with --steps, --guidance and --size, says how to make more")
    if found.command != "generate":
        raise ConfigError(f"run {found.run_id} was a wb {found.command}", "--like takes a run of wb generate: wb runs")
    arguments = json.loads(found.arguments)
    if shard is None and (part := arguments.get("shard")):
        say(f"note: run {found.run_id} made shard {part}; this is the whole plan, and --shard {part} that part of it")
    request = GenerateRequest.from_arguments(arguments)
    settings = store.rows("settings_of", KnownSettings, settings_id=found.settings_id)
    return replace(request, revision=settings[0].revision) if settings else request


def changed(request: GenerateRequest, options: Mapping[str, Any]) -> GenerateRequest:
    """The request with options of the command line in place of its own; another model comes in its own revision."""
    rest = dict(options)
    wishes = replace(request.wishes, **{name: rest.pop(name) for name in ("steps", "guidance", "size") if name in rest})
    loading = replace(request.loading, **{name: rest.pop(name) for name in ("offload", "compile") if name in rest})
    if "model" in rest:
        rest.setdefault("revision", None)
    engine = changed_engine(request.engine, rest)
    return replace(request, wishes=wishes, loading=loading, engine=engine, **rest)


def check_request(store: Store, request: GenerateRequest) -> None:
    """Refuse a request that no prompt can answer, and say why.

    Raises:
        ModelError: If the study has no prompts, or none that the filters leave.
        ConfigError: If it names a perturbation or a reference that is not there, or seeds that no file holds.
    """
    if request.first_seed + request.images_per_prompt - 1 > MOST_SEED:
        raise ConfigError(f"seeds end at {MOST_SEED:,}", "take a lower --seed or fewer --images-per-prompt")
    census = store.rows("prompt_census", PromptCensus)
    if not census:
        raise ModelError("the study has no prompts yet", "wb ingest --from references.csv makes them")
    known = {row.perturbation for row in census}
    for name in request.perturbations:
        if name not in known:
            raise unknown_name("perturbation", name, known)
    if request.qids:
        _check_qids(store, request.qids)
    left = [row for row in census if _counts(row, request)]
    if not left:
        hint = "wb ingest --images adds reference images" if request.with_reference_image else "wb status counts them"
        raise ModelError("no prompt is left by --kind, --perturbation and --with-reference-image", hint)


def _counts(row: PromptCensus, request: GenerateRequest) -> bool:
    return (
        (not request.perturbations or row.perturbation in request.perturbations)
        and request.kind in (None, row.kind)
        and (row.n_scorable_refs > 0 or not request.with_reference_image)
    )


def _check_qids(store: Store, qids: Sequence[str]) -> None:
    known = {reference.qid for reference in store.rows("all_refs", Reference)}
    unknown = [qid for qid in qids if qid not in known]
    if unknown:
        raise ConfigError(f"no reference {', '.join(unknown)} in this study", 'wb sql "SELECT qid, label FROM refs"')


def prompts_where(store: Store, condition: str | None) -> list[str] | None:
    """Ids of the prompts that a condition of the user's own holds for; None: there is none.

    Raises:
        ConfigError: If the database refuses the condition, or it holds for no prompt.
    """
    if condition is None:
        return None
    try:
        frame = store.matching("filterable_prompts", condition)
    except QueryError as error:
        raise ConfigError(f"--where: {error.message}", error.hint or "--where \"type = 'painting'\"") from error
    if frame.is_empty():
        columns = ", ".join(frame.columns)
        raise ConfigError(f"--where holds for no prompt: {condition}", f"it may ask about {columns}")
    return frame["prompt_id"].to_list()
