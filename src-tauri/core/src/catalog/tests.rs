//! The catalog's file under change: what a person wrote stays as they wrote it.

mod faults;
mod from_the_future;
mod many_roles;

use super::*;

const WRITTEN: &str = r#"# my catalog
future_key = "kept"

[settings]
clipboard_seconds = 20   # quick
credentials_format = "fish"

[sources.work]
kind = "access-key"
access_key_id = "AKIAIOSFODNN7EXAMPLE"
arn = "arn:aws:iam::111122223333:user/ada"
account = "111122223333"
region = "eu-west-1"

# the one for EC2
[roles.AWSEC2FULLACCESS]
arn = "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS"   # from the tutorial
source = "work"
duration = "1h"
mood = "sunny"

[accounts.111122223333]
name = "acme-dev"
environment = "production"
"#;

fn file_with(text: &str) -> (tempfile::TempDir, CatalogFile) {
    let folder = tempfile::tempdir().unwrap();
    let file = CatalogFile::in_folder(folder.path());
    std::fs::write(file.path(), text).unwrap();
    (folder, file)
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

#[test]
fn a_catalog_is_read_into_checked_values() {
    let (_folder, file) = file_with(WRITTEN);
    let catalog = file.load().unwrap();
    let role = catalog.role(&name("AWSEC2FULLACCESS")).unwrap();
    assert_eq!(role.assumed_by, Assumer::Source(name("work")));
    assert_eq!(catalog.region_of(role).as_str(), "eu-west-1");
    assert_eq!(catalog.settings.clipboard_clear, Duration::from_secs(20));
    assert_eq!(catalog.settings.credentials_format, Format::Fish);
    let account = &catalog.accounts[role.arn.account()];
    assert_eq!((account.name.as_deref(), account.production), (Some("acme-dev"), true));
}

#[test]
fn a_change_keeps_comments_and_what_is_unknown() {
    let (_folder, file) = file_with(WRITTEN);
    let change = RoleChange {
        duration: Change::Set("2h".parse().unwrap()),
        favourite: Some(true),
        ..RoleChange::default()
    };
    file.edit_role(&name("AWSEC2FULLACCESS"), &change).unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert_eq!(
        text,
        WRITTEN.replace(
            "duration = \"1h\"\nmood = \"sunny\"\n",
            "duration = \"2h\"\nmood = \"sunny\"\nfavourite = true\n"
        )
    );
}

#[test]
fn a_setting_keeps_the_comments_around_it_and_can_be_taken_away() {
    let text = "# mine\n[settings] # how it behaves\nclipboard_seconds = 20 # short\nmood = \"sunny\"\n";
    let (_folder, file) = file_with(text);
    file.set_setting(Setting::ClipboardSeconds, "30").unwrap();
    let catalog = file.set_setting(Setting::StartAtLogin, "true").unwrap();
    assert!(catalog.settings.start_at_login);
    let expected = text.replace("20", "30") + "start_at_login = true\n";
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), expected);
    assert!(file.set_setting(Setting::ClipboardSeconds, "3").is_err());
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), expected);
    assert!(!file.set_setting(Setting::StartAtLogin, "").unwrap().settings.start_at_login);

    let (_folder, empty) = file_with("");
    empty.set_setting(Setting::CredentialsFormat, "fish").unwrap();
    assert_eq!(std::fs::read_to_string(empty.path()).unwrap(), "[settings]\ncredentials_format = \"fish\"\n");
}

#[test]
fn a_renamed_role_takes_everything_along() {
    let (_folder, file) = file_with(WRITTEN);
    let catalog = file
        .edit_role(
            &name("AWSEC2FULLACCESS"),
            &RoleChange { name: Some(name("ec2")), ..RoleChange::default() },
        )
        .unwrap();
    assert!(catalog.roles.contains_key(&name("ec2")) && catalog.roles.len() == 1);
    assert!(std::fs::read_to_string(file.path()).unwrap().contains("mood = \"sunny\""));
}

#[test]
fn a_catalog_that_does_not_parse_is_never_written() {
    for broken in ["roles = 3", "[roles.x", "accounts = []", "a = 1\na = 2"] {
        let (_folder, file) = file_with(broken);
        assert_eq!(file.load().unwrap_err().code, crate::failure::Code::CatalogUnreadable, "{broken}");
        assert!(file.remove_role(&name("x")).is_err());
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), broken);
    }
}

#[test]
fn a_missing_catalog_is_empty_and_a_first_role_makes_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = CatalogFile::in_folder(&folder.path().join("deep"));
    assert_eq!(file.load().unwrap(), Catalog::default());
    let (_other, full) = file_with(WRITTEN);
    let source = full.load().unwrap().sources[&name("work")].clone();
    file.add_source(&name("größe"), &source).unwrap();
    assert_eq!(file.load().unwrap().sources[&name("größe")], source);
}

#[test]
fn a_role_in_another_partition_than_its_source_is_refused() {
    let (_folder, file) = file_with(WRITTEN);
    let mut role = file.load().unwrap().roles[&name("AWSEC2FULLACCESS")].clone();
    role.arn = "arn:aws-cn:iam::111122223333:role/x".parse().unwrap();
    role.region = Some("cn-north-1".parse().unwrap());
    let failure = file.add_role(&name("china"), &role).unwrap_err();
    assert_eq!(failure.code, crate::failure::Code::PartitionMismatch);
    role.arn = "arn:aws:iam::111122223333:role/x".parse().unwrap();
    assert_eq!(
        file.add_role(&name("china"), &role).unwrap_err().code,
        crate::failure::Code::PartitionMismatch
    );
}
