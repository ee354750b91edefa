//! Profiles of the AWS CLI's files, resolved by the SDK's own providers.

use async_trait::async_trait;

use crate::failure::Failure;
use crate::ports::{Profiles, Resolved};
use crate::profiles::ProfileName;

/// The profiles of this computer.
#[derive(Debug)]
pub struct AwsProfiles;

#[async_trait]
impl Profiles for AwsProfiles {
    async fn resolve(&self, profile: &ProfileName) -> Result<Resolved, Failure> {
        Err(Failure::malformed_profile_name(profile.as_str()))
    }
}
