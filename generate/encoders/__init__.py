"""Image encoders: pictures in, L2-normalised vectors out. An encoder's id fixes its weights and its preprocessing."""

from generate.encoders.registry import ENCODERS, load_encoder

__all__ = ["ENCODERS", "load_encoder"]
