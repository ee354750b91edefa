//! Bad days of the keychain: each is a named failure in time, nothing is lost or left behind, and the agent lives on.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use desktop_tests::{ADAS_KEY_ID, ADAS_SECRET, KeyringState, Result, SessionConfig};
use faults::{Mood, Prompt, ScriptedKeychain};

use crate::world::{EC2, World};

/// What a keychain that was away gets to be found again.
const AGAIN: Duration = Duration::from_secs(30);
const ITEM: &str = "source/ada";

/// A world whose only keychain is ours, with ada's key in it.
fn world(name: &str) -> Result<(World, ScriptedKeychain)> {
    let world = without_keychain(name)?;
    let keychain = ScriptedKeychain::start(&world.session)?;
    world.add_ada()?;
    world.guise()?.add_roles()?;
    Ok((world, keychain))
}

fn without_keychain(name: &str) -> Result<World> {
    World::start_with(name, SessionConfig { keyring: KeyringState::Absent, ..SessionConfig::default() })
}

#[test]
fn f01_f02_without_a_bus_or_a_keychain_on_it_a_key_is_refused_at_once() -> Result<()> {
    let world = without_keychain("no-keychain")?;
    for address in ["unix:path=/nowhere/bus", world.session.bus_address()] {
        let mut command = world.guise()?.command(["agent"]);
        command.env("DBUS_SESSION_BUS_ADDRESS", address);
        let agent = world.session.run("agent", command)?;
        world.guise()?.wait_for_socket()?;
        let usual = world.quick()?;
        let begun = Instant::now();
        let answered = world.run_with_input(&world.adding(ADAS_KEY_ID), ADAS_SECRET)?;
        answered.assert_failed("there is no keychain to keep the key in");
        assert!(
            begun.elapsed() < usual * 3 + Duration::from_secs(1),
            "{:?}, usual {usual:?}",
            begun.elapsed()
        );
        assert!(!fs::exists(world.guise()?.catalog()).expect("it can be looked for"), "half a source");
        drop(agent);
    }
    let _agent = world.guise()?.start_agent(&world.session.log_dir())?;
    let _keychain = ScriptedKeychain::start(&world.session)?;
    world.add_ada()?;
    world.finish()
}

#[test]
fn f03_a_keychain_that_never_answers_is_given_up_and_found_again() -> Result<()> {
    let (world, mut keychain) = world("silent")?;
    let usual = world.quick()?;
    let in_time = usual * 3 + Duration::from_secs(6);
    keychain.set_mood(Mood::Silent);
    let asked = keychain.calls();
    thread::scope(|scope| -> Result<()> {
        let command = world.command(&["credentials", "ReadOnly"])?;
        let stuck = scope.spawn(|| {
            let begun = Instant::now();
            desktop_tests::finish_with(command, b"", crate::world::COMMAND).map(|end| (end, begun.elapsed()))
        });
        world.session.wait_for("the question", AGAIN, || (keychain.calls() > asked).then_some(()))?;
        let others = world.quick()?;
        assert!(others < usual * 4 + Duration::from_millis(200), "{others:?}, usual {usual:?}");
        assert!(!stuck.is_finished(), "nothing was under way");
        let (ended, took) = stuck.join().expect("no panic")?;
        assert!(
            ended.stderr.contains("error: the keychain did not answer within 5 seconds"),
            "{}",
            ended.stderr
        );
        assert!(took < in_time, "{took:?}");
        Ok(())
    })?;
    let again = world.fails(&["source", "test", "ada"], "the keychain did not answer within 5 seconds")?;
    assert!(again < usual * 3 + Duration::from_secs(1), "{again:?}, usual {usual:?}");

    // It answers again, though never what it was asked before.
    keychain.set_mood(Mood::Well);
    let works = || (world.run(&["source", "test", "ada"]).ok()?.code == 0).then_some(());
    world.session.wait_for("the keychain to be used again", AGAIN, works)?;

    // It hangs, is ended and started anew.
    keychain.set_mood(Mood::Silent);
    world.fails(&["source", "test", "ada"], "the keychain did not answer within 5 seconds")?;
    keychain.set_mood(Mood::Well);
    keychain.come_back()?;
    world.session.wait_for("the keychain to be used again", AGAIN, works)?;
    world.finish()
}

#[test]
fn f04_a_locked_keychain_without_a_prompter_ends_the_matter() -> Result<()> {
    let world = World::start("no-prompter")?;
    world.add_ada()?;
    let service = "services/org.gnome.keyring.SystemPrompter.service";
    fs::remove_file(world.session.folder().join(service)).expect("the session may start a prompter");
    world.session.lock_keyring()?;
    let usual = world.quick()?;
    let took = world.fails(&["source", "test", "ada"], "the keychain is locked, and nobody unlocked it")?;
    assert!(took < usual * 3 + Duration::from_secs(5), "{took:?}, usual {usual:?}");
    world.finish()
}

#[test]
fn f05_a_keychain_that_is_unlocked_late_is_waited_for_and_said_so() -> Result<()> {
    let (world, keychain) = world("late")?;
    keychain.lock(Prompt::AnsweredAfter(Duration::from_secs(4)));
    let answered = world.run(&["credentials", EC2, "--format", "json"])?;
    assert_eq!(answered.code, 0, "{}", answered.stderr);
    assert!(answered.stdout.contains("SessionToken"));
    assert!(
        answered.stderr.contains("the keychain is locked: unlock it in its own window"),
        "{}",
        answered.stderr
    );
    assert_eq!(keychain.prompts(), 1);
    world.finish()
}

#[test]
fn f06_a_prompt_that_is_closed_is_shown_once_and_the_next_try_asks_again() -> Result<()> {
    let (world, mut keychain) = world("closed")?;
    keychain.lock(Prompt::DismissedAfter(Duration::from_secs(4)));
    thread::scope(|scope| -> Result<()> {
        let mut callers = Vec::new();
        for role in ["AWSEC2FULLACCESS", "ReadOnly", "AWSEC2FULLACCESS", "ReadOnly"] {
            let command = world.command(&["credentials", role])?;
            callers.push(scope.spawn(|| desktop_tests::finish_with(command, b"", crate::world::COMMAND)));
        }
        for caller in callers {
            let ended = caller.join().expect("no panic")?;
            assert!(
                ended.stderr.contains("error: the keychain is locked, and nobody unlocked it"),
                "{}",
                ended.stderr
            );
        }
        Ok(())
    })?;
    assert_eq!(keychain.prompts(), 1);
    keychain.lock(Prompt::DismissedAfter(Duration::ZERO));
    world.fails(&["source", "test", "ada"], "the keychain is locked, and nobody unlocked it")?;
    assert_eq!(keychain.prompts(), 2);

    // It goes away while the person is asked: nobody waits for a prompt that is not there.
    keychain.lock(Prompt::NeverEnds);
    let begun = Instant::now();
    thread::scope(|scope| -> Result<()> {
        let command = world.command(&["source", "test", "ada"])?;
        let caller = scope.spawn(|| desktop_tests::finish_with(command, b"", crate::world::COMMAND));
        world.session.wait_for("the prompt", AGAIN, || (keychain.prompts() == 3).then_some(()))?;
        thread::sleep(Duration::from_secs(1));
        keychain.die()?;
        let ended = caller.join().expect("no panic")?;
        assert!(ended.stderr.contains("error: the keychain did not answer"), "{}", ended.stderr);
        Ok(())
    })?;
    assert!(begun.elapsed() < AGAIN, "{:?}", begun.elapsed());
    keychain.unlock();
    keychain.come_back()?;
    let works = || (world.run(&["source", "test", "ada"]).ok()?.code == 0).then_some(());
    world.session.wait_for("the keychain to be used again", AGAIN, works)?;

    keychain.set_mood(Mood::Denies);
    world.fails(&["source", "test", "ada"], "the keychain did not let Guise in")?;
    world.finish()
}

#[test]
fn f07_a_keychain_that_dies_or_lies_after_a_write_leaves_neither_source_nor_key() -> Result<()> {
    let world = without_keychain("dies")?;
    let mut keychain = ScriptedKeychain::start(&world.session)?;
    let sources = || world.run(&["source", "list"]).map(|listed| listed.stdout);

    keychain.set_mood(Mood::Loses);
    let answered = world.run_with_input(&world.adding(ADAS_KEY_ID), ADAS_SECRET)?;
    answered.assert_failed("the keychain did not give back the key of `ada` as it was stored");
    assert_eq!(sources()?, "");

    keychain.set_mood(Mood::DiesAfterWriting);
    let answered = world.run_with_input(&world.adding(ADAS_KEY_ID), ADAS_SECRET)?;
    answered.assert_failed("there is no keychain to keep the key in");
    assert_eq!(sources()?, "");
    assert_eq!(keychain.items(), [ITEM], "it did not die too late");

    keychain.set_mood(Mood::Well);
    keychain.come_back()?;
    world.session.wait_for("the key to be out", AGAIN, || keychain.items().is_empty().then_some(()))?;
    world.add_ada()?;
    assert_eq!(keychain.items(), [ITEM]);
    world.tell(&["source", "test", "ada"])?;
    world.finish()
}

#[test]
fn f08_a_key_that_somebody_took_out_is_missed_and_the_hint_works_as_it_is_written() -> Result<()> {
    let (world, keychain) = world("taken")?;
    let before = fs::read(world.guise()?.catalog()).expect("a catalog");
    keychain.delete(ITEM);
    let answered = world.run(&["credentials", "ReadOnly"])?;
    answered.assert_failed("the keychain holds no key for `ada`");
    let hint = "give it one: guise source add ada --access-key-id …";
    assert!(answered.stderr.contains(hint), "{}", answered.stderr);
    assert_eq!(fs::read(world.guise()?.catalog()).expect("a catalog"), before, "the catalog is kept");
    world.add_ada()?;
    assert_eq!(world.credentials()?["Version"], 1, "the roles are there and work again");
    world.finish()
}

#[test]
fn f09_whatever_else_stands_in_the_item_is_named() -> Result<()> {
    let (world, keychain) = world("foreign")?;
    let large = vec![b'x'; 1024 * 1024];
    for foreign in [&b""[..], b"\xff\xfe\x00", &large, b"guise1 1\n{}", b"somebody's password"] {
        keychain.overwrite(ITEM, foreign)?;
        world.fails(&["source", "test", "ada"], "the keychain item of `ada` is not one that Guise wrote")?;
    }
    keychain.set_mood(Mood::GivesText);
    world.fails(&["source", "test", "ada"], "the keychain failed")?;
    keychain.set_mood(Mood::Well);
    world.tell(&["source", "remove", "ada"])?;
    world.add_ada()?;
    assert_eq!(world.credentials()?["Version"], 1);
    world.finish()
}
