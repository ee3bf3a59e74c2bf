"""Train the discovery of swaps that no table holds, on postings that the project rewrites itself.

    python -m pipeline.train.swaps CORPUS OUT_FOLDER

Writes the two models, `swaps.npz`. Half of the held-out postings are rewritten several times, each time with swaps drawn
from the lexicons, seeded; many of those are hidden from the lexicon of synonyms, since pages come with swaps that it
lacks. The other half is left to measure on (`corpus.Posting.measured`). Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Mapping
from math import exp, log
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clean import clean
from pipeline.correct.discover import on_page
from pipeline.correct.evidence import Evidence, find
from pipeline.correct.language import Language, load
from pipeline.correct.rescoring import Scored
from pipeline.correct.trees import Trees
from pipeline.correct.usual import Usual, load_usual, usual_words
from pipeline.train import boost, corpus, noise
from pipeline.train.language import count

ROUNDS, SOUND = 4, 0.4
"""Times that each posting is rewritten, and the share of postings that are left alone, once."""

TYPED, UNFAMILIAR, TERMS = 0.5, 0.9, 8
"""Shares of the postings that are left alone in which the other times words are mistyped, and of the rest up to so many
words are terms of a trade that nothing knows: an odd word that fits is no swap for that alone."""

FEWEST, MOST = 0.03, 0.5
"""The share of words that a table has swaps for, drawn evenly by its logarithm between these."""

FIELDS = (
    "学生|教学|教师|课程|医院|护理|患者|药品|临床|酒店|餐厅|厨房|菜品|客房",
    "法律|律师|诉讼|物业|楼盘|置业|房地产|会计|财务|税务",
    "检验|质检|品质|机械|模具|数控|焊接|车间|施工|造价|建筑|监理|仓库|物流|配送|司机",
    "电路|硬件|PCB|射频|芯片|嵌入式|通信",
)
"""Words of fields that the language model knows little: it is counted without them, so that what is learnt here holds for
pages of fields that no corpus of postings has."""

MENTIONS, FIELD_ROUNDS = 3, 2
"""Words of a field that a posting of it has, and times that each is rewritten."""

HIDDEN = (0.2, 0.5, 0.8, 1.0)
"""Shares of a table that the lexicon does not know."""

SEED = 3


class Page(NamedTuple):
    """What is found on a page, which of it is right, and which half of the postings it belongs to."""

    found: Evidence
    right: NDArray[np.bool_]
    size: int
    half: bool


class Source(NamedTuple):
    """Texts to rewrite, how often, and a language model that has counted none of them, nor any of their field."""

    texts: list[str]
    rounds: int
    language: Language
    usual: Usual


def sources(path: Path) -> Iterator[Source]:
    """The postings held out, and those of each field that is then left out of the language model."""
    postings = [(clean(p.text).text, p) for p in corpus.read(path)]
    yield Source([text for text, p in postings if p.held_out and not p.measured], ROUNDS, load(), load_usual())
    rest = [text for text, p in postings if not p.held_out]
    for field in FIELDS:
        mentions = [len(re.findall(field, text)) for text in rest]
        language = count(load().ids, [text for text, n in zip(rest, mentions, strict=True) if n < MENTIONS])
        texts = [text for text, n in zip(rest, mentions, strict=True) if n >= MENTIONS]
        yield Source(texts, FIELD_ROUNDS, language, usual_words(language))


def pages(path: Path) -> Iterator[Page]:
    """The pages to train on."""
    chance, table = random.Random(SEED), noise.swaps()
    for source in sources(path):
        alike = noise.homophones(source.usual)
        for again in range(source.rounds):
            for number, text in enumerate(source.texts):
                noisy, hidden = noise.Noisy(text, {}), set[tuple[str, str]]()
                if chance.random() >= SOUND:
                    noisy, hidden = _rewritten(text, table, chance)
                elif again and chance.random() < TYPED:
                    noisy = noise.mistype(text, alike, chance.choice((1, 1, 2, 3)), chance)
                elif again and chance.random() < UNFAMILIAR:
                    noisy = noise.Noisy(noise.unfamiliar(text, source.usual, chance.randint(1, TERMS), chance), {})
                elif again:
                    continue
                page = _page(source, noisy, hidden, number % 2 == 0)
                if page:
                    yield page


def _rewritten(
    text: str, table: Mapping[str, list[str]], chance: random.Random
) -> tuple[noise.Noisy, set[tuple[str, str]]]:
    """A text rewritten by a part of the table, and the pairs of it that the lexicon shall not know."""
    share = exp(chance.uniform(log(FEWEST), log(MOST)))
    drawn = {o: chance.choice(table[o]) for o in sorted(table) if chance.random() < share}
    part = chance.choice(HIDDEN)
    hidden = {(swapped, o) for o, swapped in drawn.items() if chance.random() < part}
    return noise.rewrite(text, drawn, chance), hidden


def _page(source: Source, noisy: noise.Noisy, hidden: set[tuple[str, str]], half: bool) -> Page | None:
    usual, (text, truth) = source.usual, noisy
    known = dict(usual.synonyms)
    for swapped, original in hidden:
        if original in usual.at:
            usual.synonyms[swapped] -= {usual.at[original]}
    found = find(source.language, usual, text, Scored.of(source.language, text))
    usual.synonyms.update(known)
    if found is None:
        return None
    pairs = [(found.names[n], right) for n, right in zip(found.word.tolist(), found.right, strict=True)]
    right = [any(truth.get(p) == pair for p in found.places(row)) for row, pair in enumerate(pairs)]
    return Page(found, np.array(right), len(text), half)


def train(collected: list[Page]) -> dict[str, Trees]:
    """The two models: what a swap is worth alone, and what on its page."""
    right = np.concatenate([page.right for page in collected])
    alone = np.concatenate([page.found.features for page in collected])
    half = np.repeat([page.half for page in collected], [len(page.right) for page in collected])
    chances = boost.halves(alone, right, half)
    bounds = np.cumsum([0, *(len(page.right) for page in collected)])
    again = [on_page(p.found, chances[a:b], p.size) for p, a, b in zip(collected, bounds, bounds[1:], strict=False)]
    rows = np.concatenate([page.rows + start for page, start in zip(again, bounds, strict=False)])
    print(f"{len(right)} swaps considered, {int(right.sum())} right, on {len(collected)} pages")
    features = np.concatenate([page.features for page in again])
    return {"alone": boost.grow(alone, right), "on_page": boost.grow(features, right[rows])}


def main() -> None:
    """Train the models and write them."""
    parser = argparse.ArgumentParser(description="Train the discovery of swaps.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path, help="folder of the models")
    arguments = parser.parse_args()
    boost.save(train(list(pages(arguments.corpus))), arguments.out / "swaps.npz")


if __name__ == "__main__":
    main()
