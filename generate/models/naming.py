"""What a study calls a model: a folder is what it contains, whatever its name and wherever it lies."""

from dataclasses import replace

from generate.models.source import DIGEST, ModelSource, as_known
from generate.models.table import known_models
from workbench.options import say
from workbench.records import KnownRevision
from workbench.store import Store

DIGITS = 6
"""Of the hash, that tell checkpoints of one name apart."""


def named_in(store: Store, source: ModelSource) -> ModelSource:
    """A model under the id that a study has for it.

    A folder goes by its name. One whose weights the study knows already, from another place or under another name,
    goes by their id; one whose name is that of other weights, or of a model of the table, has a part of its hash added.
    One that it knows by the hash that folders had once keeps that hash, so that its images stay those of its settings.
    """
    if source.folder is None:
        return source
    known = store.rows("known_revisions", KnownRevision)
    source = as_known(source, {row.revision for row in known})
    if source.spec is not None:
        return source
    same = [row.model_id for row in known if row.revision == source.revision]
    if source.model_id in same:
        return source
    if same:
        return _called(source, same[0], "this study knows these weights by that name")
    if source.model_id not in {row.model_id for row in known} | known_models().keys():
        return source
    digest = source.revision.removeprefix(DIGEST)[:DIGITS]
    return _called(source, f"{source.model_id}-{digest}", f"{source.model_id} is the name of other weights")


def _called(source: ModelSource, model_id: str, why: str) -> ModelSource:
    say(f"{source.hub_id} goes by {model_id}: {why}")
    return replace(source, model_id=model_id)
