//! `guise trust-policy`: the policy that would let a role be assumed as the catalog has it.

use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::trust_policy::Wanted;

use crate::arguments::TrustPolicyCommand;
use crate::catalog::catalog;
use crate::say;

pub(crate) fn run(home: &Home, command: &TrustPolicyCommand) -> Result<(), Failure> {
    let catalog = catalog(home).catalog;
    let wanted = Wanted::of(&catalog, &command.role)?;
    if command.identity_policy {
        if wanted.needs_identity_policy().is_none() {
            say::words(
                "note: it is not needed: the role is in the same account, and its trust policy can name the caller",
            );
        }
        say::words(&format!("note: it belongs to {}", wanted.caller));
        return say::data(&wanted.identity_policy());
    }
    let wanted =
        if command.session_name { wanted.with_session_name(&catalog, &command.role)? } else { wanted };
    for note in wanted.notes() {
        say::words(&format!("note: {note}"));
    }
    say::data(&wanted.trust_policy())
}
