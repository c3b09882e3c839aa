#!/usr/bin/env bash
# What `make test-unreal` and `make unreal-package` need on Debian.
set -euo pipefail
packages=(g++ clang llvm cmake python3-venv python3-dev libsndfile1 mono-mcs mono-runtime)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ "${#missing[@]}" = 0 ] && exit 0
sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"
