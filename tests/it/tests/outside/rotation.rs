//! A key that is changed while it is in use, by the real programs against the simulator's IAM.

use aws_sim::Data;
use desktop_tests::{Because, Result, SimulatedAws, programs};

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

/// A user whose policy lets them see to their keys with a second factor only, as AWS's own example of one does.
const MIA: &str = r#"
[[account]]
id = "111122223333"
name = "acme"

[[user]]
name = "mia"
account = "acme"
keys = [{ id = "AKIASIMULATEDMIA2222", secret = "SIMULATED/mia/not+a+real+secret/22222222" }]
mfa = { name = "mia", seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" }
policy = '''
{ "Statement": [{ "Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:user/${aws:username}" },
                { "Effect": "Deny", "Action": "iam:*", "Resource": "*",
                  "Condition": { "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" } } }] }
'''
"#;

#[test]
fn where_iam_wants_a_second_factor_the_users_code_goes_before_the_new_key() -> Result<()> {
    let aws = SimulatedAws::start_with(Data::from_toml(MIA).because("read the accounts")?)?;
    let world = World::start_on("rotation-mfa", aws)?;
    let secret = "SIMULATED/mia/not+a+real+secret/22222222";
    world.keep_secret("mia's secret", secret);
    let mut adding = world.adding("AKIASIMULATEDMIA2222");
    adding[2] = "mia".to_owned();
    let added = world.run_with_input(&adding, secret)?;
    assert_eq!(added.code, 0, "{}", added.stderr);
    // Without a device there is nothing to prove it with.
    world.fails(&["source", "rotate", "mia"], "AWS refused to let `mia` make an access key")?;

    let device = world.session.home().join("mia.device");
    std::fs::write(&device, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").because("write a device")?;
    let (simulator, device) =
        (programs()?.join("aws-sim").display().to_string(), device.display().to_string());
    let serial = "arn:aws:iam::111122223333:mfa/mia";
    let edit =
        ["source", "edit", "mia", "--mfa-serial", serial, "--mfa-process", &simulator, "--code-of", &device];
    world.tell(&edit)?;
    // A look does not take a code for itself.
    let shown = world.tell(&["source", "show", "mia"])?;
    assert!(shown.contains("not known: AWS refused to let `mia` see its access keys"), "{shown}");

    let before = world.aws.simulator().calls().len();
    let rotated = world.run(&["source", "rotate", "mia"])?;
    assert_eq!(rotated.code, 0, "{}", rotated.stderr);
    assert!(rotated.stderr.contains("the old one is switched off"), "{}", rotated.stderr);
    let calls = world.aws.simulator().calls();
    let made: Vec<_> = calls[before..].iter().map(|call| call.action.as_str()).collect();
    assert_eq!(
        made,
        ["CreateAccessKey", "GetSessionToken", "CreateAccessKey", "GetCallerIdentity", "UpdateAccessKey"]
    );
    world.tell(&["source", "test", "mia"])?;
    world.finish()
}
