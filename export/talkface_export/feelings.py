"""Stages of a build that make the emotional half of the graph; each is cached in ``work``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from talkface_train import listen, train_expression
from talkface_train.articulation import load_articulation
from talkface_train.articulation.model import LATEST, expansion
from talkface_train.data import expressions
from talkface_train.data.batches import TapeSet
from talkface_train.data.expressions import PEOPLE, articulation_gains
from talkface_train.models.emotion import Listener
from talkface_train.models.expression import ExpressionNet
from talkface_train.models.feeling import Feeling
from talkface_train.models.head import HeadNet
from talkface_train.models.streaming import StreamingNet
from talkface_train.train_head import HeadLesson, train_head

LOG = logging.getLogger("talkface_export")

HEADS = "grid_s1"
"""The set whose captured heads are learnt from."""

Net = TypeVar("Net", bound=nn.Module)


def feel(
    net: StreamingNet,
    tapes: Path,
    root: Path | None,
    work: Path,
    seed: int,
    expression_steps: int,
    head_steps: int,
    without: str = "",
) -> Feeling:
    """Train or load listener, expression and head beside a student; without real speech the
    listener stays at neutral. ``tapes``: the folder of those that it was trained on; ``without``: a
    real set that is left out. They serve the student with a shorter look-ahead as well."""
    tape_set = TapeSet(tapes, net.config)
    prior = tape_set.prior.double().numpy()
    channels, names = expressions.channels(), tuple(person.name for person in PEOPLE)

    def listener() -> Listener:
        return listen.train(root, prior, seed, without) if root else Listener.deaf()

    def expression() -> ExpressionNet:
        return train_expression.train(net, tape_set, PEOPLE, seed, expression_steps)

    def head() -> HeadNet:
        seen = None if without == HEADS else root
        return train_head(tapes, seen, net.config, HeadLesson(steps=head_steps, seed=seed))

    empty = ExpressionNet(len(channels), len(names))
    spoken, _ = expansion(load_articulation(LATEST).channels)
    gains = torch.stack([torch.from_numpy(articulation_gains(p, tuple(spoken))) for p in PEOPLE])
    return Feeling(
        _cached(work / "listener.safetensors", Listener(), listener),
        _cached(work / "expression.safetensors", empty, expression),
        _cached(work / "head.safetensors", HeadNet(), head),
        names, channels, gains,
    ).eval()  # fmt: skip


def _cached(path: Path, empty: Net, make: Callable[[], Net]) -> Net:
    if path.exists():
        empty.load_state_dict(load_file(path))
        return empty.eval()
    LOG.info("training %s", path.stem)
    made = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: value.contiguous() for name, value in made.state_dict().items()}, path)
    return made.eval()
