# Sourced by quickstart, run-tests and benchmarks/run: installs what is missing (packages.txt), builds the preset
# `release`. They can be run again at no cost: nothing is installed or built twice.

fail_setup() {  # SENTENCE...: bad surroundings, exit 2
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 2
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
  fi
  echo "Installing ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
    echo "The package lists could not be refreshed; trying with the ones at hand." >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >/dev/null || fail_setup "apt-get could not install these packages: ${missing[*]}"
}

build_release() {  # [CMAKE OPTION...]
  cmake --preset release "$@" >build/configure.log 2>&1 || { cat build/configure.log >&2; exit 1; }
  cmake --build --preset release
}

# Open MPI refuses root unless told twice.
allow_mpirun_as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
}
