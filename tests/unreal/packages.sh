#!/usr/bin/env bash
# What `make test-unreal` and `make unreal-package` need on Debian.
set -euo pipefail
packages=(g++ clang cmake python3-venv python3-dev libsndfile1 mono-mcs mono-runtime)
exec "$(dirname "$0")/../packages.sh" "${packages[@]}"
