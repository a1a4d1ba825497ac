"""Why a model cannot be loaded, found out without loading it: pickles, cut files, code of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generate.extras import models_extra
from generate.models.source import ModelSource, components
from generate.models.weights import folder_of, is_loaded, is_whole, variant_for, variant_of

PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
RENAMED = "FeatureExtractor"
"""End of the names of classes that transformers no longer has and diffusers knows how to replace."""
_PART = re.compile(r"-\d+-of-(?P<last>\d+)")
_PARTS_INDEX = re.compile(r".*\.safetensors\.(?:(?P<before>\w+)\.)?index(?:\.(?P<variant>\w+))?\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Why one component cannot be loaded."""

    component: str
    what: str
    hint: str

    def __str__(self) -> str:
        return f"{self.component}: {self.what}"


def flaws_of(source: ModelSource, dtype: str, names: Mapping[str, Sequence[str]]) -> list[Flaw]:
    """All that keeps a model from being loaded.

    Args:
        source: the model.
        dtype: that it is loaded in.
        names: of the files of each component: ``names_here``, or what the hub has. Those here are looked into.
    """
    variant = variant_for(source, dtype, names)
    found = (_flaw(source, variant, component, names.get(component, ())) for component in components(source.index))
    return [flaw for flaw in found if flaw is not None]


def _flaw(source: ModelSource, variant: str | None, component: str, names: Sequence[str]) -> Flaw | None:
    library, class_ = source.index[component]
    if not _is_known(library):
        what = f"{class_} is code of the repository's own, and that is never run"
        return Flaw(
            component=component, what=what, hint="take a model whose classes are those of diffusers or transformers"
        )
    if not names:
        return Flaw(component=component, what="no files", hint=_anew(source))
    found = _class_of(library, class_)
    if found is None and not class_.endswith(RENAMED):
        hint = f"pip install --upgrade {library}"
        return Flaw(component=component, what=f"this version of {library} has no {class_}", hint=hint)
    if not _has_weights(found):
        return None
    loaded = [name for name in names if is_loaded(name, variant, names)]
    if not loaded:
        if any(name.endswith(PICKLES) for name in names):
            what = "no safetensors: pickles are never loaded"
            return Flaw(component=component, what=what, hint="save it anew, as safetensors")
        return Flaw(component=component, what="no weights", hint=_anew(source))
    lacking = [*([] if "config.json" in names else ["config.json"]), *_lacking_parts(loaded, names)]
    if lacking:
        return Flaw(component=component, what=f"{', '.join(lacking)} is missing", hint=_anew(source))
    if cut := _cut(source, component, loaded):
        return Flaw(component=component, what=f"{', '.join(cut)} is cut", hint=_anew(source, "--force-download"))
    return None


def _is_known(library: str | None) -> bool:
    """Whether a class comes from a library: some pipelines of diffusers have rooms of their own in there."""
    with models_extra():
        from diffusers import pipelines
    return library in ("diffusers", "transformers") or hasattr(pipelines, str(library))


def _class_of(library: str, class_: str) -> object:
    with models_extra():
        import diffusers
        import transformers
    room = {"diffusers": diffusers, "transformers": transformers}.get(library)
    return getattr(room or getattr(diffusers.pipelines, library), class_, None)


def _has_weights(class_: object) -> bool:
    """Whether a class has any, as schedulers, tokenizers and feature extractors have not."""
    with models_extra():
        import torch
    return isinstance(class_, type) and issubclass(class_, torch.nn.Module)


def _lacking_parts(loaded: Sequence[str], names: Sequence[str]) -> list[str]:
    """What is missing where weights are in parts, which an index ties together."""
    parts = [match for name in loaded if (match := _PART.search(name))]
    if not parts or len(parts) < len(loaded):
        return []
    first, last = loaded[0], parts[0]["last"]
    numbers = [f"{number:0{len(last)}}" for number in range(1, int(last) + 1)]
    wanted = [_PART.sub(f"-{number}-of-{last}", first) for number in numbers]
    indices = [match for name in names if (match := _PARTS_INDEX.fullmatch(name))]
    index = variant_of(first) in {match["before"] or match["variant"] for match in indices}
    return [*([] if index else ["the index of its parts"]), *(name for name in wanted if name not in names)]


def _cut(source: ModelSource, component: str, loaded: Sequence[str]) -> list[str]:
    folder = folder_of(source)
    if folder is None:
        return []
    here = [name for name in loaded if (folder / component / name).is_file()]
    return [name for name in here if not is_whole(folder / component / name)]


def _anew(source: ModelSource, *options: str) -> str:
    if source.folder is not None:
        return "copy it here anew"
    return " ".join(["hf download", source.hub_id, "--revision", source.revision, *options])
