//! The way from a source to a role, decided as data before anything is called.

use sha2::{Digest, Sha256};

use crate::arn::{PrincipalArn, Region, RoleArn};
use crate::catalog::{Catalog, Name};
use crate::console::Destination;
use crate::failure::Failure;
use crate::session::{SessionDuration, SessionKey, SessionName};

/// Everything that `sts:AssumeRole` will be told, and where the console opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The role's name in the catalog.
    pub role: Name,
    /// The role in IAM.
    pub arn: RoleArn,
    /// The source whose key signs the call.
    pub source: Name,
    /// Who the source is.
    pub principal: PrincipalArn,
    /// What CloudTrail will show.
    pub session_name: SessionName,
    /// How long the session is asked for.
    pub duration: SessionDuration,
    /// Whose STS is asked, and where the console opens.
    pub region: Region,
    /// The page that opens.
    pub destination: Option<Destination>,
}

impl Plan {
    /// Plans the role of that name; refuses what could only fail.
    pub fn new(catalog: &Catalog, name: &Name) -> Result<Plan, Failure> {
        let role = catalog.role(name)?;
        catalog.check_role(role)?;
        let source = catalog.source(&role.source)?;
        Ok(Plan {
            role: name.clone(),
            arn: role.arn.clone(),
            source: role.source.clone(),
            principal: source.arn.clone(),
            session_name: role
                .session_name
                .clone()
                .unwrap_or_else(|| SessionName::from_user(source.arn.name())),
            duration: role.duration.unwrap_or(SessionDuration::HOUR),
            region: catalog.region_of(role),
            destination: role.destination.clone(),
        })
    }

    /// The key under which a session of this plan is kept: a digest of all that shapes the credentials. Where the
    /// console opens does not, nor does the name of the role in the catalog.
    pub fn key(&self) -> SessionKey {
        let mut digest = Sha256::new();
        for part in [
            self.source.as_str(),
            self.principal.as_str(),
            &self.arn.to_string(),
            self.session_name.as_str(),
            &self.duration.seconds().to_string(),
            self.region.as_str(),
        ] {
            // A length before each part, so that no two lists of parts run together alike.
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        SessionKey(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn plan() -> Plan {
        Plan {
            role: "AWSEC2FULLACCESS".parse().unwrap(),
            arn: "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS".parse().unwrap(),
            source: "work".parse().unwrap(),
            principal: "arn:aws:iam::111122223333:user/ada".parse().unwrap(),
            session_name: "ada".parse().unwrap(),
            duration: SessionDuration::HOUR,
            region: "eu-west-1".parse().unwrap(),
            destination: None,
        }
    }

    #[test]
    fn everything_that_shapes_a_session_shapes_its_key() {
        let base = plan();
        let changed = [
            Plan { arn: "arn:aws:iam::111122223333:role/Other".parse().unwrap(), ..base.clone() },
            Plan { source: "other".parse().unwrap(), ..base.clone() },
            Plan { principal: "arn:aws:iam::111122223333:user/grace".parse().unwrap(), ..base.clone() },
            Plan { session_name: "grace".parse().unwrap(), ..base.clone() },
            Plan { duration: "2h".parse().unwrap(), ..base.clone() },
            Plan { region: "us-east-1".parse().unwrap(), ..base.clone() },
        ];
        for other in &changed {
            assert_ne!(other.key(), base.key(), "{other:?}");
        }
        let same = Plan {
            role: "renamed".parse().unwrap(),
            destination: Some("ec2".parse().unwrap()),
            ..base.clone()
        };
        assert_eq!(same.key(), base.key());
    }

    #[test]
    fn a_key_tells_nothing_of_what_shaped_it() {
        assert_eq!(plan().key().0.len(), 64);
        assert!(!plan().key().0.contains("ada"));
    }
}
