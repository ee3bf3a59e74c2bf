"""The character network as it is trained and as it is run are the same network."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.correct.language import context
from pipeline.correct.language.ngrams import load

torch = pytest.importorskip("torch")


def test_trained_network_says_the_same_where_it_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.train import characters

    for name, value in (("UPDATES", 12), ("BATCH", 4), ("LENGTH", 64)):
        monkeypatch.setattr(characters, name, value)
    codes = np.random.default_rng(1).integers(4, 3000, 3000)
    trained = characters.fit(codes, characters.mistaken(load().ids), "cpu")
    with torch.no_grad():
        for name, bias in trained.named_parameters():
            if "bias" in name:
                steps = context.STEPS * (context.STEPS if name == "said_bias" else context.FINER)
                bias.copy_(torch.round(bias * steps) / steps)  # as they are saved
    np.savez_compressed(tmp_path / "context.npz", **characters.arrays_of(trained))
    network, row = context.read(tmp_path / "context.npz"), codes[:90]
    with torch.no_grad():
        wanted = torch.log_softmax(trained(torch.from_numpy(row[None]), True).float(), -1)[0, 39].numpy()
    assert context.chances(network, [row], [40], 1)[0, 0] == pytest.approx(wanted, abs=1e-5)


def test_characters_are_mistaken_for_others_that_look_or_sound_alike() -> None:
    from pipeline.train import characters

    language, options = load(), characters.mistaken(load().ids)
    assert language.ids[ord("末")] in options[language.ids[ord("未")]]
    assert (options[0] == 0).all()


def test_packaged_network_that_training_goes_on_from_says_what_the_packaged_one_says() -> None:
    from pipeline.train import teacher

    row = (
        load()
        .ids[[ord(c) for c in "负责维护客户关系，熟悉财务软件，能独立完成报表；有焊工证者优先。" * 4]]
        .astype(np.int64)
    )
    with torch.no_grad():
        wanted = torch.log_softmax(teacher.packaged()(torch.from_numpy(row[None]), True).float(), -1)[0, 59].numpy()
    assert context.chances(context.load(), [row], [60], 1)[0, 0] == pytest.approx(wanted, abs=1e-4)


def test_model_of_facts_says_the_same_where_it_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.classify.facts import passages, tagger
    from pipeline.train import facts

    torch.manual_seed(1)
    net = facts.Network().eval()
    facts.save(net, tmp_path / "tagger.npz")
    text = "3年以上经验，熟悉Excel、焊接，45岁以下。\n"
    slots, grams = np.zeros((len(passages.SIZES), len(text)), np.int64), tagger.grams(text)
    with np.load(tmp_path / "tagger.npz") as saved, torch.no_grad():
        for name, weight in net.named_parameters():
            kind = name.split(".")[0]
            if kind in ("slots", "grams"):
                weight.copy_(torch.from_numpy(saved[kind].astype(np.float32)) / tagger.EMBEDDING_GRID)
            else:
                weight.copy_(torch.round(weight * tagger.WEIGHT_GRID) / tagger.WEIGHT_GRID)
        every = [torch.ones(1, len(text), x.shape[0]) for x in (slots, grams)]
        wanted = net(torch.from_numpy(slots.T[None].copy()), torch.from_numpy(grams.T[None].copy()), *every)[0].numpy()
    monkeypatch.setattr(tagger, "files", lambda _: tmp_path)
    tagger.weights.cache_clear()
    said = tagger.scores(tagger.weights(), slots, grams)
    tagger.weights.cache_clear()
    assert said == pytest.approx(wanted, abs=0.06)  # activations are rounded where it is run
