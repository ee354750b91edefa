//! Addresses that go with a role: IAM's own page to make it, and the link that has a colleague's console switch to it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::RoleDraft;
use crate::console::{Endpoints, HostChoice, Hosts};
use crate::failure::Failure;

/// What stands in a query or a fragment as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// IAM's page for a new role, with the policy chosen. It takes no trust policy from an address, so that one is pasted there.
pub fn iam_page(draft: &RoleDraft) -> Result<Url, Failure> {
    let mut page = hosts(draft)?.console.join("iam/home");
    let policy = draft
        .policy
        .as_ref()
        .map(|policy| format!("&policies={}", encoded(&policy.to_string())))
        .unwrap_or_default();
    page.set_fragment(Some(&format!("/roles/create?step=selectEntities{policy}")));
    Ok(page)
}

/// The link that has a console switch to the role. It goes by who is signed in there, and AWS takes no external id with it.
pub fn switch_role_link(draft: &RoleDraft) -> Result<Url, Failure> {
    let mut link = hosts(draft)?.signin.join("switchrole");
    link.set_query(Some(&format!(
        "account={}&roleName={}&displayName={}",
        draft.account,
        encoded(draft.name.as_str()),
        encoded(draft.name.as_str())
    )));
    Ok(link)
}

/// IAM has one place a partition.
fn hosts(draft: &RoleDraft) -> Result<Hosts, Failure> {
    Hosts::new(&draft.partition.default_region(), &Endpoints::default(), HostChoice::default())
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}
