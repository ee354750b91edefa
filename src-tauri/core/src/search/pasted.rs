//! Anything of AWS's that people copy: a link to a page, a link to a role, an ARN, an account. What it names, and which roles
//! that leads to.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;
use url::form_urlencoded;

use crate::arn::{AccountId, Partition, Region, RoleArn};
use crate::console::{Destination, public_domain};
use crate::import::partition_of_signin;
use crate::view::RoleView;

/// Longer texts are nobody's link.
const LONGEST: usize = 4096;

/// Something that was pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pasted {
    /// A page of the console.
    Page {
        page: Destination,
        /// The account whose page it is.
        account: Option<AccountId>,
        /// The account of something that the page shows, which is mostly the same.
        likely: Option<AccountId>,
    },
    /// Something that has an ARN.
    Resource { partition: Partition, account: Option<AccountId>, what: String, page: Destination },
    /// A role.
    Role {
        partition: Partition,
        /// None where the link names the account by an alias.
        account: Option<AccountId>,
        role: IamRole,
        /// What the link asks for, where it asks for any.
        page: Option<Destination>,
        /// The role's own page in IAM, for whoever cannot be it.
        about: Option<Destination>,
    },
    /// An account.
    Account(AccountId),
}

/// How a role was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum IamRole {
    /// By path and name.
    Whole(RoleArn),
    /// By name alone, as in the ARN of a session.
    Named(String),
}

impl IamRole {
    /// A role of this name; `None` where IAM lets no role be called so, for it is shown as it was read.
    fn named(name: &str) -> Option<IamRole> {
        let plausible = format!("arn:aws:iam::000000000000:role/{name}").parse::<RoleArn>();
        plausible.is_ok_and(|arn| arn.name() == name).then(|| IamRole::Named(name.to_owned()))
    }

    /// The role's name, without its path.
    pub(super) fn name(&self) -> &str {
        match self {
            IamRole::Whole(arn) => arn.name(),
            IamRole::Named(name) => name,
        }
    }
}

impl Pasted {
    /// What a text is, if it is anything of AWS's. Quotes around it are not part of it.
    pub(super) fn read(text: &str) -> Option<Pasted> {
        let text = text.trim().trim_matches(['<', '>', '"', '\'', '`', ',', ';', '(', ')']).trim();
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        if let Some(account) = account_in_groups(text) {
            return Some(Pasted::Account(account));
        }
        if text.starts_with("arn:") {
            return arn(text);
        }
        let spelt;
        let text = if text.contains("://") {
            text
        } else if names_a_console(text) {
            // Browsers leave the scheme out of what they show, and some out of what they copy.
            spelt = format!("https://{text}");
            &spelt
        } else {
            return None;
        };
        let url = Url::parse(text).ok()?;
        let host = url.host_str()?;
        if let Some(partition) = partition_of_signin(host) {
            return signin(&url, partition);
        }
        if host.ends_with(".awsapps.com") || host.ends_with(".app.aws") {
            return access_portal(&url);
        }
        page(text, None)
    }

    /// The partition that it is of, where it tells.
    pub(super) fn partition(&self) -> Option<Partition> {
        match self {
            Pasted::Page { page, .. } => page.partition(),
            Pasted::Resource { partition, .. } | Pasted::Role { partition, .. } => Some(*partition),
            Pasted::Account(_) => None,
        }
    }

    /// The account that it names.
    pub(super) fn account(&self) -> Option<&AccountId> {
        match self {
            Pasted::Page { account, .. }
            | Pasted::Resource { account, .. }
            | Pasted::Role { account, .. } => account.as_ref(),
            Pasted::Account(account) => Some(account),
        }
    }

    /// The account that it is most likely of, where it names none.
    pub(super) fn likely(&self) -> Option<&AccountId> {
        match self {
            Pasted::Page { likely, .. } => likely.as_ref(),
            Pasted::Resource { .. } | Pasted::Role { .. } | Pasted::Account(_) => None,
        }
    }

    /// Whether a saved role is the very one that was pasted.
    pub(super) fn is_role(&self, role: &RoleView) -> bool {
        let Pasted::Role { role: named, account, partition, .. } = self else { return false };
        match named {
            IamRole::Whole(arn) => role.arn == arn.to_string(),
            IamRole::Named(name) => {
                is_of(role, *partition)
                    && account.as_ref().is_none_or(|account| role.account.id == account.as_str())
                    && iam_name(role) == name
            }
        }
    }
}

/// Whether a role is of a partition.
pub(super) fn is_of(role: &RoleView, partition: Partition) -> bool {
    role.arn.split(':').nth(1) == Some(partition.id())
}

/// A role's name in IAM, without its path.
pub(super) fn iam_name(role: &RoleView) -> &str {
    role.arn.rsplit('/').next().unwrap_or_default()
}

/// Twelve digits, alone or in three groups of four.
fn account_in_groups(text: &str) -> Option<AccountId> {
    if let Ok(account) = text.parse() {
        return Some(account);
    }
    let groups: Vec<&str> = text.split([' ', '-', '\u{a0}']).collect();
    (groups.len() == 3 && groups.iter().all(|group| group.len() == 4))
        .then(|| groups.concat().parse().ok())?
}

fn names_a_console(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    Partition::ALL.into_iter().filter_map(public_domain).any(|domain| {
        let rest = host.strip_suffix(domain).and_then(|rest| rest.strip_suffix('.'));
        rest.and_then(|rest| rest.strip_suffix("console").or_else(|| rest.strip_suffix("signin")))
            .is_some_and(is_host)
    })
}

fn arn(text: &str) -> Option<Pasted> {
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let [_, partition, service, region, account, resource] = fields[..] else { return None };
    let partition: Partition = partition.parse().ok()?;
    let region: Option<Region> = if region.is_empty() { None } else { Some(region.parse().ok()?) };
    let account: Option<AccountId> = if account.is_empty() { None } else { account.parse().ok() };
    let is_printable = text.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
    let is_service =
        !service.is_empty() && service.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_printable || !is_service || resource.is_empty() {
        return None;
    }
    let about = page_of_arn(text, partition, region.as_ref())?;
    if let Ok(role) = text.parse::<RoleArn>() {
        let account = Some(role.account().clone());
        return Some(Pasted::Role {
            partition,
            account,
            role: IamRole::Whole(role),
            page: None,
            about: Some(about),
        });
    }
    if service == "sts"
        && let Some(session) = resource.strip_prefix("assumed-role/")
    {
        let role = IamRole::named(session.split('/').next()?)?;
        return Some(Pasted::Role { partition, account, role, page: None, about: None });
    }
    match account {
        Some(account) if service == "iam" && resource == "root" => Some(Pasted::Account(account)),
        account => {
            Some(Pasted::Resource { partition, account, what: format!("{service} {resource}"), page: about })
        }
    }
}

/// The page that the console has for an ARN: it knows itself where that is.
fn page_of_arn(arn: &str, partition: Partition, region: Option<&Region>) -> Option<Destination> {
    let arn = utf8_percent_encode(arn, NON_ALPHANUMERIC);
    let region = region.cloned().unwrap_or_else(|| partition.default_region());
    let page = match public_domain(partition) {
        Some(domain) => format!("https://{region}.console.{domain}/go/view?arn={arn}&region={region}"),
        None => format!("go/view?arn={arn}&region={region}"),
    };
    page.parse().ok()
}

/// A link to the sign-in: one that offers a role, or the front door of an account.
fn signin(url: &Url, partition: Partition) -> Option<Pasted> {
    let get =
        |wanted: &str| url.query_pairs().find(|(key, _)| key == wanted).map(|(_, value)| value.into_owned());
    if url.path() == "/switchrole" {
        let account = get("account")?.parse::<AccountId>().ok();
        let path = get("roleName")?;
        let page = get("redirect_uri").and_then(|page| page.parse::<Destination>().ok());
        let page = page.map(|page| page.of_anybody());
        let whole = account.as_ref().and_then(|account| {
            let path = path.trim_start_matches('/');
            format!("arn:{}:iam::{account}:role/{path}", partition.id()).parse::<RoleArn>().ok()
        });
        let about = whole.as_ref().and_then(|arn| page_of_arn(&arn.to_string(), partition, None));
        let about = page.clone().or(about);
        let named = || IamRole::named(path.rsplit('/').next().unwrap_or_default());
        let role = whole.map(IamRole::Whole).or_else(named)?;
        return Some(Pasted::Role { partition, account, role, page, about });
    }
    let account = url.host_str()?.split('.').next()?.parse().ok()?;
    Some(Pasted::Account(account))
}

/// A link of an access portal. It names a role by another name than IAM has for it, so any role of the account may do.
fn access_portal(url: &Url) -> Option<Pasted> {
    let (_, query) = url.fragment()?.split_once('?')?;
    let get = |wanted: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == wanted)
            .map(|(_, value)| value.into_owned())
    };
    let account: AccountId = get("account_id")?.parse().ok()?;
    match get("destination") {
        Some(destination) => page(&destination, Some(account)),
        None => Some(Pasted::Account(account)),
    }
}

fn page(text: &str, account: Option<AccountId>) -> Option<Pasted> {
    if !text.contains("://") {
        return None;
    }
    let page: Destination = text.parse().ok()?;
    let account = account.or_else(|| page.account());
    let likely = account_within(text);
    Some(Pasted::Page { page: page.of_anybody(), account, likely })
}

/// The account of the first ARN or queue that stands within a link.
fn account_within(link: &str) -> Option<AccountId> {
    // What stands behind the `#` is often written out twice.
    let once = percent_decode_str(link).decode_utf8().ok()?;
    let text = percent_decode_str(&once).decode_utf8().ok()?;
    let of_arn =
        text.match_indices("arn:").find_map(|(start, _)| text[start..].split(':').nth(4)?.parse().ok());
    of_arn.or_else(|| {
        let queues = text.match_indices(".amazonaws.com/");
        queues
            .into_iter()
            .find_map(|(start, host)| text[start + host.len()..].split('/').next()?.parse().ok())
    })
}

#[cfg(test)]
mod tests;
