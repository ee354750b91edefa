#!/usr/bin/env bash
# Installs what `make release` built, and takes out again exactly what was installed. The Makefile calls it.
#
#   tools/install.sh install PROGRAMS DOCUMENTS   from the folder of the programs, and that of man pages and completions
#   tools/install.sh uninstall
#
# PREFIX is where to: /usr/local for root, ~/.local otherwise. DESTDIR is put before it, for whoever makes a package.
# What was installed is listed in PREFIX/share/guise/installed: a path a line, a slash behind what is a folder.
set -euo pipefail
cd "$(dirname "$0")/.."

id=org.guise.Guise

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "error: $1"
    if [ -n "${2:-}" ]; then say "hint: $2"; fi
    exit 1
}

if [ -z "${PREFIX:-}" ]; then
    if [ "$(id -u)" -eq 0 ]; then PREFIX=/usr/local; else PREFIX=${HOME:?}/.local; fi
fi
case "$PREFIX" in
/*) ;;
*) fail "PREFIX must be a whole path, not \`$PREFIX\`" ;;
esac
case "$PREFIX" in
*$'\n'*) fail "PREFIX cannot have a line break in it" ;;
esac
root=${DESTDIR:-}$PREFIX
list=share/guise/installed

# ---- install ---------------------------------------------------------------------------------------------------

installed=()
writes_list=

# What is listed is removed again. It is listed as it comes, so that an install that is cut short can be taken out too.
remember() {
    installed+=("$1")
    if [ -n "$writes_list" ]; then printf '%s\n' "$1" >>"$root/$list"; fi
}

begin_list() {
    make_folder "$(dirname $list)"
    if [ ${#installed[@]} -gt 0 ]; then printf '%s\n' "${installed[@]}" >>"$root/$list"; fi
    writes_list=yes
}

# Makes a folder of the tree; what was not there before is ours to remove.
make_folder() {
    local above
    above=$(dirname "$1")
    if [ -d "$root/$1" ]; then return; fi
    if [ "$above" != . ]; then make_folder "$above"; fi
    mkdir -p "$root"
    mkdir "$root/$1"
    remember "$1/"
}

# put MODE FILE PATH: replaces the file as a whole, so that a program that runs keeps its own.
put() {
    local new=$root/$3.new
    make_folder "$(dirname "$3")"
    remember "$3"
    # Not `install`: that one asks nobody whether it may write through a link.
    if ! { cp "$2" "$new" && chmod "$1" "$new" && mv -f "$new" "$root/$3"; }; then
        rm -f "$new"
        fail "\`$root/$3\` could not be written" "see to the cause above and install again, or uninstall what is there"
    fi
}

# check MODE FILE PATH: as `put`, before anything is put anywhere.
check() {
    if [ -f "$2" ] && [ -r "$2" ] && { [ "$1" != 755 ] || [ -x "$2" ]; }; then return; fi
    fail "\`$2\` is not there, or cannot be used" "run \`make release\` first, as yourself; nothing was installed"
}

# A path as one argument in the value of `Exec`: quoted, a percent sign doubled, then escaped as every value is.
exec_argument() {
    printf '"%s"' "$(printf '%s' "$1" | sed -e 's/[\\"`$]/\\&/g' -e 's/%/%%/g' -e 's/\\/\\\\/g')"
}

put_desktop() {
    local entry through=
    # No program may have an equals sign, and desktops look for it before they take percent signs apart.
    # shellcheck disable=SC2016 # it is the shell of the entry that fills this in
    case "$PREFIX" in
    *[=%]*) through="/bin/sh -c $(exec_argument 'exec "$0"') " ;;
    esac
    entry=$(mktemp)
    while IFS= read -r line; do
        case "$line" in
        Exec=*) printf 'Exec=%s%s\n' "$through" "$(exec_argument "$PREFIX/bin/guise-desktop")" ;;
        *) printf '%s\n' "$line" ;;
        esac
    done <src-tauri/linux/$id.desktop >"$entry"
    put 644 "$entry" share/applications/$id.desktop
    rm -f "$entry"
}

# Calls `check` or `put` with each file that is installed as it is.
each_file() {
    local act=$1 programs=$2 documents=$3 program page size file
    for program in guise guise-desktop; do
        $act 755 "$programs/$program" bin/$program
        $act 644 "$documents/bash/$program" share/bash-completion/completions/$program
        $act 644 "$documents/zsh/_$program" share/zsh/site-functions/_$program
        $act 644 "$documents/fish/$program.fish" share/fish/vendor_completions.d/$program.fish
    done
    for page in "$documents"/man1/*.1; do $act 644 "$page" "share/man/man1/$(basename "$page")"; done
    $act 644 LICENSE share/doc/guise/LICENSE
    if [ "$(uname -s)" != Linux ]; then return; fi
    $act 644 src-tauri/linux/$id.metainfo.xml share/metainfo/$id.metainfo.xml
    for size in 16 22 24 32 48 64 128 256 512; do
        case $size in
        256) file=icons/128x128@2x.png ;;
        512) file=icons/icon.png ;;
        *) file=icons/${size}x$size.png ;;
        esac
        $act 644 "$file" "share/icons/hicolor/${size}x$size/apps/$id.png"
    done
    $act 644 icons/mask.svg share/icons/hicolor/scalable/apps/$id.svg
}

install_all() {
    each_file check "$1" "$2"
    if [ "$(uname -s)" = Linux ]; then check 644 src-tauri/linux/$id.desktop share/applications/$id.desktop; fi
    begin_list
    each_file put "$1" "$2"
    if [ "$(uname -s)" = Linux ]; then put_desktop; fi
    keep_list
    refresh_icons
    say "installed under \`$root\`"
    if [ -z "${DESTDIR:-}" ]; then next_step; fi
}

# Writes the list, and removes what an older version had and this one has not.
keep_list() {
    local path fresh
    fresh=$'\n'$(printf '%s\n' "${installed[@]}")$'\n'
    if [ -f "$root/$list" ]; then
        while IFS= read -r path; do
            case "$fresh" in
            *$'\n'"$path"$'\n'*) continue ;;
            esac
            case "$path" in
            */) installed+=("$path") ;;
            *) rm -f "${root:?}/$path" ;;
            esac
        done <"$root/$list"
    fi
    printf '%s\n' "${installed[@]}" | LC_ALL=C sort -u >"$root/$list.new"
    mv -f "$root/$list.new" "$root/$list"
}

next_step() {
    case ":$PATH:" in
    *":$PREFIX/bin:"*)
        say "next: guise-desktop, or Guise in the menu; it says what to do first"
        return
        ;;
    esac
    say "\`$PREFIX/bin\` is not on PATH yet: the menu starts Guise all the same, a terminal does not find \`guise\`."
    say "Sign in again, since many systems put ~/.local/bin on PATH where it exists; or add this to ~/.profile:"
    say "  export PATH=\"$PREFIX/bin:\$PATH\""
}

# ---- uninstall -------------------------------------------------------------------------------------------------

# Offers to take out what was never installed, but was made by using Guise: this is the last time that it is easy.
offer_purge() {
    if [ -n "${DESTDIR:-}" ] || [ "${PURGE:-}" = no ]; then return; fi
    if ! [ -t 0 ]; then
        say "What Guise keeps for each person stays: keys in the keychain, catalog, log. \`guise purge\` takes it out."
        return
    fi
    if [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_USER:-}" ]; then
        local answer
        say "What Guise keeps for each person (keys in the keychain, catalog, log) is taken out by them: guise purge"
        read -r -p 'Remove the programs now all the same? [y/N] ' answer
        case "$answer" in
        [yY] | [yY][eE][sS]) return ;;
        *) fail "nothing was removed" ;;
        esac
    fi
    local status=0
    "$root/bin/guise" purge || status=$?
    case $status in
    0 | 130) ;;
    *) fail "nothing was uninstalled, so that it can be tried again" "PURGE=no make uninstall leaves all of it" ;;
    esac
}

uninstall_all() {
    local path
    if ! [ -f "$root/$list" ]; then fail "nothing that \`make install\` put there is under \`$root\`" "give the same PREFIX"; fi
    offer_purge
    # The longest first: what is in a folder before the folder.
    LC_ALL=C sort -r "$root/$list" | while IFS= read -r path; do
        case "$path" in
        */) ;;
        *) rm -f "${root:?}/$path" ;;
        esac
    done
    local folders
    folders=$(LC_ALL=C sort -r "$root/$list" | grep '/$' || true)
    rm -f "${root:?}/$list"
    while IFS= read -r path; do
        # One that others put something into is theirs now.
        if [ -n "$path" ]; then rmdir "$root/$path" 2>/dev/null || true; fi
    done <<<"$folders"
    refresh_icons
    say "uninstalled from \`$root\`"
}

# Where a cache of the icons stands, it must know of the change; one that is not there is not missed.
refresh_icons() {
    local icons=$root/share/icons/hicolor
    if [ -z "${DESTDIR:-}" ] && [ -f "$icons/icon-theme.cache" ] && command -v gtk-update-icon-cache >/dev/null; then
        gtk-update-icon-cache --quiet --force --ignore-theme-index "$icons" || true
    fi
}

case "${1:-}" in
install) install_all "${2:?}" "${3:?}" ;;
uninstall) uninstall_all ;;
*) fail "say what to do" "tools/install.sh install PROGRAMS DOCUMENTS, or uninstall" ;;
esac
