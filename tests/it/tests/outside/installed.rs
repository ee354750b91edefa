//! What is installed beside the programs, and the script that puts it there and takes it out again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use desktop_tests::{DesktopSession, PanelState, Result, SessionConfig, finish_with};

use crate::world::COMMAND;

/// Each command that a person can type, and one option of it.
const COMMANDS: [(&str, &str); 8] = [
    ("guise-source-add", "access-key-id"),
    ("guise-role-add", "session-name"),
    ("guise-role-edit", "no-favourite"),
    ("guise-console", "print"),
    ("guise-credentials", "copy"),
    ("guise-agent", "home"),
    ("guise-settings", "json"),
    ("guise-purge", "yes"),
];

#[test]
fn the_man_pages_and_completions_name_every_command() {
    let folder = documents();
    let read = |path: &str| {
        fs::read_to_string(folder.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let top = read("man1/guise.1");
    for part in ["GUISE_HOME", "catalog.toml", "guise\\-source(1)"] {
        assert!(top.contains(part), "no {part} in\n{top}");
    }
    assert!(!top.contains("clipboard"), "a hidden command is documented");
    assert!(read("man1/guise-desktop.1").contains("\\-\\-login"));
    let scripts =
        [("bash/guise", ""), ("zsh/_guise", ""), ("fish/guise.fish", "")].map(|(path, _)| read(path));
    for (command, option) in COMMANDS {
        let page = read(&format!("man1/{command}.1"));
        assert!(page.contains(&option.replace('-', "\\-")), "{command}: no --{option} in\n{page}");
        let last = command.rsplit('-').next().unwrap_or_default();
        for script in &scripts {
            assert!(script.contains(last) && script.contains(option), "{command} --{option}");
        }
    }
    for (shell, script) in [("bash", "bash/guise"), ("zsh", "zsh/_guise"), ("fish", "fish/guise.fish")] {
        // Each is read by its shell, where that is here.
        let checked = Command::new(shell).arg("-n").arg(folder.path().join(script)).output();
        assert!(checked.is_err() || checked.is_ok_and(|output| output.status.success()), "{script}");
    }
}

#[test]
fn what_is_installed_can_be_started_from_the_menu_and_is_removed_to_the_last_file() -> Result<()> {
    let config = SessionConfig { panel: PanelState::Absent, ..SessionConfig::default() };
    let session = DesktopSession::start_with("installed", config)?;
    let documents = documents();
    let programs = tempfile::tempdir().expect("a folder");
    let started = session.home().join("started");
    for name in ["guise", "guise-desktop"] {
        let program = programs.path().join(name);
        let script = format!("#!/bin/sh\nprintf '%s' \"$0\" >'{}'\n", started.display());
        fs::write(&program, script).expect("a stand-in");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("its mode");
    }
    let prefix = session.home().join(r#"a b"c\d$e`f%g'h=é;~"#);
    let share = prefix.join("share");
    fs::create_dir_all(share.join("applications")).expect("somebody else's folder");
    fs::write(share.join("applications/other.desktop"), "theirs").expect("somebody else's file");
    let before = tree(&prefix);
    let run = |arguments: &[&Path]| -> Result<(bool, String)> {
        let mut command = session.command(root().join("tools/install.sh"));
        command.args(arguments).env("PREFIX", &prefix);
        let finished = finish_with(command, &[], COMMAND)?;
        Ok((finished.status.success(), finished.stderr))
    };
    let install = || -> Result<String> {
        let (installed, words) = run(&[Path::new("install"), programs.path(), documents.path()])?;
        assert!(installed, "{words}");
        Ok(words)
    };

    let words = install()?;
    assert!(words.contains("is not on PATH yet"), "{words}");
    let entry = share.join("applications/org.guise.Guise.desktop");
    let mut check = session.command("desktop-file-validate");
    check.arg(&entry);
    let mut check = session.run("validate", check)?;
    assert!(check.wait(COMMAND)?.success() && check.log().is_empty(), "{}", check.log());
    let mut launch = session.command("gio");
    launch.arg("launch").arg(&entry);
    assert!(session.run("launch", launch)?.wait(COMMAND)?.success());
    let path = session.wait_for("the program", COMMAND, || {
        fs::read_to_string(&started).ok().filter(|text| !text.is_empty())
    })?;
    assert_eq!(Path::new(&path), prefix.join("bin/guise-desktop"));
    for path in [
        "bin/guise",
        "share/man/man1/guise-role-add.1",
        "share/bash-completion/completions/guise",
        "share/zsh/site-functions/_guise",
        "share/fish/vendor_completions.d/guise.fish",
        "share/icons/hicolor/48x48/apps/org.guise.Guise.png",
        "share/icons/hicolor/scalable/apps/org.guise.Guise.svg",
        "share/metainfo/org.guise.Guise.metainfo.xml",
    ] {
        assert!(prefix.join(path).is_file(), "{path}");
    }

    // A newer version without a file of the older one's takes that out.
    let list = share.join("guise/installed");
    fs::write(prefix.join("bin/guise-old"), "old").expect("an old file");
    let listed = fs::read_to_string(&list).expect("the list") + "bin/guise-old\n";
    fs::write(&list, listed).expect("the list can be written");
    install()?;
    assert!(!prefix.join("bin/guise-old").exists());

    let (removed, words) = run(&[Path::new("uninstall")])?;
    assert!(removed && words.contains("guise purge"), "{words}");
    assert_eq!(tree(&prefix), before);
    let (again, words) = run(&[Path::new("uninstall")])?;
    assert!(!again && words.contains("the same PREFIX"), "{words}");
    Ok(())
}

#[test]
fn an_install_that_lacks_a_part_says_so_and_one_that_is_cut_short_can_be_taken_out() {
    let (documents, folder) = (documents(), tempfile::tempdir().expect("a folder"));
    let (programs, prefix) = (folder.path().join("programs"), folder.path().join("prefix"));
    fs::create_dir_all(&programs).expect("a folder");
    fs::create_dir_all(&prefix).expect("a folder");
    for name in ["guise", "guise-desktop"] {
        fs::write(programs.join(name), "#!/bin/sh\n").expect("a stand-in");
        fs::set_permissions(programs.join(name), fs::Permissions::from_mode(0o755)).expect("its mode");
    }
    let run = |arguments: &[&Path]| {
        let mut command = Command::new(root().join("tools/install.sh"));
        let command = command.args(arguments).env("PREFIX", &prefix).env("PURGE", "no").env_remove("DESTDIR");
        let finished = command.output().expect("it runs");
        (finished.status.success(), String::from_utf8_lossy(&finished.stderr).into_owned())
    };
    let (installed, words) = run(&[Path::new("install"), &programs, Path::new("/nodocs")]);
    assert!(!installed && words.starts_with("error: `/nodocs/bash/guise` is not there"), "{words}");
    assert!(words.contains("hint: run `make release` first"), "{words}");
    assert_eq!(tree(&prefix), Vec::<PathBuf>::new());

    // Something stands where a late file has to go.
    let in_the_way = prefix.join("share/metainfo");
    fs::create_dir_all(in_the_way.parent().expect("a folder")).expect("a folder");
    fs::write(&in_the_way, "").expect("a file");
    let before = tree(&prefix);
    let (installed, words) = run(&[Path::new("install"), &programs, documents.path()]);
    assert!(!installed && prefix.join("bin/guise").exists(), "{words}");
    let (removed, words) = run(&[Path::new("uninstall")]);
    assert!(removed, "{words}");
    assert_eq!(tree(&prefix), before);
}

/// The man pages and completions, written anew.
fn documents() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let writer = desktop_tests::programs().expect("the programs").join("examples/documents");
    assert!(writer.is_file(), "no `{}`; cargo build --workspace --examples puts it there", writer.display());
    let written = Command::new(writer).arg(folder.path()).output().expect("it runs");
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    folder
}

fn tree(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).expect("a folder").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path.clone());
            }
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace")
}
