"""One of several parts of a plan."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Shard:
    """One of several parts of a plan, for machines that share the work."""

    count: int
    number: int
    """From 1."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2/8``.

        Raises:
            ValueError: If it is something else.
        """
        match = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,5})", text)
        if match is None or int(match[1]) > int(match[2]):
            raise ValueError(f"{text!r} is no shard: write 2/8 for the second of eight")
        return cls(number=int(match[1]), count=int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def part(self, prompt_ids: Iterable[str]) -> set[str]:
        """Its prompts: of all of a plan, ordered by id, every n-th.

        Ids are hashes, so that no condition or kind of reference gathers in one shard, and the parts differ by one
        prompt at most. What is made already plays no role: a shard is the same before and after others are merged.

        Args:
            prompt_ids: of the plan, in any order.
        """
        return set(sorted(prompt_ids)[self.number - 1 :: self.count])
