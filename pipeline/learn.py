"""Teach the model of structure a house style: from a few annotated documents to a model file that `parse` uses.

Training starts from the packaged model, so ten documents are enough; it needs PyTorch (the extra `train`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline import annotation
from pipeline.errors import ModelError

EPOCHS, RATE = 24, 1e-3
VARIED = 0.5
SEED = 12


def learn(folder: Path, out: Path, log: Callable[[str], None]) -> None:
    """Write the packaged model, trained further on a folder's annotated documents, to `out`.

    Raises AnnotationError where the folder holds none or one does not fit its text, ModelError without PyTorch.
    """
    documents = annotation.folder(folder)
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
