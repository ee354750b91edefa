//! Disks that are full or broken, at each call of a save; and the order of those calls, which a power cut would show.

use std::collections::BTreeSet;
use std::path::Path;

use faults::syscalls::{Call, Effect, Fault, Trace};

use super::{HEAD, Stage, answered, role};
use crate::world::Answered;

fn catalog(session: &str) -> String {
    format!("{HEAD}{}", role("Known", session))
}

/// Saves with the calls written down, and one of them going wrong.
fn saved(stage: &Stage, session: &str, fault: Option<&Fault>) -> (Answered, Vec<Call>) {
    let trace = Trace::into(&stage.home().join("trace"));
    let (program, arguments) = stage.invocation(&["role", "edit", "Known", "--session-name", session]);
    let answered = answered(stage.dressed(trace.command(&program, &arguments, fault)));
    (answered, trace.calls().expect("strace wrote them down"))
}

/// The calls of a save, from the lock on: each with how many of its name came before it and itself.
fn of_the_save(calls: &[Call]) -> Vec<(String, usize)> {
    let lock = calls.iter().position(|call| call.arguments.contains("catalog.toml.lock")).expect("it locks");
    let numbered = |(place, call): (usize, &Call)| {
        (call.name.clone(), calls[..=place].iter().filter(|other| other.name == call.name).count())
    };
    calls.iter().enumerate().skip(lock).map(numbered).collect()
}

#[test]
fn f11_f12_a_full_or_broken_disk_at_any_call_of_a_save_leaves_the_old_or_the_new_catalog() {
    let stage = Stage::new(&catalog("old"));
    let (first, calls) = saved(&stage, "first", None);
    first.succeeded();
    let calls = of_the_save(&calls);
    assert!(calls.len() > 10, "{calls:?}");
    let (mut refused, mut done, mut session) = (0, 0, 0);
    for (call, when) in calls {
        let effects: &[Effect] = match call.as_str() {
            "write" | "openat" => &[Effect::NoSpace, Effect::Broken],
            "fsync" | "rename" | "renameat" | "renameat2" | "flock" => &[Effect::Broken],
            _ => continue,
        };
        for effect in effects {
            session += 1;
            let (old, new) = (stage.text(), format!("ada{session}"));
            let fault = Fault { call: call.clone(), when, effect: *effect };
            let (answered, calls) = saved(&stage, &new, Some(&fault));
            assert!(calls.iter().any(|call| call.failed_by_us), "{fault:?} did not come to pass");
            let text = stage.text();
            assert!(text == old || text == catalog(&new), "{fault:?}:\n{text}");
            if answered.code == 0 {
                done += 1;
                assert_eq!(text, catalog(&new), "{fault:?}");
            } else {
                refused += 1;
                let path = stage.config().join("catalog.toml").to_string_lossy().into_owned();
                let reason =
                    if matches!(effect, Effect::NoSpace) { "No space left" } else { "Input/output error" };
                let sentence = answered.stderr.lines().next().unwrap_or_default();
                assert!(
                    sentence.starts_with("error: ") && sentence.contains(&path),
                    "{fault:?}: {}",
                    answered.stderr
                );
                assert!(sentence.contains(reason), "{fault:?}: {}", answered.stderr);
                assert!(answered.stderr.contains("\nhint: "), "{fault:?}: {}", answered.stderr);
                if answered.stderr.contains("what stood there before still does") {
                    assert_eq!(text, old, "{fault:?}");
                }
            }
            assert!(stage.left_behind().is_empty(), "{fault:?} left {:?}", stage.left_behind());
        }
    }
    println!("{refused} refused, {done} done all the same");
    assert!(refused >= 6 && done >= 1, "{refused} refused, {done} done: the test is blind");
    let (last, _) = saved(&stage, "last", None);
    last.succeeded();
    assert_eq!(stage.text(), catalog("last"));
}

/// What a save does to the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Written,
    Synced,
    Renamed,
    FolderSynced,
}

/// What can stand in the catalog's place after a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum After {
    Old,
    New,
    Torn,
}

/// The steps in which the file at `path` was replaced.
fn steps(calls: &[Call], path: &Path) -> Vec<Step> {
    let is_ours = |file: &Path| {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        file.parent() == path.parent() && name.starts_with(".guise-")
    };
    let step = |call: &Call| match call.name.as_str() {
        "write" if call.file().is_some_and(is_ours) => Some(Step::Written),
        "fsync" if call.file().is_some_and(is_ours) => Some(Step::Synced),
        "fsync" if call.file() == path.parent() => Some(Step::FolderSynced),
        "rename" | "renameat" | "renameat2" if call.paths().last() == Some(&path) => Some(Step::Renamed),
        _ => None,
    };
    calls.iter().filter_map(step).collect()
}

/// What a power cut after these steps can leave, on a disk that keeps nothing but what it was told to keep, and that
/// keeps a new name or not, as it likes, until the folder is told to be kept.
fn after_a_cut(steps: &[Step]) -> BTreeSet<After> {
    let mut whole = false;
    let mut can = BTreeSet::from([After::Old]);
    for step in steps {
        match step {
            Step::Written => whole = false,
            Step::Synced => whole = true,
            Step::Renamed => drop(can.insert(if whole { After::New } else { After::Torn })),
            Step::FolderSynced if can.len() > 1 => drop(can.remove(&After::Old)),
            Step::FolderSynced => {}
        }
    }
    can
}

#[test]
fn f13_the_order_of_a_saves_calls_leaves_a_power_cut_no_torn_catalog() {
    let stage = Stage::new(&catalog("old"));
    let (answered, calls) = saved(&stage, "new", None);
    answered.succeeded();
    // The copy is written when the catalog is safe, so that never both are under way.
    for path in [stage.catalog(), stage.last_good()] {
        let steps = steps(&calls, &path);
        for cut in 0..=steps.len() {
            assert!(!after_a_cut(&steps[..cut]).contains(&After::Torn), "cut after {cut} of {steps:?}");
        }
        assert_eq!(
            after_a_cut(&steps),
            BTreeSet::from([After::New]),
            "{steps:?}: what is acknowledged stays"
        );
        assert_eq!(
            after_a_cut(&steps[..steps.len() - 1]),
            BTreeSet::from([After::Old, After::New]),
            "{steps:?}"
        );
        // The model sees what a save without either `fsync` would leave.
        let without =
            |left_out: Step| steps.iter().filter(|step| **step != left_out).cloned().collect::<Vec<_>>();
        assert!(after_a_cut(&without(Step::Synced)).contains(&After::Torn));
        assert!(after_a_cut(&without(Step::FolderSynced)).contains(&After::Old));
    }
    let place = |path: &Path| {
        calls.iter().position(|call| call.name.starts_with("rename") && call.paths().last() == Some(&path))
    };
    assert!(place(&stage.catalog()) < place(&stage.last_good()), "the catalog comes first");
}
