"""N-grams are found in the table that lies on disk, with their counts, and others hardly ever."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.correct.language.ngrams import fingerprints, load
from pipeline.train import layout
from pipeline.train.layout import lay_out


def made(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Different fingerprints, and a count for each."""
    chance = np.random.default_rng(0)
    return chance.integers(0, 2**64, size, dtype=np.uint64), chance.integers(0, 256, size, dtype=np.uint8)


@pytest.mark.parametrize("size", [0, 1, 7, 20_000])
def test_every_ngram_is_found_with_its_count(size: int) -> None:
    wanted, counts = made(size)
    found, known = lay_out(wanted, counts).find(wanted)
    assert known.all()
    assert (found == counts).all()


def test_other_ngrams_are_hardly_ever_found() -> None:
    others = np.random.default_rng(1).integers(0, 2**64, (5, 200_000), dtype=np.uint64)
    assert lay_out(*made(20_000)).find(others)[1].mean() < 1 / 40_000


def test_same_ngrams_give_the_same_table() -> None:
    a, b = lay_out(*made(5000)), lay_out(*made(5000))
    assert a.pilots.tobytes() + a.prints.tobytes() == b.pilots.tobytes() + b.prints.tobytes()
    assert a.counts.tobytes() == b.counts.tobytes()


def test_fingerprints_that_repeat_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pilot can part them; a table without one of them would be wrong in silence."""
    monkeypatch.setattr(layout, "PILOTS", 50)
    wanted, counts = made(3)
    with pytest.raises(ValueError, match="find no pilot"):
        lay_out(np.tile(wanted, 2), np.tile(counts, 2))


def test_orders_do_not_share_fingerprints() -> None:
    """A digit has the number 2: begun with their order alone, its bigrams would be other characters' unigrams."""
    codes = np.arange(5000)
    after_digit = np.stack([np.full(5000, 2), codes], axis=1)
    assert not np.isin(fingerprints(after_digit, 2)[:, 0], fingerprints(codes[:, None], 1)[:, 0]).any()


def test_packaged_models_are_mapped_and_small() -> None:
    model = load()
    for lookup in (model.postings.lookup, model.laws.lookup):
        for array in (lookup.pilots, lookup.prints, lookup.counts):
            assert isinstance(array.base, np.memmap)
    packed = [f for f in Path(str(files("pipeline.correct"))).rglob("*.np?")]
    assert len(packed) >= 10
    assert sum(f.stat().st_size for f in packed) < 20_000_000


def test_what_either_corpus_knows_is_likely() -> None:
    language = load()
    for text in ("人民法院依法受理", "具有良好的沟通能力"):
        scored = language.score(language.encode(text))
        assert (scored.best == np.maximum(scored.postings, scored.laws)).all()
    law, posting = (language.score(language.encode(t)) for t in ("人民法院依法受理", "有较强的沟通能力"))
    assert law.laws.sum() > law.postings.sum()
    assert posting.postings.sum() > posting.laws.sum()


def test_choices_are_scored_as_the_texts_that_they_make() -> None:
    language = load()
    context, choices = language.encode("良好的沟"), language.encode("通讯协的")
    for choice, score in zip(choices.tolist(), language.follow(context[None], choices[None])[0], strict=True):
        text = np.append(context, choice)
        assert score == pytest.approx(language.score(text).best[-1])
