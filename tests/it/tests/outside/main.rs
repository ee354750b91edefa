//! Guise's programs from outside. Every test that runs one ends with a search of all that it left behind for every
//! secret of its run.

mod architecture;
#[cfg(target_os = "linux")]
mod aws_refusals;
#[cfg(target_os = "linux")]
mod borrowed;
#[cfg(target_os = "linux")]
mod catalog_faults;
#[cfg(target_os = "linux")]
mod clipboard;
#[cfg(target_os = "linux")]
mod clock;
#[cfg(target_os = "linux")]
mod doctor;
#[cfg(target_os = "linux")]
mod exchange;
#[cfg(target_os = "linux")]
mod faults;
#[cfg(target_os = "linux")]
mod import;
#[cfg(target_os = "linux")]
mod installed;
#[cfg(target_os = "linux")]
mod keychain;
#[cfg(target_os = "linux")]
mod limits;
#[cfg(target_os = "linux")]
mod lost;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod no_browser;
#[cfg(target_os = "linux")]
mod one_agent;
#[cfg(target_os = "linux")]
mod other_users;
#[cfg(target_os = "linux")]
mod output;
#[cfg(target_os = "linux")]
mod profiles;
#[cfg(target_os = "linux")]
mod purge;
mod refusals;
mod rotation;
#[cfg(target_os = "linux")]
mod setup;
#[cfg(target_os = "linux")]
mod state;
#[cfg(target_os = "linux")]
mod tools;
#[cfg(target_os = "linux")]
mod transcripts;
#[cfg(target_os = "linux")]
mod tutorial;
#[cfg(target_os = "linux")]
mod ways;
#[cfg(target_os = "linux")]
mod world;
