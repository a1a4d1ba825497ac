"""A plan in several parts, for machines that share no database: ``wb generate --shard``, ``wb merge``."""
