//! The catalog on bad days: cut off, emptied, gone, changed by somebody else in the middle of a save.

use super::*;
use crate::failure::Code;
use crate::home::Home;

/// A home whose catalog says `text`, which has been seen.
fn home_with(text: &str) -> (tempfile::TempDir, CatalogFile, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path());
    std::fs::create_dir_all(&home.configuration).unwrap();
    let file = CatalogFile::in_home(&home);
    std::fs::write(file.path(), text).unwrap();
    seen(&file);
    (folder, file, home)
}

/// Looks at the catalog as the agent does.
fn seen(file: &CatalogFile) -> Current {
    let current = file.current();
    if let Some(good) = &current.good {
        file.remember(good);
    }
    current
}

fn favourite() -> RoleChange {
    RoleChange { favourite: Some(true), ..RoleChange::default() }
}

fn ec2() -> Name {
    name("AWSEC2FULLACCESS")
}

#[test]
fn f14_a_catalog_cut_off_at_any_byte_is_never_written_and_never_lost() {
    let (_folder, file, home) = home_with(WRITTEN);
    let whole = file.load().unwrap();
    let mut refused = 0;
    for cut in 0..WRITTEN.len() {
        std::fs::write(file.path(), &WRITTEN[..cut]).unwrap();
        match file.load() {
            Ok(part) => {
                // Cut between two entries it is a catalog like any other; what is missing is in the copies.
                assert!(part.roles.len() + part.sources.len() + part.unusable.len() <= 2, "{cut}");
                seen(&file);
                seen(&file);
            }
            Err(failure) => {
                refused += 1;
                assert_eq!(failure.code, Code::CatalogUnreadable);
                let current = file.current();
                assert_eq!(
                    (current.catalog, current.trouble.as_ref()),
                    (whole.clone(), Some(&failure)),
                    "{cut}"
                );
                assert_eq!(file.edit_role(&ec2(), &favourite()).unwrap_err(), failure);
                assert_eq!(std::fs::read_to_string(file.path()).unwrap(), WRITTEN[..cut], "{cut}");
            }
        }
        assert!(copies(&home).contains(&WRITTEN.to_owned()), "{cut}: the whole one is kept");
        std::fs::write(file.path(), WRITTEN).unwrap();
        seen(&file);
    }
    assert!(refused > WRITTEN.len() / 2, "{refused} of {}", WRITTEN.len());
}

fn copies(home: &Home) -> Vec<String> {
    let read = |name: &str| std::fs::read_to_string(home.state.join(name)).ok();
    ["catalog.last.toml", "catalog.before.toml"].into_iter().filter_map(read).collect()
}

#[test]
fn f14_an_emptied_catalog_is_not_an_empty_one() {
    let (_folder, file, home) = home_with(WRITTEN);
    let whole = file.load().unwrap();
    for empty in ["", "\n \n", "\r\n", "\u{feff}", "\0\0\0\0", "\u{feff}\0\n\0"] {
        std::fs::write(file.path(), empty).unwrap();
        let current = seen(&file);
        assert_eq!(current.catalog, whole, "{empty:?}");
        let trouble = current.trouble.unwrap();
        assert!(trouble.message.ends_with("is empty, and Guise did not empty it"), "{trouble}");
        let hint = trouble.hint.unwrap();
        assert!(hint.contains(&format!("rm {}", file.path().display())), "{hint}");
        assert!(hint.contains(&format!("cp {}/catalog.last.toml", home.state.display())), "{hint}");
        assert!(file.edit_role(&ec2(), &favourite()).is_err());
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), empty);
    }
    std::fs::write(file.path(), format!("{WRITTEN}\0\0")).unwrap();
    let trouble = file.current().trouble.unwrap();
    assert!(trouble.message.contains("zero bytes, as a power cut"), "{trouble}");
}

#[test]
fn f14_an_empty_catalog_where_there_was_none_is_one() {
    let (_folder, file, _home) = home_with("");
    assert_eq!(file.load().unwrap(), Catalog::default());
    assert!(file.current().trouble.is_none());
    let source = file_with(WRITTEN).1.load().unwrap().sources[&name("work")].clone();
    file.add_source(&name("work"), &source).unwrap();
    file.remove_source(&name("work")).unwrap();
    // What we emptied ourselves is no loss.
    assert!(!std::fs::read_to_string(file.path()).unwrap().trim().is_empty());
    assert!(seen(&file).trouble.is_none());
    assert_eq!(file.load().unwrap(), Catalog::default());
}

#[test]
fn f14_a_catalog_that_is_taken_away_is_empty_and_is_kept_when_a_new_one_begins() {
    let (_folder, file, home) = home_with(WRITTEN);
    std::fs::remove_file(file.path()).unwrap();
    let current = seen(&file);
    assert_eq!(current.catalog, Catalog::default());
    let trouble = current.trouble.unwrap();
    assert!(trouble.message.ends_with("is not there any more"), "{trouble}");
    assert!(trouble.hint.unwrap().contains("to have the old one back: cp "));
    let source = file_with(WRITTEN).1.load().unwrap().sources[&name("work")].clone();
    file.add_source(&name("work"), &source).unwrap();
    assert!(seen(&file).trouble.is_none());
    assert_eq!(std::fs::read_to_string(home.state.join("catalog.before.toml")).unwrap(), WRITTEN);
}

#[test]
fn f14_a_mark_and_the_ends_of_lines_stay_as_an_editor_on_another_system_made_them() {
    for text in [
        WRITTEN.replace('\n', "\r\n"),
        format!("\u{feff}{WRITTEN}"),
        format!("\u{feff}{}", WRITTEN.replace('\n', "\r\n")),
    ] {
        let (_folder, file, _home) = home_with(&text);
        file.edit_role(&ec2(), &favourite()).unwrap();
        let line = if text.contains('\r') { "mood = \"sunny\"\r\n" } else { "mood = \"sunny\"\n" };
        let expected = text.replace(
            line,
            &line
                .replace("sunny\"", "sunny\"\u{0}")
                .replace('\u{0}', &format!("{}favourite = true", &line[14..])),
        );
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), expected);
    }
}

#[test]
fn f14_a_good_copy_that_is_broken_itself_is_no_help_and_no_harm() {
    let (_folder, file, home) = home_with(WRITTEN);
    std::fs::write(home.state.join("catalog.last.toml"), "[").unwrap();
    std::fs::write(file.path(), "[").unwrap();
    let current = file.current();
    assert_eq!(current.catalog, Catalog::default());
    assert!(current.trouble.unwrap().hint.unwrap().ends_with("nothing is written"));
}

#[test]
fn what_is_seen_is_copied_once_and_only_for_its_owner() {
    let (_folder, file, home) = home_with(WRITTEN);
    let last = home.state.join("catalog.last.toml");
    let stamp = super::super::on_disk::stamp(&last).unwrap();
    seen(&file);
    assert_eq!(super::super::on_disk::stamp(&last).unwrap(), stamp, "the same is not written again");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&last).unwrap().permissions().mode() & 0o777, 0o600);
    }
    file.edit_role(&ec2(), &favourite()).unwrap();
    assert_eq!(std::fs::read(&last).unwrap(), std::fs::read(file.path()).unwrap(), "what is saved is copied");
    assert!(
        !home.state.join("catalog.before.toml").exists(),
        "our own change needs no copy of what was before"
    );
    std::fs::write(file.path(), "# all gone\n").unwrap();
    seen(&file);
    assert_eq!(copies(&home)[0], "# all gone\n");
    assert!(copies(&home)[1].contains("favourite = true"), "a change by hand leaves what was before");
}

#[test]
fn f16_many_writers_at_once_lose_nothing() {
    let (_folder, file, _home) = home_with(WRITTEN);
    let role = file.load().unwrap().roles[&ec2()].clone();
    std::thread::scope(|scope| {
        for writer in 0..10 {
            let (file, role) = (&file, &role);
            scope.spawn(move || {
                for each in 0..20 {
                    file.add_role(&name(&format!("role-{writer}-{each}")), role).unwrap();
                }
            });
        }
    });
    assert_eq!(file.load().unwrap().roles.len(), 201);
}
