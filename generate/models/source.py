"""Where a model's weights lie and what they are, found out without loading them."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generate.hub import MAIN, hub_file
from generate.models.digests import INDEX, digest_of, digest_of_all
from generate.models.families import family_of
from generate.models.families.family import Family
from generate.models.table import ModelSpec, known_models
from workbench.errors import ConfigError, ModelError
from workbench.records import Model
from workbench.registry import unknown_name
from workbench.seed import seed_data

PACKAGED = "packaged:"
"""Head of the hub id of a model that ships, before its path in the seed data."""
DIGEST = "sha256:"
"""Head of the revision of a folder, before its hash."""
INSTEAD = "--model ./folder takes weights that are on this machine"
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """A model that can be loaded."""

    model_id: str
    hub_id: str
    """Repository on the hub, or the full path of the folder."""
    folder: Path | None
    """Where the weights lie; None: on the hub, or in its cache."""
    revision: str
    """Commit on the hub, or ``sha256:…`` over the files that are loaded from the folder."""
    index: Mapping[str, Any]
    """Its ``model_index.json``."""
    spec: ModelSpec | None
    """Its row of the table; None: it is not in there."""

    @property
    def pipeline(self) -> str:
        """Class of diffusers that runs it."""
        return str(self.index["_class_name"])

    @property
    def family(self) -> Family:
        """The family of its pipeline."""
        return family_of(self.pipeline)

    @property
    def scheduler(self) -> str:
        """Class of its scheduler."""
        return str((self.index.get("scheduler") or [None, "none"])[1])

    @property
    def has_safety_checker(self) -> bool:
        """The weights bring a safety checker along."""
        return (self.index.get("safety_checker") or [None, None])[1] is not None

    def variant(self, dtype: str) -> str | None:
        """Weight files that are taken before others where the model is loaded in this number format."""
        return self.spec.variant if self.spec is not None and self.spec.dtype == dtype else None

    def config(self, component: str) -> Mapping[str, Any]:
        """Configuration of a component; empty where it has none."""
        if (self.index.get(component) or [None])[0] is None:
            return {}
        name = f"{component}/config.json"
        if self.folder is not None:
            path = self.folder / name
        else:
            path = hub_file(self.hub_id, name, revision=self.revision, instead=INSTEAD).path
        return _read_json(path) if path.is_file() else {}

    def record(self) -> Model:
        """Its row of ``models``."""
        return Model(
            model_id=self.model_id,
            hub_id=self.hub_id,
            revision=self.revision,
            family=self.family.name,
            pipeline=self.pipeline,
            licence=self.spec.licence if self.spec else None,
            gated=bool(self.spec and self.spec.gated),
        )


def find_model(name: str, revision: str | None = None) -> ModelSource:
    """Find a model by its key in the table, a local folder, or its id on the hub.

    Args:
        name: one of these.
        revision: branch, tag or commit on the hub, in place of the one that is meant otherwise.

    Raises:
        ConfigError: If it is none of these.
        ModelError: If it is, but is no diffusers model, or cannot be had.
    """
    if spec := listed(name):
        if spec.hub_id.startswith(PACKAGED):
            return _packaged(spec)
        return _on_hub(spec.key, spec.hub_id, revision or spec.revision, spec)
    if not name.strip():
        raise ConfigError("the name of the model is empty", "--model takes a key, a folder, or a hub id: wb models")
    if Path(name).is_dir():
        return _in_folder(name)
    if Path(name).exists():
        raise ConfigError(f"{name} is a file, not a folder in the diffusers format", f"it would contain {INDEX}")
    if _HUB_ID.fullmatch(name) and not name.startswith("."):
        return _on_hub(name, name, revision or MAIN, None)
    if "/" in name:
        raise ConfigError(f"there is no folder {name}", "--model takes a key, a folder, or a hub id: wb models")
    raise unknown_name("model", name, known_models(), "a local folder or a hub id (org/name) is also taken: wb models")


def as_known(source: ModelSource, known: Collection[str]) -> ModelSource:
    """A folder under the revision that it is known by: once that was the hash of all files, also of those beside it.

    Args:
        source: the model.
        known: revisions; where none of them is an older hash of this folder, the source comes back as it is.
    """
    if source.folder is None or source.revision in known or not any(one.startswith(DIGEST) for one in known):
        return source
    before = f"{DIGEST}{digest_of_all(source.folder)}"
    return replace(source, revision=before) if before in known else source


def components(index: Mapping[str, Any]) -> list[str]:
    """The parts of a pipeline that have files: its index names a library and a class for each."""
    named = {name: value for name, value in index.items() if isinstance(value, list) and len(value) == 2}
    # A name is an argument of the pipeline: what is none could lead out of the folder.
    return [name for name, (_, class_) in named.items() if class_ is not None and name.isidentifier()]


def listed(name: str) -> ModelSpec | None:
    """The row of the table for a key or an id on the hub; None: there is none."""
    by_hub_id = {spec.hub_id: spec for spec in known_models().values()}
    return known_models().get(name) or by_hub_id.get(name)


def _on_hub(model_id: str, hub_id: str, revision: str, spec: ModelSpec | None) -> ModelSource:
    found = hub_file(hub_id, INDEX, revision=revision, instead=INSTEAD)
    index = _checked(_read_json(found.path), hub_id)
    return ModelSource(model_id=model_id, hub_id=hub_id, folder=None, revision=found.commit, index=index, spec=spec)


def _packaged(spec: ModelSpec) -> ModelSource:
    found = _in_folder(str(seed_data(spec.hub_id.removeprefix(PACKAGED))))
    return replace(found, model_id=spec.key, hub_id=spec.hub_id, spec=spec)


def _in_folder(name: str) -> ModelSource:
    folder = Path(name).resolve()
    if not (folder / INDEX).is_file():
        raise ModelError(f"{name} is not in the diffusers format: it has no {INDEX}", "wb models lists what is known")
    index = _checked(_read_json(folder / INDEX), name)
    revision = f"{DIGEST}{digest_of(folder, components(index))}"
    return ModelSource(
        model_id=folder.name, hub_id=str(folder), folder=folder, revision=revision, index=index, spec=None
    )


def _checked(index: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if not isinstance(index.get("_class_name"), str):
        raise ModelError(f"{name} names no pipeline of diffusers", "code of a repository's own is never run")
    return index


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} is not readable JSON: {error}") from error
    if not isinstance(content, dict):
        raise ModelError(f"{path} holds no JSON object")
    return content
