"""``wb ingest prompts``."""

from pathlib import Path
from typing import Any

import click

from workbench.errors import ConfigError
from workbench.options import db_option


@click.command()
@click.option(
    "--perturbation",
    "perturbations",
    multiple=True,
    metavar="NAME",
    help="title, with-creator, description, synonym, translation or literal; repeatable.",
)
@click.option(
    "--from",
    "--from-csv",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Prompts from a CSV or TSV file.",
)
@click.option("--substitutions", type=click.IntRange(1, 3), default=3, show_default=True, help="Replace so many words.")
@click.option(
    "--variants", type=click.IntRange(1, 20), default=1, show_default=True, help="Texts for each number of words."
)
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Of translations; repeatable. [all]")
@click.option(
    "--captioner",
    metavar="NAME",
    default="florence2",
    show_default=True,
    help="Of literal: blip, blip2, florence2, or FAMILY:FOLDER.",
)
@click.option("--draws", type=click.IntRange(0, 1000), default=10, show_default=True, help="Further captions at most.")
@click.option("--device", default="auto", show_default=True, help="That describes: cpu, cuda, mps.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Draws synonyms and captions.")
@click.option(
    "--tokenizer",
    "tokenizers",
    multiple=True,
    metavar="NAME",
    help="Counts tokens: clip, t5:FOLDER@256; repeatable. [clip]",
)
@db_option
def prompts(
    perturbations: tuple[str, ...], file: Path | None, tokenizers: tuple[str, ...], db: Path, **how: Any
) -> None:
    r"""Make prompts for every reference, or take them from a file.

    \b
    Examples:
      wb ingest prompts --perturbation with-creator --perturbation description
      wb ingest prompts --perturbation synonym --variants 2
      wb ingest prompts --perturbation translation --language fr --language de
      wb ingest prompts --perturbation literal --captioner blip
      wb ingest prompts --perturbation literal --from-csv captions.csv

    synonym replaces one, two and three words of a title by synonyms of WordNet; names stay, and a title in which
    nothing can be replaced is named. What was replaced stands word by word in prompt_changes. translation takes the
    labels in other languages. literal describes the first reference image; a caption with a word of the title or of a
    creator is rejected and another one drawn. Tokens are counted for all prompts, see prompt_tokens.

    \b
    Columns of FILE: qid, perturbation (any but title; not needed where
      --perturbation names one), text, and if known
      variant (from 1), method, changes (JSON).

    A text that is there keeps its variant; of a qid and perturbation in FILE, the texts that FILE lacks are retired:
    their images stay, but are no longer measured.
    """
    if not perturbations and not file:
        raise ConfigError("wb ingest prompts wants --perturbation or --from", "wb ingest prompts --perturbation title")
    if file and (len(perturbations) > 1 or "title" in perturbations):
        raise ConfigError(
            "a file's prompts are of one --perturbation, never title", "its column perturbation names several"
        )
    if file:
        from ingest.prompts_csv import ingest_prompts

        ingest_prompts(db, file, *perturbations, tokenizers=tokenizers)
    else:
        from ingest.prompts import asked_by, make_prompts

        make_prompts(db, asked_by(perturbations=perturbations, tokenizers=tokenizers, **how))
