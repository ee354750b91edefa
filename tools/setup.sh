#!/usr/bin/env bash
# Installs what is missing to build, lint or test Guise, and nothing else. The Makefile calls it before its work;
# where nothing is missing it says nothing and is done in a blink.
#
#   tools/setup.sh build    what the compiler needs, and the packages of ui/
#   tools/setup.sh lint     the same, and cargo-deny
#   tools/setup.sh test     the same as build, and a private desktop, browsers and the AWS tools
#   tools/setup.sh package  the same as build, and Tauri's bundler
#
# The system's package manager is called only after the exact command was shown and agreed to; root and CI=true
# count as agreement. Windows is not covered: docs/ names what to install there.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo_deny_version=0.20.2
node_minimum=20

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "error: $1"
    if [ -n "${2:-}" ]; then say "hint: $2"; fi
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

case "${1:-}" in
build | lint | test | package) purpose=$1 ;;
*) fail "say what to set up for" "tools/setup.sh build|lint|test|package" ;;
esac

# ---- system packages -------------------------------------------------------------------------------------------

# packages DISTRIBUTION: one line each, `package` or `package command…`. With commands, any one of them found counts
# as installed, so that a tool from elsewhere (a compiler, a snap's browser) is left alone.
packages() {
    case "$1" in
    apt)
        cat <<'LIST'
build-essential cc
make make
pkg-config pkg-config pkgconf
git git
libwebkit2gtk-4.1-dev
libxdo-dev
LIST
        if [ "$purpose" = test ]; then
            cat <<'LIST'
webkit2gtk-driver
xvfb
openbox
xfce4-panel
xfconf
gnome-keyring
libsecret-tools
xdotool
xclip
x11-utils
dbus
dbus-x11
at-spi2-core
imagemagick import
adwaita-icon-theme
fonts-dejavu-core
strace
util-linux
procps ps
xdg-utils
desktop-file-utils
libfaketime
libglib2.0-bin gio
LIST
            # Ubuntu has the same browsers under other names.
            if grep -qs '^ID=ubuntu' /etc/os-release; then
                printf '%s\n' 'chromium-browser chromium chromium-browser google-chrome' 'firefox firefox firefox-esr'
            else
                printf '%s\n' 'chromium chromium google-chrome' 'firefox-esr firefox-esr firefox'
            fi
        fi
        ;;
    dnf)
        printf '%s\n' 'gcc cc' 'make make' 'pkgconf-pkg-config pkg-config' 'git git' webkit2gtk4.1-devel libxdo-devel
        if [ "$purpose" = test ]; then
            printf '%s\n' 'xorg-x11-server-Xvfb Xvfb' openbox xfce4-panel xfconf gnome-keyring libsecret xdotool xclip \
                'xprop xprop' 'xwininfo xwininfo' 'dbus-daemon dbus-run-session' dbus-x11 at-spi2-core \
                'ImageMagick import' 'chromium chromium chromium-browser google-chrome' 'firefox firefox' \
                adwaita-icon-theme dejavu-sans-fonts strace util-linux procps-ng xdg-utils desktop-file-utils \
                libfaketime 'glib2 gio'
        fi
        ;;
    pacman)
        printf '%s\n' 'base-devel cc' 'make make' 'pkgconf pkg-config' 'git git' webkit2gtk-4.1 xdotool
        if [ "$purpose" = test ]; then
            printf '%s\n' xorg-server-xvfb openbox xfce4-panel xfconf gnome-keyring libsecret xclip xorg-xprop \
                xorg-xwininfo dbus at-spi2-core 'imagemagick import' 'chromium chromium google-chrome' \
                'firefox firefox' adwaita-icon-theme ttf-dejavu strace util-linux procps-ng xdg-utils desktop-file-utils \
                libfaketime 'glib2 gio'
        fi
        ;;
    zypper)
        printf '%s\n' 'gcc cc' 'make make' 'pkgconf-pkg-config pkg-config' 'git git' webkit2gtk3-devel xdotool-devel
        if [ "$purpose" = test ]; then
            printf '%s\n' 'xorg-x11-server-Xvfb Xvfb' openbox xfce4-panel xfconf gnome-keyring libsecret-tools xdotool \
                xclip xprop xwininfo dbus-1-x11 at-spi2-core 'ImageMagick import' 'chromium chromium google-chrome' \
                'MozillaFirefox firefox' adwaita-icon-theme dejavu-fonts strace util-linux procps xdg-utils \
                desktop-file-utils libfaketime 'glib2-tools gio'
        fi
        ;;
    esac
}

# installed DISTRIBUTION NAME…: of these names, those that are installed, a line each.
installed() {
    local manager=$1
    shift
    case "$manager" in
    apt) dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' || true ;;
    dnf | zypper) rpm -q --qf '%{NAME}\n' "$@" 2>/dev/null | grep -v ' ' || true ;;
    pacman) pacman -Qq "$@" 2>/dev/null || true ;;
    esac
}

# Sets `missing` from the list of packages.
find_missing() {
    local manager=$1 line name command names=() there
    missing=()
    while IFS= read -r line; do
        # shellcheck disable=SC2086 # a line is a list of words
        set -- $line
        name=$1
        shift
        for command in "$@"; do
            if have "$command"; then continue 2; fi
        done
        names+=("$name")
    done < <(packages "$manager")
    # A Python whose `venv` lacks pip's first step is Debian's, which keeps it in a package of its own.
    if [ "$manager" = apt ] && [ "$purpose" = test ] && have python3 && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        names+=(python3-venv)
    fi
    if [ ${#names[@]} -eq 0 ]; then return; fi
    there=$(installed "$manager" "${names[@]}")
    for name in "${names[@]}"; do
        case $'\n'"$there"$'\n' in
        *$'\n'"$name"$'\n'*) ;;
        *) missing+=("$name") ;;
        esac
    done
}

agree() {
    if [ "$(id -u)" -eq 0 ] || [ "${CI:-}" = true ]; then return; fi
    if ! [ -t 0 ]; then fail "nobody is here to agree to it" "run it yourself, or set CI=true"; fi
    local answer
    read -r -p 'Run this now? [y/N] ' answer
    case "$answer" in
    [yY] | [yY][eE][sS]) ;;
    *) fail "not installed" "run the command yourself, then try again" ;;
    esac
}

# Shows the commands, asks, runs them.
install_packages() {
    local manager=$1 sudo=()
    shift
    if [ "$(id -u)" -ne 0 ]; then sudo=(sudo); fi
    local update=() install
    case "$manager" in
    apt)
        update=(${sudo[@]+"${sudo[@]}"} apt-get update)
        install=(${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@")
        ;;
    dnf) install=(${sudo[@]+"${sudo[@]}"} dnf install --assumeyes "$@") ;;
    pacman) install=(${sudo[@]+"${sudo[@]}"} pacman -S --needed --noconfirm "$@") ;;
    zypper) install=(${sudo[@]+"${sudo[@]}"} zypper --non-interactive install "$@") ;;
    esac
    say "These system packages are missing: $*"
    say
    if [ ${#update[@]} -gt 0 ]; then say "  ${update[*]}"; fi
    say "  ${install[*]}"
    say
    agree
    if [ ${#update[@]} -gt 0 ]; then "${update[@]}"; fi
    "${install[@]}"
}

system_packages() {
    local manager='' missing
    case "$(uname -s)" in
    Darwin)
        if ! xcode-select -p >/dev/null 2>&1; then
            fail "Apple's command line tools are missing" "run \`xcode-select --install\`"
        fi
        return
        ;;
    Linux) ;;
    *) return ;;
    esac
    if have apt-get && have dpkg-query; then
        manager=apt
    elif have dnf; then
        manager=dnf
    elif have pacman; then
        manager=pacman
    elif have zypper; then
        manager=zypper
    else
        say "warning: no apt, dnf, pacman or zypper here; install WebKitGTK 4.1, libxdo and pkg-config yourself"
        return
    fi
    find_missing "$manager"
    if [ ${#missing[@]} -gt 0 ]; then install_packages "$manager" "${missing[@]}"; fi
}

# ---- tools that the person chooses -----------------------------------------------------------------------------

tools() {
    have cc || fail "no C compiler (\`cc\`) was found" "install gcc or clang"
    have cargo || fail "\`cargo\` was not found" "install Rust with rustup: https://rustup.rs"
    have node || fail "\`node\` was not found" "install Node.js $node_minimum or newer: https://nodejs.org"
    have npm || fail "\`npm\` was not found" "it comes with Node.js: https://nodejs.org"
    local version
    version=$(node --version)
    local major=${version#v}
    major=${major%%.*}
    if [ "$major" -lt "$node_minimum" ]; then
        fail "Node.js $version is too old" "install version $node_minimum or newer: https://nodejs.org"
    fi
    if [ "$purpose" = test ]; then have python3 || fail "\`python3\` was not found" "install Python 3.10 or newer"; fi
}

# ---- what belongs to the project -------------------------------------------------------------------------------

# node_packages FOLDER: the lock file that was installed is kept beside what it installed: equal bytes, nothing to do.
node_packages() {
    local kept=$1/node_modules/.installed-lock.json
    if [ -f "$1/node_modules/.package-lock.json" ] && cmp -s "$1/package-lock.json" "$kept"; then return; fi
    say "Installing the packages of $1/ …"
    # Nothing that we use needs to run its own script on being installed, so nothing may.
    npm --prefix "$1" ci --ignore-scripts --no-audit --no-fund
    cp "$1/package-lock.json" "$kept"
}

cargo_deny() {
    case "$(cargo deny --version 2>/dev/null || true)" in
    "cargo-deny $cargo_deny_version") return ;;
    esac
    say "Installing cargo-deny $cargo_deny_version, which takes some minutes …"
    # In a folder of its own, thrown away afterwards: its objects are of no use to our builds.
    env -u CARGO_TARGET_DIR cargo install cargo-deny --locked --version "=$cargo_deny_version"
}

# Remade only when the requirements changed: the same trick as for ui/.
python_tools() {
    local environment=${GUISE_TEST_VENV:-${CARGO_TARGET_DIR:-target}/venv}
    local wanted=tools/python-requirements.txt
    local kept=$environment/installed-requirements.txt
    if [ -x "$environment/bin/python" ] && cmp -s "$wanted" "$kept"; then return; fi
    say "Installing the AWS tools for the tests …"
    rm -rf "$environment"
    mkdir -p "$(dirname "$environment")"
    python3 -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted"
    cp "$wanted" "$kept"
}

system_packages
tools
node_packages ui
case "$purpose" in
lint) cargo_deny ;;
test) python_tools ;;
package) node_packages tools ;;
build) ;;
esac
