"""Asking a server again: what fails in passing may be better next time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type

from workbench.errors import IngestError

T = TypeVar("T")


class Passing(Exception):
    """A failure that may pass.

    Args:
        reason: what went wrong, in a few words.
        wait: seconds that the server asks for; None: it does not say.
        too_much: perhaps less at a time would be answered.
    """

    def __init__(self, reason: str, wait: float | None = None, *, too_much: bool = False) -> None:
        super().__init__(reason)
        self.wait = wait
        self.too_much = too_much


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often a server is asked again, and after how long."""

    attempts: int = 4
    attempts_whole: int = 2
    """For a question that may be too much at once and can be divided."""
    first_wait: float = 1.0
    """Seconds before the second attempt; three times as long before each further one."""
    longest_wait: float = 120.0
    """A server that asks for more seconds than this is left alone."""

    def ask(
        self,
        question: Callable[[], T],
        *,
        too_long: Callable[[float], IngestError],
        gave_up: Callable[[Passing], IngestError],
        divisible: bool = False,
    ) -> T:
        """Ask until there is an answer.

        Args:
            question: raises ``Passing`` where it may be asked again.
            too_long: the error of a server that asks for so many seconds.
            gave_up: the error of the last failure.
            divisible: the question can be divided, so where it seems too much it is given up sooner.
        """

        def stop(state: RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome else None
            whole = divisible and isinstance(error, Passing) and error.too_much
            return state.attempt_number >= (self.attempts_whole if whole else self.attempts)

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.wait if isinstance(error, Passing) else None
            if asked is not None and asked > self.longest_wait:
                raise too_long(asked) from error
            return max(float(self.first_wait * 3 ** (state.attempt_number - 1)), asked or 0.0)

        retrying = Retrying(retry=retry_if_exception_type(Passing), stop=stop, wait=wait, reraise=True)
        try:
            return retrying(question)
        except Passing as error:
            raise gave_up(error) from error
