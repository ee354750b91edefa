//! `guise source rotate`, and how old a key is.

use guise_core::adapters::clock::SystemClock;
use guise_core::agent::{Answered, Request};
use guise_core::catalog::{Name, Source};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::ports::Clock;

use crate::agent::ask;
use crate::say;

/// A new key in the place of the source's.
pub(crate) fn rotate(home: &Home, name: &Name) -> Result<(), Failure> {
    let Answered::Rotated { old, new, trouble } =
        ask(home, Request::RotateSource { source: name.to_string() })?
    else {
        return Err(Failure::agent_unintelligible());
    };
    say::data(&say::table(&[vec!["new key".into(), new], vec!["old key".into(), old]]))?;
    match trouble {
        None => say::words(&format!(
            "the new key works and is in the keychain; the old one is switched off\n\
             once nothing has missed it: guise source rotate {name} --delete-old"
        )),
        Some(failure) => {
            say::words("the new key works and is in the keychain; the old one is still switched on");
            say::warning(&failure);
        }
    }
    Ok(())
}

/// Deletes the key that a rotation left, after a question.
pub(crate) fn delete_old(home: &Home, name: &Name, yes: bool) -> Result<(), Failure> {
    let question = format!("Delete the old key of `{name}` for good? [y/N] ");
    if !yes && !say::confirmed(&question, &format!("guise source rotate {name} --delete-old"))? {
        return Err(Failure::cancelled());
    }
    let Answered::KeyDeleted { id } = ask(home, Request::DeleteOldKey { source: name.to_string() })? else {
        return Err(Failure::agent_unintelligible());
    };
    say::words(&format!("deleted {id}"));
    Ok(())
}

/// How old the source's key is, in words, or why that is not known.
pub(crate) fn age(home: &Home, name: &Name, source: &Source) -> String {
    let Some(id) = source.access_key_id() else { return "it has none of its own".to_owned() };
    match ask(home, Request::SourceKeys { source: name.to_string() }) {
        Ok(Answered::Keys { keys }) => {
            let made = keys.iter().find(|(key, ..)| key == id.as_str()).map(|(_, made, _)| *made);
            made.map_or_else(
                || "IAM does not list it".to_owned(),
                |made| match SystemClock.now().duration_since(made).as_hours() / 24 {
                    1 => "1 day".to_owned(),
                    days => format!("{days} days"),
                },
            )
        }
        Ok(_) => "not known".to_owned(),
        Err(failure) => format!("not known: {}", failure.message),
    }
}
