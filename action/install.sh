#!/usr/bin/env bash
# Puts openai-admin on PATH, unless it is there already: the release that the
# action was called with (@v1.2.3), or a build of the action's own sources for
# any other reference. The latter needs Go, which GitHub's runners have.
set -euo pipefail

if found=$(command -v openai-admin); then
  echo "openai-admin is on PATH: $found"
  exit
fi
bin=$RUNNER_TEMP/openai-admin
mkdir -p "$bin"
if [[ $ACTION_REF =~ ^v([0-9]+\.[0-9]+\.[0-9]+.*)$ ]]; then
  version=${BASH_REMATCH[1]}
  case $RUNNER_ARCH in
    X64) arch=amd64 ;;
    ARM64) arch=arm64 ;;
    *) echo "::error::There is no openai-admin for $RUNNER_ARCH." && exit 1 ;;
  esac
  case $RUNNER_OS in
    Linux) os=linux ;;
    macOS) os=darwin ;;
    *) echo "::error::There is no openai-admin for $RUNNER_OS." && exit 1 ;;
  esac
  archive=openai-admin_${version}_${os}_$arch.tar.gz
  releases=$GITHUB_SERVER_URL/$ACTION_REPOSITORY/releases/download/v$version
  cd "$RUNNER_TEMP"
  curl -fsSL --retry 3 -o "$archive" "$releases/$archive"
  curl -fsSL --retry 3 -o SHA256SUMS "$releases/terraform-provider-openai_${version}_SHA256SUMS"
  grep -F "  $archive" SHA256SUMS | { sha256sum --check - || shasum -a 256 --check -; }
  tar -xzf "$archive" -C "$bin" openai-admin
else
  go -C "$ACTION_SOURCES" build -o "$bin/openai-admin" ./cmd/openai-admin
fi
echo "$bin" >> "$GITHUB_PATH"
"$bin/openai-admin" --version
