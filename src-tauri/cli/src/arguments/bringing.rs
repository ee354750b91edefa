//! `guise import` and `guise catalog`: what is brought in, and what is given.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use guise_core::catalog::Name;
use guise_core::console::Endpoint;

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag that can be typed")]
pub(crate) struct ImportCommand {
    /// Read this file: profiles, the settings of AWS Extend Switch Roles, or switch-role links; - for standard input [default: the AWS CLI's files]
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Bring in these
    #[arg(long, value_name = "NAME", num_args = 1.., conflicts_with = "all")]
    pub(crate) apply: Vec<String>,
    /// Bring in every role, and the sources that they need
    #[arg(long)]
    pub(crate) all: bool,
    /// Put the keys that they need into the keychain, each after AWS said whose it is
    #[arg(long)]
    pub(crate) move_keys: bool,
    /// What assumes roles that do not say
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Option<Name>,
    /// Change roles that exist without asking
    #[arg(long)]
    pub(crate) replace: bool,
    /// Print JSON
    #[arg(long, conflicts_with_all = ["apply", "all", "move_keys", "replace"])]
    pub(crate) json: bool,
    /// Base address of STS for what is added, in place of AWS's own
    #[arg(long, value_name = "URL", value_parser = |text: &str| Endpoint::parse("sts", text))]
    pub(crate) sts_endpoint: Option<Endpoint>,
    /// Base address of the sign-in for what is added
    #[arg(long, value_name = "URL", value_parser = |text: &str| Endpoint::parse("signin", text))]
    pub(crate) signin_endpoint: Option<Endpoint>,
    /// Base address of the console for what is added
    #[arg(long, value_name = "URL", value_parser = |text: &str| Endpoint::parse("console", text))]
    pub(crate) console_endpoint: Option<Endpoint>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Write sources, roles and accounts to a file; no key, no setting and no comment is in it
    Export {
        /// The file; standard output where it is absent or -
        file: Option<PathBuf>,
    },
    /// Show what such a file would change here, and bring it in
    Import(CatalogImport),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Settings are not brought in, and nothing that is marked as production here loses the mark."
)]
pub(crate) struct CatalogImport {
    /// The file; - for standard input
    pub(crate) file: PathBuf,
    /// Bring in these: names of sources and roles, ids of accounts
    #[arg(long, value_name = "NAME", num_args = 1.., conflicts_with = "all")]
    pub(crate) apply: Vec<String>,
    /// Bring in everything
    #[arg(long)]
    pub(crate) all: bool,
    /// Change what is here and differs
    #[arg(long)]
    pub(crate) replace: bool,
}
