#!/usr/bin/env bash
# What `make windows` and `make sdk` need on Debian: compilers, the cross compiler, an
# import library for MSVC (llvm), and wine.
set -euo pipefail
packages=(g++ cmake ninja-build python3-venv python3-dev libsndfile1 g++-mingw-w64-x86-64-posix llvm wine64)
exec "$(dirname "$0")/../packages.sh" "${packages[@]}"
