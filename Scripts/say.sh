# Read by the other scripts: how they speak, and where things are. Not run on its own.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools="$root/.tools"
results="$root/.build/results"
uv_version=0.13.8
# Trust what this machine trusts, also behind an index or a proxy with a certificate of its own.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' plain=$'\e[0m'; else bold='' dim='' red='' plain=''; fi

# One step of the work, as a headline.
step() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }
# A line below a step.
note() { printf '    %s\n' "$*"; }
# Says what is wrong and what to do about it, and ends.
fail() {
    printf '%serror:%s %s\n' "$red" "$plain" "$1" >&2
    shift
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

# The program: LAZULI_BIN, else the debug build of this folder.
program() { printf '%s\n' "${LAZULI_BIN:-$root/.build/debug/lazuli}"; }
# The pinned uv that Scripts/setup made sure of.
uv() { "$tools/bin/uv" "$@"; }
# Python with the stock clients, pytest and ruff.
python() { "$tools/clients/bin/python" "$@"; }
