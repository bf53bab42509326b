# shellcheck shell=bash
# What a machine must have before the tests can run, sourced by the other scripts.
# Nothing is skipped: what is missing is installed (Debian, as root) or named and the run fails.

export LC_ALL=C.UTF-8

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
browser_dir=$root/tools/browser
cluster='' # the folder of the cluster that this run has started
child=''   # the process group of its go test
scratch='' # where that puts its temporary files: an interrupted test leaves them behind

# say prints one line for the person who waits; standard output stays free for results.
say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

# find_postgres prints the folder of the newest PostgreSQL server binaries, version 15 or later.
find_postgres() {
  local bin major best='' best_major=14
  for bin in "${SOCIA_TEST_POSTGRES_BIN:-}" /usr/lib/postgresql/*/bin \
    "$(pg_config --bindir 2>/dev/null || true)" "$(dirname "$(command -v initdb || echo /nowhere/initdb)")"; do
    [[ -n $bin && -x $bin/initdb && -x $bin/postgres && -x $bin/pg_ctl ]] || continue
    major=$("$bin/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
    if ((major > best_major)); then best=$bin best_major=$major; fi
  done
  [[ -n $best ]] && printf '%s\n' "$best"
}

find_chromium() {
  local name
  for name in "${SOCIA_TEST_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    [[ -n $name ]] && command -v "$name" && return 0
  done
  return 1
}

find_hledger() { command -v "${SOCIA_TEST_HLEDGER:-hledger}"; }

find_npm() { command -v npm; }

# find_axe prints the path of axe-core, only in the version that the lock file pins.
find_axe() {
  local file=$1/node_modules/axe-core/axe.min.js want
  want=$(sed -n 's/.*"axe-core": "\(.*\)".*/\1/p' "$1/package.json")
  [[ -s $file ]] && head -c 200 "$file" | grep -qF "v$want" && printf '%s\n' "$file"
}

can_install() { [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null && grep -qE '^ID(_LIKE)?=.*debian' /etc/os-release; }

# apt_install installs Debian packages. A PostgreSQL package would set up and start a cluster
# of its own on port 5432; a machine that has none yet is told not to.
apt_install() {
  say "installing: $*"
  local conf=/etc/postgresql-common/createcluster.d/socia-tests.conf
  if [[ " $* " == *" postgresql "* && ! -d /etc/postgresql-common ]]; then
    mkdir -p "${conf%/*}"
    echo 'create_main_cluster = false' >"$conf"
  fi
  export DEBIAN_FRONTEND=noninteractive
  local log options=(-qq -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold)
  log=$(mktemp)
  # A stale list may still know the packages, so a failed update alone is no reason to stop.
  if { apt-get "${options[@]}" update || true; } >>"$log" 2>&1 &&
    apt-get "${options[@]}" install -y --no-install-recommends "$@" >>"$log" 2>&1; then
    rm -f "$log"
    return
  fi
  tail -n 15 "$log" >&2
  rm -f "$log"
  return 1
}

# need_programs makes sure that PostgreSQL's server, Chromium, hledger and npm are there.
need_programs() {
  local packages=() missing=()
  [[ -n ${SOCIA_TEST_POSTGRES_URL:-} ]] || find_postgres >/dev/null || packages+=(postgresql)
  find_chromium >/dev/null || packages+=(chromium fonts-liberation)
  find_hledger >/dev/null || packages+=(hledger)
  find_axe "$browser_dir" >/dev/null || find_npm >/dev/null || packages+=(npm)
  if ((${#packages[@]})) && can_install; then
    apt_install "${packages[@]}" || say "apt-get could not install all of: ${packages[*]}"
  fi

  [[ -n ${SOCIA_TEST_POSTGRES_URL:-} ]] || find_postgres >/dev/null || missing+=("a PostgreSQL server, 15 or later (or set SOCIA_TEST_POSTGRES_URL)")
  find_chromium >/dev/null || missing+=("Chromium (or set SOCIA_TEST_CHROMIUM)")
  find_hledger >/dev/null || missing+=("hledger (or set SOCIA_TEST_HLEDGER)")
  find_axe "$browser_dir" >/dev/null || find_npm >/dev/null || missing+=("npm")
  ((${#missing[@]} == 0)) && return
  local list
  list=$(printf '%s; ' "${missing[@]}")
  fail "the tests need ${list%; }. On Debian: apt-get install ${packages[*]}"
}

# need_axe makes sure that the pinned axe-core is in tools/browser/node_modules.
need_axe() {
  find_axe "$browser_dir" >/dev/null && return
  say "installing: axe-core, for the browser tests only"
  (cd "$browser_dir" && npm ci --silent --no-audit --no-fund --ignore-scripts >&2) ||
    fail "npm could not fetch axe-core; run 'npm ci' in tools/browser where the npm registry can be reached"
  find_axe "$browser_dir" >/dev/null || fail "tools/browser/node_modules holds another axe-core than package.json pins; run 'npm ci' there"
}

# memory_dir prints the folder for a cluster that nobody keeps: /dev/shm where it has room, or else /tmp. A database is
# 600 small files, and a disk may take half a second of processor time to lay out the copy that each test gets.
memory_dir() {
  local room=0 enough=$((2 << 20)) # in kB
  if [[ -d /dev/shm && -w /dev/shm ]]; then room=$(df -Pk /dev/shm | awk 'NR == 2 {print $4}'); fi
  if ((room >= enough)); then echo /dev/shm; else echo /tmp; fi
}

need_go() { command -v go >/dev/null || fail "Go is missing: install Go 1.26 or later from https://go.dev/dl/"; }

# names_packages tells whether the arguments say what to test.
names_packages() {
  local arg
  for arg in "$@"; do
    case $arg in . | ./* | socia | socia/*) return 0 ;; esac
  done
  return 1
}

# own_cluster starts a private cluster under the folder $1 and exports its URL, unless the user has set one.
own_cluster() {
  [[ -n ${SOCIA_TEST_POSTGRES_URL:-} ]] && return
  cluster=$(mktemp -d "$1/socia-pg.XXXXXX")
  shift
  SOCIA_TEST_POSTGRES_URL=$("$root/tools/testpg" start "$@" "$cluster")
  export SOCIA_TEST_POSTGRES_URL
}

# run_go runs go in a process group of its own, so that Ctrl-C ends go test, its tests and
# their browsers before the database under them.
run_go() {
  local code=0
  scratch=$(mktemp -d)
  set -m
  TMPDIR=$scratch go "$@" &
  child=$!
  set +m
  wait "$child" || code=$?
  child=''
  return "$code"
}

# end_run stops what this run has started, however it ends.
# shellcheck disable=SC2317 # called by the trap
end_run() {
  local code=$?
  trap - EXIT INT TERM HUP
  if [[ -n $child ]]; then
    kill -INT -- "-$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  fi
  if [[ -n $cluster ]]; then "$root/tools/testpg" stop "$cluster" || true; fi
  if [[ -n $scratch ]]; then
    chmod -R u+w "$scratch" 2>/dev/null || true
    rm -rf "$scratch" || true
  fi
  exit "$code"
}

end_run_on_exit() {
  trap end_run EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}
