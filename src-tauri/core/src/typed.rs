//! What holds for every word that is typed, pasted or read: it is taken whole or refused in a sentence, and what was taken is
//! written as it is read.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::*;

use crate::arn::{AccountId, Partition, PrincipalArn, Region, RoleArn};
use crate::assume::{
    ExternalId, MfaSerial, PolicyArn, SessionNameTemplate, SessionPolicy, SourceIdentity, read_tag,
};
use crate::browser::BrowserName;
use crate::catalog::{Environment, Name};
use crate::console::{Destination, Endpoint};
use crate::failure::{Failure, is_unprintable};
use crate::profiles::ProfileName;
use crate::session::{SessionDuration, SessionName};
use crate::setup::RoleName;
use crate::shortcut::Shortcut;

/// A word is refused in a sentence that can be shown, or it is written as it was read.
fn holds<T: FromStr<Err = Failure> + Display + PartialEq + Debug>(text: &str) -> Result<(), TestCaseError> {
    match text.parse::<T>() {
        Ok(word) => {
            let written = word.to_string();
            let again = written.parse::<T>();
            prop_assert_eq!(
                again.as_ref().ok(),
                Some(&word),
                "{:?} was written {:?}: {:?}",
                text,
                written,
                again
            );
        }
        Err(failure) => {
            let said = format!("{} {}", failure.message, failure.hint.clone().unwrap_or_default());
            let odd = said.chars().find(|each| is_unprintable(*each) && *each != '\n');
            prop_assert!(odd.is_none() && said.chars().count() < 1000, "{:?} is refused by {:?}", text, said);
            prop_assert!(failure.hint.is_some(), "{failure}: no next step");
        }
    }
    Ok(())
}

fn all_hold(text: &str) -> Result<(), TestCaseError> {
    holds::<RoleArn>(text)?;
    holds::<PrincipalArn>(text)?;
    holds::<PolicyArn>(text)?;
    holds::<AccountId>(text)?;
    holds::<Region>(text)?;
    holds::<Partition>(text)?;
    holds::<SessionDuration>(text)?;
    holds::<SessionName>(text)?;
    holds::<SessionNameTemplate>(text)?;
    holds::<SessionPolicy>(text)?;
    holds::<ExternalId>(text)?;
    holds::<SourceIdentity>(text)?;
    holds::<MfaSerial>(text)?;
    holds::<Name>(text)?;
    holds::<ProfileName>(text)?;
    holds::<RoleName>(text)?;
    holds::<Environment>(text)?;
    holds::<BrowserName>(text)?;
    holds::<Destination>(text)?;
    holds::<Endpoint>(text)?;
    holds::<Shortcut>(text)?;
    if let Ok((key, value)) = read_tag(text) {
        prop_assert_eq!(read_tag(&format!("{key}={value}")).ok(), Some((key, value)));
    }
    Ok(())
}

/// Something that one of them takes.
fn right() -> impl Strategy<Value = String> {
    prop_oneof![
        r"arn:aws(-cn|-us-gov|-eusc)?:iam::[0-9]{12}:role/([a-z/]{1,20}/)?[\w+=,.@-]{1,64}",
        r"arn:aws:iam::(aws|[0-9]{12}):policy/([a-z]{1,20}/)?[a-zA-Z0-9+=,.@-]{1,128}",
        r"arn:aws:(iam|sts)::[0-9]{12}:(user|assumed-role/a)/[a-z@.-]{1,20}",
        r"([1-9]h([1-5]?[0-9]m)?|[1-9][0-9]{1,2}m|[1-9][0-9]{3}s?)",
        r"[a-zA-Z _.:/=+@-]{1,40}=[a-zA-Z0-9 _.:/=+@-]{0,60}",
        r"(us|eu|ap|cn|il)-(gov-|iso-)?(east|west|central|north)-[1-4]",
        r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}",
        r"[\w+=,.@{}-]{1,70}",
        r"(https://([a-z0-9-]{1,12}\.)?console\.aws\.amazon\.com)?/?[a-z0-9]{1,12}(/home)?([?#][a-z=&%0-9]{0,20})?",
        r"http(s)?://[a-z0-9.]{1,20}(:[0-9]{1,5})?",
        r"(Ctrl|Alt|Shift|Super)\+((Shift|Alt)\+)?([A-Z0-9]|F[0-9]{1,2}|Space)",
        r#"\{"Statement":(\[\]|\{"Effect":"[a-z\\u00e9]{0,9}"\})\}"#,
    ]
}

/// The same with something wrong in it, if only a little.
fn nearly() -> impl Strategy<Value = String> {
    let odd = prop_oneof![
        any::<char>(),
        proptest::sample::select("\u{202e}\u{0}\n\r\t'\"`$\\:/{}%é\u{feff}".chars().collect::<Vec<_>>())
    ];
    (right(), any::<proptest::sample::Index>(), odd, 0..3_usize).prop_map(|(text, place, odd, taken)| {
        let all: Vec<char> = text.chars().collect();
        let at = place.index(all.len() + 1);
        let rest = all.iter().skip(at + taken);
        all[..at].iter().chain([&odd]).chain(rest).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_word_is_taken_whole_or_refused_in_a_sentence(
        text in prop_oneof![right(), nearly(), any::<String>(), "[ -~]{0,3000}"]
    ) {
        all_hold(&text)?;
    }

    #[test]
    fn whatever_iam_takes_for_a_role_is_taken(
        partition in "aws(-cn|-us-gov|-eusc)?", account in "[0-9]{12}",
        path in r"([!-.0-~]{1,30}/){0,4}", name in r"[a-zA-Z0-9_+=,.@-]{1,64}"
    ) {
        let text = format!("arn:{partition}:iam::{account}:role/{path}{name}");
        let arn: RoleArn = text.parse().unwrap();
        prop_assert_eq!((arn.to_string(), arn.name(), arn.account().as_str()), (text, name.as_str(), account.as_str()));
    }

    #[test]
    fn a_duration_is_its_seconds_however_it_is_written(seconds in 0..50_000_u32) {
        let right = (900..=43_200).contains(&seconds);
        let split = format!("{}h{}m{}s", seconds / 3600, seconds % 3600 / 60, seconds % 60);
        for text in [seconds.to_string(), format!("{seconds}s"), split] {
            let read: Option<SessionDuration> = text.parse().ok();
            prop_assert_eq!(read.map(SessionDuration::seconds), right.then_some(seconds), "{}", text);
        }
    }

    #[test]
    fn a_tag_is_split_at_its_first_sign_of_equality(
        key in r"[\p{L}\p{N} _.:/+@-]{1,128}", value in r"[\p{L}\p{N} _.:/=+@-]{0,256}"
    ) {
        prop_assume!(!key.to_ascii_lowercase().starts_with("aws:"));
        let (read, said) = read_tag(&format!("{key}={value}")).unwrap();
        prop_assert_eq!((read.as_str(), said.as_str()), (key.as_str(), value.as_str()));
    }
}
