//! Writers that are killed at any moment.

use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{HEAD, Stage, role};

const KILLS: usize = 1_000;

/// The catalog after the edit of that number, whole.
fn catalog(edit: usize) -> String {
    let others: String = (0..50).map(|each| role(&format!("Other{each}"), "ada")).collect();
    format!("{HEAD}{}{others}", role("Edited", &format!("ada{edit}")))
}

fn quiet(mut command: Command) -> std::process::Child {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

#[test]
fn f10_a_thousand_kills_corrupt_nothing_and_lose_nothing_that_was_acknowledged() {
    let stage = Stage::new(&catalog(0));
    let edit = |number: usize| {
        quiet(stage.command(&["role", "edit", "Edited", "--session-name", &format!("ada{number}")]))
    };
    // Kills come at any moment up to this one, which follows what an edit takes here, so that most hit.
    let mut reach = Duration::from_millis(20);
    let mut dice = 10_u64;
    let (mut stands, mut acknowledged, mut killed) = (0, 0, 0);
    for number in 1..=KILLS {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut child = edit(number);
        let part = u32::try_from((dice >> 33) % 1_000).expect("it is small");
        std::thread::sleep(reach * part / 1_000);
        // One that has ended already cannot be killed, and has said how it went.
        let _ = child.kill();
        if child.wait().expect("it ends").success() {
            acknowledged = number;
            reach = reach * 95 / 100;
        } else {
            killed += 1;
            reach = reach * 103 / 100;
        }
        let text = stage.text();
        let now = (acknowledged.max(stands)..=number).find(|each| text == catalog(*each));
        stands =
            now.unwrap_or_else(|| panic!("after {number}, where {acknowledged} was acknowledged:\n{text}"));
    }
    let left = stage.left_behind();
    println!("{killed} killed of {KILLS}, {} left a file behind, they reach to {reach:?}", left.len());
    assert!(
        killed > KILLS / 3 && acknowledged > KILLS / 2 && !left.is_empty(),
        "the kills did not hit: {killed} of {KILLS}"
    );
    let list = stage.run(&["role", "list"]).succeeded();
    assert_eq!((list.stdout.lines().count(), list.stderr.as_str()), (51, ""));

    // What they left is swept, once nobody can be at it any more.
    for path in &left {
        let file = File::options().write(true).open(path).expect("it is ours");
        let made = file.metadata().and_then(|found| found.modified()).expect("it has a time");
        file.set_modified(made - Duration::from_mins(2)).expect("it can be made older");
    }
    assert!(edit(KILLS + 1).wait().expect("it ends").success());
    assert_eq!(stage.left_behind(), Vec::<std::path::PathBuf>::new());
    assert_eq!(stage.text(), catalog(KILLS + 1));
}
