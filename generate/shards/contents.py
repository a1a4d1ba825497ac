"""What lies in the folders of shards, and whether it belongs into a study."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generate.shards.folder import MANIFEST, ShardFolder, latest
from generate.shards.manifest import Manifest, differences
from workbench.errors import ConfigError
from workbench.options import say
from workbench.records import GeneratedImage, Model, PromptTokens, Run
from workbench.store import Store, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardContents:
    """All that can be read of a shard."""

    folder: ShardFolder
    manifest: Manifest
    images: Sequence[GeneratedImage]
    """Each once."""
    runs: Sequence[Run]
    models: Sequence[Model]
    tokens: Sequence[PromptTokens]
    damaged: Sequence[Path]
    """Parts that cannot be read."""

    def heads(self) -> list[Write]:
        """What is written before its images."""
        return [
            Write(query="insert_models", table="models", records=self.models[-1:]),
            Write(query="insert_settings", table="settings", records=[self.manifest.settings]),
            Write(query="insert_prompt_tokens", table="prompt_tokens", records=self.tokens),
        ]


def read_shards(folders: Sequence[Path]) -> list[ShardContents]:
    """Read shards, the first of a plan first; parts that are damaged are named and left out.

    Args:
        folders: of shards, or that hold some.

    Raises:
        ConfigError: If there is none in one of them, or one was made by a newer workbench.
    """
    found = {path.resolve(): path for folder in folders for path in _shard_folders(folder)}
    shards = [_read(ShardFolder(path)) for path in found.values()]
    return sorted(shards, key=lambda shard: (shard.manifest.shard, str(shard.folder.path)))


def check_settings(shards: Sequence[ShardContents]) -> None:
    """Refuse shards of several settings: one of them was made elsewhere, or otherwise, than is meant.

    Raises:
        ConfigError: If there are such.
    """
    first, *others = shards
    settings = first.manifest.settings
    for shard in others:
        if shard.manifest.settings != settings:
            differing = differences(settings, shard.manifest.settings, f"in {first.folder.path}", "there")
            hint = "merge the shards of one model and its settings at a time"
            raise ConfigError(f"{shard.folder.path} is of other settings: {differing}", hint)
    for shard in shards:
        if any(image.settings_id != settings.settings_id for image in shard.images):
            hint = "its shard.json does not belong to its rows: make the shard anew"
            raise ConfigError(f"{shard.folder.path} holds images of other settings than it says", hint)


def check_prompts(store: Store, shards: Sequence[ShardContents]) -> None:
    """Refuse images of prompts that a study does not have.

    Raises:
        ConfigError: If there are such.
    """
    known = set(store.frame("prompts_known")["prompt_id"])
    for shard in shards:
        strangers = {image.prompt_id for image in shard.images} - known
        if strangers:
            message = f"{shard.folder.path} is of another study: this one lacks {len(strangers):,} of its prompts"
            raise ConfigError(message, "--db names the study that the shard was made of")


def _shard_folders(folder: Path) -> Iterator[Path]:
    found = sorted(manifest.parent for manifest in folder.rglob(MANIFEST))
    if not found:
        what = "holds no shard" if folder.is_dir() else "is no folder"
        raise ConfigError(f"{folder} {what}", "wb generate --shard 1/8 makes one, and says where")
    yield from found


def _read(folder: ShardFolder) -> ShardContents:
    manifest = folder.manifest()
    assert manifest is not None  # its folder was found by it
    images = folder.parts("images", GeneratedImage)
    models, tokens = folder.parts("models", Model), folder.parts("prompt_tokens", PromptTokens)
    runs = folder.runs()
    damaged = [*images.damaged, *models.damaged, *tokens.damaged, *runs.damaged]
    for file in damaged:
        say(f"left out, because it is not whole: {file}")
    return ShardContents(
        folder=folder,
        manifest=manifest,
        images=latest(images.rows),
        runs=runs.rows,
        models=models.rows,
        tokens=tokens.rows,
        damaged=damaged,
    )
