"""Derives the files beside it from the dictionary files of WordNet 3.0 (in Debian: wordnet-base).

python data/wordnet/derive.py /usr/share/wordnet
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
from wordfreq import zipf_frequency

HERE = Path(__file__).parent
FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
COMMON = 3.0
"""Words rarer than once in a million (Zipf scale of wordfreq) are left out."""
PLURAL = 2.5
"""The same for plurals."""
RANKS = 3
"""Senses beyond this rank are left out where the tagged texts never have them."""
GIVEN_NAMES = 12
"""A word that begins the names of several persons is a name where the tagged texts have it no more often."""
PERSON = "18"
"""Number of the file of persons."""
UNFIT = {"ethnic_slur", "disparagement", "obscenity", "dirty_word", "archaism"}
"""Usages whose words nobody wants in a prompt."""


@dataclass(frozen=True, kw_only=True)
class Synset:
    """A line of a data file."""

    number: int
    file: str
    words: list[str]
    """As they are spelled."""
    usages: list[int] = field(default_factory=list)
    """Synsets of the usages that its words belong to."""


def synsets(dictionary: Path, part: str) -> Iterator[Synset]:
    """All synsets of a part of speech."""
    for line in (dictionary / f"data.{FILES[part]}").read_text().splitlines():
        if line.startswith("  "):
            continue
        cells = line.split(" | ")[0].split()
        end = 4 + 2 * int(cells[3], 16)
        pointers = range(end + 1, end + 1 + 4 * int(cells[end]), 4)
        yield Synset(
            number=int(cells[0]),
            file=cells[1],
            words=[word.partition("(")[0] for word in cells[4:end:2]],
            usages=[int(cells[p + 1]) for p in pointers if cells[p] == ";u"],
        )


def senses(dictionary: Path, part: str) -> Iterator[tuple[str, int, int]]:
    """A word in small letters, the rank of a sense, its synset."""
    for line in (dictionary / f"index.{FILES[part]}").read_text().splitlines():
        if not line.startswith("  "):
            cells = line.split()
            for rank, synset in enumerate(cells[-int(cells[2]) :], 1):
                yield cells[0], rank, int(synset)


def counts(dictionary: Path) -> dict[tuple[str, str, int], int]:
    """How often a sense (word, part of speech, rank) stands in the texts that were tagged by hand."""
    parts = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
    found = {}
    for line in (dictionary / "cntlist.rev").read_text().splitlines():
        key, rank, count = line.split()
        word, _, rest = key.partition("%")
        found[word, parts[rest[0]], int(rank)] = int(count)
    return found


def common(word: str) -> bool:
    """Whether people use it: each of its words, where it has two."""
    words = word.lower().split("_")
    return len(words) <= 2 and all(w.isalpha() and zipf_frequency(w, "en") >= COMMON for w in words)


def usual_plural(word: str) -> bool:
    """Whether a noun that is regular is used in the plural: warfare is not."""
    return any(zipf_frequency(f"{stem}s", "en") >= PLURAL for stem in (word, f"{word}e", f"{word[:-1]}ie"))


def read(dictionary: Path) -> tuple[pl.DataFrame, set[tuple[str, str, int]], Counter[str], Counter[str]]:
    """Senses of common words; what is written with a capital; how often; how many names of persons it begins."""
    used = counts(dictionary)
    all_synsets = {part: list(synsets(dictionary, part)) for part in FILES}
    unfit = {s.number for s in all_synsets["n"] if UNFIT & set(s.words)}
    rows, capital, names, persons = [], set(), Counter[str](), Counter[str]()
    for part, found in all_synsets.items():
        spelled = {(word.lower(), s.number): word for s in found for word in s.words}
        left_out = {s.number for s in found if unfit & set(s.usages)}
        for word, rank, synset in senses(dictionary, part):
            if not common(word):
                continue
            count = used.get((word, part, rank), 0)
            if spelled[word, synset] != word:
                names[word] += count
                capital.add(word)
            elif synset not in left_out and (count or rank <= RANKS):
                rows.append((word.replace("_", " "), part, rank, count, synset))
        for s in found if part == "n" else ():
            for word in s.words if s.file == PERSON else ():
                parts = word.split("_")
                if len(parts) > 1 and all(p[0].isupper() for p in parts):
                    persons[parts[0].lower()] += 1
    table = pl.DataFrame(rows, orient="row", schema=["word", "part", "rank", "count", "synset"])
    return table, capital, names, persons


def main(dictionary: Path) -> None:
    """Write the files beside this script."""
    found, capital, names, persons = read(dictionary)
    phrase = pl.col("word").str.contains(" ")
    table = found.filter(~phrase)
    used = defaultdict(int, table.group_by("word").agg(pl.col("count").sum().cast(int)).iter_rows())
    fixed = {w for w in capital if "_" not in w and w in used and names[w] >= used[w]}
    fixed |= {w for w, n in persons.items() if n > 1 and w in used and used[w] <= GIVEN_NAMES}
    phrases = set(found.filter(phrase)["word"]) | {w.replace("_", " ") for w in capital if "_" in w}
    fixed |= {w for w in phrases if all(part in used for part in w.split())}
    (HERE / "fixed.txt").write_text("".join(f"{text}\n" for text in sorted(fixed)))
    irregular = (line.split() for line in (dictionary / "noun.exc").read_text().splitlines())
    pairs = [(plural, one) for plural, one, *_ in irregular if common(plural) and one in used and plural != one]
    (HERE / "irregular.tsv").write_text("".join(f"{plural}\t{one}\n" for plural, one in pairs))
    alone = pl.len().over("part", "synset") == 1
    table = table.with_columns(
        pl.col("rank").cast(pl.UInt8),
        pl.col("count").cast(pl.UInt16),
        pl.when(alone).then(None).otherwise(pl.col("synset")).cast(pl.Int32).alias("synset"),
        plural=pl.Series(
            [part == "n" and usual_plural(word) for word, part in table.select("word", "part").iter_rows()]
        ),
    ).sort("part", pl.col("synset").fill_null(0), "word")
    pq.write_table(
        table.to_arrow(),
        HERE / "senses.parquet",
        compression="zstd",
        compression_level=22,
        use_dictionary=["part", "rank", "count"],
        column_encoding={"synset": "DELTA_BINARY_PACKED", "word": "DELTA_BYTE_ARRAY"},
    )
    print(table.height, table["synset"].null_count(), len(fixed))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
