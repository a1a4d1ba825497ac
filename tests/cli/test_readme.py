"""Every command in the README runs, in order, in a folder that holds what a reader would have."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from PIL import Image, ImageDraw

from tests.fixtures.checkpoints import stable_diffusion
from tests.fixtures.console import Console
from workbench.cli import COMMANDS, root

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def blocks() -> list[list[str]]:
    """The shell blocks of the README, as lines."""
    return [block.strip().splitlines() for block in re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)]


def runnable() -> list[str]:
    """The ``wb`` lines that need no network, no GPU and no terminal."""
    return [line for block in blocks() if not block[0].startswith("#") for line in block if line.startswith("wb ")]


def only_parsed() -> list[str]:
    """The ``wb`` lines that need one: a comment at the head of their block says so."""
    return [line for block in blocks() if block[0].startswith("#") for line in block if line.startswith("wb ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the README's reader has it: references, pictures and prompts of their own."""
    folder = Path(tmp_path_factory.mktemp("reader"))
    rows = [
        "Q45585,The Starry Night,static,painting,Vincent van Gogh,1889,76",
        "Q151599,Metropolis,dynamic,film,Fritz Lang,1927,65",
    ]
    rows += ["Q12418,Mona Lisa,static,painting,Leonardo da Vinci,1503,146"]
    header = "qid,label,kind,type,creator,year,sitelinks"
    (folder / "references.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    prompts = ["qid,perturbation,text", "Q45585,literal,a village at night", "Q12418,synonym,Mona Portrait"]
    (folder / "prompts.csv").write_text("\n".join(prompts) + "\n", encoding="utf-8")
    captions = ["TEXT", "The Starry Night by Vincent van Gogh", "mona lisa poster"]
    (folder / "captions.csv").write_text("\n".join(captions) + "\n", encoding="utf-8")
    (folder / "pictures").mkdir()
    for n, name in enumerate(["Q45585", "Q12418", "Q151599_1", "Q151599_2"]):
        image = Image.new("RGB", (96, 80), (40 * n, 90, 200 - 30 * n))
        ImageDraw.Draw(image).ellipse((10 + 8 * n, 5, 60 + 5 * n, 70 - 9 * n), fill=(220, 30 * n, 60))
        image.save(folder / "pictures" / f"{name}.png")
    for number, slug in enumerate(["the_starry_night", "mona-lisa"]):
        (folder / "elsewhere" / slug).mkdir(parents=True)
        Image.new("RGB", (64, 64), (200, 80 * number, 20)).save(folder / "elsewhere" / slug / "0.png")
    stable_diffusion(folder / "my-model")
    return folder


@pytest.fixture(scope="module")
def console(folder: Path) -> Iterator[Console]:
    """Runs ``wb`` there."""
    with Console(folder) as found:
        yield found


@pytest.mark.slow
def test_the_readmes_commands_run_in_order(folder: Path, console: Console) -> None:
    """The first of some kinds by the console script itself, the others in forks, which saves importing anew."""
    kinds = {"ingest", "models", "generate", "sql", "report"}
    for line in runnable():
        words = shlex.split(line)[1:]
        done = console.script(*words) if words[0] in kinds else console.wb(*words)
        kinds.discard(words[0])
        assert done.code == 0, f"{line}\n{done.out}\n{done.err}"
    assert not kinds
    assert (folder / "data" / "workbench.duckdb").is_file()


@pytest.mark.parametrize("line", ["wb models --format csv", "wb sql --db nowhere.duckdb 'SELECT 1'", "wb nonsense"])
def test_a_fork_is_what_a_shell_would_start(line: str, console: Console) -> None:
    """Its streams, its exit code, its folder and its words."""
    words = shlex.split(line)[1:]
    assert console.wb(*words) == console.script(*words)


@pytest.mark.parametrize("line", only_parsed())
def test_commands_that_cannot_run_here_are_well_formed(line: str) -> None:
    command, words = root, shlex.split(line)[1:]
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        with click.Context(command) as context:
            found = command.get_command(context, words.pop(0))
        assert found is not None, line
        command = found
    command.make_context("wb", words).close()


def test_every_command_is_in_the_readme() -> None:
    for name in COMMANDS:
        assert f"wb {name}" in README, name


def test_every_make_target_of_the_readme_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for line in (line for block in blocks() for line in block if line.startswith("make ")):
        assert line.split()[1] in targets, line


def test_make_demo_is_wb_demo() -> None:
    done = subprocess.run(["make", "--dry-run", "demo"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert "/wb demo wb-demo" in done.stdout
    assert "wb tui --thresholds calibrated --db wb-demo/workbench.duckdb" in done.stdout


def links() -> Iterator[str]:
    """Local files that the README points to."""
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if not target.startswith(("http", "#")):
            yield target


def test_files_that_the_readme_points_to_are_there() -> None:
    assert list(links())
    for target in links():
        assert (CHECKOUT / target).is_file(), target
