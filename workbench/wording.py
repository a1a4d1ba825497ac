"""Numbers with their nouns."""


def counted(n: int, noun: str) -> str:
    """``1 reference``, ``1,872 references``."""
    return f"{n:,} {noun if n == 1 else noun + 's'}"
