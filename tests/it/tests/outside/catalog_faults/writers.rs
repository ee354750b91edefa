//! Many writers at once, and an editor between them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use desktop_tests::wait_for;
use faults::syscalls::{Effect, Fault, Trace};

use super::{HEAD, Stage, answered, role};
use crate::world::COMMAND;

fn add(stage: &Stage, name: &str) -> i32 {
    let arn = format!("arn:aws:iam::111122223333:role/{name}");
    stage.run(&["role", "add", name, "--arn", &arn, "--source", "work"]).code
}

#[test]
fn f16_ten_writers_and_an_editor_lose_nothing() {
    const WRITERS: usize = 10;
    const EACH: usize = 12;
    let stage = Stage::new(HEAD);
    let done = AtomicBool::new(false);
    let added = Mutex::new(Vec::new());
    // From when to when the editor had a text in hand: whoever saved meanwhile can be written over, by the editor.
    let mut in_hand: Vec<(Instant, Instant)> = Vec::new();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (stage, added) = (&stage, &added);
            scope.spawn(move || {
                for each in 0..EACH {
                    let name = format!("w{writer}-{each}");
                    let begun = Instant::now();
                    assert_eq!(add(stage, &name), 0, "{name}");
                    added.lock().expect("no writer failed").push((name, begun, Instant::now()));
                }
            });
        }
        let (stage, done, added) = (&stage, &done, &added);
        let editor = scope.spawn(move || {
            let mut in_hand = Vec::new();
            while !done.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(150));
                let begun = Instant::now();
                let text = stage.text();
                stage.replace(&format!("{text}# by hand {}\n", in_hand.len()));
                in_hand.push((begun, Instant::now()));
            }
            in_hand
        });
        while added.lock().expect("no writer failed").len() < WRITERS * EACH {
            assert!(!editor.is_finished(), "the editor failed");
            std::thread::sleep(Duration::from_millis(20));
        }
        done.store(true, Ordering::SeqCst);
        in_hand = editor.join().expect("the editor ends");
    });
    let text = stage.text();
    for each in 0..in_hand.len() {
        assert!(
            text.contains(&format!("# by hand {each}\n")),
            "what was written by hand at {each} is lost:\n{text}"
        );
    }
    let added = added.into_inner().expect("no writer failed");
    let mut sure = 0;
    for (name, begun, ended) in &added {
        if in_hand.iter().all(|(from, to)| ended < from || begun > to) {
            sure += 1;
            assert!(text.contains(&format!("[roles.{name}]\n")), "{name} is lost:\n{text}");
        }
    }
    assert!(
        in_hand.len() > 2 && sure > 10,
        "{} by hand, {sure} of {} beside them: the test is blind",
        in_hand.len(),
        added.len()
    );
    let list = stage.run(&["role", "list"]).succeeded();
    assert_eq!(list.stderr, "");
}

/// Lets an editor write while Guise is in the middle of a save, and gives what Guise answered.
fn meanwhile(stage: &Stage, edit: impl FnOnce(&Stage)) -> crate::world::Answered {
    let trace = Trace::into(&stage.home().join("trace"));
    let late = Fault { call: "fsync".into(), when: 1, effect: Effect::Late { ms: 1_500 } };
    let (program, arguments) = stage.invocation(&["role", "edit", "Known", "--favourite"]);
    let command = stage.dressed(trace.command(&program, &arguments, Some(&late)));
    std::thread::scope(|scope| {
        let saving = scope.spawn(|| answered(command));
        wait_for("Guise to have its new text beside the old one", COMMAND, || {
            (!stage.left_behind().is_empty()).then_some(())
        })
        .expect("it comes to that");
        edit(stage);
        saving.join().expect("it ends")
    })
}

#[test]
fn f16_what_an_editor_saves_during_a_save_is_kept_and_so_is_the_change() {
    let before = format!("{HEAD}{}", role("Known", "ada"));
    for replaced in [true, false] {
        let stage = Stage::new(&before);
        let by_hand = format!("{before}# by hand\n{}", role("ByHand", "ada"));
        let answered =
            meanwhile(&stage, |stage| if replaced { stage.replace(&by_hand) } else { stage.write(&by_hand) });
        assert_eq!(answered.code, 0, "{}", answered.stderr);
        let line = "session_name = \"ada\"\n# by hand";
        assert_eq!(stage.text(), by_hand.replace(line, &line.replace("\n#", "\nfavourite = true\n#")));
        assert!(stage.left_behind().is_empty());
    }
}

#[test]
fn f16_what_an_editor_breaks_during_a_save_is_not_written_over() {
    let stage = Stage::new(&format!("{HEAD}{}", role("Known", "ada")));
    let answered = meanwhile(&stage, |stage| stage.replace("[half a"));
    assert_eq!(answered.code, 1);
    assert!(answered.stderr.contains("is not right: line 1"), "{}", answered.stderr);
    assert_eq!(stage.text(), "[half a");
    assert!(stage.left_behind().is_empty());
}
