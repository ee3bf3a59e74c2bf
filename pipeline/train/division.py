"""Train which division into roles is chosen, on readings of documents that neither network nor second look had seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.segment import division, network, ranking, tags
from pipeline.segment.network import Model
from pipeline.segment.trees import Trees
from pipeline.train import second
from pipeline.train.annotated import Annotated
from pipeline.train.second import Arrays, Table

ROUNDS, LEAVES = 200, 15
GRADES = 10
"""Steps of the share of roles that are right by which divisions are ranked."""

Group = tuple[NDArray[np.float64], NDArray[np.float64]]
"""The features of the divisions of a document, and the F of the role headings of each."""


def groups(model: Model, tables: Sequence[Table], documents: Sequence[Annotated]) -> list[Group]:
    """The divisions of documents that the model was not trained on, judged by trees of the readings in `tables` alone."""
    rows = np.vstack([x for x, _ in tables]), np.concatenate([y for _, y in tables])
    of_places = Trees.of(second.fit(rows))
    out = []
    for document in documents:
        d, pieces = document.description, document.pieces
        judged = division.judge(model, d, pieces, network.scores(model, d), of_places)
        put = division.divisions(model, d, judged) if len(judged.odds) else []
        if len(put) > 1:
            quality = np.array([worth(document, one.path) for one in put])
            out.append((ranking.features(model, d, pieces, judged, put), quality))
    return out


def worth(document: Annotated, path: Sequence[int]) -> float:
    """F of the role headings of a reading; what the annotation leaves open counts neither way."""
    heads = set(np.flatnonzero(np.array(path) == tags.ROLE).tolist())
    wanted = set(np.flatnonzero((document.begins == 1) & document.allowed[:, tags.ROLE]).tolist())
    heads -= set(np.flatnonzero(document.begins == -1).tolist()) - wanted
    return 2 * len(heads & wanted) / (len(heads) + len(wanted)) if heads or wanted else 1.0


def fit(found: Sequence[Group]) -> Arrays:
    """Trees that rank the divisions of a document (XE-NDCG: Bruch, 2021), each document counting alike."""
    import lightgbm

    rows = lightgbm.Dataset(
        np.vstack([x for x, _ in found]),
        np.rint(np.concatenate([y for _, y in found]) * GRADES).astype(int),
        group=[len(y) for _, y in found],
    )
    parameters = {
        **second.COMMON,
        "objective": "rank_xendcg",
        "num_leaves": LEAVES,
        "min_data_in_leaf": 20,
        "lambda_l2": 3.0,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.7,
    }
    return second.arrays_of(lightgbm.train(parameters, rows, ROUNDS))
