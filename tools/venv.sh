#!/usr/bin/env bash
# venv.sh VENV [PYTHON]: make the virtual environment with PYTHON, or with the first Python >= 3.11 that can make one.
set -eu -o pipefail
venv=$1
shift
[ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && exit 0
for python in "$@" python3.13 python3.12 python3.11 python3; do
    # A name on PATH is not yet a Python that runs: version managers leave empty shims.
    "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    exec "$python" -m venv "$venv"
done
cat >&2 <<'EOF'
Vigie demande Python 3.11 ou plus récent, avec son module venv (Debian, Ubuntu : apt install python3 python3-venv).
Vigie needs Python 3.11 or later with its venv module; name one by: make up PYTHON=/path/to/python3
EOF
exit 1
