"""People with one another, and the measures with the people."""

from collections.abc import Sequence
from dataclasses import asdict

from workbench.analysis import agreement as people
from workbench.report.blocks import Block
from workbench.report.study import Study
from workbench.report.tables import count, estimate, figure, nothing, table, text


def judged(study: Study) -> Sequence[Block]:
    """Kappa of the annotators, and how well each score tells what they said."""
    judgements = study.wants(study.frame("judgements"))
    if judgements.is_empty():
        return [nothing("no image is judged; in wb tui people label them")]
    columns = [
        text("question", "Question"),
        text("statistic", "Statistic"),
        text("annotators", "Annotators"),
        *estimate("kappa", "κ", "low", "high", "95 % BCa bootstrap interval over references."),
        figure("observed", "Agree", meaning="Share of the pairs of judgements that agree."),
        count("n", "Images"),
        count("n_refs", "References"),
    ]
    found = people.agreements(judgements, bootstrap=study.bootstrap)
    said = table("Agreement of annotators", [asdict(a) for a in found], columns)
    blocks: list[Block] = [said if found else nothing("one annotator: nobody to agree with")]
    for task in people.label_tasks(judgements, study.frame("image_values")):
        rows = [asdict(d) for d in task.discrimination(study.bootstrap)]
        columns = [
            text("score", "Score"),
            *estimate("auc", "AUC", meaning="0.5 is a guess; below, low scores go with the label."),
            *estimate("average_precision", "Average precision", "precision_low", "precision_high"),
            figure("base_rate", "Base rate"),
            count("n_positive", "Positive"),
            count("n_negative", "Negative"),
            count("n_refs", "References"),
        ]
        if rows:
            blocks.append(table(f"How well scores tell what people said: {task.task}", rows, columns))
    return blocks
