//! Switch-role links: what the console offers to keep, and bookmarks hold.

use std::path::Path;

use url::Url;

use super::naming::Naming;
use super::{Finds, FoundBy, FoundRole, MOST_ENTRIES, Passed, Place};
use crate::arn::{AccountId, Partition, RoleArn};
use crate::failure::Failure;

/// Longer addresses are nobody's link.
const LONGEST: usize = 4096;

/// The links in a text: one a line, or in the page that a browser keeps bookmarks in.
pub fn read_links(text: &str, file: &Path) -> Finds {
    let mut finds = Finds::default();
    let mut naming = Naming::default();
    for (line, each) in (1..).zip(text.lines()) {
        for link in links(each) {
            let place = Place { file: file.to_owned(), line };
            if finds.roles.len() + finds.passed.len() >= MOST_ENTRIES {
                finds
                    .passed
                    .push(Passed { place, why: "there are more than 5,000; the rest was not read".into() });
                return finds;
            }
            match role(link, &place, &mut naming) {
                Ok(role) => finds.roles.push(role),
                Err(why) => finds.passed.push(Passed { place, why }),
            }
        }
    }
    finds
}

/// The addresses in a line that end where an address must.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("https://").filter_map(|(start, _)| {
        let rest = &line[start..];
        let end =
            rest.find(|each: char| each.is_whitespace() || "\"'<>`".contains(each)).unwrap_or(rest.len());
        let link = &rest[..end];
        link.contains("/switchrole?").then_some(link)
    })
}

fn role(link: &str, place: &Place, naming: &mut Naming) -> Result<FoundRole, String> {
    if link.len() > LONGEST {
        return Err("the link is longer than any".into());
    }
    // In a page, an ampersand is written out.
    let url = Url::parse(&link.replace("&amp;", "&")).map_err(|_| "the link is no address".to_owned())?;
    let partition = url.host_str().and_then(partition_of_signin);
    let partition = partition.ok_or("the link does not lead to AWS's sign-in")?;
    if url.path() != "/switchrole" || !url.username().is_empty() || url.port().is_some() {
        return Err("the link does not lead to AWS's sign-in".into());
    }
    let get =
        |wanted: &str| url.query_pairs().find(|(key, _)| key == wanted).map(|(_, value)| value.into_owned());
    let account = get("account").ok_or("the link names no account")?;
    let account: AccountId = account
        .parse()
        .map_err(|_| "the link names its account by an alias; Guise needs the twelve digits".to_owned())?;
    let path = get("roleName").ok_or("the link names no role")?;
    let arn = arn_of(partition, &account, &path).map_err(|failure| failure.message)?;
    let shown = get("displayName").unwrap_or_else(|| format!("{} @ {account}", arn.name()));
    let name = naming.name(&shown).or_else(|| naming.name(&format!("{} @ {account}", arn.name())));
    let name = name.ok_or("its name cannot be one here")?;
    let mut role = FoundRole::new(name, place.clone(), arn, FoundBy::Anybody);
    if let Some(page) = get("redirect_uri") {
        match page.parse() {
            Ok(page) => role.destination = Some(page),
            Err(_) => role.notes.push("its page is not one of AWS's console, and is left out".into()),
        }
    }
    Ok(role)
}

/// The ARN of a role that is named by account, and by path and name.
pub(super) fn arn_of(partition: Partition, account: &AccountId, path: &str) -> Result<RoleArn, Failure> {
    format!("arn:{}:iam::{account}:role/{}", partition.id(), path.trim_start_matches('/')).parse()
}

/// The partition whose sign-in has that host.
pub(crate) fn partition_of_signin(host: &str) -> Option<Partition> {
    let domains = [
        ("signin.aws.amazon.com", Partition::Aws),
        ("signin.amazonaws.cn", Partition::AwsCn),
        ("signin.amazonaws-us-gov.com", Partition::AwsUsGov),
        ("signin.amazonaws-eusc.eu", Partition::AwsEusc),
    ];
    let is_under = |domain: &str| {
        let rest = host.strip_suffix(domain);
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_suffix('.').is_some_and(is_label))
    };
    domains.into_iter().find(|(domain, _)| is_under(domain)).map(|(_, partition)| partition)
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
