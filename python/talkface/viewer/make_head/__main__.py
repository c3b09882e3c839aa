"""``python -m talkface.viewer.make_head [head.glb]``: build the head, the same bytes every time."""

from __future__ import annotations

import sys
from pathlib import Path

from talkface.viewer.make_head.assemble import build
from talkface.viewer.make_head.export import write

target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "head.glb"
write(build(), target)
print(f"{target}: {target.stat().st_size} bytes")
