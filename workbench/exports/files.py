"""Files of exports: each whole or not at all."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from workbench.errors import ConfigError


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Write lines one after another, and put the file in its place once it is whole.

    Returns:
        How many there were.

    Raises:
        ConfigError: If the file cannot be written.
    """
    part, written = path.with_name(f".{path.name}.part"), 0
    try:
        try:
            with part.open("w", encoding="utf-8", newline="\n") as file:
                for line in lines:
                    file.write(f"{line}\n")
                    written += 1
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    return written


def copy_file(source: Path, target: Path) -> bool:
    """Copy a stored picture; one that lies there whole is left.

    Returns:
        False where there is none to copy.

    Raises:
        ConfigError: If it cannot be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        size = source.stat().st_size
    except OSError:
        return False
    if target.is_file() and target.stat().st_size == size:
        return True
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(source, part)
            os.replace(part, target)  # noqa: PTH105
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(target, error) from error
    return True


def _unwritable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(f"cannot write {path}: {error.strerror}", "check the folder, its rights and its space")
