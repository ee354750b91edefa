//! `guise purge`: everything that Guise keeps for a home is taken out.

use std::path::Path;
use std::sync::Arc;

use guise_core::adapters::keychain::OsKeychain;
use guise_core::failure::{Failure, shown_path};
use guise_core::home::Home;
use guise_core::{agent, purge};

use crate::{runtime, say};

pub(crate) fn run(home: &Home, yes: bool) -> Result<(), Failure> {
    let kept = purge::look(home)?;
    if kept.is_empty() {
        say::words("Guise keeps nothing here");
        return Ok(());
    }
    say::words(&list(home, &kept));
    if !yes
        && !say::confirmed(
            "Take all of it out? A key that is kept nowhere else is gone for good. [y/N] ",
            "guise purge",
        )?
    {
        return Err(Failure::purge_declined());
    }
    let left = runtime()?.block_on(async {
        // An agent that runs ends, and none can begin.
        let claim = agent::take_over(home).await?;
        let told = std::sync::Once::new();
        let waiting = || {
            told.call_once(|| say::words("the keychain is locked: unlock it in its own window to go on"));
        };
        purge::remove(home, claim, |service| Arc::new(OsKeychain::new(service)), waiting).await
    })?;
    for failure in &left.of_others {
        say::note(failure);
    }
    for failure in &left.failures {
        say::failure(failure);
    }
    if let Some(last) = left.failures.last() {
        return Err(Failure::purged_in_part(last));
    }
    say::words("taken out");
    Ok(())
}

/// What is kept, a line each.
fn list(home: &Home, kept: &purge::Kept) -> String {
    let whose = home.chosen.as_ref().map_or("you".to_owned(), |folder| format!("`{}`", shown_path(folder)));
    let mut rows = Vec::new();
    for key in &kept.keys {
        rows.push(vec!["  keychain".to_owned(), format!("the key of `{}`", key.source)]);
    }
    if let Some(place) = &kept.login_entry {
        rows.push(vec!["  at login".to_owned(), shown_path(Path::new(place))]);
    }
    for file in &kept.files {
        rows.push(vec!["  file".to_owned(), shown_path(file)]);
    }
    format!("Guise keeps this for {whose}:\n\n{}\n", say::table(&rows))
}
