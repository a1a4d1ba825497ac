"""How other programs lay pictures out: a folder for each prompt, GenEval's folders, or a list."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from ingest.elsewhere.found import Found, Offer, Wanted, checked_seed, seed_in
from ingest.image_sources import PICTURES, listed_file, visible
from ingest.report import Problem
from ingest.tables import Row, read_table
from ingest.text import clean_text, parse_integer, parse_qid
from workbench.errors import ConfigError, IngestError

METADATA = "metadata.jsonl"
SAMPLES = "samples"
_LISTS = {".csv", ".tsv"}


def find_pictures(path: Path, layout: str, model: str | None) -> Offer:
    """List the pictures of a source, without opening them.

    Args:
        path: a folder; of the layout ``csv`` also its list.
        layout: one of ``LAYOUTS``.
        model: that made them; None: a list says it.

    Raises:
        ConfigError: If the model is not said.
        IngestError: If there are no pictures in this layout.
    """
    try:
        offer = LAYOUTS[layout](path, model)
    except OSError as error:
        raise IngestError(f"cannot read {error.filename or path}: {error.strerror}", "check its rights") from error
    if not offer.found and not offer.problems:
        raise IngestError(f"{path} has no pictures in the layout {layout}", _HINTS[layout])
    return offer


def _slugs(folder: Path, model: str | None) -> Offer:
    """``the_starry_night/0.png``."""
    name = _named(model)
    found: list[Found] = []
    problems: list[Problem] = []
    strangers = []
    for place in _folders(folder):
        if not place.is_dir():
            strangers += [place.name] if place.suffix.lower() in PICTURES else []
            continue
        _add(found, problems, _pictures(place), Wanted(name=place.name), name)
    return Offer(found=found, problems=problems, strangers=strangers)


def _geneval(folder: Path, model: str | None) -> Offer:
    """``00000/metadata.jsonl`` beside ``00000/samples/0000.png``."""
    name = _named(model)
    found: list[Found] = []
    problems: list[Problem] = []
    strangers = []
    for place in _folders(folder):
        if not (place / SAMPLES).is_dir():
            strangers += [place.name] if place.is_dir() else []
            continue
        try:
            wanted = Wanted(text=_prompt_of(place / METADATA))
        except ValueError as error:
            problems.append(Problem(where=f"{place.name}/{METADATA}", reason=str(error)))
            continue
        _add(found, problems, _pictures(place / SAMPLES), wanted, name)
    return Offer(found=found, problems=problems, strangers=strangers)


def _prompt_of(metadata: Path) -> str:
    """The prompt of a GenEval folder: the first line of its metadata is an object that holds it."""
    try:
        line = metadata.read_text(encoding="utf-8").strip().partition("\n")[0]
        content = json.loads(line)
    except FileNotFoundError as error:
        raise ValueError("no such file") from error
    except (OSError, ValueError) as error:
        raise ValueError(f"not readable JSON: {error}") from error
    prompt = content.get("prompt") if isinstance(content, dict) else None
    if not isinstance(prompt, str) or not clean_text(prompt):
        raise ValueError("no prompt in it")
    return clean_text(prompt)


def _listed(path: Path, model: str | None) -> Offer:
    """A CSV file of paths, prompts, seeds and models."""
    file = _list_in(path)
    table = read_table(file, ("path|file", "prompt|text|qid"))
    if model is None and "model" not in table.columns:
        _named(None)
    found: list[Found] = []
    problems = list(table.problems)
    for row in table.rows:
        try:
            found.append(_of_row(row, file.parent, model))
        except ValueError as error:
            problems.append(table.problem(row, str(error)))
    return Offer(found=found, problems=problems)


def _of_row(row: Row, folder: Path, model: str | None) -> Found:
    file = listed_file(row.cells.get("path") or row.cells.get("file", ""), folder)
    seed = row.cell("seed")
    name = row.cell("model") or model
    if name is None:
        raise ValueError("no model: fill its cell, or say --model")
    return Found(
        file=file, wanted=_wanted(row), seed=checked_seed(seed) if seed else seed_in(file.name), model=_named(name)
    )


def _wanted(row: Row) -> Wanted:
    text, qid = row.cell("prompt", "text"), row.cell("qid")
    if not text and not qid:
        raise ValueError("neither a prompt nor a QID")
    if not qid:
        return Wanted(text=text)
    variant = row.cell("variant")
    return Wanted(
        qid=parse_qid(qid),
        text=text or None,
        perturbation=row.cell("perturbation") or None,
        variant=parse_integer(variant, "variant") if variant else None,
    )


def _list_in(path: Path) -> Path:
    if not path.is_dir():
        return path
    lists = [file for file in _folders(path) if file.suffix.lower() in _LISTS and file.is_file()]
    if len(lists) != 1:
        names = ", ".join(file.name for file in lists) or "none"
        raise IngestError(f"{path} should hold one CSV file, and holds {names}", "name the file itself")
    return lists[0]


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise IngestError(f"{folder} {what}", "name the folder of the pictures")
    return visible(folder)


def _pictures(folder: Path) -> Iterator[Path]:
    return (file for file in visible(folder) if file.suffix.lower() in PICTURES and file.is_file())


def _add(found: list[Found], problems: list[Problem], files: Iterable[Path], wanted: Wanted, model: str) -> None:
    for file in files:
        try:
            found.append(Found(file=file, wanted=wanted, seed=seed_in(file.name), model=model))
        except ValueError as error:
            problems.append(Problem(where=str(file), reason=str(error)))


def _named(model: str | None) -> str:
    if model is None:
        raise ConfigError("which model made the pictures is not said", "--model NAME, or a column model in the list")
    if not clean_text(model):
        raise ConfigError("the model's name is empty", "--model NAME")
    return clean_text(model)


LAYOUTS: Mapping[str, Callable[[Path, str | None], Offer]] = {"slug": _slugs, "geneval": _geneval, "csv": _listed}
_HINTS = {
    "slug": "a folder named by title for each prompt, in it 0.png, 1.png, …",
    "geneval": f"folders 00000, 00001, … with {METADATA} and {SAMPLES}/0000.png",
    "csv": "columns path, prompt (or qid and perturbation), seed, model",
}
