"""Train the head decoder: ``python -m talkface_train.train_head --tapes FOLDER --out FILE``.

Two kinds of sequences in every step: tapes with rule-made motion of a known latent and arousal, and
grid_s1's captured heads at arousal 0, whose latents are found while training (one mean and spread
a clip, held near the prior by a KL term, as in a variational autoencoder without an encoder).
Deterministic from its seed on one thread; under ten minutes, so it starts afresh when killed.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from talkface_train.captured import features_of
from talkface_train.data import real
from talkface_train.data.batches import TapeSet
from talkface_train.data.head_batches import CapturedSet, RuleSet, load_captured, silence_of
from talkface_train.losses.head import (
    captured_loss,
    divergence,
    diversity_loss,
    rule_loss,
)
from talkface_train.models.frontend import SAMPLE_RATE
from talkface_train.models.head import LATENT, HeadNet
from talkface_train.models.streaming import FRAMES_PER_STEP, StreamingConfig

LOG = logging.getLogger(__name__)
LATENT_RATE = 10.0
"""How much faster than the network a clip's latent learns: it is seen once in ten steps."""

REST_SECONDS = 3.0
"""Of silence after which a stream is as it begins."""


@dataclass(frozen=True)
class HeadLesson:
    """``steps`` of ``batch`` tapes and ``clips`` captured clips, of which ``ruled`` are also given
    rule-made motion; ``tapes``: how many of the folder are used, evenly spread; ``divergence``:
    weight of the KL term of a clip's latent, ``diversity`` that of the hinge, which ``diverse``
    sequences pay for; ``average``: of weights."""

    steps: int = 2600
    batch: int = 16
    clips: int = 16
    ruled: int = 8
    tapes: int = 3000
    hidden: int = 48
    width: int = 32
    learning_rate: float = 3e-3
    captured: float = 0.5
    divergence: float = 0.02
    diversity: float = 0.1
    diverse: int = 6
    average: float = 0.995
    seed: int = 0


def train_head(
    tapes: Path, root: Path | None, config: StreamingConfig, lesson: HeadLesson | None = None
) -> HeadNet:
    """Train on ``tapes`` (a folder of :func:`talkface_train.data.tapes.build`) and on the captured
    heads below ``root``, without them where it is None. ``config``: of the network in whose graph
    the decoder runs (its look-ahead and priming)."""
    lesson = lesson or HeadLesson()
    tape_set = TapeSet(tapes, config)
    chosen = np.linspace(0, len(tape_set) - 1, min(lesson.tapes, len(tape_set))).astype(int)
    LOG.info("head: basis curves of %d tapes", len(chosen))
    rules = RuleSet(tape_set, chosen.tolist())
    captured = load_captured(root, tape_set.prior.double().numpy(), config)
    LOG.info("head: %d captured clips", len(captured) if captured else 0)
    net = fit(rules, captured, lesson)
    quiet = np.zeros(int(REST_SECONDS * SAMPLE_RATE), dtype=np.float32)
    net.settle(features_of(quiet, tape_set.prior.double().numpy(), config)[None])
    return net


def fit(rules: RuleSet, captured: CapturedSet | None, lesson: HeadLesson) -> HeadNet:
    """The decoder, averaged over its last steps."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(lesson.seed)
            return _fit(rules, captured, lesson)
    finally:
        torch.set_num_threads(threads)


def _fit(rules: RuleSet, captured: CapturedSet | None, lesson: HeadLesson) -> HeadNet:
    generator = np.random.default_rng([lesson.seed, 61])
    net = HeadNet(lesson.hidden, lesson.width)
    latents = _Latents(len(captured) if captured else 1)
    rates = [lesson.learning_rate, LATENT_RATE * lesson.learning_rate]
    learned = [list(net.parameters()), list(latents.parameters())]
    groups = [{"params": part, "lr": rate} for part, rate in zip(learned, rates, strict=True)]
    optimiser = torch.optim.Adam(groups, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, lesson.steps, pct_start=0.05)
    mean = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(lesson.average)
    )
    for step in range(lesson.steps):
        batch = rules.batch(lesson.batch, generator)
        terms = _rule_terms(net, batch, lesson, generator)
        if captured:
            terms.update(_captured_terms(net, captured, latents, lesson, generator))
        loss = torch.stack(list(terms.values())).sum()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        mean.update_parameters(net)
        if step % 100 == 0 or step == lesson.steps - 1:
            said = " ".join(f"{name} {float(term.detach()):.3f}" for name, term in terms.items())
            LOG.info("head %d / %d: %s", step, lesson.steps, said)
    net.load_state_dict(mean.module.state_dict())
    return net.eval()


class _Latents(nn.Module):
    """What is believed of each clip's latent: mean and logarithm of variance."""

    def __init__(self, clips: int) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(clips, LATENT))
        self.spread = nn.Parameter(torch.full((clips, LATENT), -1.0))


def _rule_terms(
    net: HeadNet, batch: dict[str, Tensor], lesson: HeadLesson, generator: np.random.Generator
) -> dict[str, Tensor]:
    said = net.pose(batch["features"], batch["silence"], batch["arousal"], batch["latent"])
    terms = {"rule": rule_loss(said, batch["pose"])}
    if lesson.diversity > 0:
        few = slice(lesson.diverse)
        shape = (len(batch["features"][few]), 1, LATENT)
        change = torch.from_numpy(generator.standard_normal(shape).astype(np.float32))
        others = net.pose(
            batch["features"][few], batch["silence"][few], batch["arousal"][few],
            batch["latent"][few] + change,
        )  # fmt: skip
        speech = 1.0 - batch["silence"][few]
        terms["diversity"] = lesson.diversity * diversity_loss(
            said[few], others, change[:, 0], speech
        )
    return terms


def _captured_terms(
    net: HeadNet,
    captured: CapturedSet,
    latents: _Latents,
    lesson: HeadLesson,
    generator: np.random.Generator,
) -> dict[str, Tensor]:
    index = generator.choice(len(captured), min(lesson.clips, len(captured)), replace=False)
    rows = torch.from_numpy(index)
    silence = np.stack([silence_of(captured.phones[i], generator) for i in index])
    steps = silence.shape[1] // FRAMES_PER_STEP
    mean, spread = latents.mean[rows], latents.spread[rows]
    noise = torch.from_numpy(generator.standard_normal(mean.shape).astype(np.float32))
    drawn = mean + noise * torch.exp(0.5 * spread)
    said = net.pose(
        captured.features[rows], torch.from_numpy(silence), torch.zeros(len(rows), steps),
        drawn.unsqueeze(1).expand(-1, steps, -1),
    )  # fmt: skip
    ruled = captured.ruled(index[: lesson.ruled].tolist(), generator)
    moved = net.pose(ruled["features"], ruled["silence"], ruled["arousal"], ruled["latent"])
    fitted = captured_loss(said, captured.pose[rows], captured.seen[rows])
    return {
        "ruled": lesson.captured * rule_loss(moved, ruled["pose"]),
        "captured": lesson.captured * fitted,
        "prior": lesson.captured * lesson.divergence * divergence(mean, spread),
    }


def save(net: HeadNet, path: Path) -> None:
    """Weights as safetensors."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: value.contiguous() for name, value in net.state_dict().items()}, path)


def load(path: Path) -> HeadNet:
    """What :func:`save` wrote."""
    from safetensors.torch import load_file

    state = load_file(path)
    net = HeadNet(state["gru.weight_hh_l0"].shape[1], len(state["manner.bias"]))
    net.load_state_dict(state)
    return net.eval()


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description="Train the head decoder.")
    parser.add_argument("--tapes", type=Path, default=Path("build/bundle/tapes"))
    parser.add_argument("--data", help="the shared data folder, or 'none'")
    parser.add_argument("--out", type=Path, default=Path("build/bundle/head.safetensors"))
    parser.add_argument("--steps", type=int, default=HeadLesson.steps)
    parser.add_argument("--seed", type=int, default=HeadLesson.seed)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    root = None if options.data == "none" else real.data_root(options.data)
    lesson = HeadLesson(steps=options.steps, seed=options.seed)
    save(train_head(options.tapes, root, StreamingConfig(), lesson), options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
