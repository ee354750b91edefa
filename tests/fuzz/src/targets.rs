//! One target a parser: what it is given, and what must be true of all that it takes.

use std::str::FromStr;

use guise_core::arn::{AccountId, PrincipalArn, Region, RoleArn};
use guise_core::assume::{
    ExternalId, Filling, MfaSerial, PolicyArn, SessionNameTemplate, SessionPolicy, SourceIdentity, read_tag,
};
use guise_core::catalog::{Catalog, Name};
use guise_core::console::{Destination, Endpoint};
use guise_core::import::{
    Finds, Profiles, ReadFile, read_any, read_extension, read_links, vaulted, vaulted_key,
};
use guise_core::profiles::{FileKind, ProfileFile, ProfileName, calls_guise, way_of};
use guise_core::search::{Found, Index, Query};
use guise_core::secret::AccessKeyId;
use guise_core::session::SessionDuration;

use crate::corpus;

/// A parser.
pub struct Target {
    /// How it is called.
    pub name: &'static str,
    /// Gives it one input; whether it was taken. Panics where what was taken is not what it should be.
    pub try_one: fn(&str) -> bool,
    /// Good inputs.
    pub corpus: &'static [&'static str],
    /// Whether it is one that makes something of every text.
    pub takes_all: bool,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    target("profiles", profiles, corpus::PROFILES),
    target("extension", |text| told(&read_extension(text, "x".as_ref())), corpus::EXTENSION),
    target("links", |text| told(&read_links(text, "x".as_ref())), corpus::LINKS),
    target("any", |text| told(&read_any(text, "x".into())), corpus::PROFILES),
    Target {
        name: "command",
        try_one: |text| {
            let _ = calls_guise(text);
            true
        },
        corpus: corpus::COMMANDS,
        takes_all: true,
    },
    target("role-arn", same::<RoleArn>, corpus::ARNS),
    target("principal-arn", same::<PrincipalArn>, corpus::ARNS),
    target("policy-arn", same::<PolicyArn>, corpus::ARNS),
    target("mfa-serial", same::<MfaSerial>, corpus::ARNS),
    target("region", region, corpus::REGIONS),
    target("account", account, corpus::ACCOUNTS),
    target("key-id", key_id, corpus::KEY_IDS),
    target("vault", vault, corpus::VAULT),
    target("duration", duration, corpus::DURATIONS),
    target("tag", |text| read_tag(text).is_ok(), corpus::TAGS),
    target("session-name", session_name, corpus::SESSION_NAMES),
    target("external-id", same::<ExternalId>, corpus::SESSION_NAMES),
    target("source-identity", same::<SourceIdentity>, corpus::SESSION_NAMES),
    target("policy", |text| text.parse::<SessionPolicy>().is_ok(), corpus::POLICIES),
    target("destination", destination, corpus::DESTINATIONS),
    target("pasted", pasted, corpus::PASTED),
    target("catalog", catalog, corpus::CATALOGS),
];

const fn target(name: &'static str, try_one: fn(&str) -> bool, corpus: &'static [&'static str]) -> Target {
    Target { name, try_one, corpus, takes_all: false }
}

/// What is taken is written as it was read, and read again as the same.
fn same<T: FromStr + ToString + PartialEq>(text: &str) -> bool {
    let Ok(read) = text.parse::<T>() else { return false };
    let written = read.to_string();
    assert!(written.parse::<T>().is_ok_and(|again| again == read), "{text:?} is written as {written:?}");
    true
}

fn region(text: &str) -> bool {
    let Ok(read) = text.parse::<Region>() else { return false };
    // It becomes part of a host's name.
    let name = read.as_str();
    let is_label =
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    assert!((5..=32).contains(&name.len()) && is_label && !name.contains("--"), "{text:?}");
    assert!(!name.starts_with('-') && name.ends_with(|last: char| last.is_ascii_digit()), "{text:?}");
    same::<Region>(text)
}

fn account(text: &str) -> bool {
    let Ok(read) = text.parse::<AccountId>() else { return false };
    assert!(read.as_str().len() == 12 && read.as_str().bytes().all(|byte| byte.is_ascii_digit()), "{text:?}");
    let grouped = read.grouped();
    assert!(grouped.len() == 14 && grouped.replace(' ', "") == read.as_str(), "{grouped:?}");
    same::<AccountId>(text)
}

fn key_id(text: &str) -> bool {
    let Ok(read) = text.parse::<AccessKeyId>() else { return false };
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    assert!((16..=128).contains(&read.as_str().len()) && read.as_str().bytes().all(word), "{text:?}");
    true
}

/// A catalog that somebody gives: what can be used of it is given on as it was, and what is marked stays so.
fn catalog(text: &str) -> bool {
    let Ok(read) = Catalog::given(text) else { return false };
    let again = Catalog::given(&read.exported()).expect("what is given can be read");
    assert_eq!((&again.sources, &again.roles), (&read.sources, &read.roles), "{text:?}");
    assert!(again.unusable.is_empty(), "{text:?} gives what cannot be used");
    let (before, after) = (read.guard(), again.guard());
    // Marks of entries that cannot be used are not given on; all others are.
    let lost = read.roles.values().find(|role| {
        before.covers(role) && !after.covers(role) && !read.unusable_production.contains(&role.arn)
    });
    assert!(lost.is_none(), "{text:?} loses the mark of {lost:?}");
    true
}

/// What aws-vault's keychain holds is somebody else's writing too.
fn vault(text: &str) -> bool {
    let profiles = vaulted(text.lines().map(str::to_owned).collect());
    assert!(profiles.windows(2).all(|two| two[0] < two[1]), "{text:?} has names twice");
    vaulted_key(&"work".parse().expect("a name"), text.as_bytes()).is_ok()
}

fn duration(text: &str) -> bool {
    let Ok(read) = text.parse::<SessionDuration>() else { return false };
    assert!((900..=43_200).contains(&read.seconds()), "{text:?}");
    same::<SessionDuration>(text)
}

fn session_name(text: &str) -> bool {
    let Ok(read) = text.parse::<SessionNameTemplate>() else { return false };
    let filling =
        Filling { user: "größe/ada".into(), host: "host".into(), date: jiff::civil::date(2026, 11, 25) };
    let filled = read.filled(&filling);
    let taken = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    let name = filled.as_str();
    assert!((2..=64).contains(&name.len()) && name.bytes().all(taken), "{text:?} is filled as {name:?}");
    true
}

fn destination(text: &str) -> bool {
    let Ok(page) = text.parse::<Destination>() else { return false };
    let console =
        Endpoint::parse("console", "https://eu-west-1.console.aws.amazon.com").expect("an endpoint");
    let region: Region = "eu-west-1".parse().expect("a region");
    if let Ok(url) = Destination::resolve(Some(&page), &console, &region) {
        // Wherever a page was copied from, it opens on the console that the credentials are for.
        let origin = url.origin().ascii_serialization();
        assert_eq!(origin, "https://eu-west-1.console.aws.amazon.com", "{text:?} leads there");
        assert!(url.username().is_empty() && url.password().is_none(), "{text:?} names somebody");
    }
    true
}

/// What the switcher makes of a text that was pasted into its field.
fn pasted(text: &str) -> bool {
    let query = Query::Roles { text: text.into(), pasted: None, account: None };
    let Found::Roles(found) = Index::default().find(&query) else { panic!("{text:?} found pages") };
    let Some(pasted) = found.pasted else { return false };
    let misleads =
        |each: char| each.is_control() || matches!(each, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!pasted.what.chars().any(misleads), "{text:?} is shown as {:?}", pasted.what);
    if let Some(page) = &pasted.destination {
        assert!(destination(page), "{text:?} leads to {page:?}, which is no page");
    }
    if let Some(account) = &pasted.account {
        assert!(self::account(&account.id), "{text:?} is of {:?}", account.id);
    }
    true
}

fn profiles(text: &str) -> bool {
    let file = |kind| ReadFile { path: "x".into(), file: ProfileFile::read(text, kind) };
    for kind in [FileKind::Config, FileKind::Credentials] {
        let profiles = Profiles::of(vec![file(kind)]);
        for name in ["default", "a", "b", "e"] {
            let name: ProfileName = name.parse().expect("a name");
            if let Err(failure) = way_of(&profiles, &name) {
                assert!(failure.hint.is_some(), "{failure}");
            }
        }
    }
    told(&Profiles::of(vec![file(FileKind::Config), file(FileKind::Credentials)]).finds())
}

/// What was found has names that are ours, each once, and reasons that can be shown.
fn told(finds: &Finds) -> bool {
    let mut names: Vec<&Name> = finds.roles.iter().map(|role| &role.name).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all, "a name is given twice");
    let reasons = finds.passed.iter().map(|passed| &passed.why);
    for reason in reasons.chain(finds.roles.iter().flat_map(|role| &role.notes)) {
        assert!(!reason.chars().any(char::is_control), "{reason:?}");
    }
    assert!(
        finds.in_order(&finds.roles.iter().map(|role| role.name.clone()).collect::<Vec<_>>()).len() == all
    );
    !finds.roles.is_empty() || !finds.keys.is_empty() || !finds.centers.is_empty()
}
