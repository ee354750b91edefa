//! A key that is changed while it is in use, by the real programs against the simulator's IAM.

use desktop_tests::Result;

use crate::world::World;

const ROSA: &str = "AKIASIMULATEDROSA222";

#[test]
fn a_key_is_rotated_and_the_old_one_deleted_only_later() -> Result<()> {
    let world = World::start("rotation")?;
    let secret = "SIMULATED/rosa/not+a+real+secret/2222222";
    world.keep_secret("rosa's secret", secret);
    let mut adding: Vec<String> = world.adding(ROSA);
    adding[2] = "rosa".to_owned();
    let added = world.run_with_input(&adding, secret)?;
    assert_eq!(added.code, 0, "{}", added.stderr);
    let shown = world.tell(&["source", "show", "rosa"])?;
    let age = shown.lines().find(|line| line.starts_with("key age")).expect("the age");
    assert!(age.ends_with("days"), "{age}");

    let rotated = world.run(&["source", "rotate", "rosa"])?;
    assert_eq!(rotated.code, 0, "{}", rotated.stderr);
    assert!(rotated.stderr.contains("the old one is switched off"), "{}", rotated.stderr);
    assert!(rotated.stdout.contains(ROSA), "{}", rotated.stdout);
    // The new key is the source's now, and works.
    let shown = world.tell(&["source", "show", "rosa"])?;
    assert!(!shown.contains(ROSA) && shown.contains("0 days"), "{shown}");
    world.tell(&["source", "test", "rosa"])?;

    // A third key there cannot be, and nothing is lost by trying.
    world.fails(&["source", "rotate", "rosa"], "the user of `rosa` already has two access keys")?;
    world.tell(&["source", "test", "rosa"])?;
    world.fails(&["source", "rotate", "rosa", "--delete-old"], "there is no terminal to ask on")?;
    let deleted = world.run(&["source", "rotate", "rosa", "--delete-old", "--yes"])?;
    assert!(deleted.stderr.contains(&format!("deleted {ROSA}")), "{}", deleted.stderr);
    world.fails(&["source", "rotate", "rosa", "--delete-old", "--yes"], "`rosa` has no other key")?;
    world.finish()
}

#[test]
fn who_may_not_see_to_their_keys_is_told_which_permission_is_missing() -> Result<()> {
    let world = World::with_roles("no-rotation")?;
    world.fails(&["source", "rotate", "ada"], "AWS refused to let `ada` make an access key")?;
    let shown = world.tell(&["source", "show", "ada"])?;
    assert!(shown.contains("not known: AWS refused to let `ada` see its access keys"), "{shown}");
    world.tell(&["source", "test", "ada"])?;
    world.finish()
}
