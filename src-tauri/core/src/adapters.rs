//! The ports' real implementations, one file each. Libraries that reach outside are named here and nowhere else.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "the error types of libraries grow, and what is new is treated like what is unknown"
)]

pub mod browser;
pub mod clipboard;
pub mod clock;
pub mod code_command;
#[cfg(target_os = "linux")]
mod desktop_entry;
pub mod doctor;
mod group;
pub mod host;
pub(crate) mod https;
pub mod iam;
pub mod keychain;
pub mod login;
pub mod other_tools;
pub mod profiles;
pub mod signin;
pub mod sts;
pub mod ticks;
pub mod watch;

use std::sync::Arc;

use crate::home::Home;
use crate::ports::{Desktop, Ports};

/// The ports to the real world, with the desktop that the caller has.
pub fn ports(home: &Home, desktop: Arc<dyn Desktop>) -> Ports {
    let clock = Arc::new(clock::SystemClock);
    let https: Arc<https::Https> = Arc::default();
    Ports {
        keychain: Arc::new(keychain::OsKeychain::new(&home.keychain_service())),
        sts: Arc::new(sts::AwsSts::over(https.clone(), clock.clone())),
        signin: Arc::new(signin::HttpSignin::over(https.clone())),
        iam: Arc::new(iam::AwsIam::over(https.clone(), clock.clone())),
        profiles: Arc::new(profiles::AwsProfiles::over(https, clock.clone())),
        codes: Arc::new(code_command::ProcessCodes),
        browser: Arc::new(browser::SystemBrowser),
        clipboard: Arc::new(clipboard::SystemClipboard::default()),
        clock,
        desktop,
    }
}
