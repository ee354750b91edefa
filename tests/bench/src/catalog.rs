//! Catalogs to measure with, as text: few roles or very many.

use std::fmt::Write as _;

/// A source as `guise source add` leaves it.
pub const SOURCE: &str = "
[sources.ada]
kind = \"access-key\"
access_key_id = \"AKIASIMULATEDADA2222\"
arn = \"arn:aws:iam::111122223333:user/ada\"
account = \"111122223333\"
region = \"eu-west-1\"
";

/// As many roles as this in the catalog of somebody who has many accounts: 25 to an account, the source their own. They are
/// there to be listed; no AWS knows them.
pub fn listed(count: usize) -> String {
    let mut text = String::with_capacity(count * 160);
    for each in 0..count {
        let (team, role) = (each / 25, each % 25);
        let account = 200_000_000_000_u64 + team as u64;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "
[roles.\"team-{team:03}/role-{role:02}\"]
arn = \"arn:aws:iam::{account}:role/team/Role{role:02}\"
source = \"ada\"
region = \"eu-central-1\"
destination = \"s3\"
"
        );
    }
    text
}

/// The name of a role that [`listed`] has, whatever the count.
pub const LISTED: &str = "team-000/role-00";

/// As many roles as this that are the tutorial's to AWS, each with a session of its own. They begin with `prefix`.
pub fn assumable(prefix: &str, count: usize) -> String {
    let mut text = String::new();
    for each in 0..count {
        let _ = write!(
            text,
            "
[roles.\"{prefix}{each}\"]
arn = \"{}\"
source = \"ada\"
session_name = \"{prefix}{each}\"
destination = \"ec2\"
",
            desktop_tests::EC2_ROLE
        );
    }
    text
}
