# The only commands that a newcomer needs. `make` alone lists them.

# Where cargo builds, whoever chose it. The AWS tools for the tests live there too.
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
export CARGO_TARGET_DIR := $(TARGET)
export GUISE_TEST_VENV := $(TARGET)/venv

# The window's page is built again only when something that goes into it has changed: a new page means
# linking the program again.
UI_SOURCES := $(shell find ui \( -path ui/node_modules -o -path ui/dist \) -prune -o -type f -print 2>/dev/null)

# Without a display the demo brings its own, which is the one that the tests use.
RUN_NEEDS := $(if $(or $(DISPLAY),$(WAYLAND_DISPLAY),$(filter-out Linux,$(shell uname -s))),build,test)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test prove bench pictures lint ui build release install uninstall package clean setup-build setup-lint setup-test setup-run setup-package

help: ## list what make can do
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: setup-run ui/dist/index.html ## try Guise on a simulated AWS, in a home of its own
	cargo build --workspace
	"$(TARGET)/debug/guise-demo"

test: setup-test ui/dist/index.html ## every test: page, core, command line, real desktop
	npm --prefix ui run check
	npm --prefix ui test
	npm --prefix ui run test:browser
	cargo build --workspace --features guise-desktop/automation
	cp "$(TARGET)/debug/guise-desktop" "$(TARGET)/debug/guise-desktop-automation"
	cargo build --workspace
	cargo test --workspace --no-fail-fast

# The two programs differ in nothing else. Only the desktop's tests run programs; the others are for any build.
prove: setup-test ui/dist/index.html ## the desktop's tests once more, on programs built as they ship
	cargo build --release --locked -p guise -p guise-desktop --features guise-desktop/automation
	cp "$(TARGET)/release/guise-desktop" "$(TARGET)/release/guise-desktop-automation"
	cargo build --release --locked -p guise -p guise-desktop
	GUISE_TEST_PROGRAMS="$(TARGET)/release" cargo test --workspace --test guise --no-fail-fast

bench: setup-test ui/dist/index.html ## take the figures of docs/figures.md anew; wants a quiet machine
	cargo build --release -p guise -p guise-desktop
	cargo build --release -p bench
	cargo bench -p bench --bench in_process
	"$(TARGET)/release/bench"

pictures: setup-test ui/dist/index.html ## take the pictures of the README and the guide anew; a person looks at each
	cargo build --workspace
	cargo test --workspace --test guise -- --ignored every_window_is_pictured

lint: setup-lint ui/dist/index.html ## formatting, clippy, types, licences and banned crates
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo deny --log-level error check bans licenses sources
	npm --prefix ui run --if-present lint

ui: setup-build ui/dist/index.html ## build the window's page into ui/dist

build: setup-build ui/dist/index.html ## build every program, for debugging
	cargo build --workspace

release: setup-build ui/dist/index.html ## build the programs as they are installed, their man pages and completions
	cargo build --release --locked --package guise --package guise-desktop --bins --examples
	"$(TARGET)/release/examples/documents" "$(TARGET)/documents"

# Who installs as root built as themselves before.
install: $(if $(SUDO_USER),,release) ## install into PREFIX (/usr/local for root, else ~/.local)
	@tools/install.sh install "$(TARGET)/release" "$(TARGET)/documents"

uninstall: ## remove what was installed, and offer to take out what Guise keeps
	@tools/install.sh uninstall

package: setup-package release ## a .deb and an .rpm, in target/packages
	@tools/package.sh "$(TARGET)"

clean: ## remove what was built (in CARGO_TARGET_DIR too, where that is set)
	cargo clean
	rm -rf ui/dist

ui/dist/index.html: $(UI_SOURCES)
	npm --prefix ui run build
	@touch $@

setup-build setup-lint setup-test setup-package: setup-%:
	@tools/setup.sh $*

setup-run:
	@tools/setup.sh $(RUN_NEEDS)
