//! Keys that lie about in plain text, in the files of AWS tools and in this shell: where they are, and never what.

use super::{Check, Environment, Finding, FoundKey, KeyFile};
use crate::catalog::Catalog;
use crate::failure::shown;
use crate::secret::AccessKeyId;

/// The keys in one of the AWS tools' files. It is read as they read it, and keys in comments are found too.
pub(crate) fn found_in(text: &str) -> Vec<FoundKey> {
    let mut found = Vec::new();
    let mut profile = String::new();
    // What stands in comments is apart: one may be the old key and the other the new.
    let mut open = [Unfinished::default(), Unfinished::default()];
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (number, line) in (1..).zip(text.split('\n')) {
        let line = line.trim();
        let (commented, line) = match line.strip_prefix(['#', ';']) {
            Some(rest) => (true, rest.trim_start_matches(['#', ';']).trim()),
            None => (false, line),
        };
        if let Some(name) = line.strip_prefix('[').filter(|_| !commented) {
            found.extend(open.iter_mut().filter_map(|each| each.take(&profile)));
            let name = name.split(']').next().unwrap_or_default().trim();
            let name = name.strip_prefix("profile ").unwrap_or(name).trim().trim_matches(['"', '\'']);
            name.clone_into(&mut profile);
            continue;
        }
        let Some((name, value)) = line.split_once(['=', ':']) else { continue };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let key = &mut open[usize::from(commented)];
        match name.as_str() {
            "aws_access_key_id" if value.parse::<AccessKeyId>().is_ok() => {
                if key.id.is_some() {
                    found.extend(key.take(&profile));
                }
                key.commented = commented;
                key.id = Some((value.to_owned(), number));
            }
            "aws_secret_access_key" if value.len() >= 16 => key.secret = Some(number),
            "aws_session_token" if !value.is_empty() => key.has_token = true,
            _ => {}
        }
    }
    found.extend(open.iter_mut().filter_map(|each| each.take(&profile)));
    found.sort_by_key(|key| key.id_line);
    found
}

/// A key of which not all lines have been seen. Of the secret only its line is kept.
#[derive(Default)]
struct Unfinished {
    id: Option<(String, usize)>,
    secret: Option<usize>,
    has_token: bool,
    commented: bool,
}

impl Unfinished {
    /// The key, if it has both halves; begins anew.
    fn take(&mut self, profile: &str) -> Option<FoundKey> {
        let key = std::mem::take(self);
        let ((id, id_line), secret_line) = (key.id?, key.secret?);
        Some(FoundKey {
            profile: profile.to_owned(),
            temporary: key.has_token || id.starts_with("ASIA"),
            id,
            id_line,
            secret_line,
            commented: key.commented,
        })
    }
}

/// The profiles that the files name, for whoever must not tell them.
pub(super) fn profiles(files: &[KeyFile]) -> Vec<String> {
    let keys = files.iter().filter_map(|file| file.keys.as_ref().ok()).flatten();
    keys.map(|key| key.profile.clone()).collect()
}

/// What there is to say about keys in plain text. `sessions` are those of the AWS CLI's cache that have not ended.
pub(super) fn keys(
    files: &[KeyFile],
    sessions: usize,
    environment: &Environment,
    catalog: Option<&Catalog>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = files.iter().flat_map(|file| in_file(file, catalog)).collect();
    if let Some(id) = environment.get("AWS_ACCESS_KEY_ID")
        && environment.has("AWS_SECRET_ACCESS_KEY")
        && !environment.has("AWS_SESSION_TOKEN")
        && !id.starts_with("ASIA")
    {
        findings.push(
            Finding::trouble(
                Check::PlainTextKeys,
                format!("this shell's environment has the long-term key {}", masked(id)),
            )
            .next(format!(
                "{}; then take AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY out of where they are set",
                kept_as(id, catalog)
            )),
        );
    }
    if sessions > 0 {
        findings.push(
            Finding::notice(
                Check::PlainTextKeys,
                format!("the AWS CLI's cache holds {sessions} live session(s) in plain text"),
            )
            .next("they end by themselves; with credentials from Guise, the AWS CLI caches none"),
        );
    }
    if findings.is_empty() {
        findings.push(Finding::fine(
            Check::PlainTextKeys,
            "no key lies in the AWS tools' files or in this shell's environment",
        ));
    }
    findings
}

fn in_file(file: &KeyFile, catalog: Option<&Catalog>) -> Vec<Finding> {
    let path = file.path.display();
    let keys = match &file.keys {
        Ok(keys) => keys,
        Err(why) => {
            return vec![Finding::unknown(
                Check::PlainTextKeys,
                format!("`{path}` was not read: {}", shown(why)),
            )];
        }
    };
    let mut findings = Vec::new();
    for key in keys.iter().filter(|key| !key.temporary) {
        let what = if key.commented { "the long-term key, in a comment," } else { "the long-term key" };
        let said = format!(
            "`{path}`, line {}: profile `{}` has {what} {}",
            key.id_line,
            shown(&key.profile),
            masked(&key.id)
        );
        let (first, last) = (key.id_line.min(key.secret_line), key.id_line.max(key.secret_line));
        findings.push(
            Finding::trouble(Check::PlainTextKeys, said)
                .next(format!("{}; then lines {first} and {last} can go", kept_as(&key.id, catalog))),
        );
    }
    if !keys.is_empty() && file.file.is_some_and(|file| file.mode & 0o077 != 0) {
        findings.push(
            Finding::trouble(Check::PlainTextKeys, format!("`{path}` holds keys, and others may read it"))
                .next(format!("chmod 600 '{path}'")),
        );
    }
    findings
}

/// How the key gets into the keychain, or under which name it is there.
fn kept_as(id: &str, catalog: Option<&Catalog>) -> String {
    let mut sources = catalog.into_iter().flat_map(|catalog| &catalog.sources);
    match sources.find(|(_, source)| source.access_key_id().is_some_and(|own| own.as_str() == id)) {
        Some((name, _)) => format!("Guise has it as source `{name}`"),
        None => format!("put it into the keychain: guise source add NAME --access-key-id {}", masked(id)),
    }
}

/// The first and the last four characters: enough to find it by.
fn masked(id: &str) -> String {
    let characters: Vec<char> = shown(id).chars().collect();
    if characters.len() < 12 {
        return "…".to_owned();
    }
    let (first, last) = (&characters[..4], &characters[characters.len() - 4..]);
    format!("{}…{}", first.iter().collect::<String>(), last.iter().collect::<String>())
}

#[cfg(test)]
#[path = "plain_text/tests.rs"]
mod tests;
