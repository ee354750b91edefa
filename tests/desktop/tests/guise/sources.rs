//! The manager's sources in the real application: what its buttons do to the keychain, to IAM and to the catalog, and that no secret
//! stays behind in the window.

use std::fs;

use desktop_tests::{ADAS_KEY_ID, ADAS_SECRET, Because, Canaries, EC2_ROLE, Result, finish_with};
use serde_json::{Value, json};

use crate::driving::{Driven, Manager};
use crate::stage::{LIMIT, Stage};

/// The tutorial's user who may look after her own keys.
const ROSA: &str = "arn:aws:iam::111122223333:user/rosa";
const ROSAS_KEY_ID: &str = "AKIASIMULATEDROSA222";
const ROSAS_SECRET: &str = "SIMULATED/rosa/not+a+real+secret/2222222";
const ADA: &str = "arn:aws:iam::111122223333:user/ada";
/// A parameter of a profile's command, which is no window's to show.
const OF_THE_COMMAND: &str = "a-word-that-only-the-command-has";

#[test]
fn a_source_is_added_tested_given_a_new_key_and_removed_and_its_secrets_are_in_no_window() -> Result<()> {
    let stage = Stage::set("sources")?;
    stage.without_browser()?;
    stage.aws.trust(EC2_ROLE, "rosa")?;
    let guise = stage.guise()?;
    let driven = Driven::start(&stage)?;
    let manager = driven.manager("Sources")?;

    // With a secret that is not the key's, which leaves as little behind as one that is.
    let wrong = ROSAS_SECRET.replace("rosa", "asor");
    manager.presses("Add a source")?;
    manager.types("Name", "w")?;
    manager.takes_back("Name")?;
    assert_eq!(manager.value("Name")?, "", "what was typed can be taken back");
    manager.types("Name", "work")?;
    manager.types("Access key ID", ROSAS_KEY_ID)?;
    manager.types("Secret access key", &wrong)?;
    assert_eq!(manager.value("Secret access key")?, wrong.as_str());
    manager.presses("Add")?;
    manager.sees("The secret was cleared")?;
    manager.takes_back("Secret access key")?;
    assert_eq!(manager.value("Secret access key")?, "", "and a secret cannot be brought back");
    manager.holds_none_of(&secrets(&stage, &wrong))?;
    manager.picture("source-refused.png")?;
    assert!(kept(&stage)?.is_empty());
    assert_eq!(shown(&stage, "work"), None);

    manager.types("Secret access key", ROSAS_SECRET)?;
    manager.presses("Add")?;
    manager.sees(&format!("Added work: it is {ROSA}"))?;
    manager.holds_none_of(&secrets(&stage, &wrong))?;
    let key = kept(&stage)?;
    assert!(key.contains(ROSAS_KEY_ID) && key.contains(ROSAS_SECRET), "it is in the keychain: {key}");
    let source = shown(&stage, "work").because("the source")?;
    assert_eq!((&source["arn"], &source["access_key_id"]), (&json!(ROSA), &json!(ROSAS_KEY_ID)));
    assert_eq!(signers(&stage, "GetCallerIdentity"), [ROSAS_KEY_ID, ROSAS_KEY_ID]);

    manager.presses("Test: work")?;
    manager.sees(&format!("It is {ROSA}"))?;
    assert_eq!(signers(&stage, "GetCallerIdentity").len(), 3);

    guise.tell(&["role", "add", "EC2", "--arn", EC2_ROLE, "--source", "work", "--region", "eu-west-1"])?;
    let new = gives_a_new_key(&stage, &manager)?;
    manager.holds_none_of(&secrets(&stage, &wrong))?;
    guise.tell(&["credentials", "EC2"])?;
    assert_eq!(signers(&stage, "AssumeRole"), [new.as_str()], "a role is assumed with the new key");
    deletes_the_old_key(&stage, &manager)?;
    removes(&stage, &manager)?;
    manager.holds_none_of(&secrets(&stage, &wrong))?;
    stage.end_without([named(&wrong), named(ROSAS_SECRET)])
}

/// Has the source's key changed for another, once it was said how; gives the new key's id.
fn gives_a_new_key(stage: &Stage, manager: &Manager) -> Result<String> {
    manager.presses("Rotate key: work")?;
    let said = manager.sees("Give work a new access key?")?;
    for step in ["makes a second key", "in the place of the old one", "switched off, not deleted"] {
        assert!(said.contains(step), "{said}");
    }
    manager.picture("source-rotate.png")?;
    manager.presses("Cancel")?;
    manager.sees_no_more("Give work a new access key?")?;
    assert_eq!(
        signers(stage, "CreateAccessKey"),
        [] as [String; 0],
        "nothing is done before it is confirmed"
    );

    manager.presses("Rotate key: work")?;
    manager.presses("Rotate key")?;
    manager.sees("work has a new key. The old one is switched off")?;
    let made = stage.aws.calls("CreateAccessKey");
    assert_eq!(made.len(), 1);
    let new = made[0].access_key.clone().because("the new key's id")?;
    let off = stage.aws.calls("UpdateAccessKey");
    assert_eq!(off.len(), 1);
    assert_eq!((off[0].access_key.as_deref(), off[0].status), (Some(ROSAS_KEY_ID), 200));
    manager.sees(&format!("{new} in use here, switched on, 0 days old"))?;
    manager.sees(&format!("{ROSAS_KEY_ID} not in use here, switched off"))?;
    manager.picture("source-rotated.png")?;

    assert_eq!(shown(stage, "work").because("the source")?["access_key_id"], new.as_str());
    let key = kept(stage)?;
    assert!(key.contains(&new) && !key.contains(ROSAS_SECRET), "the keychain has the new key alone");
    manager.presses("Test: work")?;
    manager.sees(&format!("It is {ROSA}"))?;
    assert_eq!(signers(stage, "GetCallerIdentity").last(), Some(&new));
    let guise = stage.guise()?;
    let old = ["source", "add", "old", "--access-key-id", ROSAS_KEY_ID, "--secret-stdin", "--sts-endpoint"];
    let old = guise.run_with_input(&[&old[..], &[stage.aws.url()]].concat(), ROSAS_SECRET)?;
    assert!(!old.succeeded && old.stderr.contains("does not know the access key"), "{}", old.stderr);
    Ok(new)
}

fn deletes_the_old_key(stage: &Stage, manager: &Manager) -> Result<()> {
    manager.presses("Delete old key: work")?;
    let said = manager.sees("Delete the old key of work for good?")?;
    assert!(said.contains(&format!("{ROSAS_KEY_ID} · Only a key that is switched off is deleted")), "{said}");
    manager.picture("source-delete-old.png")?;
    assert!(stage.aws.calls("DeleteAccessKey").is_empty(), "nothing is done before it is confirmed");
    manager.presses("Delete old key")?;
    manager.sees(&format!("Deleted the key {ROSAS_KEY_ID}"))?;
    manager.sees_no_more("not in use here")?;
    let deleted = stage.aws.calls("DeleteAccessKey");
    assert_eq!(deleted.len(), 1);
    assert_eq!((deleted[0].access_key.as_deref(), deleted[0].status), (Some(ROSAS_KEY_ID), 200));
    Ok(())
}

/// Removes the source, once it was said whose it is.
fn removes(stage: &Stage, manager: &Manager) -> Result<()> {
    manager.presses("Remove: work")?;
    let said = manager.sees("Remove work?")?;
    assert!(said.contains("One role needs it: EC2") && said.contains("taken out of the keychain"), "{said}");
    manager.picture("source-remove.png")?;
    assert!(
        !kept(stage)?.is_empty() && shown(stage, "work").is_some(),
        "it is there until that is confirmed"
    );
    manager.presses("Remove")?;
    manager.sees("No sources yet")?;
    assert_eq!(shown(stage, "work"), None);
    assert!(kept(stage)?.is_empty(), "its key is out of the keychain");
    let journal = stage.guise()?.tell(&["journal"])?;
    for deed in ["source added", "key rotated", "old key deleted", "source removed"] {
        let line = journal.lines().find(|line| line.contains(deed));
        assert!(
            line.is_some_and(|line| line.contains("work") && line.ends_with("window")),
            "{deed}:\n{journal}"
        );
    }
    Ok(())
}

#[test]
fn a_profile_is_added_by_its_name_and_its_command_is_in_no_window() -> Result<()> {
    let stage = Stage::set("source-profile")?;
    stage.without_browser()?;
    let aws = stage.session.home().join(".aws");
    fs::create_dir(&aws).because("make the folder")?;
    let answer =
        json!({"Version": 1, "AccessKeyId": ADAS_KEY_ID, "SecretAccessKey": ADAS_SECRET}).to_string();
    fs::write(aws.join("answer"), answer).because("write the answer")?;
    let config = format!(
        "[profile other]\ncredential_process = false\n\n[profile work]\nregion = eu-west-1\ncredential_process = sh -c 'cat \"$1\"' {OF_THE_COMMAND} {}\n",
        aws.join("answer").display()
    );
    fs::write(aws.join("config"), &config).because("write the profiles")?;
    let guise = stage.guise()?;
    let driven = Driven::start(&stage)?;
    let manager = driven.manager("Sources")?;
    let hidden = Canaries::new([("the command", OF_THE_COMMAND), ("ada's secret key", ADAS_SECRET)]);

    manager.presses("Add a source")?;
    manager.types("Name", "mine")?;
    manager.ticks("a profile of the AWS CLI")?;
    manager.chooses("Profile", "work (credentials of a command)")?;
    let offered = ["other (credentials of a command)", "work (credentials of a command)"];
    assert_eq!(manager.entries("Profile")?, json!(offered));
    assert_eq!(manager.value("Profile")?, "work");
    manager.picture("source-profile.png")?;
    manager.holds_none_of(&hidden)?;
    manager.presses("Add")?;
    manager.sees(&format!("Added mine: it is {ADA}"))?;
    let source = shown(&stage, "mine").because("the source")?;
    assert_eq!((&source["kind"], &source["profile"]), (&json!("profile"), &json!("work")));
    assert_eq!((&source["arn"], &source["region"]), (&json!(ADA), &json!("eu-west-1")));
    assert!(!kept(&stage)?.contains(ADAS_SECRET), "the keychain gets no key of a profile");

    manager.presses("Test: mine")?;
    manager.sees(&format!("It is {ADA}"))?;
    assert_eq!(signers(&stage, "GetCallerIdentity"), [ADAS_KEY_ID, ADAS_KEY_ID]);
    let text = manager.text()?;
    assert!(!text.contains("Rotate key"), "its key is not ours to change: {text}");
    guise.tell(&["role", "add", "EC2", "--arn", EC2_ROLE, "--source", "mine"])?;
    guise.tell(&["credentials", "EC2"])?;
    assert_eq!(signers(&stage, "AssumeRole"), [ADAS_KEY_ID]);

    manager.presses("Remove: mine")?;
    manager.sees("The profile stays as it is")?;
    manager.presses("Remove")?;
    manager.sees("No sources yet")?;
    assert_eq!(shown(&stage, "mine"), None);
    assert!(kept(&stage)?.is_empty());
    assert_eq!(fs::read_to_string(aws.join("config")).because("read the profiles")?, config);
    manager.holds_none_of(&hidden)?;
    // It is where the person has it, which is not what is looked for.
    fs::remove_file(aws.join("answer")).because("take the key away")?;
    stage.end()
}

/// All that must not be in a window now.
fn secrets(stage: &Stage, wrong: &str) -> Canaries {
    Canaries::new(stage.aws.secrets().into_iter().chain([named(wrong), named(ROSAS_SECRET)]))
}

fn named(secret: &str) -> (String, String) {
    ("what was typed".to_owned(), secret.to_owned())
}

/// The ids of the keys that signed the calls of an action, in their order.
fn signers(stage: &Stage, action: &str) -> Vec<String> {
    stage.aws.calls(action).into_iter().filter_map(|call| call.signed_by).collect()
}

/// What `guise source show` says; `None` where there is no such source.
fn shown(stage: &Stage, name: &str) -> Option<Value> {
    let shown = stage.guise().ok()?.tell(&["source", "show", name, "--json"]).ok()?;
    serde_json::from_str(&shown).ok()
}

/// What the keychain keeps for Guise, secrets and all. It goes through no file.
fn kept(stage: &Stage) -> Result<String> {
    let mut search = stage.session.command("secret-tool");
    search.args(["search", "--all", "--unlock", "service", "guise"]);
    let found = finish_with(search, b"", LIMIT)?;
    Ok(String::from_utf8_lossy(&found.stdout).into_owned())
}
