//! `guise catalog`: the catalog as a file to keep or to give, and such a file brought in.

use std::io::{IsTerminal, Read};
use std::path::Path;

use guise_core::adapters::profiles::files;
use guise_core::catalog::{Catalog, CatalogFile, EntryKind, Over, write_export};
use guise_core::failure::{Failure, quoted, shown};
use guise_core::home::Home;
use guise_core::import::{Difference, Differing, Done, Offer, bringing, offers};
use guise_core::profiles::LARGEST_FILE;
use zeroize::Zeroizing;

use crate::arguments::bringing::{CatalogCommand, CatalogImport};
use crate::catalog::catalog;
use crate::import::changed;
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
    for entry in seen.catalog.left_out() {
        say::words(&format!("warning: {entry} cannot be used by this version, and is left out"));
    }
    let Some(file) = file else { return say::data(text.trim_end()) };
    write_export(file, &text, Over::Nothing)?;
    say::words(&format!("wrote {}", quoted(file)));
    Ok(())
}

fn import(home: &Home, command: &CatalogImport) -> Result<(), Failure> {
    let text = text_of(&command.file)?.ok_or_else(|| Failure::given_catalog_missing(&command.file))?;
    let given = Catalog::given(&text)?;
    let file = CatalogFile::in_home(home);
    let here = file.load()?;
    let offers = offers(&given, &here);
    if offers.is_empty() && given.unusable.is_empty() {
        return Err(Failure::given_catalog_empty());
    }
    if let Some(unknown) = command.apply.iter().find(|name| offers.iter().all(|offer| offer.name != **name)) {
        let unusable = given.unusable.iter().find(|entry| entry.name == **unknown);
        return Err(unusable.map_or_else(|| Failure::not_given(unknown), |entry| in_file(&entry.failure)));
    }
    let differing = if command.replace { Differing::Changes } else { Differing::Stays };
    let named =
        |_: EntryKind, name: &str| command.apply.is_empty() || command.apply.iter().any(|each| each == name);
    let brought = bringing(&given, &here, differing, named);
    if !command.all && command.apply.is_empty() {
        show(&given, &offers)?;
        let brings = offers.iter().any(|offer| {
            let comes = match offer.difference {
                Difference::New => true,
                Difference::None => false,
                Difference::Changes(_) => command.replace,
            };
            comes && offer.refused.is_none()
        });
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
    if command.all {
        warn_of_unusable(&given);
    }
    for name in &brought.kept {
        say::words(&format!("left `{name}` as it is; --replace changes it"));
    }
    if !brought.given.is_empty() {
        file.bring_in(&brought.given)?;
    }
    for Done { sentence, keyless } in brought.done(&here) {
        say::words(&sentence);
        if let Some((name, id)) = keyless {
            say::words(&format!(
                "  its key does not travel: guise source add {} --access-key-id {} keeps it here",
                quoted(Path::new(name.as_str())),
                id.as_str()
            ));
        }
    }
    let nothing = brought.given.is_empty();
    let mut left = brought.left;
    if nothing && left.is_empty() {
        say::words("nothing was changed");
    }
    left.sort_by(|one, other| one.0.cmp(&other.0));
    for (name, failure) in &left {
        say::words(&format!("`{}` was not brought in", shown(name)));
        say::failure(failure);
    }
    if left.is_empty() { Ok(()) } else { Err(Failure::import_incomplete(left.len())) }
}

/// The text of a file, or of standard input where it is called `-`; `None` where there is none.
pub(crate) fn text_of(file: &Path) -> Result<Option<Zeroizing<String>>, Failure> {
    if file != Path::new("-") {
        return files::read(file);
    }
    // It may hold a key, and no copy of a smaller one is left behind while it grows.
    let room = usize::try_from(LARGEST_FILE).unwrap_or_default() + 4096;
    let mut text = Zeroizing::new(String::with_capacity(room));
    let read = std::io::stdin().lock().take(LARGEST_FILE + 1).read_to_string(&mut text);
    match read {
        Ok(_) if text.len() as u64 > LARGEST_FILE => Err(Failure::import_too_large("-")),
        Ok(_) => Ok(Some(text)),
        Err(error) => Err(Failure::profile_file_unreadable(file, &error.kind().to_string())),
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
    warn_of_unusable(given);
    say::data(parts.join("\n").trim_end())
}

/// Says what of the file this version cannot use, and leaves there.
fn warn_of_unusable(given: &Catalog) {
    for entry in &given.unusable {
        say::warning(&in_file(&entry.failure));
    }
}

/// Why an entry cannot be used, where it stands in a file that is brought in and not in the catalog.
fn in_file(failure: &Failure) -> Failure {
    let mut failure = failure.clone();
    failure.hint =
        Some("mend it in the file, if no newer Guise wrote it; the rest can be brought in".to_owned());
    failure
}

fn rows(offer: &Offer) -> Vec<Vec<String>> {
    let state = match (&offer.refused, &offer.difference) {
        (Some(failure), _) => failure.message.clone(),
        (None, Difference::New) => "new".to_owned(),
        (None, Difference::None) => "here already".to_owned(),
        (None, Difference::Changes(_)) => "differs".to_owned(),
    };
    let mut rows = vec![vec![offer.name.clone(), shown(&offer.about), state]];
    let says = offer.says.iter().map(|each| {
        vec![format!("  {}", each.field), each.new.as_deref().map(shown).unwrap_or_default(), String::new()]
    });
    rows.extend(says);
    rows.extend(offer.note.iter().map(|note| vec![String::new(), note.clone(), String::new()]));
    if let Difference::Changes(fields) = &offer.difference {
        rows.extend(changed(fields, shown));
    }
    rows
}
