#!/usr/bin/env bash
# What `make test-unity` needs on Debian: compilers for the library, and Mono's C# compiler and runtime.
set -euo pipefail
packages=(g++ python3-venv python3-dev libsndfile1 mono-mcs mono-runtime)
exec "$(dirname "$0")/../packages.sh" "${packages[@]}"
