#!/usr/bin/env bash
# Makes a .deb and an .rpm of what `make release` built, with Tauri's bundler, and puts them into a folder.
#
#   tools/package.sh TARGET    from TARGET/release and TARGET/documents into TARGET/packages
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(cd "${1:?}" && pwd)
id=org.guise.Guise
stage=$target/package-files
rm -rf "$stage" "$target/packages" "$target/release/bundle"
mkdir -p "$stage/man1" "$target/packages"

# The bundler names its own entry and icons after the program. Ours have the application's name, as the window, the
# notifications and the metadata do, so the bundler's entry is one that the desktop takes for none, and it gets no icon.
cat >"$stage/hidden.desktop" <<'ENTRY'
[Desktop Entry]
# The entry is org.guise.Guise.desktop.
Type=Application
Name=Guise
Exec=guise-desktop
Hidden=true
ENTRY

# Without a date and a name inside, so that equal pages make equal packages.
cp "$target"/documents/man1/*.1 "$stage/man1"
cp CHANGELOG.md "$stage/changelog"
# What others wrote goes with their own words.
node tools/notices.mjs >"$stage/third-party.txt"
gzip -9nk "$stage/third-party.txt"
gzip -9n "$stage"/man1/*.1 "$stage/changelog"

# Which licence, in the form that Debian's tools read.
cat >"$stage/copyright" <<'COPYRIGHT'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Guise

Files: *
Copyright: 2026 The Guise contributors
License: Apache-2.0
 On Debian systems, the full text of the Apache License 2.0 is in
 /usr/share/common-licenses/Apache-2.0.
Comment: The packages of others that the programs are built with, their
 copyright and their licences are in /usr/share/doc/guise/third-party.txt.gz.
COPYRIGHT

# The libraries that the programs were linked with, as packages and their least versions, where Debian's tools are here.
libraries=
if command -v dpkg-shlibdeps >/dev/null; then
    mkdir "$stage/debian"
    : >"$stage/debian/control"
    libraries=$(cd "$stage" && dpkg-shlibdeps -O "$target/release/guise" "$target/release/guise-desktop" 2>/dev/null)
    libraries=${libraries#shlibs:Depends=}
fi

python3 - "$target" "$stage" "$id" "$libraries" >"$stage/bundle.json" <<'PYTHON'
import json, pathlib, sys

target, stage, name, libraries = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4]
root, documents = pathlib.Path.cwd(), target / "documents"

files = {
    "/usr/bin/guise": target / "release/guise",
    f"/usr/share/applications/{name}.desktop": root / f"src-tauri/linux/{name}.desktop",
    f"/usr/share/metainfo/{name}.metainfo.xml": root / f"src-tauri/linux/{name}.metainfo.xml",
    f"/usr/share/icons/hicolor/scalable/apps/{name}.svg": root / "icons/mask.svg",
}
drawn = {256: "128x128@2x.png", 512: "icon.png"}
for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
    picture = root / "icons" / drawn.get(size, f"{size}x{size}.png")
    files[f"/usr/share/icons/hicolor/{size}x{size}/apps/{name}.png"] = picture
for page in sorted((stage / "man1").iterdir()):
    files[f"/usr/share/man/man1/{page.name}"] = page
for program in ("guise", "guise-desktop"):
    files[f"/usr/share/bash-completion/completions/{program}"] = documents / "bash" / program
    files[f"/usr/share/fish/vendor_completions.d/{program}.fish"] = documents / "fish" / f"{program}.fish"

zsh = {"deb": "vendor-completions", "rpm": "site-functions"}
licence = {
    "deb": {
        "/usr/share/doc/guise/copyright": stage / "copyright",
        "/usr/share/doc/guise/changelog.gz": stage / "changelog.gz",
        "/usr/share/doc/guise/third-party.txt.gz": stage / "third-party.txt.gz",
    },
    "rpm": {
        "/usr/share/licenses/guise/LICENSE": root / "LICENSE",
        "/usr/share/licenses/guise/third-party.txt": stage / "third-party.txt",
        "/usr/share/doc/guise/CHANGELOG.md": root / "CHANGELOG.md",
    },
}

def files_of(kind):
    mine = {f"/usr/share/zsh/{zsh[kind]}/_{program}": documents / "zsh" / f"_{program}" for program in ("guise", "guise-desktop")}
    return {path: str(file) for path, file in {**files, **mine, **licence[kind]}.items()}

base = json.loads((root / "src-tauri/tauri.conf.json").read_text())["bundle"]["linux"]["deb"]["depends"]
# The bundler names the web view and GTK itself.
linked = [each for each in libraries.split(", ") if each and not each.startswith(("libwebkit2gtk", "libgtk-3"))]

print(json.dumps({"bundle": {
    "icon": ["../icons/icon.ico"],
    "linux": {
        "deb": {
            "depends": linked + [each for each in base if each.split()[0] not in {each.split()[0] for each in linked}],
            "desktopTemplate": str(stage / "hidden.desktop"),
            "files": files_of("deb"),
        },
        "rpm": {"desktopTemplate": str(stage / "hidden.desktop"), "files": files_of("rpm")},
    },
}}, indent=2))
PYTHON

# The bundler writes into the program what kind of package it is in; the one in TARGET/release stays as it was built.
cp -p "$target/release/guise-desktop" "$stage/guise-desktop"
trap 'mv -f "$stage/guise-desktop" "$target/release/guise-desktop"' EXIT
CARGO_TARGET_DIR=$target tools/node_modules/.bin/tauri bundle --ci --bundles deb,rpm --config "$stage/bundle.json"

for package in "$target"/release/bundle/deb/*.deb "$target"/release/bundle/rpm/*.rpm; do
    name=$(basename "$package")
    # As the package inside is called.
    cp "$package" "$target/packages/${name/#Guise/guise}"
done
rm -rf "$target/release/bundle"
printf '%s\n' "$target"/packages/*
