"""``wb ingest prompts``."""

from pathlib import Path

import click

from workbench.errors import ConfigError
from workbench.options import db_option


@click.command()
@click.option(
    "--perturbation",
    "perturbations",
    multiple=True,
    metavar="NAME",
    help="title, with-creator, description, synonym or translation; repeatable.",
)
@click.option("--from", "file", metavar="FILE", type=click.Path(path_type=Path), help="Prompts from a CSV or TSV file.")
@click.option("--substitutions", type=click.IntRange(1, 3), default=3, show_default=True, help="Replace so many words.")
@click.option(
    "--variants", type=click.IntRange(1, 20), default=1, show_default=True, help="Texts for each number of words."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Decides which synonyms.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Of translations; repeatable. [all]")
@db_option
def prompts(
    perturbations: tuple[str, ...],
    file: Path | None,
    substitutions: int,
    variants: int,
    seed: int,
    languages: tuple[str, ...],
    db: Path,
) -> None:
    r"""Make prompts for every reference, or take them from a file.

    \b
    Examples:
      wb ingest prompts --perturbation with-creator --perturbation description
      wb ingest prompts --perturbation synonym --variants 2
      wb ingest prompts --perturbation translation --language fr --language de
      wb ingest prompts --from captions.csv

    synonym replaces one, two and three words of a title by synonyms of WordNet; names stay, and a title in which
    nothing can be replaced is named. What was replaced stands word by word in prompt_changes. translation takes the
    labels in other languages. A title, a creator or a description that changes later changes its prompt.

    \b
    Columns of FILE: qid, perturbation (any but title), text, and if known
      variant (from 1), method, changes (JSON).

    A text that is there keeps its variant; of a qid and perturbation in FILE, the texts that FILE lacks are retired:
    their images stay, but are no longer measured.
    """
    if bool(perturbations) == bool(file):
        raise ConfigError("wb ingest prompts wants --perturbation or --from", "wb ingest prompts --perturbation title")
    if file:
        from ingest.prompts_csv import ingest_prompts

        ingest_prompts(db, file)
    else:
        from ingest.prompts import Asked, make_prompts
        from ingest.synonyms.making import Synonyms

        synonyms = Synonyms(most=substitutions, each=variants, seed=seed)
        make_prompts(db, Asked(perturbations=perturbations, synonyms=synonyms, languages=languages))
