//! `guise import` on files as people have them: 300 profiles, Windows' line ends, hostile names, pipes in place of files. Nothing
//! of a file is run, nobody is connected to, and nothing is lost without a word.

use std::fs;
use std::process::Command;

use desktop_tests::{ADAS_KEY_ID, ADAS_SECRET, Because, Result};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::Value;

use crate::world::World;

/// What a command of a profile that Guise waits for cannot do.
#[test]
fn a_command_that_guise_runs_cannot_ask_guise() -> Result<()> {
    let world = World::start("import-guard")?;
    for arguments in [&["credentials", "x"][..], &["credential-process", "x"]] {
        let mut command = world.command(arguments)?;
        let output = command.env("GUISE_RESOLVING_PROFILE", "1").output().because("run guise")?;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("error: a command of a profile that Guise waits for asks Guise"), "{said}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    }
    world.finish()
}

/// A file of 300 roles behind ada's key, and with all that is strange.
fn three_hundred() -> String {
    let mut text = String::from(
        "\u{feff}# kept by hand since 2014\r\n[default]\r\nregion = eu-west-1\r\noutput = json\r\n",
    );
    for each in 0..300 {
        let source = if each % 10 == 9 { format!("role-{}", each - 1) } else { "default".to_owned() };
        text.push_str(&format!(
            "\r\n; number {each}\r\n[profile role-{each}]\r\nROLE_ARN = arn:aws:iam::111122223333:role/AWSEC2FULLACCESS\r\nsource_profile={source}\r\nregion = eu-central-1 # there\r\n"
        ));
    }
    text.push_str("[profile role-1]\r\nexternal_id = given-twice\r\n[profile ours]\r\ncredential_process = guise credential-process x\r\n");
    text.push_str("[profile tool]\r\ncredential_process = touch RAN; curl http://127.0.0.1:1\r\n[profile \u{202e}evil]\r\nrole_arn = x\r\n[broken\r\n");
    text.push_str("[profile evil]\r\nrole_arn = arn:aws:iam::111122223333:role/r\r\nsource_profile = default\r\nmfa_process = touch RAN\r\nendpoint_url = http://127.0.0.1:1\r\n");
    text.push_str("[profile dev]\r\nsso_session = corp\r\nsso_account_id = 111122223333\r\nsso_role_name = Dev\r\n[sso-session corp]\r\nsso_start_url = http://127.0.0.1:1\r\nsso_region = eu-west-1\r\n");
    text
}

fn keys() -> String {
    format!("# mine\n[default]\naws_access_key_id = {ADAS_KEY_ID}\naws_secret_access_key = {ADAS_SECRET}\n")
}

struct Files<'a> {
    world: &'a World,
}

impl Files<'_> {
    fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = self.world.command(arguments)?;
        command
            .env("AWS_CONFIG_FILE", self.world.session.home().join("config"))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.world.session.home().join("credentials"));
        Ok(command)
    }

    fn run(&self, arguments: &[&str]) -> Result<(i32, String, String)> {
        let output = self.command(arguments)?.output().because("run guise")?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr)))
    }
}

#[test]
fn three_hundred_profiles_are_read_without_a_program_or_a_connection() -> Result<()> {
    let world = World::start("import-reads")?;
    let files = Files { world: &world };
    let home = world.session.home();
    fs::write(home.join("config"), three_hundred()).because("write the file")?;
    fs::write(home.join("credentials"), keys()).because("write the keys")?;

    let guise = files.command(&["import", "--json"])?;
    let log = home.join("calls");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-e", "trace=execve,execveat,connect,fork,vfork", "-e", "signal=none", "-o"])
        .arg(&log)
        .arg("--");
    strace.arg(guise.get_program()).args(guise.get_args()).current_dir(&home);
    for (name, value) in guise.get_envs() {
        match value {
            Some(value) => strace.env(name, value),
            None => strace.env_remove(name),
        };
    }
    let output = strace.output().because("run guise under strace")?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let calls = fs::read_to_string(&log).because("read what strace wrote")?;
    let of = |name: &str| calls.lines().filter(|line| line.contains(&format!(" {name}("))).count();
    // Its own start is the only one, and the keychain, for aws-vault's names, all that it speaks with.
    let elsewhere =
        calls.lines().filter(|line| line.contains(" connect(") && !line.contains("sa_family=AF_UNIX"));
    assert_eq!((of("execve"), of("execveat"), elsewhere.count()), (1, 0, 0), "{calls}");
    assert!(!home.join("RAN").exists());

    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.contains(ADAS_SECRET) && !text.contains("curl") && !text.contains("touch"), "{text}");
    let found: Value = serde_json::from_str(&text).expect("it is JSON");
    let list = |name: &str| found[name].as_array().expect("a list").clone();
    assert_eq!(list("roles").len(), 301);
    let role = |name: &str| list("roles").into_iter().find(|role| role["name"] == name).expect("the role");
    assert_eq!(role("role-1")["external_id"], "given-twice");
    assert_eq!(role("role-9")["via"], "role-8");
    assert_eq!(role("role-8")["region"], "eu-central-1");
    assert_eq!(role("evil")["notes"].as_array().expect("a list").len(), 2);
    assert_eq!(list("keys")[0]["lines"][1]["line"], 4);
    assert_eq!(list("identity_center")[0]["profile"], "dev");
    assert_eq!(list("others")[0]["profile"], "tool");
    let passed: Vec<String> = list("passed").iter().map(|each| each["why"].to_string()).collect();
    assert_eq!(passed.len(), 3, "{passed:?}");
    fs::write(home.join("credentials"), "").because("take the key out again")?;
    world.finish()
}

#[test]
fn a_key_moves_and_roles_follow_and_nothing_changes_unasked() -> Result<()> {
    let world = World::start("import-applies")?;
    let files = Files { world: &world };
    let home = world.session.home();
    fs::write(home.join("config"), "[profile ec2]\nrole_arn = arn:aws:iam::111122223333:role/AWSEC2FULLACCESS\nsource_profile = default\nregion = eu-west-1\n")
        .because("write the file")?;
    fs::write(home.join("credentials"), keys()).because("write the keys")?;
    let url = world.aws.url().to_owned();
    let at = ["--sts-endpoint", &url, "--signin-endpoint", &url, "--console-endpoint", &url];

    let applied = files.run(&[&["import", "--apply", "ec2", "--move-keys"][..], &at].concat())?;
    assert_eq!(applied.0, 0, "{}", applied.2);
    let lines = "lines 3 (aws_access_key_id), 4 (aws_secret_access_key)";
    assert!(applied.2.contains("is in the keychain") && applied.2.contains(lines), "{}", applied.2);
    assert!(!applied.2.contains(ADAS_SECRET), "{}", applied.2);
    assert_eq!(fs::read_to_string(home.join("credentials")).because("read the keys")?, keys());
    let credentials = world.tell(&["credentials", "ec2", "--format", "json"])?;
    assert!(credentials.contains("SessionToken"));

    // A role that would lead elsewhere does not, until it is said.
    let elsewhere = "[profile ec2]\nrole_arn = arn:aws:iam::444455556666:role/Other\nsource_profile = default\nregion = eu-west-1\n";
    fs::write(home.join("config"), elsewhere).because("write the file")?;
    let left = files.run(&["import", "--all"])?;
    assert_eq!(left.0, 0, "{}", left.2);
    assert!(left.2.contains("- arn:aws:iam::111122223333:role/AWSEC2FULLACCESS"), "{}", left.2);
    assert!(left.2.contains("+ arn:aws:iam::444455556666:role/Other"), "{}", left.2);
    assert!(left.2.contains("left `ec2` as it is; --replace changes it"), "{}", left.2);
    assert!(world.tell(&["role", "show", "ec2"])?.contains("AWSEC2FULLACCESS"));
    assert_eq!(files.run(&["import", "--all", "--replace"])?.0, 0);
    assert!(world.tell(&["role", "show", "ec2"])?.contains("444455556666:role/Other"));
    fs::write(home.join("credentials"), "").because("take the key out, as told")?;
    world.finish()
}

/// A collection as the keychain itself writes one that has no password.
fn vault() -> String {
    let item = |number: u8, label: &str, secret: &str| {
        format!(
            "[{number}]\nitem-type=0\ndisplay-name={label}\nsecret={secret}\nmtime=1\nctime=1\n\n\
             [{number}:attribute0]\nname=profile\ntype=string\nvalue={label}\n\n"
        )
    };
    let key =
        format!(r#"{{"AccessKeyID":"{ADAS_KEY_ID}","SecretAccessKey":"{ADAS_SECRET}","SessionToken":""}}"#);
    let head = "[keyring]\ndisplay-name=awsvault\nctime=1\nmtime=1\nlock-on-idle=false\nlock-after=false\n\n";
    let session = "sts.GetSessionToken,d29yaw,YXJu,1764000000";
    head.to_owned() + &item(1, "work", &key) + &item(2, session, "{}") + &item(3, "broken", "no key")
}

#[test]
fn keys_in_aws_vault_are_named_and_move_when_they_are_asked_for() -> Result<()> {
    let mut world = World::start("import-vault")?;
    let home = world.session.home();
    let role = "[profile ec2]\nrole_arn = arn:aws:iam::111122223333:role/AWSEC2FULLACCESS\nsource_profile = work\nregion = eu-west-1\n\
                [profile work]\nregion = eu-central-1\nmfa_serial = arn:aws:iam::111122223333:mfa/ada\n";
    fs::write(home.join("config"), role).because("write the file")?;
    let list = |found: &Value, name: &str| found[name].as_array().expect("a list").len();
    let found = |files: &Files<'_>| -> Result<Value> {
        let (_, told, said) = files.run(&["import", "--json"])?;
        assert!(said.is_empty(), "{said}");
        Ok(serde_json::from_str(&told).expect("it is JSON"))
    };
    let before = found(&Files { world: &world })?;
    assert_eq!(list(&before, "aws_vault"), 0, "there is none yet");

    let keyrings = world.session.data_dir().join("keyrings");
    fs::create_dir_all(&keyrings).because("make the keychain's folder")?;
    fs::write(keyrings.join("awsvault.keyring"), vault()).because("write a collection")?;
    world.session.restart_keyring()?;
    let files = Files { world: &world };
    // Nobody is asked to unlock it for a look.
    let locked = files.run(&["import", "--json"])?;
    assert!(locked.2.starts_with("warning: aws-vault's keys were not looked at"), "{}", locked.2);
    assert_eq!((locked.0, list(&serde_json::from_str(&locked.1).expect("it is JSON"), "aws_vault")), (0, 0));
    world.session.unlock_collection("awsvault")?;
    let told = found(&files)?;
    assert_eq!(told["aws_vault"], serde_json::json!(["broken", "work"]));
    assert_eq!(told["roles"][0]["profile"], "work");
    let shown = files.run(&["import"])?;
    assert!(shown.1.contains("keys in aws-vault") && !shown.1.contains(ADAS_SECRET), "{}", shown.1);

    let url = world.aws.url().to_owned();
    let at = ["--sts-endpoint", &url, "--signin-endpoint", &url, "--console-endpoint", &url];
    // Only on request is a secret read.
    let left = files.run(&[&["import", "--apply", "ec2"][..], &at].concat())?;
    assert!(left.2.contains("error: the key of profile `work` is in aws-vault"), "{}", left.2);
    let broken = files.run(&[&["import", "--apply", "broken", "--move-keys"][..], &at].concat())?;
    assert!(broken.2.contains("what aws-vault keeps for `broken` is no access key"), "{}", broken.2);
    let moved = files.run(&[&["import", "--apply", "ec2", "--move-keys"][..], &at].concat())?;
    assert_eq!(moved.0, 0, "{}", moved.2);
    assert!(moved.2.contains("aws-vault remove work takes it out"), "{}", moved.2);
    // What its profile says of the key comes along.
    let source = world.tell(&["source", "show", "work"])?;
    assert!(source.contains("eu-central-1") && source.contains("mfa/ada"), "{source}");
    world.tell(&["role", "edit", "ec2", "--mfa", "off"])?;
    assert!(world.tell(&["credentials", "ec2", "--format", "json"])?.contains("SessionToken"));
    // What is here is not read again.
    let again = files.run(&[&["import", "--apply", "ec2", "--move-keys"][..], &at].concat())?;
    assert!(again.2.contains("`ec2` is here already"), "{}", again.2);

    fs::remove_file(keyrings.join("awsvault.keyring")).because("take the collection out")?;
    world.finish()
}

#[test]
fn what_stands_in_the_place_of_a_file_is_named_and_not_waited_for() -> Result<()> {
    let world = World::start("import-places")?;
    let home = world.session.home();
    let path = |name: &str| home.join(name).display().to_string();
    mknodat(CWD, home.join("pipe"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).because("make a pipe")?;
    fs::File::create(home.join("large"))
        .and_then(|file| file.set_len(50 << 20))
        .because("make a large file")?;
    fs::write(
        home.join("links"),
        "https://signin.aws.amazon.com/switchrole?account=111122223333&roleName=Dev&displayName=Dev\n",
    )
    .because("write links")?;
    for (place, why) in [
        (path("pipe"), "it is not an ordinary file"),
        (path(""), "it is not an ordinary file"),
        ("/dev/zero".to_owned(), "it is not an ordinary file"),
        (path("large"), "it is larger than 4 MiB"),
    ] {
        world.fails(&["import", "--from", &place], &format!("`{place}` cannot be read: {why}"))?;
    }
    world.fails(&["import", "--from", &path("gone")], "there is no file")?;
    let answered = world.run(&["import", "--from", &path("links"), "--all"])?;
    assert!(answered.stderr.contains("`Dev` does not say what assumes it"), "{}", answered.stderr);
    assert_eq!(answered.code, 1);
    world.fails(
        &["import", "--from", &path("links"), "--apply", "nobody"],
        "nothing named `nobody` was found",
    )?;
    world.finish()
}
