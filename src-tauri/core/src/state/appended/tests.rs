//! The file under several processes, under those who move it away, and where there is no room.

use std::collections::BTreeMap;
use std::process::Command;

use super::*;

/// Tells a child process of a test where to write, and who it is.
const PATH: &str = "GUISE_TEST_APPENDED";
const WRITER: &str = "GUISE_TEST_WRITER";
const WRITERS: usize = 6;
const LINES: usize = 400;
const LINE: usize = 64;

fn line(writer: usize, number: usize) -> String {
    format!("{writer} {number:0>width$}\n", width = LINE - 3)
}

/// Not a test of its own: what one process of the test below does.
#[test]
#[ignore = "run by another test, in a process of its own"]
fn a_process_adds_its_lines() {
    let (Some(path), Ok(writer)) = (std::env::var_os(PATH), std::env::var(WRITER)) else { return };
    let mut file = Appended::at(Path::new(&path), (WRITERS * LINES * LINE / 2) as u64);
    for number in 0..LINES {
        file.append(line(writer.parse().unwrap(), number).as_bytes()).unwrap();
    }
}

#[test]
fn several_processes_add_at_once_and_lose_no_line_where_the_file_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines");
    let this = std::env::current_exe().unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let mut command = Command::new(&this);
            command.args(["--exact", "state::appended::tests::a_process_adds_its_lines", "--ignored"]);
            command.env(PATH, &path).env(WRITER, writer.to_string()).stdout(std::process::Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    let (first, second) = (fs::read_to_string(before(&path)).unwrap(), fs::read_to_string(&path).unwrap());
    // It begins anew once it is full and not before. While one process moves it the others go on, for as long as that one is
    // kept from its work, so that how much larger it may become is nobody's promise.
    assert!(!second.is_empty() && first.len() >= WRITERS * LINES * LINE / 2, "{}", first.len());
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for each in first.lines().chain(second.lines()) {
        let writer = each.split(' ').next().unwrap().parse().unwrap();
        found.entry(writer).or_default().push(format!("{each}\n"));
    }
    for writer in 0..WRITERS {
        let lines: Vec<String> = (0..LINES).map(|number| line(writer, number)).collect();
        // A line that was on its way while the file was moved may stand before the new file's first.
        let mut theirs = found.remove(&writer).unwrap();
        theirs.sort();
        assert_eq!(theirs, lines, "{writer}");
    }
    assert!(found.is_empty());
}

#[test]
fn no_more_than_two_files_of_their_size_are_ever_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines");
    let mut file = Appended::at(&path, 1000);
    for number in 0..500 {
        file.append(line(0, number).as_bytes()).unwrap();
        assert!(fs::metadata(&path).unwrap().len() <= 1000);
    }
    assert!(fs::metadata(before(&path)).unwrap().len() <= 1000);
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(fs::read_to_string(&path).unwrap().ends_with(&line(0, 499)));
    // A line that is larger than the whole file is still kept.
    file.append("x".repeat(5000).as_bytes()).unwrap();
}

#[test]
fn a_file_that_was_taken_away_is_made_again_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/lines");
    let mut file = Appended::at(&path, 1000);
    file.append(b"one\n").unwrap();
    fs::remove_dir_all(folder.path().join("state")).unwrap();
    file.append(b"two\n").unwrap();
    fs::rename(&path, folder.path().join("elsewhere")).unwrap();
    file.append(b"three\n").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "three\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[test]
fn a_line_that_was_torn_spoils_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines");
    fs::write(&path, b"one\ntw").unwrap();
    let mut file = Appended::at(&path, 1000);
    file.append(b"three\n").unwrap();
    file.append(b"four\n").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntw\nthree\nfour\n");
}

#[test]
fn what_is_no_file_is_left_alone_and_taken_up_again_once_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines");
    fs::create_dir(&path).unwrap();
    let mut file = Appended::at(&path, 1000);
    assert!(file.check().is_err());
    assert!(file.append(b"one\n").is_err());
    fs::remove_dir(&path).unwrap();
    file.append(b"two\n").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "two\n");
}
