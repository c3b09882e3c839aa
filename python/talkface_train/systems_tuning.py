"""Tune a trained system to somebody new from a few clips: where in the hull of the persons it knows
they stand (section 3.7 of Lee 2026), and how strongly each channel of their face moves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor

from talkface_train.losses.decoupled import norm_loss
from talkface_train.models.causal import joined
from talkface_train.models.hearing import Hearing
from talkface_train.models.system import Batch, Conditions, System, SystemOutput
from talkface_train.systems_data import encoded
from talkface_train.systems_train import conditions_of

CHECK_EVERY = 10
"""Steps between rollouts, on which held-out clips are scored."""
PATIENCE = 5
"""Checks without a better one before tuning stops."""
HELD_OUT = 4
"""One clip of so many is held out."""
PULL = 0.05
"""Weight of the squares of gains about 1 and offsets about 0."""


@dataclass(frozen=True, eq=False)
class Tuned:
    """A person. ``identity`` [I]: weights that sum to 1, for ``Conditions.identity``; ``gain`` and
    ``offset`` [K]: of what the system then says. ``before``, ``after``: mean distance of held-out
    faces (L_e) of everybody's mean and of the person."""

    identity: Tensor
    gain: Tensor
    offset: Tensor
    before: float
    after: float

    def worn(self, curves: Tensor) -> Tensor:
        """The person's curves [..., K] of a system's."""
        return curves * self.gain + self.offset


def tune_person(
    system: System,
    hearing: Hearing,
    batches: Sequence[Batch],
    steps: int,
    rate: float,
    gains: bool = True,
    progress: Callable[[int, int], object] | None = None,
) -> Tuned:
    """Adam on at most ``steps`` steps of ``rate``; the system stays as it is.

    The paper learns weights and fines a sum that is not 1, which lets them be negative; a softmax
    needs no fine and stays in the hull. Gains and offsets are ours: no person known may open the
    mouth as far. Early stopping by one clip of four; what was best on them is what comes back, at
    worst everybody's mean. Raises ValueError for fewer than two clips.

    A system that offers ``forced`` learns after the past frames of its own last rollout, which
    costs one pass over a clip; other systems say whole clips in each step.
    """
    training = system.training
    system.eval()
    try:
        with torch.no_grad():
            given = [encoded(hearing, batch) for batch in batches]
        return _tuned(system, *_split(given), steps, rate, gains, progress)
    finally:
        system.train(training)


def _tuned(
    system: System,
    learnt: Sequence[Batch],
    held: Sequence[Batch],
    steps: int,
    rate: float,
    gains: bool,
    progress: Callable[[int, int], object] | None,
) -> Tuned:
    persons, width = learnt[0]["identity"].shape[1], learnt[0]["curves"].shape[2]
    alpha = torch.zeros(persons, requires_grad=True)
    gain = torch.ones(width, requires_grad=gains)
    offset = torch.zeros(width, requires_grad=gains)
    free = [alpha, gain, offset] if gains else [alpha]
    optimiser = torch.optim.Adam(free, rate)
    forced = getattr(system, "forced", None)
    best, before, checks = Tuned(alpha, gain, offset, math.inf, math.inf), math.inf, 0
    rolled: list[SystemOutput | None] = [None] * len(learnt)
    for step in range(steps + 1):
        now = Tuned(alpha.softmax(dim=0), gain, offset, before, math.inf)
        if step % CHECK_EVERY == 0 or step == steps:
            with torch.no_grad():
                error = float(_error(system.full, now, system, held))
                before = error if step == 0 else before
                checks = 0 if error < best.after else checks + 1
                if error < best.after:
                    hull, *worn = (v.detach().clone() for v in (now.identity, gain, offset))
                    best = Tuned(hull, worn[0], worn[1], before, error)
                if step == steps or checks == PATIENCE:
                    break
                if forced is not None:
                    rolled = [system.full(*_asked(system, batch, now)) for batch in learnt]
        says = forced or system.full
        loss = _error(says, now, system, learnt, rolled)
        if gains:
            loss = loss + PULL * ((gain - 1.0).square().sum() + offset.square().sum())
        for value, slope in zip(free, torch.autograd.grad(loss, free), strict=True):
            value.grad = slope
        optimiser.step()
        if progress is not None:
            progress(step + 1, steps)
    return best


def _asked(system: System, batch: Batch, person: Tuned) -> tuple[Tensor, Conditions]:
    conditions = conditions_of(system, batch)
    everybody = person.identity.expand(len(batch["curves"]), -1)
    return joined(batch, system.parts), conditions._replace(identity=everybody)


def _error(
    says: Callable[..., SystemOutput],
    person: Tuned,
    system: System,
    batches: Sequence[Batch],
    rolled: Sequence[SystemOutput | None] | None = None,
) -> Tensor:
    """L_e over the frames of all batches."""
    total, frames = torch.zeros(()), torch.zeros(())
    for batch, past in zip(batches, rolled or [None] * len(batches), strict=True):
        asked: tuple[Any, ...] = _asked(system, batch, person)
        said = says(*asked, past) if past is not None else says(*asked)
        count = batch["mask"].sum()
        error = norm_loss(person.worn(said.curves), batch["curves"], batch["mask"])
        total, frames = total + error * count, frames + count
    return total / frames.clamp(min=1.0)


def _split(batches: Sequence[Batch]) -> tuple[list[Batch], list[Batch]]:
    """Clips to learn from and clips held out."""
    parts: tuple[list[Batch], list[Batch]] = ([], [])
    first = 0
    for batch in batches:
        place = torch.arange(first, first + len(batch["curves"]))
        out = place % HELD_OUT == 1
        first += len(place)
        for part, rows in zip(parts, (~out, out), strict=True):
            if rows.any():
                chosen = {name: cast(Tensor, value)[rows] for name, value in batch.items()}
                part.append(cast(Batch, chosen))
    if first < 2:
        raise ValueError("tuning needs two clips or more: one of them is held out")
    return parts
