"""Adapters from sets as people hold them to clips (docs/data.md)."""

from __future__ import annotations

from talkface_train.data.adapters import acted, meshes, own, tracked
from talkface_train.data.adapters.base import Adapter, LayoutError, Options, Source

__all__ = ["ADAPTERS", "Adapter", "LayoutError", "Options", "Source"]

ADAPTERS: dict[str, Adapter] = {
    adapter.name: adapter
    for adapter in (*own.ADAPTERS, *acted.ADAPTERS, *meshes.ADAPTERS, *tracked.ADAPTERS)
}
"""Adapters by name."""
