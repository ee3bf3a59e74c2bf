"""What ten annotated documents of a house style are worth: errors before and after `gangwei learn`.

    python bench/learn.py

For each style in `tests/documents/styles` ten documents are learnt from and the others measured: the share of pieces
with a wrong tag, and the F of the beginnings of roles, by the packaged model and by the one that learnt. No style was
trained on. Needs PyTorch (the extra `train`).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np

from pipeline import annotation
from pipeline.learn import learn
from pipeline.segment import label, network, tags
from pipeline.segment.network import Model
from pipeline.train.annotated import Annotated, of

STYLES = Path(__file__).resolve().parents[1] / "tests" / "documents" / "styles"
LEARNT = 10


def measure(documents: list[Annotated], model: Model) -> tuple[float, float]:
    """Share of pieces whose tag is wrong, and F of the beginnings of roles."""
    wrong = pieces = found = right = wanted = 0
    for document in documents:
        read = label(document.text, document.pieces, model)
        path = np.array(read.tags)
        pieces += len(path)
        wrong += int((~document.allowed[np.arange(len(path)), path]).sum())
        begins = {*np.flatnonzero((path == tags.ROLE) | ((path >= tags.FIRST_BODY) & (read.begins > 0.5)))}
        gold = {*np.flatnonzero(document.begins == 1)}
        free = {*np.flatnonzero(document.begins == -1)}
        found, right, wanted = found + len(begins - free), right + len(begins & gold), wanted + len(gold)
    return wrong / pieces, 2 * right / max(1, found + wanted)


def main() -> None:
    """Print a line for each style."""
    print("style  documents    wrong tags before  after      roles F before  after")
    for style in sorted(STYLES.iterdir()):
        files = sorted(style.glob("*.txt"))
        with tempfile.TemporaryDirectory() as folder:
            for file in files[:LEARNT]:
                shutil.copy(file, folder)
                shutil.copy(file.with_suffix(".ann"), folder)
            out = Path(folder) / "style.npz"
            learn(Path(folder), out, lambda line: None)
            learnt = network.load(out)
        names = {file.stem for file in files[LEARNT:]}
        apart = [of(d) for d in annotation.folder(style) if d.name in names]
        before, after = measure(apart, network.packaged()), measure(apart, learnt)
        print(
            f"{style.name:6} {LEARNT:4} + {len(apart):<3} {before[0]:20.3f} {after[0]:7.3f} {before[1]:18.3f} {after[1]:7.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
