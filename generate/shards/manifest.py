"""What a shard is a part of, as its folder says."""

import dataclasses
import json
from dataclasses import asdict, dataclass

from generate.request import GenerateRequest
from generate.shards.shard import Shard
from workbench.records import Settings

FORMAT = 1
"""Of a shard's folder; a newer one is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a shard is a part of."""

    shard: Shard
    settings: Settings
    request: GenerateRequest

    def to_json(self) -> str:
        """As it lies in the folder."""
        settings = {f.name: getattr(self.settings, f.name) for f in dataclasses.fields(Settings) if f.init}
        fields = {"format": FORMAT, "shard": str(self.shard), "settings": settings, "request": asdict(self.request)}
        return json.dumps(fields, indent=1, sort_keys=True, default=str)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read it.

        Raises:
            ValueError: If it is not that of a shard, or of a newer workbench.
        """
        fields = json.loads(text)
        if not isinstance(fields, dict) or not isinstance(fields.get("format"), int):
            raise ValueError("it says no format")
        if fields["format"] > FORMAT:
            raise ValueError("a newer workbench wrote it")
        try:
            return cls(
                shard=Shard.parse(fields["shard"]),
                settings=Settings(**fields["settings"]),
                request=GenerateRequest.from_arguments(fields["request"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"it lacks something: {error}") from error


def differences(one: Settings, other: Settings, where: str, elsewhere: str) -> str:
    """What differs, to read: ``dtype float16 there, float32 here``."""
    names = [f.name for f in dataclasses.fields(Settings) if f.init]
    return ", ".join(
        f"{name} {getattr(one, name)} {where}, {getattr(other, name)} {elsewhere}"
        for name in names
        if getattr(one, name) != getattr(other, name)
    )
