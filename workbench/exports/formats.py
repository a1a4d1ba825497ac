"""The forms that a study can be exported in."""

from workbench.errors import ConfigError
from workbench.exports.asked import Export, Writer
from workbench.exports.tables import tables
from workbench.registry import Registry

TABLES = ("csv", "json", "parquet")
FORMATS: Registry[Writer] = Registry("export format")
"""Name → what writes it, imported on first use."""

for table_format in TABLES:
    FORMATS.add(table_format, tables(table_format))
FORMATS.add("imagefolder", "workbench.exports.imagefolder:imagefolder")
FORMATS.add("fiftyone", "workbench.exports.fiftyone:fiftyone")
FORMATS.add("paper-csv", "workbench.exports.released:released")


def write(name: str, asked: Export) -> None:
    """Export a study.

    Raises:
        ConfigError: If the form takes no names of tables, or what its writer raises.
    """
    if asked.names and name not in TABLES:
        raise ConfigError(f"{name} takes no names of tables", f"name them with --format {', '.join(TABLES)}")
    FORMATS[name](asked)
