//! `guise catalog`: the catalog as a file to keep or to give, and such a file brought in.

use std::io::{IsTerminal, Read};
use std::path::Path;

use guise_core::adapters::profiles::files;
use guise_core::catalog::{Catalog, CatalogFile, EntryKind, Over, write_export};
use guise_core::failure::{Failure, quoted, shown};
use guise_core::home::Home;
use guise_core::import::{Difference, Offer, bringing, offers};
use guise_core::profiles::LARGEST_FILE;

use crate::arguments::bringing::{CatalogCommand, CatalogImport};
use crate::catalog::catalog;
use crate::say;

pub(crate) fn run(home: &Home, command: CatalogCommand) -> Result<(), Failure> {
    match command {
        CatalogCommand::Export { file } => {
            export(home, file.as_deref().filter(|file| *file != Path::new("-")))
        }
        CatalogCommand::Import(command) => import(home, &command),
    }
}

fn export(home: &Home, file: Option<&Path>) -> Result<(), Failure> {
    let seen = catalog(home);
    let text = seen.catalog.exported();
    let Some(file) = file else { return say::data(text.trim_end()) };
    write_export(file, &text, Over::Nothing)?;
    say::words(&format!("wrote {}", quoted(file)));
    Ok(())
}

fn import(home: &Home, command: &CatalogImport) -> Result<(), Failure> {
    let given = Catalog::given(&text_of(&command.file)?)?;
    let file = CatalogFile::in_home(home);
    let here = file.load()?;
    let offers = offers(&given, &here);
    if offers.is_empty() && given.unusable.is_empty() {
        return Err(Failure::given_catalog_empty());
    }
    if let Some(unknown) = command.apply.iter().find(|name| offers.iter().all(|offer| offer.name != **name)) {
        return Err(Failure::not_given(unknown));
    }
    let is_kept = |offer: &&Offer| {
        !command.replace && offer.refused.is_none() && matches!(offer.difference, Difference::Changes(_))
    };
    if !command.all && command.apply.is_empty() {
        show(&given, &offers)?;
        let brings = offers
            .iter()
            .any(|offer| offer.difference != Difference::None && offer.refused.is_none() && !is_kept(&offer));
        let by_hand = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if !brings || !by_hand {
            if brings {
                say::words("\n--all brings it in, --apply NAME … some of it; --replace changes what differs");
            }
            return Ok(());
        }
        if !say::yes("\nBring it in? [y/N] ") {
            return Err(Failure::cancelled());
        }
    }
    let chosen = |kind: EntryKind, name: &str| {
        let offer = offers.iter().find(|offer| offer.kind == kind && offer.name == name);
        let named = command.apply.is_empty() || command.apply.iter().any(|each| each == name);
        named && offer.is_some_and(|offer| !is_kept(&offer))
    };
    let (brought, mut left) = bringing(&given, &here, chosen);
    let named = |offer: &&Offer| command.apply.is_empty() || command.apply.contains(&offer.name);
    for offer in offers.iter().filter(named).filter(is_kept) {
        say::words(&format!("left `{}` as it is; --replace changes it", offer.name));
    }
    if !brought.is_empty() {
        file.bring_in(&brought)?;
    }
    let verb = |is_here: bool| if is_here { "changed" } else { "added" };
    for (name, source) in &brought.sources {
        let is_here = here.sources.contains_key(name);
        say::words(&format!("{} the source `{name}`", verb(is_here)));
        if let Some(id) = source.access_key_id().filter(|_| !is_here) {
            say::words(&format!(
                "  its key does not travel: guise source add {} --access-key-id {} keeps it here",
                quoted(Path::new(name.as_str())),
                id.as_str()
            ));
        }
    }
    for (id, _) in &brought.accounts {
        say::words(&format!("{} the account {}", verb(here.accounts.contains_key(id)), id.grouped()));
    }
    for (name, _) in &brought.roles {
        say::words(&format!("{} `{name}`", verb(here.roles.contains_key(name))));
    }
    if brought.is_empty() && left.is_empty() {
        say::words("nothing was changed");
    }
    left.sort_by(|one, other| one.0.cmp(&other.0));
    for (name, failure) in &left {
        say::words(&format!("`{}` was not brought in", shown(name)));
        say::failure(failure);
    }
    if left.is_empty() { Ok(()) } else { Err(Failure::import_incomplete(left.len())) }
}

fn text_of(file: &Path) -> Result<String, Failure> {
    if file != Path::new("-") {
        let text = files::read(file)?.ok_or_else(|| Failure::import_nothing_there(file))?;
        return Ok(text.to_string());
    }
    let mut text = String::new();
    let read = std::io::stdin().lock().take(LARGEST_FILE + 1).read_to_string(&mut text);
    match read {
        Ok(_) if text.len() as u64 > LARGEST_FILE => Err(Failure::import_too_large("-")),
        Ok(_) => Ok(text),
        Err(_) => Err(Failure::given_catalog_invalid("it is not text in UTF-8")),
    }
}

/// What would come of it, entry by entry.
fn show(given: &Catalog, offers: &[Offer]) -> Result<(), Failure> {
    let mut parts = Vec::new();
    for (title, kind) in
        [("sources", EntryKind::Source), ("accounts", EntryKind::Account), ("roles", EntryKind::Role)]
    {
        let rows: Vec<Vec<String>> =
            offers.iter().filter(|offer| offer.kind == kind).flat_map(rows).collect();
        if !rows.is_empty() {
            let table = say::table(&rows);
            let lines: String = table.lines().map(|line| format!("  {line}\n")).collect();
            parts.push(format!("{title}\n{lines}"));
        }
    }
    for entry in &given.unusable {
        say::warning(&entry.failure);
    }
    say::data(parts.join("\n").trim_end())
}

fn rows(offer: &Offer) -> Vec<Vec<String>> {
    let state = match (&offer.refused, &offer.difference) {
        (Some(failure), _) => failure.message.clone(),
        (None, Difference::New) => "new".to_owned(),
        (None, Difference::None) => "here already".to_owned(),
        (None, Difference::Changes(_)) => "differs".to_owned(),
    };
    let mut rows = vec![vec![offer.name.clone(), shown(&offer.about), state]];
    if let Difference::Changes(fields) = &offer.difference {
        let or = |text: &Option<String>| text.as_deref().map_or_else(|| "nothing".into(), shown);
        rows.extend(fields.iter().map(|change| {
            vec![
                format!("  {}", change.field),
                format!("- {}", or(&change.old)),
                format!("+ {}", or(&change.new)),
            ]
        }));
    }
    rows
}
