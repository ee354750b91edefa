//! `guise trust-policy`: the policy that would let a role be assumed as the catalog has it.

use clap::Args;
use guise_core::catalog::Name;
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::trust_policy::Wanted;

use crate::catalog::catalog;
use crate::say;

#[derive(Debug, Args)]
#[command(after_help = "AWS is not asked, and nothing is changed: it is made from what your catalog says.")]
pub(crate) struct TrustPolicyCommand {
    /// The role's name
    role: Name,
    /// Print what its caller needs instead: a policy for the user, or for the role before it in a chain
    #[arg(long)]
    identity_policy: bool,
    /// Demand the session name that the role is assumed with
    #[arg(long, conflicts_with = "identity_policy")]
    session_name: bool,
}

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
