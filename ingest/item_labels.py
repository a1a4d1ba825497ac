"""What items are called in other languages."""

from collections import defaultdict
from collections.abc import Sequence

from ingest.sparql import Solution, text_of
from ingest.text import clean_text
from ingest.wikidata import entity
from workbench.records import ReferenceLabel
from workbench.store import Write


def read_labels(rows: Sequence[Solution]) -> list[ReferenceLabel]:
    """Labels with descriptions and aliases, of each item and language that has a label.

    Raises:
        IngestError: If the rows do not say that.
    """
    texts: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        text = clean_text(text_of(row, "value"))
        if text:
            texts[entity(row), text_of(row, "language")][text_of(row, "fact")].add(text)
    return [_label(qid, language, said) for (qid, language), said in sorted(texts.items()) if said["label"]]


def _label(qid: str, language: str, said: dict[str, set[str]]) -> ReferenceLabel:
    label = min(said["label"])
    return ReferenceLabel(
        qid=qid,
        language=language,
        label=label,
        description=min(said["description"], default=None),
        aliases=tuple(sorted(said["alias"] - {label})),
    )


def label_writes(labels: Sequence[ReferenceLabel], qids: Sequence[str], languages: Sequence[str]) -> tuple[Write, ...]:
    """The writes of labels.

    Args:
        labels: all of some references in some languages.
        qids: of the references.
        languages: codes.
    """
    wanted = set(qids)
    kept = [label for label in labels if label.qid in wanted]
    return (
        Write(
            query="drop_absent_labels",
            table="reference_labels",
            records=kept,
            parameters={"qids": list(qids), "languages": list(languages)},
        ),
        Write(query="upsert_reference_labels", table="reference_labels", records=kept),
    )
