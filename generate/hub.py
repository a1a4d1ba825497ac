"""The model hub, cache first: what is on this machine needs no network and stays the same commit."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generate.extras import models_extra
from workbench.errors import ModelError, reason

if TYPE_CHECKING:
    from huggingface_hub import HfApi

TIMEOUT_SECONDS = 15.0
MAIN = "main"
"""The branch of a repository that is meant where none is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFile:
    """A file of a repository, on this machine."""

    path: Path
    commit: str
    """Of the repository, 40 hex digits."""


def hub_file(repository: str, filename: str, *, revision: str = MAIN, instead: str) -> HubFile:
    """Find a file in the local cache, else download it.

    Args:
        repository: ``org/name``.
        filename: inside the repository.
        revision: branch, tag or commit.
        instead: a hint: what to do where the hub cannot give it.

    Raises:
        ModelError: If the hub cannot be reached, knows no such file, or asks for a token or for consent.
    """
    api = _client()
    try:
        cached = api.hf_hub_download(repository, filename, revision=revision, local_files_only=True)
    except _not_cached():
        with hub_errors(repository, instead, revision):
            api.model_info(repository, revision=revision, timeout=TIMEOUT_SECONDS)
            # By the revision's own name: the cache then knows which commit it is, and answers without the hub.
            cached = api.hf_hub_download(repository, filename, revision=revision)
    return HubFile(path=Path(cached), commit=_commit(Path(cached), filename))


def check_repository(repository: str, *, instead: str) -> None:
    """Find out in good time whether a library will get what it is about to ask of the hub.

    Raises:
        ModelError: If nothing of the repository is in the local cache, and the hub does not have or give it.
    """
    api = _client()
    try:
        api.snapshot_download(repository, local_files_only=True)
    except _not_cached():
        with hub_errors(repository, instead):
            api.model_info(repository, timeout=TIMEOUT_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRepository:
    """What the hub says about a repository."""

    commit: str
    gated: bool
    sizes: Mapping[str, int]
    """Bytes of each file."""


def describe_repository(repository: str, revision: str, *, instead: str) -> HubRepository:
    """Ask the hub about a repository, and whether it would give its files to whoever asks.

    Raises:
        ModelError: If the hub cannot be reached, knows no such repository, or wants a token or consent.
    """
    api = _client()
    with hub_errors(repository, instead, revision):
        info = api.model_info(repository, revision=revision, timeout=TIMEOUT_SECONDS, files_metadata=True)
        if info.gated:
            api.auth_check(repository)
    sizes = {file.rfilename: file.size or 0 for file in info.siblings or ()}
    return HubRepository(commit=str(info.sha), gated=bool(info.gated), sizes=sizes)


def cached_folder(repository: str, revision: str) -> Path | None:
    """Where the local cache keeps a repository at a revision; None: it has nothing of it."""
    try:
        return Path(str(_client().snapshot_download(repository, revision=revision, local_files_only=True)))
    except _not_cached():
        return None


def cache_home() -> Path:
    """The folder that downloads are kept in."""
    with models_extra():
        from huggingface_hub.constants import HF_HUB_CACHE
    return Path(HF_HUB_CACHE)


def _client() -> "HfApi":
    """The hub's client, without its chatter about retries."""
    with models_extra():
        from huggingface_hub import HfApi
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    return HfApi()


def _not_cached() -> type[Exception]:
    from huggingface_hub.errors import LocalEntryNotFoundError

    return LocalEntryNotFoundError


def _commit(path: Path, filename: str) -> str:
    """The cache lays files out as ``snapshots/<commit>/<filename>``."""
    return path.parents[filename.count("/")].name


@contextmanager
def hub_errors(repository: str, instead: str, revision: str = MAIN) -> Iterator[None]:
    """Name the cause where the hub does not give what it is asked for.

    Args:
        repository: ``org/name``.
        instead: a hint: what to do where the hub cannot be reached.
        revision: that is asked for.

    Raises:
        ModelError: For whatever the hub's client raises.
    """
    from huggingface_hub import errors

    page = f"https://huggingface.co/{repository}"
    try:
        yield
    except errors.GatedRepoError as error:
        hint = f"accept its licence at {page}, then: hf auth login; {instead}"
        raise ModelError(f"{repository} is gated: the hub wants a token and your consent", hint) from error
    except errors.RepositoryNotFoundError as error:
        raise ModelError(f"the hub has no repository {repository}, or it is private", instead) from error
    except (errors.RevisionNotFoundError, errors.EntryNotFoundError) as error:
        raise ModelError(f"{repository} lacks what is needed: {reason(error)}", instead) from error
    except errors.HFValidationError as error:
        raise ModelError(f"{repository} is no name of a repository", instead) from error
    except network_errors() as error:
        named, download = repository, f"hf download {repository}"
        if revision != MAIN:
            named, download = f"{repository} at {revision}", f"{download} --revision {revision}"
        message = f"{named} is not in the local cache and the hub cannot be reached: {reason(error)}"
        raise ModelError(message, f"with a network: {download}; {instead}") from error


def network_errors() -> tuple[type[Exception], ...]:
    """What the hub's client raises where there is no network: its HTTP library's own error, too."""
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]

    return (OSError, HTTPError)
