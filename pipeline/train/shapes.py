"""Which characters look alike: each printed small and blurred, and compared with all others, into `lexicons/shapes.tsv`.

    python -m pipeline.train.shapes

A recogniser's own mistakes are counted (`confusions`); this is for all the others, and for people who copy by eye. Needs
Pillow and the first font of `scans.FONTS`. The same font gives the same rows.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct.language.ngrams import load
from pipeline.correct.propose.odd import simplified
from pipeline.train.scans import FONTS

SIZE, BLUR, INK = 40, 1.6, 2
"""Pixels of a printed character, of its blur, and around it."""

NEAREST, LEAST = 8, 0.72
"""Characters that are kept for each, and the likeness (cosine, 0 to 1) that they must have."""

TABLE = Path(lexicons.__file__).parent / "shapes.tsv"

HEADER = """# Characters that look alike.
# Format: character <tab> those that look like it, the likest first. Sorted, unique. Read by pipeline/correct/propose/letters.py.
# Origin: made by pipeline/train/shapes.py, which prints each character and compares the pictures.
"""


def pictures(characters: list[str]) -> NDArray[np.float32]:
    """A row of grey levels for each character, of mean 0 and length 1."""
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    file, index = FONTS[1]
    font, rows = ImageFont.truetype(file, SIZE - 2 * INK, index=index), []
    for char in characters:
        image = Image.new("L", (SIZE, SIZE), 0)
        ImageDraw.Draw(image).text((SIZE / 2, SIZE / 2), char, font=font, fill=255, anchor="mm")
        rows.append(np.asarray(image.filter(ImageFilter.GaussianBlur(BLUR)), np.float32).ravel())
    out = np.stack(rows)
    out -= out.mean(axis=1, keepdims=True)
    normed: NDArray[np.float32] = out / np.linalg.norm(out, axis=1, keepdims=True)
    return normed


def main() -> None:
    """Compare all characters of simplified Chinese that the language model knows and write the lexicon."""
    known = [load().characters[code] for code in np.flatnonzero(simplified()).tolist()]
    seen = pictures(known)
    likeness = seen @ seen.T
    np.fill_diagonal(likeness, 0.0)
    rows = []
    for char, alike in zip(known, likeness, strict=True):
        best = [n for n in np.argsort(-alike, kind="stable")[:NEAREST].tolist() if alike[n] >= LEAST]
        if best:
            rows.append(f"{char}\t{''.join(known[n] for n in best)}")
    TABLE.write_text(HEADER + "\n".join(sorted(rows)) + "\n", encoding="utf-8")
    print(f"{len(rows)} characters, {sum(len(row) - 2 for row in rows)} that look like them")


if __name__ == "__main__":
    main()
