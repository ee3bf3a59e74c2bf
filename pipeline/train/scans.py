"""Print texts, spoil the pages as copiers and cameras do, and read them back: scanned text with the truth beside it.

    python -m pipeline.train.scans CORPUS OUT.jsonl [--laws | --documents | --words] [--pages N] [--from N] [--seed N] [--poor] [--jobs N]

Writes rows with `id`, `truth` and `ocr`. Only texts that are kept for training decisions are printed, of laws their
sentences as lists; annotated documents (CORPUS is their folder) if nobody found a mistake in them. `--words` prints words
of the language at large in place of CORPUS, each character as often as any other, so that a recogniser's confusions can be
counted on all of them (`confusions`). The same seed
gives the same pages, whatever the number of jobs; the same text too where fonts and recogniser are of one version. Needs
Pillow, Tesseract with its simplified Chinese, and the fonts in FONTS (Debian: tesseract-ocr-chi-sim, fonts-noto-cjk,
fonts-wqy-zenhei, fonts-arphic-gbsn00lp).
"""

from __future__ import annotations

import argparse
import io
import random
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import orjson

from pipeline.clean import clean
from pipeline.text import is_simplified
from pipeline.train import corpus
from pipeline.train.dictionary import installed, words
from pipeline.train.sources import for_decisions, law_pages
from pipeline.train.written import sound

if TYPE_CHECKING:
    from PIL.Image import Image

FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/truetype/arphic-gbsn00lp/gbsn00lp.ttf", 0),
)
"""Files of fonts, and which of the fonts of a collection is for simplified Chinese."""

SHORTEST, LONGEST, FEWEST = 200, 600, 4
"""Characters of a posting that makes a page, and the lines that it must have."""

LISTED = 9
"""Words of a line of a list of words, and such lines of a page."""

MARGIN = 50
"""Pixels around what is printed."""

_PLAIN = re.compile("[\n\x20-\x7e\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’—…·•①-⑳]*")
"""What the fonts can print."""


class Damage(NamedTuple):
    """How a page is spoilt; each is drawn evenly between two bounds."""

    scale: tuple[float, float]
    blur: tuple[float, float]
    grain: tuple[float, float]
    quality: tuple[int, int]
    faded: tuple[int, int]


GOOD = Damage((0.7, 1.0), (0.2, 0.65), (3.0, 14.0), (40, 80), (0, 70))
POOR = Damage((0.58, 0.85), (0.4, 0.85), (8.0, 20.0), (30, 70), (20, 100))
"""An office scanner, and a bad photocopy: resolution, blur in pixels, grain and ink in grey levels, JPEG quality."""


def printable(path: Path) -> Iterator[corpus.Posting]:
    """The postings that make a page, among those kept for training decisions."""
    for posting in corpus.read(path):
        text = clean(posting.text).text
        if for_decisions(posting) and SHORTEST <= len(text) <= LONGEST:
            lines = [line.strip() for line in text.split("\n") if line.strip()]
            if len(lines) >= FEWEST and "](" not in text and _PLAIN.fullmatch(text):
                yield corpus.Posting(posting.id, "\n".join(lines))


def document_pages(folder: Path) -> Iterator[corpus.Posting]:
    """The annotated documents without mistakes, long ones cut between lines into pages."""
    for name, _, text in sound(folder):
        lines, start, size = [line.strip() for line in text.split("\n") if line.strip()], 0, 0
        for end, line in enumerate([*lines, "." * LONGEST]):
            if size + len(line) > LONGEST and size >= SHORTEST and end - start >= FEWEST:
                part = "\n".join(lines[start:end])
                if _PLAIN.fullmatch(part):
                    yield corpus.Posting(f"{name}-{start}", part)
                start, size = end, 0
            size += len(line)


def word_pages(count: int, seed: int) -> list[corpus.Posting]:
    """Lists of words of the dictionary, one for each of its characters in turn: rare ones are printed as often as 的."""
    known = words(installed().read_text(encoding="utf-8").splitlines())
    having: dict[str, list[str]] = defaultdict(list)
    for word in sorted(known):
        for char in word:
            having[char].append(word)
    chance, out, rest = random.Random(seed), list[corpus.Posting](), list[str]()
    characters = [char for char in sorted(having) if is_simplified(char)]
    for number in range(count):
        lines = []
        for _ in range(LISTED):
            if len(rest) < LISTED:
                rest += chance.sample(characters, len(characters))
            put, rest = rest[:LISTED], rest[LISTED:]
            lines.append("、".join(chance.choices(having[c], [known[w] ** 0.5 for w in having[c]])[0] for c in put))
        out.append(corpus.Posting(f"words-{seed}-{number}", "\n".join(lines)))
    return out


def page(text: str, chance: random.Random, damage: Damage) -> tuple[Image, list[str]]:
    """A page on which a text is printed and that was spoilt, and its lines."""
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    file, index = chance.choice(FONTS)
    size, columns = chance.choice((20, 22, 24, 26)), chance.randint(28, 38)
    font = ImageFont.truetype(file, size, index=index)
    lines = [part for line in text.split("\n") for part in _wrapped(line, columns)]
    height = int(size * chance.uniform(1.35, 1.7))
    image = Image.new("L", (columns * size + 2 * MARGIN, height * len(lines) + 2 * MARGIN), 255)
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        draw.text((MARGIN, MARGIN + row * height), line, font=font, fill=chance.randint(*damage.faded))
    image = image.rotate(chance.uniform(-0.5, 0.5), fillcolor=255, resample=Image.Resampling.BICUBIC)
    scale = chance.uniform(*damage.scale)
    image = image.resize((int(image.width * scale), int(image.height * scale)), Image.Resampling.BILINEAR)
    image = image.filter(ImageFilter.GaussianBlur(chance.uniform(*damage.blur)))
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0, chance.uniform(*damage.grain), image.size[::-1])
    image = Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8))
    raw = io.BytesIO()
    image.save(raw, "JPEG", quality=chance.randint(*damage.quality))
    spoilt = Image.open(raw)
    return spoilt.resize((spoilt.width * 2, spoilt.height * 2), Image.Resampling.BICUBIC), lines


def _wrapped(line: str, columns: int) -> list[str]:
    """A line cut where the page ends; characters of half a width count half."""
    out, width = [""], 0.0
    for char in line:
        step = 0.5 if char < "\u0100" else 1.0
        if width + step > columns:
            out.append("")
            width = 0.0
        out[-1] += char
        width += step
    return out


def read_back(image: Image) -> str:
    """What the recogniser reads. Raises CalledProcessError where it fails."""
    raw = io.BytesIO()
    image.save(raw, "PNG")
    command = ["tesseract", "-", "-", "-l", "chi_sim", "--psm", "6", "-c", "tessedit_do_invert=0"]
    environment = {"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, input=raw.getvalue(), capture_output=True, check=True, env=environment)
    return done.stdout.decode("utf-8").replace("\x0c", "")


def scan(posting: corpus.Posting, seed: int, damage: Damage) -> dict[str, str]:
    """One posting printed, spoilt and read back."""
    image, lines = page(posting.text, random.Random(f"{seed}:{posting.id}"), damage)
    return {"id": posting.id, "truth": "\n".join(lines), "ocr": read_back(image)}


def main() -> None:
    """Make the pages and write them."""
    parser = argparse.ArgumentParser(description="Make scanned text with the truth beside it.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--laws", action="store_true", help="the corpus is one of laws")
    parser.add_argument("--words", action="store_true", help="words of the language at large; the corpus is not read")
    parser.add_argument("--documents", action="store_true", help="the corpus is a folder of annotated documents")
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="N", help="pages to leave out first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--poor", action="store_true", help="bad photocopies")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.laws:
        found = law_pages(arguments.corpus, for_decisions, printable=_PLAIN.fullmatch)
    elif arguments.words:
        found = word_pages(arguments.first + arguments.pages, arguments.seed)
    else:
        found = list((document_pages if arguments.documents else printable)(arguments.corpus))
        random.Random(arguments.seed).shuffle(found)
    one = partial(scan, seed=arguments.seed, damage=POOR if arguments.poor else GOOD)
    with ThreadPoolExecutor(arguments.jobs) as pool, arguments.out.open("wb") as out:
        for row in pool.map(one, islice(found, arguments.first, arguments.first + arguments.pages)):
            out.write(orjson.dumps(row) + b"\n")


if __name__ == "__main__":
    main()
