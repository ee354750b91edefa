//! State files that are newer than we are, broken, closed to us, or written by several at once.

use serde_json::json;

use super::*;
use crate::failure::Code;

fn kept(folder: &tempfile::TempDir) -> Kept {
    Kept::in_folder(folder.path(), "thing")
}

fn names(folder: &tempfile::TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_a_newer_version_wrote_survives() {
    let folder = tempfile::tempdir().unwrap();
    let newer =
        json!({ "ours": 1, "theirs": { "deep": [1, null, "ü"], "large": 9_007_199_254_740_993_u64 } });
    fs::write(kept(&folder).path(), newer.to_string()).unwrap();
    kept(&folder).change(|whole| drop(whole.insert("ours".into(), json!(2)))).unwrap();
    let mut expected = newer;
    expected["ours"] = json!(2);
    assert_eq!(Value::from(kept(&folder).read().unwrap()), expected);
}

#[test]
fn a_broken_file_is_put_aside_and_never_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut broken = 0;
    for text in ["{", "", "[]", "null", "\u{0}\u{0}", "\u{feff}{}", r#"{"a": 1} x"#] {
        fs::write(kept(&folder).path(), text).unwrap();
        assert!(kept(&folder).read().unwrap().is_empty(), "{text}");
        broken += 1;
        let ending = if broken == 1 { String::new() } else { format!("-{broken}") };
        let aside = folder.path().join(format!("thing.broken{ending}.json"));
        assert_eq!(fs::read_to_string(aside).unwrap(), text);
        assert!(!kept(&folder).path().exists());
    }
    kept(&folder).change(|whole| drop(whole.insert("a".into(), json!(1)))).unwrap();
    assert_eq!(kept(&folder).read().unwrap().len(), 1);
}

#[test]
fn a_file_truncated_at_any_byte_is_whole_or_put_aside() {
    let whole = serde_json::to_vec_pretty(&json!({ "recents": ["a", "b"], "n": 1 })).unwrap();
    for length in 0..=whole.len() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(kept(&folder).path(), &whole[..length]).unwrap();
        kept(&folder).change(|whole| drop(whole.insert("new".into(), json!(true)))).unwrap();
        let found = kept(&folder).read().unwrap();
        assert_eq!(found["new"], true);
        if length == whole.len() {
            assert_eq!(found.len(), 3);
        } else {
            assert_eq!(fs::read(folder.path().join("thing.broken.json")).unwrap(), &whole[..length]);
        }
    }
}

#[test]
fn what_cannot_be_read_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(kept(&folder).path()).unwrap();
    fs::write(kept(&folder).path().join("inside"), "kept").unwrap();
    let failure = kept(&folder).change(|whole| drop(whole.insert("a".into(), json!(1)))).unwrap_err();
    assert_eq!(failure.code, Code::StateUnreadable);
    assert!(failure.message.contains("thing.json` cannot be read: it is not an ordinary file"), "{failure}");
    assert!(kept(&folder).read_or_begin().is_empty());
    assert_eq!(fs::read_to_string(kept(&folder).path().join("inside")).unwrap(), "kept");
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_link_to_nowhere_is_left_alone_at_once() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("nowhere", kept(&folder).path()).unwrap();
    assert_eq!(kept(&folder).read().unwrap_err().code, Code::StateUnreadable);
    assert!(kept(&folder).path().is_symlink());
    fs::remove_file(kept(&folder).path()).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, kept(&folder).path(), rustix::fs::FileType::Fifo, 0o600.into(), 0)
        .unwrap();
    assert_eq!(kept(&folder).read().unwrap_err().code, Code::StateUnreadable);
}

#[cfg(unix)]
#[test]
fn a_link_that_somebody_made_stays_one() {
    let (folder, dotfiles) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let theirs = dotfiles.path().join("thing.json");
    fs::write(&theirs, "{}").unwrap();
    std::os::unix::fs::symlink(&theirs, kept(&folder).path()).unwrap();
    kept(&folder).change(|whole| drop(whole.insert("a".into(), json!(1)))).unwrap();
    assert!(kept(&folder).path().is_symlink());
    assert!(fs::read_to_string(theirs).unwrap().contains("\"a\": 1"));
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let kept = kept(&folder);
            scope.spawn(move || {
                for number in 0..10 {
                    let key = format!("{writer}-{number}");
                    kept.change(|whole| drop(whole.insert(key, json!(1)))).unwrap();
                }
            });
        }
    });
    assert_eq!(kept(&folder).read().unwrap().len(), 80);
    assert_eq!(names(&folder), ["state.lock", "thing.json"]);
}

#[test]
fn nothing_is_written_where_nothing_changed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(kept(&folder).path(), "{\"a\":1}").unwrap();
    kept(&folder).change(|whole| drop(whole.insert("a".into(), json!(1)))).unwrap();
    assert_eq!(fs::read_to_string(kept(&folder).path()).unwrap(), "{\"a\":1}");
}
