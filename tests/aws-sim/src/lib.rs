//! A local simulator of AWS STS, a little of IAM, the AWS sign-in endpoint and a console page, for tests and for trying Guise without
//! an AWS account.
//!
//! Everything listens on one loopback port. The accounts, users, keys, roles and policies it knows are one readable file
//! (`tutorial.toml` is the committed one). It refuses what AWS refuses, in AWS's own words: signatures are checked, trust policies are
//! evaluated, durations are limited, sessions expire and sign-in tokens work once. Nothing it issues is worth anything outside it.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! let simulator = aws_sim::Simulator::start(aws_sim::Data::tutorial()).await?;
//! println!("point the STS endpoint at {}", simulator.base_url());
//! # Ok(())
//! # }
//! ```

mod authorization;
mod caller;
mod clock;
mod console;
mod control;
mod data;
mod device;
mod elsewhere;
mod encoding;
mod fault;
mod http;
mod iam;
mod journal;
mod managed;
mod page;
mod parameters;
mod policy;
mod refusal;
mod session;
mod signin;
mod sigv4;
mod simulator;
mod sts;
mod totp;
mod wire;
mod world;

pub use data::{AccessKey, Account, Data, DataError, MfaDevice, Role, Secret, TUTORIAL, User, WebIdentity};
pub use device::show_code;
pub use fault::{Fault, FaultKind, FaultTarget};
pub use journal::{Call, CallKind, CallerKind, ConsoleVisit};
pub use policy::{Policy, PolicyError};
pub use simulator::Simulator;
