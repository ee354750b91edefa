//! The simulated AWS, for programs that block.

use aws_sim::{Data, Simulator};
use tokio::runtime::Runtime;

use crate::error::{Because, Result};

/// The secret of the tutorial's user `ada`, who may do nothing but what a role's trust policy grants her.
pub const ADAS_SECRET: &str = "SIMULATED/ada/not+a+real+secret/22222222";
/// The id of that key.
pub const ADAS_KEY_ID: &str = "AKIASIMULATEDADA2222";
/// The tutorial's role.
pub const EC2_ROLE: &str = "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS";

/// A simulator with the tutorial's accounts, on a thread of its own until it is dropped.
pub struct SimulatedAws {
    // Dropped before what it runs on.
    simulator: Simulator,
    _runtime: Runtime,
}

impl SimulatedAws {
    /// Starts it on a free port of the loopback address.
    pub fn start() -> Result<Self> {
        Self::start_with(Data::tutorial())
    }

    /// The same with other accounts than the tutorial's.
    pub fn start_with(data: Data) -> Result<Self> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).thread_name("aws-sim").enable_all().build();
        let runtime = runtime.because("start an event loop for the simulator")?;
        let simulator = runtime.block_on(Simulator::start(data)).because("start the simulator")?;
        Ok(Self { simulator, _runtime: runtime })
    }

    /// The simulator itself: its faults, its clock and its journal.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// The address of its STS, its sign-in endpoint and its console.
    pub fn url(&self) -> &str {
        self.simulator.base_url()
    }

    /// Has the trust policy of a role name this user of acme-dev, and nobody else.
    pub fn trust(&self, role_arn: &str, user: &str) -> Result<()> {
        self.simulator.set_trust(role_arn, &trust_policy(user)).because("change a trust policy")
    }

    /// The journal's lines for one action, as a person reads them.
    pub fn calls(&self, action: &str) -> Vec<aws_sim::Call> {
        self.simulator.calls().into_iter().filter(|call| call.action == action).collect()
    }

    /// Every secret there is: ada's own and all that was given out so far.
    pub fn secrets(&self) -> Vec<(String, String)> {
        let mut secrets = self.simulator.issued_secrets();
        secrets.push(("ada's secret key".to_owned(), ADAS_SECRET.to_owned()));
        secrets
    }
}

/// A trust policy that names one user of acme-dev.
pub fn trust_policy(user: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::111122223333:user/{user}"}},"Action":"sts:AssumeRole"}}]}}"#
    )
}
