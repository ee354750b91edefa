//! A user's own access keys and the roles that it makes, through AWS's SDK: the only file that names its IAM client.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_iam::Client;
use aws_sdk_iam::types::StatusType;
use jiff::Timestamp;
use zeroize::Zeroize;

use super::https::Https;
use super::sts::connector::Connector;
use super::sts::{TRIES, configured, refusal};
use crate::failure::Refusal;
use crate::ports::{Caller, Clock, Iam, KeyState, OwnKey};
use crate::secret::{AccessKey, AccessKeyId};
use crate::setup::IamCall;

/// AWS's IAM. A source that has an STS of its own has IAM at the same place, as simulators do.
pub struct AwsIam {
    clock: Arc<dyn Clock>,
    https: Arc<Https>,
}

impl AwsIam {
    pub(super) fn over(https: Arc<Https>, clock: Arc<dyn Clock>) -> Self {
        AwsIam { clock, https }
    }

    /// A client for one call. What makes or takes a key is sent once only: a second try could make a second key.
    fn client(&self, caller: Caller<'_>, tries: u32) -> Client {
        let connector = Connector::new(self.https.clone(), self.clock.clone());
        // IAM has one place a partition.
        let region = caller.region.partition().default_region();
        Client::new(&configured(caller, &region, tries, connector))
    }
}

#[async_trait]
impl Iam for AwsIam {
    async fn own_keys(&self, caller: Caller<'_>) -> Result<Vec<OwnKey>, Refusal> {
        let answer = self.client(caller, TRIES).list_access_keys().send().await;
        let answer = answer.map_err(|error| refusal(error, None))?;
        let key = |key: &aws_sdk_iam::types::AccessKeyMetadata| {
            Some(OwnKey {
                id: key.access_key_id()?.parse().ok()?,
                made: Timestamp::from_second(key.create_date()?.secs()).ok()?,
                state: match key.status() {
                    Some(StatusType::Active) => KeyState::Active,
                    _ => KeyState::Inactive,
                },
            })
        };
        Ok(answer.access_key_metadata().iter().filter_map(key).collect())
    }

    async fn create_key(&self, caller: Caller<'_>) -> Result<AccessKey, Refusal> {
        let answer = self.client(caller, 1).create_access_key().send().await;
        let mut made = answer
            .map_err(|error| refusal(error, None))?
            .access_key
            .ok_or(Refusal::NotAws { status: 200 })?;
        let id = made.access_key_id.parse().ok();
        let key = id.and_then(|id| AccessKey::new(id, made.secret_access_key.clone().into()).ok());
        made.secret_access_key.zeroize();
        key.ok_or(Refusal::NotAws { status: 200 })
    }

    async fn deactivate_key(&self, caller: Caller<'_>, id: &AccessKeyId) -> Result<(), Refusal> {
        let update = self.client(caller, TRIES).update_access_key();
        let answer = update.access_key_id(id.as_str()).status(StatusType::Inactive).send().await;
        answer.map(drop).map_err(|error| refusal(error, None))
    }

    async fn delete_key(&self, caller: Caller<'_>, id: &AccessKeyId) -> Result<(), Refusal> {
        let answer = self.client(caller, TRIES).delete_access_key().access_key_id(id.as_str()).send().await;
        answer.map(drop).map_err(|error| refusal(error, None))
    }

    async fn make(&self, caller: Caller<'_>, call: &IamCall) -> Result<(), Refusal> {
        match call {
            IamCall::CreateRole { role, trust_policy, longest } => {
                // Once only: a second try would find the role of the first.
                let create = self.client(caller, 1).create_role().role_name(role.as_str());
                let create = create.assume_role_policy_document(trust_policy);
                let length = i32::try_from(longest.seconds()).unwrap_or(i32::MAX);
                let answer = create.max_session_duration(length).send().await;
                answer.map(drop).map_err(|error| refusal(error, None))
            }
            IamCall::AttachRolePolicy { role, policy } => {
                let attach = self.client(caller, TRIES).attach_role_policy().role_name(role.as_str());
                let answer = attach.policy_arn(policy.to_string()).send().await;
                answer.map(drop).map_err(|error| refusal(error, None))
            }
        }
    }

    async fn undo(&self, caller: Caller<'_>, call: &IamCall) -> Result<(), Refusal> {
        let client = self.client(caller, TRIES);
        match call {
            IamCall::CreateRole { role, .. } => {
                let answer = client.delete_role().role_name(role.as_str()).send().await;
                answer.map(drop).map_err(|error| refusal(error, None))
            }
            IamCall::AttachRolePolicy { role, policy } => {
                let detach = client.detach_role_policy().role_name(role.as_str());
                let answer = detach.policy_arn(policy.to_string()).send().await;
                answer.map(drop).map_err(|error| refusal(error, None))
            }
        }
    }
}
