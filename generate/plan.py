"""What is missing: the images that are asked for and not there yet. A plan is a rule, so any number of images fits."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from generate.request import GenerateRequest, prompts_where
from workbench.records import GeneratedImage, PlannedPrompt, Settings
from workbench.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedImage:
    """An image that is to be made."""

    prompt_id: str
    qid: str
    text: str
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The images that are to be made, prompt by prompt, the best known reference first."""

    prompts: Sequence[PlannedPrompt]
    seeds: range
    """Of every prompt."""

    @property
    def count(self) -> int:
        """How many images there are."""
        return sum(map(self.missing, self.prompts))

    @property
    def open_prompts(self) -> list[PlannedPrompt]:
        """Prompts that lack an image."""
        return [prompt for prompt in self.prompts if self.missing(prompt)]

    def missing(self, prompt: PlannedPrompt) -> int:
        """How many images a prompt lacks."""
        return len(self.seeds) - sum(seed in self.seeds for seed in prompt.taken)

    def images(self) -> Iterator[PlannedImage]:
        """Each of them, made up as it is asked for."""
        for prompt in self.open_prompts:
            taken = set(prompt.taken)
            for seed in self.seeds:
                if seed not in taken:
                    yield PlannedImage(prompt_id=prompt.prompt_id, qid=prompt.qid, text=prompt.text, seed=seed)

    def only(self, prompt_ids: Collection[str]) -> "Plan":
        """The plan of some of its prompts."""
        return replace(self, prompts=[prompt for prompt in self.prompts if prompt.prompt_id in prompt_ids])

    def without(self, made: Iterable[GeneratedImage]) -> "Plan":
        """The plan without images that were made elsewhere."""
        more: dict[str, set[int]] = {}
        for image in made:
            more.setdefault(image.prompt_id, set()).add(image.seed)
        prompts = [replace(p, taken=sorted({*p.taken, *more.get(p.prompt_id, ())})) for p in self.prompts]
        return replace(self, prompts=prompts)

    def summary(self) -> pl.DataFrame:
        """Planned images per perturbation: columns perturbation, references, prompts, images."""
        rows = [(p.perturbation, p.qid, self.missing(p)) for p in self.open_prompts]
        frame = pl.DataFrame(
            rows, schema={"perturbation": pl.String, "qid": pl.String, "images": pl.Int64}, orient="row"
        )
        return (
            frame.group_by("perturbation")
            .agg(references=pl.col("qid").n_unique(), prompts=pl.len(), images=pl.col("images").sum())
            .sort("perturbation")
        )


def plan_images(store: Store, request: GenerateRequest, settings: Settings) -> Plan:
    """Ask the study what is missing under these settings.

    Raises:
        ConfigError: If the condition of the request makes no sense.
    """
    prompts = store.rows(
        "plan_prompts",
        PlannedPrompt,
        model_id=settings.model_id,
        settings_id=settings.settings_id,
        images_per_prompt=request.images_per_prompt,
        first_seed=request.first_seed,
        perturbations=list(request.perturbations) or None,
        kind=request.kind,
        qids=list(request.qids) or None,
        prompt_ids=prompts_where(store, request.where),
        limit_refs=request.limit,
        with_reference_image=request.with_reference_image,
        retry=request.retry_failed,
    )
    seeds = range(request.first_seed, request.first_seed + request.images_per_prompt)
    return Plan(prompts=prompts, seeds=seeds)
