//! Profiles of the AWS CLI as sources, refused where they would lead nowhere: by the programs, before anything runs.

use std::fs;

use desktop_tests::{ADAS_KEY_ID, ADAS_SECRET, Because, Result};

use crate::world::World;

#[test]
fn a_profile_is_a_source_as_it_is_and_what_leads_nowhere_is_told() -> Result<()> {
    let world = World::start("profiles")?;
    let home = world.session.home();
    let url = world.aws.url().to_owned();
    let give = format!(
        r#"printf '{{"Version":1,"AccessKeyId":"{ADAS_KEY_ID}","SecretAccessKey":"%s"}}' "$(cat {})""#,
        home.join("secret").display()
    );
    fs::write(home.join("secret"), ADAS_SECRET).because("write the secret")?;
    let aws = home.join(".aws");
    fs::create_dir_all(&aws).because("make the folder")?;
    let config = format!(
        "[profile tool]\nregion = eu-west-1\ncredential_process = {give}\n\
         [profile deep]\nrole_arn = arn:aws:iam::111122223333:role/AWSEC2FULLACCESS\nsource_profile = tool\nendpoint_url = {url}\n\
         [profile ours]\ncredential_process = touch {ran}; guise credential-process ec2\n\
         [profile behind]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = ours\n\
         [profile code]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = tool\nmfa_serial = arn:aws:iam::111122223333:mfa/ada\n\
         [profile out]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n\
         [sso-session corp]\nsso_start_url = {url}\nsso_region = eu-west-1\n\
         [profile slow]\ncredential_process = echo hush >&2; exit 1\n",
        ran = home.join("ran").display()
    );
    fs::write(aws.join("config"), config).because("write the profiles")?;
    let add = |name: &str| -> Vec<String> {
        let words =
            ["source", "add", name, "--profile", name, "--sts-endpoint", &url, "--signin-endpoint", &url];
        words.iter().map(ToString::to_string).collect()
    };
    assert!(world.tell(&add("tool"))?.contains("user/ada"));
    // By way of a command and then a role, each with the hosts that the profile names.
    assert!(world.tell(&add("deep"))?.contains("assumed-role/AWSEC2FULLACCESS/"));
    world.tell(&[
        "role",
        "add",
        "ec2",
        "--arn",
        "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS",
        "--source",
        "tool",
    ])?;
    assert!(world.tell(&["credentials", "ec2", "--format", "json"])?.contains("SessionToken"));

    for (name, sentence) in [
        ("gone", "there is no profile `gone`"),
        ("ours", "profile `ours` asks Guise for credentials, so Guise cannot ask it"),
        ("behind", "profile `behind`, by way of `ours`, asks Guise for credentials"),
        ("code", "profile `code` asks for an MFA code of `arn:aws:iam::111122223333:mfa/ada`"),
        ("out", "the Identity Center sign-in of profile `out` has ended"),
        ("slow", "the credential_process of profile `slow` failed"),
    ] {
        world.fails(&add(name), sentence)?;
    }
    assert!(!home.join("ran").exists());
    fs::remove_file(home.join("secret")).because("take the secret away")?;
    world.finish()
}
