//! What may stand where the catalog should be: read or refused, explained, and never written over.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;

use desktop_tests::Result;

use super::{HEAD, Stage, role};
use crate::world::{EC2, World};

const PERSON: u32 = 65_534;
const OTHER: u32 = 4712;

fn catalog() -> String {
    format!("{HEAD}{}", role("Known", "ada"))
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it can be changed");
}

fn pipe(path: &Path) {
    let open = rustix::fs::Mode::from_raw_mode(0o666);
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, open, 0).expect("a pipe");
}

/// A file that stands where the catalog should, what is said of it, and the command that mends it.
struct Row {
    name: &'static str,
    put: fn(&Stage),
    said: &'static str,
    mended_by: &'static str,
}

const ROWS: [Row; 13] = [
    Row {
        name: "no TOML",
        put: |stage| stage.write("[roles"),
        said: "is not right: line 1: unclosed table",
        mended_by: "cp HOME/state/catalog.last.toml CATALOG",
    },
    Row {
        name: "empty",
        put: |stage| stage.write(""),
        said: "is empty, and Guise did not empty it",
        mended_by: "rm CATALOG",
    },
    Row {
        name: "zeroes",
        put: |stage| stage.write("\0".repeat(4096)),
        said: "is empty, and Guise did not empty it",
        mended_by: "cp HOME/state/catalog.last.toml CATALOG",
    },
    Row {
        name: "not UTF-8",
        put: |stage| stage.write(b"# gr\xfcn\n"),
        said: "is not text in UTF-8",
        mended_by: "save it again from an editor",
    },
    Row {
        name: "50 MiB",
        put: |stage| stage.write("# x\n".repeat(50 * 1024 * 1024 / 4)),
        said: "is larger than 16 MiB",
        mended_by: "mv CATALOG",
    },
    Row {
        name: "no permission",
        put: |stage| mode(&stage.catalog(), 0),
        said: "may not be read",
        mended_by: "chmod u+rw CATALOG",
    },
    Row {
        name: "its group may write",
        put: |stage| mode(&stage.catalog(), 0o620),
        said: "may be written by other users",
        mended_by: "chmod go-w CATALOG",
    },
    Row {
        name: "everybody may write",
        put: |stage| mode(&stage.catalog(), 0o646),
        said: "may be written by other users",
        mended_by: "chmod go-w CATALOG",
    },
    Row {
        name: "another user's",
        put: |stage| {
            mode(&stage.catalog(), 0o644);
            chown(stage.catalog(), Some(OTHER), Some(OTHER)).expect("it can be given away");
        },
        said: "belongs to another user (4712)",
        mended_by: "sudo chown 65534 CATALOG",
    },
    Row {
        name: "a link to another user's",
        put: |stage| {
            let theirs = stage.home().join("theirs.toml");
            fs::rename(stage.catalog(), &theirs).expect("it can be moved");
            mode(&theirs, 0o644);
            chown(&theirs, Some(OTHER), Some(OTHER)).expect("it can be given away");
            symlink(theirs, stage.catalog()).expect("a link");
        },
        said: "belongs to another user (4712)",
        mended_by: "sudo chown 65534 CATALOG",
    },
    Row {
        name: "a link that leads nowhere",
        put: |stage| {
            fs::remove_file(stage.catalog()).expect("it can be removed");
            symlink(stage.home().join("nowhere"), stage.catalog()).expect("a link");
        },
        said: "is a link that leads nowhere",
        mended_by: "rm CATALOG",
    },
    Row {
        name: "a folder",
        put: |stage| {
            fs::remove_file(stage.catalog()).expect("it can be removed");
            fs::create_dir(stage.catalog()).expect("a folder");
        },
        said: "is not an ordinary file",
        mended_by: "mv CATALOG",
    },
    Row {
        name: "a pipe",
        put: |stage| {
            fs::remove_file(stage.catalog()).expect("it can be removed");
            pipe(&stage.catalog());
        },
        said: "is not an ordinary file",
        mended_by: "mv CATALOG",
    },
];

#[test]
fn f14_whatever_stands_in_the_catalogs_place_is_explained_and_never_written_over() {
    for row in ROWS {
        let stage = Stage::of(PERSON, &catalog());
        (row.put)(&stage);
        let before = looks(&stage.catalog());
        let read = stage.run(&["role", "list"]);
        let row_said = |stderr: &str, kind: &str| {
            let path = stage.catalog().to_string_lossy().into_owned();
            assert!(
                stderr.starts_with(&format!("{kind}: the catalog `{path}` {}", row.said)),
                "{}: {stderr}",
                row.name
            );
            let mend =
                row.mended_by.replace("CATALOG", &path).replace("HOME", &stage.home().to_string_lossy());
            assert!(
                stderr.contains(&format!("hint: {mend}")) || stderr.contains(&mend),
                "{}: {stderr}",
                row.name
            );
        };
        assert_eq!(read.code, 0, "{}: {}", row.name, read.stderr);
        assert!(
            read.stdout.starts_with("Known  "),
            "{}: the last good one is used: {}",
            row.name,
            read.stdout
        );
        row_said(&read.stderr, "warning");
        for write in [&["role", "edit", "Known", "--favourite"][..], &["role", "remove", "Known"][..]] {
            let refused = stage.run(write);
            assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{}", row.name);
            row_said(&refused.stderr, "error");
        }
        assert_eq!(looks(&stage.catalog()), before, "{}: it is left as it was", row.name);
        assert_eq!(fs::read_to_string(stage.last_good()).expect("a copy"), catalog(), "{}", row.name);
        assert_eq!(stage.left_behind(), Vec::<std::path::PathBuf>::new(), "{}", row.name);
    }
}

/// Everything about a file that a program could change.
fn looks(path: &Path) -> String {
    let found = fs::symlink_metadata(path).expect("something is there");
    let content = if found.is_file() { fs::read(path).ok() } else { None };
    let content = content.map(|bytes| (bytes.len(), bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>()));
    format!("{:?} {:?} {:?} {content:?}", found.file_type(), found.permissions(), found.modified())
}

#[test]
fn f14_a_link_into_dotfiles_stays_a_link_and_a_file_that_root_hands_out_is_used() {
    let stage = Stage::of(PERSON, &catalog());
    let dotfiles = stage.home().join("dotfiles");
    fs::create_dir(&dotfiles).expect("a folder");
    stage.own(&dotfiles, 0o700);
    let real = dotfiles.join("guise.toml");
    fs::rename(stage.catalog(), &real).expect("it can be moved");
    symlink(&real, stage.catalog()).expect("a link");
    stage.run(&["role", "edit", "Known", "--favourite"]).succeeded();
    assert!(fs::symlink_metadata(stage.catalog()).expect("it is there").is_symlink());
    assert!(fs::read_to_string(&real).expect("it is there").contains("favourite = true"));

    chown(&real, Some(0), Some(0)).expect("it can be given away");
    mode(&real, 0o644);
    let list = stage.run(&["role", "list"]).succeeded();
    assert_eq!((list.stdout.contains("Known"), list.stderr.as_str()), (true, ""));
}

#[test]
fn f14_a_pipe_in_the_locks_place_is_not_waited_for() {
    let stage = Stage::new(&catalog());
    let lock = stage.config().join("catalog.toml.lock");
    fs::remove_file(&lock).expect("it is there");
    pipe(&lock);
    let refused = stage.run(&["role", "edit", "Known", "--favourite"]);
    let said = format!("error: `{}` could not be written: ", lock.display());
    assert!(refused.code == 1 && refused.stderr.starts_with(&said), "{}", refused.stderr);
    assert_eq!(stage.text(), catalog());
    assert!(stage.run(&["role", "list"]).succeeded().stdout.contains("Known"));
}

#[test]
fn f14_line_ends_and_a_mark_survive_a_save() {
    let stage = Stage::new(&catalog());
    let text = format!("\u{feff}{}", catalog().replace('\n', "\r\n"));
    stage.write(&text);
    stage.run(&["role", "edit", "Known", "--favourite"]).succeeded();
    assert_eq!(stage.text(), format!("{text}favourite = true\r\n"));
}

#[test]
fn f14_a_catalog_that_is_deleted_begins_anew_and_can_be_had_back() {
    let stage = Stage::new(&catalog());
    fs::remove_file(stage.catalog()).expect("it can be removed");
    let list = stage.run(&["role", "list"]).succeeded();
    assert_eq!(list.stdout, "");
    let path = stage.catalog().to_string_lossy().into_owned();
    let back = format!("to have the old one back: cp {} {path}", stage.last_good().display());
    assert!(list.stderr.contains("is not there any more") && list.stderr.contains(&back), "{}", list.stderr);
    // What the hint says does what it says.
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", back.split_once(": ").expect("a command").1]);
    super::answered(stage.dressed(shell)).succeeded();
    let list = stage.run(&["role", "list"]).succeeded();
    assert_eq!((list.stdout.contains("Known"), list.stderr.as_str()), (true, ""));
}

#[test]
fn f14_credentials_are_given_from_the_last_good_catalog_with_a_warning() -> Result<()> {
    let world = World::with_roles("last-good")?;
    world.credentials()?;
    world.guise()?.edit_catalog("\n[roles.broken\n")?;
    let answered = world.run(&["credentials", EC2, "--format", "json"])?;
    assert_eq!(answered.code, 0, "{}", answered.stderr);
    assert!(answered.stdout.contains("SessionToken"));
    assert!(answered.stderr.starts_with("warning: the catalog `"), "{}", answered.stderr);
    world.finish()
}
