#!/usr/bin/env bash
# What `make web-demo` needs on Debian: compilers, Emscripten, Node and a browser.
set -euo pipefail
packages=(g++ cmake ninja-build python3-venv python3-dev libsndfile1 emscripten chromium)
command -v node > /dev/null || packages+=(nodejs)
command -v npm > /dev/null || packages+=(npm)
exec "$(dirname "$0")/../packages.sh" "${packages[@]}"
