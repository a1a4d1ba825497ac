"""One ``wb import``: a source of pictures, matched to prompts, in one run."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path

from ingest.elsewhere.found import Found, Wanted
from ingest.elsewhere.layouts import find_pictures
from ingest.elsewhere.matching import Candidate, Prompts
from ingest.elsewhere.taking import Placed, take
from ingest.report import Problem, Report, tracked
from workbench.errors import IngestError
from workbench.options import printable, say
from workbench.records import GeneratedImage, content_id
from workbench.store import RunLog, Store, Write

_BATCH = 200
"""Pictures a transaction: an interruption loses no more than these."""
_MOST_THREADS = 8
_PACKAGES = ("pillow",)
HINT = '--perturbation says which prompts are meant: wb sql "SELECT qid, perturbation, text FROM prompts WHERE active"'


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What ``wb import`` is asked for."""

    folder: Path
    layout: str
    model: str | None = None
    """None: a list says it."""
    perturbation: str | None = None
    settings: str | None = None
    """What a person knows of how the pictures were made, in their own words."""

    def extra(self) -> str:
        """Column ``extra`` of the settings."""
        said = {} if self.settings is None else {"settings": self.settings}
        return json.dumps({"made": "elsewhere", **said}, sort_keys=True, ensure_ascii=False)

    def settings_id(self, model: str) -> str:
        """The settings of a model's pictures."""
        return content_id(model, self.extra(), digits=16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The pictures of a source, sorted."""

    placed: Sequence[Placed]
    problems: Sequence[Problem]
    unmatched: Mapping[str, int]
    """Pictures by what was wanted and is no prompt of the study."""

    def models(self) -> list[str]:
        """That made the pictures, each once."""
        return list(dict.fromkeys(one.found.model for one in self.placed))


def import_pictures(db: Path, request: ImportRequest, *, dry_run: bool = False) -> None:
    """Add the pictures of a source to a study.

    Args:
        db: the study's file.
        request: what is asked for.
        dry_run: only say what matches what.

    Raises:
        ConfigError: If the request names something that is not there.
        IngestError: If the source has no pictures in this layout.
        StoreError: If the study is missing or cannot be written.
        SomeItemsFailed: If single pictures could not be taken.
    """
    store = Store.open(db)
    offer = find_pictures(request.folder, request.layout, request.model)
    candidates = [_candidate(row) for row in store.frame("filterable_prompts").iter_rows(named=True)]
    matched = _match(offer.found, Prompts(candidates, request.perturbation), request)
    problems = [*offer.problems, *matched.problems]
    if dry_run:
        _preview(matched, problems, offer.strangers)
        return
    if not matched.placed and not problems:
        raise IngestError(_none_of_them(matched), HINT)
    settings = [request.settings_id(model) for model in matched.models()]
    only = settings[0] if len(settings) == 1 else None
    with RunLog(store, "import", _arguments(request), _PACKAGES, settings_id=only) as run, Report(run) as report:
        run.planned = len(matched.placed) + len(problems)
        report.fail(problems)
        _skip(report, matched, offer.strangers)
        report.add("pictures", found=len(offer.found), unmatched=sum(matched.unmatched.values()))
        _register(store, request, matched.models())
        _take_all(store, run, report, matched)
    if matched.placed:
        say("next: wb score")


def _arguments(request: ImportRequest) -> dict[str, object]:
    return {name: value for name, value in asdict(request).items() if value is not None} | {
        "folder": str(request.folder.absolute())
    }


def _candidate(row: Mapping[str, object]) -> Candidate:
    return Candidate(**{f.name: row[f.name] for f in fields(Candidate)})  # type: ignore[arg-type]


def _match(found: Iterable[Found], prompts: Prompts, request: ImportRequest) -> Matched:
    """Find the prompt of each picture; what is unclear is a problem, once for all its pictures."""
    placed: dict[tuple[str, str, int], Placed] = {}
    problems: list[Problem] = []
    unmatched: Counter[str] = Counter()
    groups: dict[Wanted, list[Found]] = {}
    for one in found:
        groups.setdefault(one.wanted, []).append(one)
    for wanted, pictures in groups.items():
        candidates = prompts.of(wanted)
        if not candidates:
            unmatched[str(wanted)] += len(pictures)
        elif len(candidates) > 1:
            problems.append(_unclear(wanted, candidates, len(pictures)))
        else:
            for one in pictures:
                place = Placed(found=one, prompt_id=candidates[0].prompt_id, settings_id=request.settings_id(one.model))
                first = placed.setdefault(place.key, place)
                if first is not place:
                    reason = f"the same prompt and seed {one.seed} as {first.found.file}"
                    problems.append(Problem(where=str(one.file), reason=reason))
    return Matched(placed=list(placed.values()), problems=problems, unmatched=unmatched)


def _unclear(wanted: Wanted, candidates: Sequence[Candidate], pictures: int) -> Problem:
    which = ", ".join(map(str, candidates[:4])) + (" …" if len(candidates) > 4 else "")
    reason = f"not clear of which prompt ({which}); pictures: {pictures:,}"
    return Problem(where=str(wanted), reason=reason)


def _none_of_them(matched: Matched) -> str:
    named = list(matched.unmatched)
    more = " …" if len(named) > 4 else ""
    return f"none of these is a prompt of the study: {', '.join(named[:4])}{more}"


def _skip(report: Report, matched: Matched, strangers: Sequence[str]) -> None:
    names = [f"{name} ({n:,})" for name, n in matched.unmatched.items()]
    report.skip("names and prompts", names, "not of this study (pictures)", HINT)
    report.skip("files and folders", strangers, "not of this layout")


def _preview(matched: Matched, problems: Sequence[Problem], strangers: Sequence[str]) -> None:
    lines = [f"{problem.where}: {problem.reason}" for problem in problems]
    lines += [f"not of this study: {name} ({_counted(n, 'picture')})" for name, n in matched.unmatched.items()]
    lines += [f"not of this layout: {name}" for name in strangers]
    for line in lines:
        say(printable(line))
    prompts = len({one.prompt_id for one in matched.placed})
    by = f", made by {', '.join(matched.models())}" if matched.placed else ""
    say(printable(f"would take {_counted(len(matched.placed), 'picture')} of {_counted(prompts, 'prompt')}{by}"))


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def _register(store: Store, request: ImportRequest, models: Sequence[str]) -> None:
    """Models and settings, as far as they are known."""
    for model in models:
        parameters = {"settings_id": request.settings_id(model), "model_id": model, "extra": request.extra()}
        store.write(
            Write(query="insert_models_elsewhere", parameters={"model_id": model}),
            Write(query="insert_settings_elsewhere", parameters=parameters),
        )


def _take_all(store: Store, run: RunLog, report: Report, matched: Matched) -> None:
    store.images.sweep()
    settings_ids = list({one.settings_id for one in matched.placed})
    rows = store.rows("images_under", GeneratedImage, settings_ids=settings_ids)
    there = {(row.prompt_id, row.settings_id, row.seed): row for row in rows}
    work = partial(take, files=store.images, there=there, run_id=run.run_id)
    batches = [matched.placed[k : k + _BATCH] for k in range(0, len(matched.placed), _BATCH)]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS), "take") as pool:
        for batch in tracked(batches, "pictures"):
            taken = list(pool.map(work, batch))
            problems = [one.problem for one in taken if one.problem is not None]
            new = [one.row for one in taken if one.row is not None]
            done = len(batch) - len(problems)
            store.write(Write(query="upsert_images", table="images", records=new), run.step(done=done))
            report.fail(problems)
            black = sum(row.status == "black" for row in new)
            report.add("pictures", new=len(new), unchanged=done - len(new), black=black)
