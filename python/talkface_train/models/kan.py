"""A layer of learned curves: every edge from an input to an output has a spline of its own."""

from __future__ import annotations

import torch
from torch import Tensor, nn

ORDER = 3
REACH = 2.0
"""The splines cover [-REACH, REACH]: what a layer norm gives lies mostly there."""


def spline_basis(x: Tensor, knots: Tensor, order: int) -> Tensor:
    """B-splines of ``order`` on ``knots`` [N] at ``x`` [...]: [..., N - 1 - order] (Cox-de Boor).

    They sum to 1 from knot ``order`` to knot ``N - 1 - order`` and are 0 beyond all knots.
    """
    x = x.unsqueeze(-1)
    basis = ((x >= knots[:-1]) & (x < knots[1:])).to(x.dtype)
    for degree in range(1, order + 1):
        rising = (x - knots[: -degree - 1]) / (knots[degree:-1] - knots[: -degree - 1])
        falling = (knots[degree + 1 :] - x) / (knots[degree + 1 :] - knots[1:-degree])
        basis = rising * basis[..., :-1] + falling * basis[..., 1:]
    return basis


class KanLayer(nn.Module):
    """``y_o = sum_i (base_oi silu(x_i) + spline_oi(x_i)) + bias_o``.

    ``intervals``: of the grid. Beyond the grid only the base acts, so that large inputs stay tame.
    """

    knots: Tensor

    def __init__(self, inputs: int, outputs: int, intervals: int = 5) -> None:
        super().__init__()
        steps = torch.arange(-ORDER, intervals + ORDER + 1)
        knots = steps * (2.0 * REACH / intervals) - REACH
        self.register_buffer("knots", knots.float(), persistent=False)
        self.base = nn.Linear(inputs, outputs)
        self.spline = nn.Linear(inputs * (intervals + ORDER), outputs, bias=False)
        with torch.no_grad():
            self.spline.weight.mul_(0.1)

    def forward(self, x: Tensor) -> Tensor:
        """[..., inputs] to [..., outputs]."""
        basis = spline_basis(x, self.knots, ORDER).flatten(-2)
        found: Tensor = self.base(nn.functional.silu(x)) + self.spline(basis)
        return found
