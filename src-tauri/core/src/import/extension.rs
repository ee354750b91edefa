//! The settings of the browser extension AWS Extend Switch Roles: profiles with a role each, some of them behind a base.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::link::arn_of;
use super::naming::Naming;
use super::{Finds, FoundBy, FoundRole, MOST_ENTRIES, Passed, Place};
use crate::arn::{Partition, RoleArn};
use crate::failure::Failure;

/// One profile of the extension.
#[derive(Default)]
struct Section {
    name: String,
    line: usize,
    keys: BTreeMap<String, String>,
}

/// The roles in a text of the extension's settings. By its rules, a comment may begin anywhere in a line.
pub fn read_extension(text: &str, file: &Path) -> Finds {
    let mut finds = Finds::default();
    let place = |line| Place { file: file.to_owned(), line };
    let sections = sections(text, &mut |line, why: &str| {
        finds.passed.push(Passed { place: place(line), why: why.to_owned() });
    });
    let bases: BTreeSet<&str> = sections
        .iter()
        .filter_map(|section| section.keys.get("source_profile"))
        .map(String::as_str)
        .collect();
    let mut naming = Naming::default();
    for section in sections.iter().filter(|section| !bases.contains(section.name.as_str())) {
        let base = section.keys.get("source_profile");
        let base = base.and_then(|base| sections.iter().find(|each| each.name == *base));
        match role(section, base, place(section.line), &mut naming) {
            Ok(role) => finds.roles.push(role),
            Err(why) => finds.passed.push(Passed { place: place(section.line), why }),
        }
    }
    finds
}

fn sections(text: &str, pass: &mut dyn FnMut(usize, &str)) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut inside = false;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split([';', '#']).next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        if let Some(head) = line.strip_prefix('[') {
            if sections.len() >= MOST_ENTRIES {
                pass(number, "there are more than 5,000; the rest was not read");
                return sections;
            }
            let name =
                head.strip_suffix(']').map(|name| name.strip_prefix("profile ").unwrap_or(name).trim());
            inside = name.is_some_and(|name| !name.is_empty());
            match name.filter(|name| !name.is_empty()) {
                Some(name) => {
                    sections.push(Section { name: name.to_owned(), line: number, ..Section::default() });
                }
                None => pass(number, "a section's head does not end with a bracket, or has no name"),
            }
            continue;
        }
        // What stands behind a second equals sign is not the extension's.
        let mut parts = line.split('=');
        let (Some(key), Some(value)) = (parts.next(), parts.next()) else {
            pass(number, "a line has no equals sign");
            continue;
        };
        match sections.last_mut().filter(|_| inside) {
            None => pass(number, "a line stands outside any profile"),
            Some(section) => {
                let key = key.trim().to_ascii_lowercase();
                if section.keys.insert(key, value.trim().to_owned()).is_some() {
                    pass(number, "a key is set twice; the last one counts");
                }
            }
        }
    }
    sections
}

fn role(
    section: &Section,
    base: Option<&Section>,
    place: Place,
    naming: &mut Naming,
) -> Result<FoundRole, String> {
    let own = |key: &str| section.keys.get(key).map(String::as_str);
    let of_base = |key: &str| base.and_then(|base| base.keys.get(key)).map(String::as_str);
    let told = |failure: Failure| failure.message;
    let arn: RoleArn = if let Some(arn) = own("role_arn") {
        arn.parse().map_err(told)?
    } else {
        let account = own("aws_account_id").ok_or("it has neither `role_arn` nor `aws_account_id`")?;
        let name = own("role_name").or_else(|| of_base("target_role_name"));
        let name = name.ok_or("it has an account, but no `role_name`")?;
        arn_of(Partition::Aws, &account.parse().map_err(told)?, name).map_err(told)?
    };
    if own("source_profile").is_some() && base.is_none() {
        return Err("its `source_profile` is not there".into());
    }
    let name = naming.name(&section.name).ok_or("its name cannot be one here")?;
    let mut role = FoundRole::new(name, place, arn, FoundBy::Anybody);
    if let Some(region) = own("region").or_else(|| of_base("target_region")) {
        match region.parse() {
            Ok(region) => role.region = Some(region),
            Err(_) => role.notes.push("its region is none, and is left out".into()),
        }
    }
    if own("color").is_some() || own("image").is_some() {
        role.notes.push("its colour and picture are the extension's, and are left out".into());
    }
    Ok(role)
}
