# Sourced by quickstart, run-tests and benchmarks/run: installs what is missing (packages.txt), builds the preset
# `release`. They can be run again at no cost: nothing is installed or built twice. What takes long is a line or two on the
# screen; its own words go to logs in build/.

fail_setup() {  # SENTENCE...: bad surroundings, exit 2
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 2
}

duration_text() {  # SECONDS: "7 s", "2 min 5 s"
  if [ "$1" -lt 60 ]; then echo "$1 s"; else echo "$(($1 / 60)) min $(($1 % 60)) s"; fi
}

steps_done() {  # LOG: ", step 120 of 267" of the last "[120/267]" that ninja wrote; nothing where there is none
  local line
  line=$(grep -o '^\[[0-9]*/[0-9]*\]' "$1" | tail -n 1) || return 0
  line=${line#[} line=${line%]}
  echo ", step ${line%/*} of ${line#*/}"
}

say_how_far() {  # TITLE LOG START: on a terminal in place, elsewhere a line every half minute
  local passed=$((SECONDS - $3)) half_minute
  half_minute=$((passed / 30))
  if [ -t 1 ]; then
    printf '\r\033[K%s: %s%s' "$1" "$(duration_text $passed)" "$(steps_done "$2")"
  elif [ $half_minute -gt "$half_minutes_told" ]; then
    half_minutes_told=$half_minute
    echo "$1: $(duration_text $passed)$(steps_done "$2")"
  fi
}

stop_group() {  # PID TITLE CODE: ends a command and all that it started, and then this script
  trap '' INT TERM
  kill -TERM -- "-$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
  printf '\n%s: stopped\n' "$2" >&2
  exit "$3"
}

with_log() {  # TITLE LOG COMMAND...: what is done, how far and how long; the log's end and its name, and exit 1, where it fails
  local title=$1 log=$2 start=$SECONDS half_minutes_told=0 pid status=0
  { : >"$log"; } 2>/dev/null || fail_setup "cannot write $log (whose is it?): remove it, or give its folder to yourself"
  [ -t 1 ] || echo "$title (log: $log)"
  set -m  # a process group of its own, so that all that it started can be stopped with it
  "${@:3}" >"$log" 2>&1 </dev/null &
  pid=$!
  set +m
  trap 'stop_group "$pid" "$title" 130' INT
  trap 'stop_group "$pid" "$title" 143' TERM
  while kill -0 "$pid" 2>/dev/null; do
    say_how_far "$title" "$log" "$start"
    sleep 1
  done
  wait "$pid" || status=$?
  trap - INT TERM
  [ ! -t 1 ] || printf '\r\033[K'
  if [ $status -ne 0 ]; then
    tail -n 25 "$log" >&2
    printf '%s: failed with exit code %s; all of its words are in %s\n' "$title" "$status" "$log" >&2
    exit 1
  fi
  echo "$title: done in $(duration_text $((SECONDS - start)))"
}

packages_of() {  # GROUP...: their packages, one a line
  local group
  for group in "$@"; do
    sed -n "s/^$group  *//p" cmake/packages.txt
  done
}

missing_packages() {  # PACKAGE...: those that dpkg does not know as installed
  local package
  for package in "$@"; do
    dpkg-query --show --showformat '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || echo "$package"
  done
}

may_ask_sudo() {  # without a password, or with a person there to type it
  command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }
}

npm_group() {  # the group of packages that bring npm, unless some npm is there
  command -v npm >/dev/null || echo npm
}

install_packages() {  # GROUP...
  local wanted missing as_root=()
  mapfile -t wanted < <(packages_of "$@")
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    [ -z "${VARPROP_PACKAGES_PRESENT:-}" ] || return 0
    fail_setup "this is not a Debian system. Install what corresponds to these packages, set VARPROP_PACKAGES_PRESENT=1" \
      "and run this again: ${wanted[*]}"
  fi
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    may_ask_sudo || fail_setup "these packages are missing, and only root can install them:" \
      "sudo apt-get install ${missing[*]}"
    as_root=(sudo)
    sudo -v || fail_setup "sudo was refused: sudo apt-get install ${missing[*]}"  # asks now, and not in a log
  fi
  echo "Missing packages: ${missing[*]}"
  with_log "Installing ${#missing[@]} packages" build/packages.log install_as_root "${as_root[@]}" -- "${missing[@]}"
}

install_as_root() {  # [sudo] -- PACKAGE...
  local as_root=()
  while [ "$1" != -- ]; do as_root+=("$1") && shift; done
  shift
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
    echo "The package lists could not be refreshed; trying with the ones at hand."
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

build_release() {  # TITLE [CMAKE OPTION...]
  local title=$1
  shift
  with_log "Configuring" build/configure.log cmake --preset release "$@"
  with_log "$title" build/build.log cmake --build --preset release
  sed -n '/^\*\*\*\*/,/^\*\*\*\*/p' build/build.log  # what the build wants to be seen: no page of reports without npm
}

# Open MPI refuses root unless told twice.
allow_mpirun_as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
}
