#!/usr/bin/env bash
# lock.sh BIN: exact versions and hashes for run time and for development. uv's own lock file would write the registry's address.
set -eu -o pipefail
bin=$1
# The build tools are locked too: the editable install runs without build isolation.
build='hatchling>=1.25\neditables>=0.5\n'
# Extras stay in: some pip takes the newest release of "name[extra]" where the lock only pins "name", then refuses its hash.
compile() {
    printf "$build" | "$bin/uv" pip compile pyproject.toml - "$@" \
        --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras --no-emit-index-url --quiet >/dev/null
}
compile --upgrade --output-file requirements.txt
compile --upgrade --extra dev --constraints requirements.txt --output-file requirements-dev.txt
if grep -nE '://|--(extra-)?index-url|--find-links' requirements.txt requirements-dev.txt; then
    echo "lock: an address has entered the lock; remove it before committing" >&2
    exit 1
fi
