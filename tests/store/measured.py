"""A study small enough to compute by hand."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from workbench.records import EncoderRow, GeneratedImage, Patches, Prompt, Reference, ReferenceImage, Similarity
from workbench.store import Store, Write

NOW = datetime(2026, 1, 2, 3, 4, 5)


def encoder(encoder_id: str, preference: int = 1) -> EncoderRow:
    return EncoderRow(
        encoder_id=encoder_id,
        family="f",
        name=encoder_id,
        weights="w",
        preprocessing="{}",
        dimensions=4,
        preference=preference,
        first_used_utc=NOW,
    )


def fill(store: Store, *parts: list[Write]) -> None:
    """Write the parts in one transaction."""
    store.write(*(write for part in parts for write in part), settle=True)


def reference(qid: str, kind: str = "static", images: int = 1) -> list[Write]:
    """A reference with so many reference images."""
    return [
        Write(
            query="upsert_refs",
            table="refs",
            records=[Reference(qid=qid, label=f"Label {qid}", kind=kind, source="t", run_id="r")],
        ),
        Write(
            query="upsert_ref_images",
            table="ref_images",
            records=[reference_image(qid, rank) for rank in range(1, images + 1)],
        ),
    ]


def reference_image(qid: str, rank: int, duplicate_of: str | None = None) -> ReferenceImage:
    sha = f"{int(qid[1:]):032x}{rank:032x}"
    return ReferenceImage(
        qid=qid,
        sha256=sha,
        path=f"{sha}.png",
        phash="0" * 16,
        width=4,
        height=4,
        rank=rank,
        duplicate_of=duplicate_of,
        run_id="r",
    )


def compared(qid: str, images: int = 1) -> str:
    """Hash of the first so many reference images, as ``reference_sets`` computes it."""
    names = ",".join(reference_image(qid, rank).sha256 for rank in range(1, images + 1))
    return hashlib.md5(names.encode()).hexdigest()


def image(
    qid: str,
    seed: int,
    *,
    model_id: str = "m",
    settings_id: str = "x",
    perturbation: str = "title",
    status: str = "ok",
    s: float | None = None,
    p: Sequence[float] | None = None,
    entropy: Sequence[float] | None = None,
    encoder_id: str = "clip#1",
    patch_encoder_id: str = "dino#1",
    images: int = 1,
) -> list[Write]:
    """One image of a reference, scored against its first ``images`` reference images where s or p is given."""
    prompt = Prompt(qid=qid, perturbation=perturbation, method="label", text=f"{perturbation} of {qid}", run_id="r")
    ok = status == "ok"
    made = GeneratedImage(
        prompt_id=prompt.prompt_id,
        model_id=model_id,
        settings_id=settings_id,
        seed=seed,
        status=status,
        error=None if ok else "why",
        sha256="a" * 64 if ok else None,
        path="a.png" if ok else None,
        created_utc=NOW,
        run_id="r",
    )
    writes = [
        Write(query="insert_prompts", table="prompts", records=[prompt]),
        Write(query="upsert_images", table="images", records=[made]),
        Write(query="insert_encoders", table="encoders", records=[encoder(encoder_id), encoder(patch_encoder_id)]),
    ]
    common = {
        "image_id": made.image_id,
        "status": "ok",
        "reference_set": compared(qid, images),
        "created_utc": NOW,
        "run_id": "r",
    }
    if s is not None:
        row = Similarity(encoder_id=encoder_id, s=s, best_sha256="b" * 64, **common)  # type: ignore[arg-type]
        writes.append(Write(query="upsert_similarities", table="similarities", records=[row]))
    if p is not None:
        patches = Patches(encoder_id=patch_encoder_id, p=p, entropy=entropy or [8.0] * 16, **common)  # type: ignore[arg-type]
        writes.append(Write(query="upsert_patches", table="patches", records=[patches]))
    return writes
