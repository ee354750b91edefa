//! Guise without a window.
//!
//! A **source** is an identity that can call STS: an IAM user's access key in the **keychain**. A **role** is an IAM
//! role that the person saved. Assuming it gives a **session**: temporary credentials, kept in memory and wiped at
//! their end. A session is exchanged for a **sign-in URL**, which is a secret, and a one-time loopback address, the
//! **hand-off**, takes the browser to it. What the person configured is the **catalog**: one file, no secret in it.
//!
//! One [`app::App`] owns all state. It takes an [`view::Intent`], works through the [`ports`], and publishes a
//! [`view::Snapshot`], from which [`menu`] makes the tray's menu. The [`agent`] serves it over a private socket.
//!
//! ```
//! use guise_core::arn::RoleArn;
//!
//! let arn: RoleArn = "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS".parse()?;
//! assert_eq!(arn.account().grouped(), "1111 2222 3333");
//! # Ok::<(), guise_core::failure::Failure>(())
//! ```

pub mod adapters;
pub mod agent;
pub mod app;
pub mod arn;
pub mod assume;
mod broker;
pub mod browser;
#[cfg(test)]
mod captured;
pub mod catalog;
pub mod chain;
pub mod console;
pub mod doctor;
pub mod failure;
pub mod handoff;
pub mod harden;
pub mod home;
pub mod import;
mod keychain;
pub mod log;
pub mod menu;
pub mod moment;
pub mod output;
pub mod ports;
pub mod profiles;
pub mod purge;
pub mod role_entry;
pub mod search;
pub mod secret;
pub mod session;
pub mod setup;
pub mod shortcut;
mod signing;
pub mod state;
pub mod trust_policy;
#[cfg(test)]
mod typed;
pub mod view;
