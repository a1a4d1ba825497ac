"""Tables, views and measures as files, one each."""

from workbench.errors import ConfigError
from workbench.exports.asked import Export, Writer
from workbench.options import say, write_frame
from workbench.registry import unknown_name
from workbench.wording import counted

CHOICES = {"models": "--model", "perturbations": "--perturbation"}


def tables(format_: str) -> Writer:
    """What writes tables as ``csv``, ``json`` or ``parquet``."""

    def write(asked: Export) -> None:
        _write(asked, format_)

    return write


def _write(asked: Export, format_: str) -> None:
    """Write each table, view or macro (the measures at the thresholds asked for) to ``folder/NAME.format_``.

    Raises:
        ConfigError: If a name does not exist, a part of a table is asked for, or a file cannot be written.
    """
    known = asked.store.names()
    for name in asked.names:
        if name not in known:
            raise unknown_name("table or macro", name, known)
    narrowed = [option for name, option in CHOICES.items() if asked.parameters[name]]
    narrowed += [] if "all" in asked.kinds else ["--kind"]
    if narrowed or asked.references:
        option = narrowed[0] if narrowed else "--with-references"
        raise ConfigError(f"tables are exported whole, without {option}", 'a part is: wb sql "FROM … WHERE …" -o FILE')
    settings = {name: value for name, value in asked.parameters.items() if name not in CHOICES}
    names = asked.names or known
    targets = {name: asked.target(f"{name}.{format_}") for name in names}
    for name, target in targets.items():
        frame = asked.store.table(name, settings)
        write_frame(frame, format_, target)
        say(f"{target}: {counted(frame.height, 'row')}")
