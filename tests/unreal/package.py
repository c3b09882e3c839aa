"""Makes dist/TalkFace-unreal-VERSION.zip of the plugin and the SDK zip: `make unreal-package`.

The zip's one folder, TalkFace, goes into a project's Plugins. The same files give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from pathlib import Path

from layout import BINARIES, BUNDLE_FILES, NAME, PLUGIN, ROOT, SDK, problems, read_folder, version

sys.path.insert(0, str(ROOT / "tests"))
from stable_zip import write_zip

FROM_SDK = {
    f"{BINARIES}/Linux/libtalkface.so": "lib/linux-x86_64/libtalkface.so",
    f"{BINARIES}/Linux/libtalkface_onnxruntime.so": "lib/linux-x86_64/libtalkface_onnxruntime.so",
    f"{BINARIES}/Win64/talkface.dll": "lib/windows-x86_64/talkface.dll",
    f"{BINARIES}/Win64/talkface_onnxruntime.dll": "lib/windows-x86_64/talkface_onnxruntime.dll",
    f"{SDK}/lib/Win64/talkface.lib": "lib/windows-x86_64/talkface.lib",
    f"{SDK}/include/talkface/talkface.h": "include/talkface/talkface.h",
    f"{SDK}/include/talkface/version.h": "include/talkface/version.h",
    "LICENSE": "LICENSE",
    **{f"Content/Bundles/default/{name}": f"bundles/default/{name}" for name in BUNDLE_FILES},
}
NOTICES = """# Third-party notices

The plugin ships ONNX Runtime under a name of its own (talkface_onnxruntime). Its licence, and the
notices of what it holds, follow.

## ONNX Runtime

{licence}

## What ONNX Runtime holds

{notices}
"""


def read_sdk(path: Path, release: str) -> dict[str, bytes]:
    """Files of the SDK zip; SystemExit when it is not there or not of this version."""
    if not path.is_file():
        sys.exit(f"{path} is missing: make sdk")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        root = f"talkface-sdk-{release}/"
        if not all(name.startswith(root) for name in names):
            sys.exit(f"{path} does not hold {root}: make sdk")
        return {name.removeprefix(root): archive.read(name) for name in names}


def collect(plugin: dict[str, bytes], sdk: dict[str, bytes]) -> dict[str, bytes]:
    """Every file of the package by its path in the plugin's folder."""
    files = plugin | {name: sdk[source] for name, source in FROM_SDK.items()}
    texts = {
        key: sdk[f"licences/onnxruntime-{name}.txt"].decode("utf-8")
        for key, name in (("licence", "LICENSE"), ("notices", "ThirdPartyNotices"))
    }
    files["THIRD_PARTY_NOTICES.md"] = NOTICES.format(**texts).encode()
    return files


def main() -> int:
    release = version()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sdk", type=Path, default=ROOT / f"dist/talkface-sdk-{release}.zip")
    parser.add_argument("--out", type=Path, default=ROOT / f"dist/TalkFace-unreal-{release}.zip")
    options = parser.parse_args()
    files = collect(read_folder(PLUGIN), read_sdk(options.sdk, release))
    wrong = problems(files, release, packaged=True)
    for line in wrong:
        print(f"FAIL {line}")
    if wrong:
        return 1
    write_zip(files, options.out, NAME)
    print(f"{options.out}: {len(files)} files, {options.out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
