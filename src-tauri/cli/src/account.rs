//! `guise account`: what the person says about accounts.

use guise_core::catalog::{Account, AccountChange, CatalogFile, Change, Colour, EntryKind, Environment};
use guise_core::failure::Failure;
use guise_core::home::Home;
use serde_json::{Value, json};

use crate::arguments::{AccountCommand, AccountEdit};
use crate::catalog::catalog;
use crate::say;

pub(crate) fn run(home: &Home, command: AccountCommand) -> Result<(), Failure> {
    match command {
        AccountCommand::List { json } => list(home, json),
        AccountCommand::Edit(edit) => {
            let id = edit.account.clone();
            let change = change(edit)?;
            let catalog = CatalogFile::in_home(home).edit_account(&id, &change)?;
            say::words(&format!("changed account {}", id.grouped()));
            let account = catalog.accounts.get(&id);
            let is_word =
                account.is_some_and(|it| it.environment.as_ref().is_some_and(Environment::is_production));
            let has_word = change.environment != Change::Keep && change.production.is_none();
            if has_word && !is_word && account.is_some_and(|account| account.production) {
                say::words("it is production still; --no-production takes that away");
            }
            Ok(())
        }
    }
}

fn change(edit: AccountEdit) -> Result<AccountChange, Failure> {
    let production = match (edit.production, edit.no_production) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    };
    Ok(AccountChange {
        name: Change::read(edit.name)?,
        colour: Change::read(edit.colour)?,
        environment: Change::read(edit.environment)?,
        production,
    })
}

/// What an account is for, and whether mistakes there hurt, which is said once.
fn marks(account: &Account) -> String {
    let word = account.environment.as_ref().filter(|word| !word.is_production()).map(ToString::to_string);
    let production = account.production.then(|| "PRODUCTION".to_owned());
    word.into_iter().chain(production).collect::<Vec<_>>().join(", ")
}

fn list(home: &Home, json: bool) -> Result<(), Failure> {
    let seen = catalog(home);
    if !json {
        seen.warn_of_unusable(EntryKind::Account);
    }
    let catalog = seen.catalog;
    let ids: std::collections::BTreeSet<_> =
        catalog.accounts.keys().chain(catalog.roles.values().map(|role| role.arn.account())).collect();
    let rows = ids.into_iter().map(|id| {
        let account = catalog.accounts.get(id).cloned().unwrap_or_default();
        let roles = catalog.roles.values().filter(|role| role.arn.account() == id).count();
        (id, account, roles)
    });
    if json {
        let values = rows.map(|(id, account, roles)| {
            json!({
                "id": id.as_str(),
                "name": account.name,
                "colour": account.colour.map(Colour::as_str),
                "environment": account.environment.map(|word| word.to_string()),
                "production": account.production,
                "roles": roles,
            })
        });
        return say::data(&format!("{:#}", Value::from(values.collect::<Vec<_>>())));
    }
    let rows: Vec<Vec<String>> = rows
        .map(|(id, account, roles)| {
            let marks = marks(&account);
            vec![
                id.grouped(),
                account.name.clone().unwrap_or_default(),
                if roles == 1 { "1 role".to_owned() } else { format!("{roles} roles") },
                account.colour.map_or_else(String::new, |colour| colour.to_string()),
                marks,
            ]
        })
        .collect();
    if rows.is_empty() {
        say::words("no accounts yet; each role brings its own");
        return Ok(());
    }
    say::data(&say::table(&rows))
}
