"""Names, near names, lazy targets."""

import pytest

from workbench.errors import ConfigError
from workbench.registry import Registry, unknown_name


def test_lazy_target_is_imported_once() -> None:
    registry: Registry[object] = Registry("decoder")
    registry.add("json", "json:loads")
    import json

    assert registry["json"] is json.loads
    assert list(registry) == ["json"]


def test_duplicate_name_raises() -> None:
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    with pytest.raises(ValueError, match="registered already"):
        registry.add("one", 2)


@pytest.mark.parametrize(("asked", "offer"), [("clp", "did you mean clip"), ("zzz", "known: clip, timm")])
def test_unknown_name_offers(asked: str, offer: str) -> None:
    registry: Registry[int] = Registry("encoder")
    registry.add("clip", 1)
    registry.add("timm", 2)
    with pytest.raises(ConfigError, match=offer):
        registry[asked]


def test_thousands_of_names_are_counted() -> None:
    known = [f"name{k:04}" for k in range(1234)]
    message = unknown_name("encoder", "zzz", known).message
    assert "name0000" in message
    assert message.endswith("… (1,234 in all)")
    assert len(message) < 600
