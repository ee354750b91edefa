#!/usr/bin/env bash
# Installs the .deb in a clean root, starts Guise there on a desktop of its own, and looks whether the tray takes it in
# and its window opens; then takes the package out again. Reads the .rpm over as well, where `rpm` is here.
#
#   tools/check-package.sh TARGET [ROOT]    the packages of TARGET/packages; ROOT is kept, to be used again
#
# Needs root, debootstrap and the system's own package sources: the clean root is of the release that this is.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "error: $1"
    if [ -n "${2:-}" ]; then say "hint: $2"; fi
    exit 1
}

target=$(cd "${1:?}" && pwd)
deb=$(echo "$target"/packages/*.deb)
rpm=$(echo "$target"/packages/*.rpm)
[ -f "$deb" ] || fail "there is no package in \`$target/packages\`" "make package"
[ "$(id -u)" -eq 0 ] || fail "only root can make a clean root"
command -v debootstrap >/dev/null || fail "\`debootstrap\` was not found" "apt-get install debootstrap"

# ---- what is in them -------------------------------------------------------------------------------------------

say "--- $(basename "$deb")"
dpkg-deb --info "$deb" | sed -n '/^ Package/,$p' >&2
contents=$(dpkg-deb --contents "$deb" | awk '{ print $6 }')
for path in bin/guise bin/guise-desktop share/applications/org.guise.Guise.desktop \
    share/metainfo/org.guise.Guise.metainfo.xml share/man/man1/guise.1.gz share/man/man1/guise-desktop.1.gz \
    share/bash-completion/completions/guise share/zsh/vendor-completions/_guise \
    share/fish/vendor_completions.d/guise.fish share/doc/guise/copyright share/doc/guise/third-party.txt.gz \
    share/icons/hicolor/48x48/apps/org.guise.Guise.png; do
    case $'\n'"$contents"$'\n' in
    *$'\n'"./usr/$path"$'\n'* | *$'\n'"usr/$path"$'\n'*) ;;
    *) fail "the .deb has no /usr/$path" ;;
    esac
done
case "$(dpkg-deb --field "$deb" Depends)" in
*appindicator*) fail "the .deb wants an AppIndicator library, which Guise does not use" ;;
*libwebkit2gtk-4.1-0*) ;;
*) fail "the .deb does not name its web view" ;;
esac
if command -v lintian >/dev/null; then lintian --allow-root --tag-display-limit 0 "$deb" >&2 || true; fi

if command -v rpm >/dev/null; then
    say "--- $(basename "$rpm")"
    listed=$(rpm -qpl "$rpm" 2>/dev/null)
    for path in bin/guise bin/guise-desktop share/applications/org.guise.Guise.desktop \
        share/metainfo/org.guise.Guise.metainfo.xml share/man/man1/guise.1.gz share/licenses/guise/LICENSE \
        share/licenses/guise/third-party.txt; do
        case $'\n'"$listed"$'\n' in
        *$'\n'"/usr/$path"$'\n'*) ;;
        *) fail "the .rpm has no /usr/$path" ;;
        esac
    done
    rpm -qp --requires --recommends "$rpm" 2>/dev/null >&2
fi

# ---- a clean root ----------------------------------------------------------------------------------------------

root=${2:-}
scratch=
if [ -z "$root" ]; then
    scratch=$(mktemp -d)
    root=$scratch/root
fi
mounted=()
clean_up() {
    local place
    for place in ${mounted[@]+"${mounted[@]}"}; do umount -R "$place" 2>/dev/null || umount -R -l "$place"; done
    if [ -n "$scratch" ]; then rm -rf --one-file-system "$scratch"; fi
}
trap clean_up EXIT

# shellcheck disable=SC1091 # the system's own
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
if ! [ -e "$root/etc/debian_version" ]; then
    say "--- a clean root of $release"
    # A line each: where from, which release, which component. The system's own, updates included.
    # shellcheck disable=SC2016 # it is apt that fills these in
    sources=$(apt-get indextargets --format '$(SITE) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
        awk -v release="$release" 'index($2, release) == 1' | sort -u)
    mirror=$(awk -v release="$release" '$2 == release { print $1; exit }' <<<"$sources")
    debootstrap --variant=minbase "$release" "$root" "$mirror" >/dev/null
    awk '{ print "deb", $0 }' <<<"$sources" >"$root/etc/apt/sources.list"
    cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/"
    chroot "$root" apt-get update -qq
fi
for place in proc sys dev; do
    mount --rbind "/$place" "$root/$place"
    mount --make-rslave "$root/$place"
    mounted=("$root/$place" "${mounted[@]}")
done

in_root() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

say "--- install, without recommended packages"
cp "$deb" "$root/guise.deb"
in_root apt-get install --yes -qq --no-install-recommends ./guise.deb >/dev/null
in_root dpkg --verify guise
say "$(in_root guise --version), $(in_root guise-desktop --version)"
if in_root ldd /usr/bin/guise /usr/bin/guise-desktop | grep 'not found'; then
    fail "a library is missing, so the dependencies are not right"
fi

say "--- a desktop around it"
in_root apt-get install --yes -qq --no-install-recommends xvfb xauth dbus dbus-x11 gnome-keyring xfce4-panel xfconf openbox \
    xdotool imagemagick adwaita-icon-theme fonts-dejavu-core desktop-file-utils appstream >/dev/null
in_root desktop-file-validate /usr/share/applications/org.guise.Guise.desktop
in_root appstreamcli validate --no-net /usr/share/metainfo/org.guise.Guise.metainfo.xml >&2
in_root id person >/dev/null 2>&1 || in_root useradd --create-home person
cat >"$root/start-there.sh" <<'THERE'
set -eu
# As a person's session is: a display, a bus, an unlocked keychain, a panel.
export HOME=/home/person XDG_RUNTIME_DIR=/home/person/run GSETTINGS_BACKEND=memory NO_AT_BRIDGE=1 LIBGL_ALWAYS_SOFTWARE=1
export XDG_CURRENT_DESKTOP=XFCE XDG_SESSION_TYPE=x11 GDK_BACKEND=x11 LANG=C.UTF-8
mkdir -p -m 700 "$XDG_RUNTIME_DIR"
panel=$HOME/.config/xfce4/xfconf/xfce-perchannel-xml
mkdir -p "$panel"
cat >"$panel/xfce4-panel.xml" <<'PANEL'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property>
</channel>
PANEL
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
printf 'test\n' | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null &
openbox &
xfce4-panel --disable-wm-check &
guise-desktop &
until_so() { for _ in $(seq 300); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.2; done; echo "error: never: $*" >&2; exit 1; }
registered() {
    dbus-send --session --print-reply --dest=org.kde.StatusNotifierWatcher /StatusNotifierWatcher \
        org.freedesktop.DBus.Properties.Get string:org.kde.StatusNotifierWatcher \
        string:RegisteredStatusNotifierItems | grep -q ' string "'
}
until_so registered
echo "the tray took it in" >&2
until_so xdotool search --onlyvisible --name '^Guise'
sleep 3
import -window root /home/person/screen.png
echo "its window opened, on what to do first" >&2
guise settings start_at_login true
grep -q '^Exec="/usr/bin/guise-desktop" "--login"$' "$HOME/.config/autostart/org.guise.Guise.desktop"
guise purge --yes
test ! -e "$HOME/.config/guise" -a ! -e "$HOME/.local/state/guise" -a ! -e "$XDG_RUNTIME_DIR/guise"
echo "a purge left nothing" >&2
THERE
in_root su person -c 'exec xvfb-run --auto-servernum --server-args="-screen 0 1280x900x24" dbus-run-session -- sh /start-there.sh'
cp "$root/home/person/screen.png" "$target/packages/screen.png"

say "--- take it out again"
in_root apt-get purge --yes -qq guise >/dev/null
if in_root sh -c 'ls -d /usr/bin/guise* /usr/share/*/guise* /usr/share/*/org.guise* 2>/dev/null'; then
    fail "the package left something behind"
fi
say "the package is right; a picture is in $target/packages/screen.png"
