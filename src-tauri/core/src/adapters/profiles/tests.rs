//! Profiles resolved from files of their own, with what can stand in the place of each.

use std::fs;
use std::path::Path;
use std::time::Instant;

use super::*;
use crate::adapters::clock::SystemClock;
use crate::failure::Code;
use crate::secret::ExposeSecret;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

async fn resolved(folder: &Path, config: &str, profile: &str) -> Result<Resolved, Failure> {
    let files = Files { config: folder.join("config"), credentials: folder.join("credentials") };
    fs::write(&files.config, config).expect("the file is written");
    at(files).resolve(&profile.parse().expect("a name")).await
}

fn at(files: Files) -> AwsProfiles {
    AwsProfiles { files: Some(files), ..AwsProfiles::new(Arc::new(SystemClock)) }
}

async fn fails(config: &str, profile: &str, sentence: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let failure = resolved(folder.path(), config, profile).await.expect_err(sentence);
    assert!(failure.message.contains(sentence), "{sentence}: {failure}");
    assert!(failure.hint.is_some(), "{failure}");
    assert!(!failure.to_string().contains("hush"), "{failure}");
}

fn prints(json: &str) -> String {
    format!("[profile p]\nregion = eu-central-1\ncredential_process = printf '%s' '{json}'\n")
}

#[tokio::test]
async fn a_key_in_the_files_is_a_long_term_key_and_with_a_token_a_session() {
    let folder = tempfile::tempdir().unwrap();
    let keys = format!(
        "\u{feff}[p]\r\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\r\naws_secret_access_key = {SECRET}\r\n[t]\r\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\r\naws_secret_access_key = {SECRET}\r\naws_session_token = tok\r\n"
    );
    fs::write(folder.path().join("credentials"), keys).unwrap();
    let config = "[profile p]\nregion = eu-west-1\n";
    let found = resolved(folder.path(), config, "p").await.unwrap();
    let Credentials::LongTerm(key) = &found.credentials else { panic!("{found:?}") };
    assert_eq!((key.id().as_str(), key.secret().expose_secret()), ("AKIAIOSFODNN7EXAMPLE", SECRET));
    assert_eq!(found.region.unwrap().as_str(), "eu-west-1");

    let found = resolved(folder.path(), config, "t").await.unwrap();
    let Credentials::Temporary(session) = &found.credentials else { panic!("{found:?}") };
    let left = session.expires.duration_since(SystemClock.now());
    assert!(found.expires.is_none() && left <= UNTOLD && left > UNTOLD - SignedDuration::from_mins(1));
}

#[tokio::test]
async fn a_command_gives_credentials_with_their_end() {
    let folder = tempfile::tempdir().unwrap();
    let json = format!(
        r#"{{"Version":1,"accesskeyid":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"{SECRET}","SessionToken":"tok","Expiration":"2999-01-02T03:04:05Z"}}"#
    );
    let found = resolved(folder.path(), &prints(&json), "p").await.unwrap();
    assert_eq!(found.expires.unwrap().to_string(), "2999-01-02T03:04:05Z");
    assert!(matches!(found.credentials, Credentials::Temporary(_)));
    assert_eq!(found.region.unwrap().as_str(), "eu-central-1");
}

#[tokio::test]
async fn a_command_that_gives_none_is_a_named_failure_without_its_output() {
    for (command, how) in [
        ("echo hush; exit 3", "of profile `p` failed"),
        ("echo hush", "did not print credentials as JSON"),
        ("echo '{\"Version\":2,\"AccessKeyId\":\"hush\"}'", "did not print `Version` 1"),
        ("echo '{\"Version\":1,\"AccessKeyId\":\"hush\"}'", "printed no `SecretAccessKey`"),
        (
            "echo '{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"hush\",\"Expiration\":\"hush\"}'",
            "printed an `Expiration`",
        ),
        (
            "echo '{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"hush\",\"SessionToken\":\"hush\",\"Expiration\":\"2001-01-01T00:00:00Z\"}'",
            "gave credentials that have ended",
        ),
        ("yes hush", "printed more than credentials have"),
        ("/no/such/program hush", "of profile `p` failed"),
    ] {
        fails(&format!("[profile p]\ncredential_process = {command}\n"), "p", how).await;
    }
}

#[tokio::test]
async fn a_command_that_asks_guise_is_refused_before_it_runs_and_any_other_is_marked() {
    let folder = tempfile::tempdir().unwrap();
    let ran = folder.path().join("ran");
    let config =
        format!("[profile p]\ncredential_process = touch {}; guise credential-process x\n", ran.display());
    let failure = resolved(folder.path(), &config, "p").await.unwrap_err();
    assert!(failure.message.contains("asks Guise for credentials"), "{failure}");
    assert!(!ran.exists());

    let json = format!(
        r#"{{"Version":1,"AccessKeyId":"AKIA'"$GUISE_RESOLVING_PROFILE"'IOSFODNN7EXA","SecretAccessKey":"{SECRET}"}}"#
    );
    let found = resolved(folder.path(), &prints(&json), "p").await.unwrap();
    let Credentials::LongTerm(key) = &found.credentials else { panic!("{found:?}") };
    assert_eq!(key.id().as_str(), "AKIA1IOSFODNN7EXA");
}

#[tokio::test]
async fn whoever_lets_go_of_a_command_ends_all_that_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("id");
    let config = format!(
        "[profile p]\ncredential_process = sh -c 'sleep 1000 & echo $! > {0}.new; mv {0}.new {0}; wait'\n",
        file.display()
    );
    let asked = resolved(folder.path(), &config, "p");
    let seen = async {
        while !file.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        ended = asked => panic!("{ended:?}"),
        () = seen => {}
    }
    let id: i32 = fs::read_to_string(&file).unwrap().trim().parse().unwrap();
    let begun = Instant::now();
    // A zombie has no command line.
    while fs::read(format!("/proc/{id}/cmdline")).is_ok_and(|line| !line.is_empty()) {
        assert!(begun.elapsed() < Duration::from_secs(5), "the command lives on");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_cannot_come_to_credentials_is_told_before_anything_is_asked() {
    fails("[profile p]\n", "q", "there is no profile `q`").await;
    fails("[profile p]\nnonsense\n", "p", "config`, line 2: a line has no equals sign").await;
    fails("[profile p]\nsso_start_url = https://x\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = r\n", "p", "the Identity Center sign-in of profile `p` has ended").await;
    fails("[profile p]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = r\n[sso-session s]\nsso_start_url = https://x\nsso_region = eu-west-1\n", "p", "the Identity Center sign-in of profile `p` has ended").await;
    fails(
        "[profile p]\nlogin_session = arn:aws:iam::111122223333:user/ada\n",
        "p",
        "the AWS sign-in of profile `p` has ended",
    )
    .await;
    fails(
        "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/r\nweb_identity_token_file = /no/token\n",
        "p",
        "cannot be read from `/no/token`: it is not there",
    )
    .await;
    fails(
        "[profile p]\naws_access_key_id = x\naws_secret_access_key = hush\n",
        "p",
        "does not look like credentials",
    )
    .await;
}

#[tokio::test]
async fn what_stands_in_the_place_of_a_file_is_named_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let pipe = path("pipe");
    let modes = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, modes, 0).unwrap();
    fs::File::create(path("large")).unwrap().set_len(50 << 20).unwrap();
    fs::write(path("bytes"), [0xff, 0xfe, 0, 1]).unwrap();
    std::os::unix::fs::symlink("/no/where", path("astray")).unwrap();
    for (name, why) in [
        ("pipe", "it is not an ordinary file"),
        ("", "it is not an ordinary file"),
        ("/dev/zero", "it is not an ordinary file"),
        ("large", "it is larger than 4 MiB"),
        ("bytes", "it is not text in UTF-8"),
        ("astray", "it is a link that leads nowhere"),
    ] {
        let profiles = at(Files { config: path(name), credentials: path("none") });
        let failure = profiles.resolve(&"p".parse().unwrap()).await.unwrap_err();
        assert_eq!(failure.code, Code::InvalidInput);
        assert!(failure.message.ends_with(why), "{name}: {failure}");
    }
}
