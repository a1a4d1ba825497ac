"""What a person had on screen, kept between sessions: beside their other settings, not in the study's file."""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

VERSION = 1
KEPT_STUDIES = 50
KEPT_QUERIES = 200


def state_file() -> Path:
    """Where it is kept."""
    return user_state_path("wb", appauthor=False) / "tui.json"


class State:
    """Reads what there is and writes it whole; a file that cannot be read or written is no reason to complain.

    Args:
        file: where it is kept; None: nowhere.
        study: path of the database file that it is about.
    """

    def __init__(self, file: Path | None, study: Path) -> None:
        self._file = file
        self._study = str(study.resolve())
        self._all = _read(file)
        self._written = file is not None
        """What is known here is in the file."""

    def get(self, name: str, default: Any = None) -> Any:
        """Of the person, whatever the study."""
        return self._all["person"].get(name, default)

    def put(self, name: str, value: Any) -> None:
        """Keep something of the person."""
        self._look_again()
        self._all["person"][name] = value
        self._write()

    def of_study(self, name: str, default: Any = None) -> Any:
        """Of this study."""
        return self._all["studies"].get(self._study, {}).get(name, default)

    def put_of_study(self, **values: Any) -> None:
        """Keep something of this study; of the studies, those that were open last."""
        self._look_again()
        studies = self._all["studies"]
        studies[self._study] = studies.pop(self._study, {}) | values
        for old in list(studies)[:-KEPT_STUDIES]:
            del studies[old]
        self._write()

    @property
    def views(self) -> dict[str, Any]:
        """Saved views of this study by name, those of other sessions too."""
        self._look_again()
        return dict(self.of_study("views", {}))

    def put_view(self, name: str, values: Mapping[str, Any] | None) -> None:
        """Save a view under a name; None: there is none of this name any more."""
        views = {n: v for n, v in self.views.items() if n != name}
        self.put_of_study(views=views if values is None else {**views, name: dict(values)})

    def remember_query(self, text: str) -> None:
        """Put a query at the end of the history, once."""
        self._look_again()
        known = [q for q in self.get("queries", []) if q != text]
        self.put("queries", [*known, text][-KEPT_QUERIES:])

    def _look_again(self) -> None:
        """Take over what other sessions have kept meanwhile: all that this one has is in the file, if it can be."""
        if self._written:
            self._all = _read(self._file)

    def _write(self) -> None:
        if self._file is None:
            return
        part = self._file.with_name(f".{self._file.name}.{os.getpid()}.part")
        self._written = False
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(self._all, ensure_ascii=False, indent=1), encoding="utf-8")
            part.replace(self._file)
            self._written = True


def _read(file: Path | None) -> dict[str, Any]:
    empty: dict[str, Any] = {"version": VERSION, "person": {}, "studies": {}}
    try:
        found = json.loads(file.read_text(encoding="utf-8")) if file else empty
    except (OSError, ValueError):
        return empty
    right = isinstance(found, dict) and found.get("version") == VERSION
    return found if right and all(isinstance(found.get(k), dict) for k in ("person", "studies")) else empty
