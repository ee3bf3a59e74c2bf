"""Teach the model of structure a house style: from a few annotated documents to a model file that `parse` uses.

Training starts from the packaged model, so ten documents are enough; it needs PyTorch (the extra `train`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline import annotation
from pipeline.errors import AnnotationError, ModelError
from pipeline.read import read
from pipeline.review.decisions import MISFIT, load
from pipeline.run import record

EPOCHS, RATE = 24, 1e-3
VARIED = 0.5
SEED = 12
DECISIONS = ".decisions.json"


def learn(folder: Path, out: Path, log: Callable[[str], None]) -> None:
    """Write the packaged model, trained further on a folder's annotated documents, to `out`.

    NAME.decisions.json beside NAME.txt counts as an annotation: the record that it makes. Raises AnnotationError where
    the folder holds none or one does not fit its text, DecisionsError, ModelError without PyTorch.
    """
    documents = annotated(folder)
    try:
        import torch

        from pipeline.train import layouts, structure
    except ImportError as error:
        raise ModelError(f"learning needs PyTorch: pip install 'gangwei[train]' ({error})") from error
    from pipeline.segment import network

    torch.set_num_threads(1)  # sums in one order: the same documents give the same bytes
    packaged = network.packaged()
    net = structure.of_model(packaged)
    log(f"{len(documents)} annotated documents")
    structure.fit(net, layouts.varied(documents, VARIED), EPOCHS, RATE, SEED, size=4, chained=0.5, log=log)
    structure.save(net, out, packaged.temperature)


def annotated(folder: Path) -> list[annotation.Annotation]:
    """The annotated documents of a folder: those that were decided about on pages, then the others.

    Raises AnnotationError where there is none or one does not fit its text, DecisionsError, ReadErrors.
    """
    decided = _decided(folder)
    names = {document.name for document in decided}
    return decided + [d for d in annotation.folder(folder, needed=not decided) if d.name not in names]


def _decided(folder: Path) -> list[annotation.Annotation]:
    """What people said of documents on the pages of `gangwei review`."""
    out = []
    for file in sorted(folder.glob(f"*{DECISIONS}")):
        text = file.with_name(file.name.removesuffix(DECISIONS) + ".txt")
        source = read(text)
        document = record(source, None, [load(file)])
        if told := [w.message for w in document.warnings if w.code == MISFIT]:
            raise AnnotationError(f"{file}: {told[0]}")
        out.append(annotation.of_record(source.text, document))
    return out
