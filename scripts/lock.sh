#!/bin/sh
# Writes requirements/*.txt from pyproject.toml. Needs uv (pip install uv). `scripts/lock.sh --upgrade` moves versions.
set -eu
cd "$(dirname "$0")/.."
lock() {
  out=$1; shift
  uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-annotate --no-emit-index-url --no-emit-find-links -o "requirements/$out.txt" "$@"
}
lock base "$@"
lock test --group test -c requirements/base.txt "$@"
lock postgres --extra postgres -c requirements/base.txt "$@"
lock dev --group test --group lint --extra postgres -c requirements/base.txt "$@"
