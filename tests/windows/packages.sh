#!/usr/bin/env bash
# What `make windows` and `make sdk` need on Debian: compilers, the cross compiler and wine.
set -euo pipefail
packages=(g++ cmake ninja-build python3-venv python3-dev libsndfile1 g++-mingw-w64-x86-64-posix wine64)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ "${#missing[@]}" = 0 ] && exit 0
sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"
