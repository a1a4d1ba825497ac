"""A study to look at: a real file filled with made-up but plausible rows."""

import io
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from PIL import Image

from workbench.imagefiles import StoredFile
from workbench.records import (
    Covariate,
    EncoderRow,
    GeneratedImage,
    Model,
    Patches,
    Prompt,
    Reference,
    ReferenceImage,
    Settings,
    Similarity,
)
from workbench.store import Store, Write

NOW = datetime(2026, 11, 1, 12, 0, 0)
RUN = "test-run"
CLIP = "clip:openai/clip-vit-base-patch16@1a2b3c4d"
DINO = "timm:vit_base_patch16_dinov3@5e6f7a8b"
WORKS: tuple[tuple[str, str, str, str, int | None, int | None], ...] = (
    ("Mona Lisa", "static", "painting", "Leonardo da Vinci", 1503, 9),
    ("The Starry Night", "static", "painting", "Vincent van Gogh", 1889, 11),
    ("神奈川沖浪裏", "static", "print", "葛飾北斎", 1831, 9),
    ("Discobolus", "static", "sculpture", "Myron", -459, 9),
    ("Сикстинская мадонна", "static", "painting", "Raphael", 1512, 9),
    ("Café Terrace at Night", "static", "painting", "Vincent van Gogh", 1888, 10),
    ("Metropolis", "dynamic", "film", "Fritz Lang", 1927, 11),
    ("Lamentation of Christ", "static", "painting", "Andrea Mantegna", 1500, 7),
    ("The Simpsons", "dynamic", "television series", "Matt Groening", 1989, 11),
    ("[bold]Untitled[/bold]", "static", "photograph", "Cindy Sherman", 1981, 9),
    ("Venus of Willendorf", "static", "sculpture", "", -24999, 6),
    (
        "A Sunday Afternoon on the Island of La Grande Jatte, seen from very far away indeed",
        "static",
        "painting",
        "Georges Seurat",
        1884,
        9,
    ),
    ("Nosferatu", "dynamic", "film", "F. W. Murnau", 1922, 11),
    ("Guernica", "static", "painting", "Pablo Picasso", None, None),
)
"""Label, kind, type, creator, year, precision: markup, wide and long titles, BCE and unknown dates among them."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much of a study to make."""

    refs: int = len(WORKS)
    models: tuple[str, ...] = ("sd15", "sdxl")
    perturbations: tuple[str, ...] = ("title", "synonym")
    images: int = 4
    """Per prompt."""
    ref_images: bool = True
    generated: bool = True
    scored: float = 1.0
    """Share of the images that have scores."""
    files: bool = True
    """Whether pictures are written too."""
    seed: int = 7


def fill(store: Store, plan: Plan | None = None) -> None:
    """Fill an empty study."""
    plan = plan or Plan()
    rng = random.Random(plan.seed)
    refs = list(references(plan.refs))
    prompts = [
        Prompt(
            qid=r.qid, perturbation=p, method="label", text=r.label if p == "title" else f"{r.label} ({p})", run_id=RUN
        )
        for r in refs
        for p in plan.perturbations
    ]
    store.write(
        Write(query="upsert_refs", table="refs", records=refs),
        Write(query="upsert_covariates", table="covariates", records=list(covariates(refs, rng))),
        Write(query="insert_prompts", table="prompts", records=prompts),
    )
    if plan.ref_images:
        store.write(
            Write(
                query="upsert_ref_images", table="ref_images", records=[reference_image(store, r, plan) for r in refs]
            )
        )
    if plan.generated:
        generate(store, prompts, plan, rng)


def references(n: int) -> Iterator[Reference]:
    """The first n references; those after the last work are numbered copies."""
    for i in range(n):
        label, kind, type_, creator, year, precision = WORKS[i % len(WORKS)]
        yield Reference(
            qid=f"Q{1000 + i}",
            label=label if i < len(WORKS) else f"{label} {i}",
            kind=kind,
            type=type_,
            creators=[creator] if creator else [],
            creation_date=None if year is None else _iso(year),
            creation_year=year,
            creation_precision=precision,
            creation_calendar=None if year is None else "gregorian",
            source="study.py",
            run_id=RUN,
        )


def _iso(year: int) -> str:
    return f"{year:05d}-06-14" if year < 0 else f"{year:04d}-06-14"


def covariates(refs: list[Reference], rng: random.Random) -> Iterator[Covariate]:
    """Popularity of every reference (but every seventh), training frequency of every other one."""
    for i, r in enumerate(refs):
        common = {"qid": r.qid, "as_of": date(2026, 5, 1), "provenance": "study.py", "run_id": RUN}
        if i % 7 != 6:
            yield Covariate(
                name="popularity", method="sitelinks", value=rng.randint(0, 150), unit="sitelinks", **common
            )
        if i % 2 == 0:
            value = float(int(10 ** rng.uniform(0, 4)))
            yield Covariate(name="training_frequency", method="captions", value=value, unit="captions", **common)


def generate(store: Store, prompts: list[Prompt], plan: Plan, rng: random.Random) -> None:
    """Images of every prompt, and scores of a share of them."""
    settings = [_settings(model) for model in plan.models]
    images = [_image(store, p, s, seed, plan) for p in prompts for s in settings for seed in range(plan.images)]
    ok = [i for i in images if i.status == "ok"]
    scored = ok[: round(len(ok) * plan.scored)]
    store.write(
        Write(query="insert_models", table="models", records=[_model(m) for m in plan.models]),
        Write(query="insert_settings", table="settings", records=settings),
        Write(query="upsert_images", table="images", records=images),
    )
    if scored:
        score(store, scored, rng)


def score(store: Store, images: list[GeneratedImage], rng: random.Random) -> None:
    """Random similarities and patch maxima."""
    sets = reference_sets(store)
    store.write(
        Write(query="insert_encoders", table="encoders", records=[_encoder(CLIP, "clip"), _encoder(DINO, "timm")]),
        Write(
            query="upsert_similarities",
            table="similarities",
            records=[similarity(i, rng.uniform(0.4, 0.95), sets) for i in images],
        ),
        Write(query="upsert_patches", table="patches", records=[patches(i, rng, sets) for i in images]),
    )


def reference_sets(store: Store) -> dict[str, str]:
    """Prompt → hash of the reference images that its images are compared with; none: "none"."""
    known = store.sql("SELECT prompt_id, r.reference_set FROM prompts JOIN reference_sets AS r USING (qid)")
    return defaultdict(lambda: "none", known.iter_rows())


def similarity(image: GeneratedImage, s: float, sets: dict[str, str]) -> Similarity:
    return Similarity(
        image_id=image.image_id,
        encoder_id=CLIP,
        status="ok",
        s=s,
        reference_set=sets[image.prompt_id],
        created_utc=NOW,
        run_id=RUN,
    )


def patches(image: GeneratedImage, rng: random.Random, sets: dict[str, str]) -> Patches:
    return Patches(
        image_id=image.image_id,
        encoder_id=DINO,
        status="ok",
        p=[rng.uniform(0.3, 0.9) for _ in range(16)],
        entropy=[rng.uniform(0.0, 8.0) for _ in range(16)],
        reference_set=sets[image.prompt_id],
        created_utc=NOW,
        run_id=RUN,
    )


def picture(number: int, size: int = 64) -> bytes:
    """A PNG whose colours follow from the number."""
    rng = random.Random(number)
    image = Image.new("RGB", (size, size * 3 // 4), tuple(rng.randrange(256) for _ in range(3)))
    for _ in range(6):
        x, y, w = rng.randrange(size), rng.randrange(size), rng.randrange(4, size // 2)
        image.paste(tuple(rng.randrange(256) for _ in range(3)), (x, y, x + w, y + w))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _put(store: Store, number: int, plan: Plan) -> StoredFile:
    if plan.files:
        return store.images.put(picture(number), ".png")
    return StoredFile(sha256=f"{number:064x}", path=f"no/{number}.png")


def reference_image(store: Store, ref: Reference, plan: Plan) -> ReferenceImage:
    """A picture of it, or the claim that there is one."""
    file = _put(store, int(ref.qid[1:]), plan)
    return ReferenceImage(
        qid=ref.qid, sha256=file.sha256, path=file.path, phash="0" * 16, width=64, height=48, rank=1, run_id=RUN
    )


def _image(store: Store, prompt: Prompt, settings: Settings, seed: int, plan: Plan) -> GeneratedImage:
    number = int(prompt.prompt_id[:6], 16) * 10 + seed
    common = {"prompt_id": prompt.prompt_id, "model_id": settings.model_id, "settings_id": settings.settings_id}
    rest = {"seed": seed, "created_utc": NOW, "run_id": RUN}
    if number % 23 == 0:
        return GeneratedImage(**common, **rest, status="blocked", error="safety checker")
    file = _put(store, number, plan)
    return GeneratedImage(
        **common, **rest, status="ok", sha256=file.sha256, path=file.path, width=64, height=48, seconds=0.1
    )


def _settings(model: str) -> Settings:
    return Settings(
        model_id=model,
        revision="r1",
        steps=50,
        guidance=7.5,
        width=512,
        height=512,
        dtype="float16",
        scheduler="PNDMScheduler",
    )


def _model(name: str) -> Model:
    return Model(model_id=name, hub_id=f"hub/{name}", revision="r1", family="sd", pipeline="StableDiffusionPipeline")


def _encoder(encoder_id: str, family: str) -> EncoderRow:
    return EncoderRow(
        encoder_id=encoder_id,
        family=family,
        name=encoder_id.split("@")[0],
        weights="w",
        preprocessing="{}",
        dimensions=512,
        preference=0,
        first_used_utc=NOW,
    )
