//! What the switcher asks of its index, and what it is given: the rows to draw, and no more than those.

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::view::{AccountView, RoleView};

/// A part of a text, from one place to another, in the units of UTF-16 that a page counts in.
pub type Span = (u32, u32);

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "find", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Query {
    /// Roles.
    Roles {
        /// What was typed, or pasted into the field.
        text: String,
        /// A link or an ARN that stands beside the field.
        #[serde(default)]
        #[cfg_attr(test, ts(optional = nullable))]
        pasted: Option<String>,
        /// The account that was chosen for it, where it names none.
        #[serde(default)]
        #[cfg_attr(test, ts(optional = nullable))]
        account: Option<String>,
    },
    /// Pages of the console.
    Pages {
        /// The role that is to open one.
        role: String,
        /// What was typed or pasted.
        text: String,
    },
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "found", rename_all = "kebab-case")]
pub enum Found {
    /// Roles, or the accounts to choose from.
    Roles(FoundRoles),
    /// Pages.
    Pages(FoundPages),
}

/// Roles, the best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct FoundRoles {
    /// The rows to draw.
    pub roles: Vec<FoundRole>,
    /// How many there are with those that are not drawn.
    #[cfg_attr(test, ts(type = "number"))]
    pub total: usize,
    /// How many roles the catalog has.
    #[cfg_attr(test, ts(type = "number"))]
    pub all: usize,
    /// What was pasted, where something was.
    pub pasted: Option<PastedView>,
    /// The accounts to choose from, where what was pasted names none. Then there are no roles.
    pub accounts: Vec<FoundAccount>,
}

/// A role, and where what was typed stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct FoundRole {
    /// The role.
    pub role: RoleView,
    /// The fields in which something was found.
    pub marks: Vec<Mark>,
}

/// The letters that were found in one field of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct Mark {
    /// Which.
    pub field: FoundIn,
    /// What stands there.
    pub text: String,
    /// What of it was found.
    #[cfg_attr(test, ts(type = "Array<[number, number]>"))]
    pub spans: Vec<Span>,
}

/// What of a role is looked through, the more telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum FoundIn {
    /// Its name in the catalog.
    Name,
    /// The account's name.
    Account,
    /// The account's digits.
    Id,
    /// Its name in IAM, where that is another.
    IamName,
    /// The source that it begins at.
    Source,
    /// A session tag.
    Tag,
    /// What its account is for, or the word for how dangerous it is.
    Environment,
}

/// An account to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct FoundAccount {
    /// The account.
    pub account: AccountView,
    /// How many roles are in it.
    #[cfg_attr(test, ts(type = "number"))]
    pub roles: usize,
    /// What of its name was found.
    #[cfg_attr(test, ts(type = "Array<[number, number]>"))]
    pub name_spans: Vec<Span>,
    /// What of its digits was found.
    #[cfg_attr(test, ts(type = "Array<[number, number]>"))]
    pub id_spans: Vec<Span>,
}

/// Something that was pasted, as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct PastedView {
    /// What it is.
    pub kind: PastedKind,
    /// The page, the resource or the role that it leads to.
    pub what: String,
    /// The account that it names, or that was chosen for it.
    pub account: Option<AccountView>,
    /// What to open as the chosen role; its own page where `None`.
    pub destination: Option<String>,
    /// Whether it is a role that is not here, so that others of its account are shown.
    pub missing: bool,
}

/// What was pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum PastedKind {
    /// A page of the console.
    Page,
    /// Something in AWS that has an ARN.
    Resource,
    /// A role, by ARN or by a link to it.
    Role,
    /// An account.
    Account,
}

/// Pages of the console, the best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct FoundPages {
    /// The rows to draw.
    pub pages: Vec<FoundPage>,
    /// Why what was typed is no page, where nothing was found for it.
    pub failure: Option<Failure>,
}

/// A page of the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct FoundPage {
    /// Where it comes from.
    pub origin: PageOrigin,
    /// What to ask for.
    pub destination: String,
    /// What it is called.
    pub title: String,
    /// What of the title was found.
    #[cfg_attr(test, ts(type = "Array<[number, number]>"))]
    pub spans: Vec<Span>,
}

/// Where a page comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum PageOrigin {
    /// It was typed or pasted just now.
    Typed,
    /// It was opened lately.
    Recent,
    /// It is where a service of AWS begins.
    Service,
}
