//! What can be typed: the commands, their arguments and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use guise_core::arn::{Region, RoleArn};
use guise_core::catalog::{Name, Setting};
use guise_core::console::{Destination, Endpoint};
use guise_core::log::Filter;
use guise_core::output::Format;
use guise_core::secret::AccessKeyId;
use guise_core::session::{SessionDuration, SessionName};

/// Open the AWS console as a role, or get its temporary credentials. Keys stay in the system's keychain.
#[derive(Debug, Parser)]
#[command(name = "guise", version, propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    /// Keep everything in this folder instead of the system's own: catalog, socket, keychain items
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Log at this level, off to trace, or by a filter; an agent that runs already keeps its own
    #[arg(long, global = true, value_name = "LEVEL")]
    pub(crate) log: Option<Filter>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Identities that can assume roles: the access keys of IAM users
    #[command(subcommand)]
    Source(SourceCommand),
    /// The roles that can be assumed
    #[command(subcommand)]
    Role(RoleCommand),
    /// Open the console as a role in the browser
    Console(ConsoleCommand),
    /// Print or copy the temporary credentials of a role
    Credentials(CredentialsCommand),
    /// Show what was done as whom
    Journal(JournalCommand),
    /// Run the agent in the foreground, without a tray
    Agent(AgentCommand),
    /// Look for what stands in the way on this computer: keychain, tray, browser, clock, proxy, catalog and more
    Doctor(DoctorCommand),
    /// Show or change how Guise behaves
    Settings(SettingsCommand),
    /// Take out everything that Guise keeps: keys, catalog, log, the start at login
    Purge {
        /// Ask nothing
        #[arg(long)]
        yes: bool,
    },
    /// Hold the clipboard until it is cleared; reads the text from standard input
    #[command(hide = true)]
    ClipboardHolder {
        /// How long the text stays
        #[arg(long)]
        seconds: u64,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SourceCommand {
    /// Verify an access key, keep it in the keychain and add it as a source
    Add(Box<SourceAdd>),
    /// List the sources
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one source
    Show {
        /// The source's name
        name: Name,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Ask AWS who a source is
    Test {
        /// The source's name
        name: Name,
    },
    /// Take a source out of the keychain and the catalog
    Remove {
        /// The source's name
        name: Name,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SourceAdd {
    /// Your name for it
    pub(crate) name: Name,
    /// The id of the key, such as AKIA…; the secret is asked for
    #[arg(long, value_name = "ID")]
    pub(crate) access_key_id: AccessKeyId,
    /// Read the secret access key from standard input instead of asking for it
    #[arg(long)]
    pub(crate) secret_stdin: bool,
    /// The region for its roles where they have none
    #[arg(long)]
    pub(crate) region: Option<Region>,
    /// Base address in place of AWS's STS; kept in the keychain with the key
    #[arg(long, value_name = "URL", value_parser = |text: &str| Endpoint::parse("sts", text))]
    pub(crate) sts_endpoint: Option<Endpoint>,
    /// Base address in place of AWS's sign-in host
    #[arg(long, value_name = "URL", value_parser = |text: &str| Endpoint::parse("signin", text))]
    pub(crate) signin_endpoint: Option<Endpoint>,
    /// Base address in place of AWS's console
    #[arg(long, value_name = "URL", value_parser = |text: &str| Endpoint::parse("console", text))]
    pub(crate) console_endpoint: Option<Endpoint>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RoleCommand {
    /// Add a role
    Add(RoleAdd),
    /// List the roles
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one role
    Show {
        /// The role's name
        name: Name,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Change a role
    Edit(RoleEdit),
    /// Remove a role
    Remove {
        /// The role's name
        name: Name,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RoleAdd {
    /// Your name for it
    pub(crate) name: Name,
    /// The role's ARN, such as `arn:aws:iam::111122223333:role/AWSEC2FULLACCESS`
    #[arg(long)]
    pub(crate) arn: RoleArn,
    /// The source that assumes it
    #[arg(long)]
    pub(crate) source: Name,
    /// Where it is assumed and its console opens
    #[arg(long)]
    pub(crate) region: Option<Region>,
    /// The page that opens: a service such as ec2, a path, or an address copied from the console
    #[arg(long, value_name = "PAGE")]
    pub(crate) destination: Option<Destination>,
    /// The name that CloudTrail shows; the source's user name where not given
    #[arg(long, value_name = "NAME")]
    pub(crate) session_name: Option<SessionName>,
    /// How long a session lasts, 15m to 12h; 1h where not given
    #[arg(long)]
    pub(crate) duration: Option<SessionDuration>,
    /// Keep it at the top of the tray
    #[arg(long)]
    pub(crate) favourite: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "An empty value takes a setting away: --region ''")]
pub(crate) struct RoleEdit {
    /// The role's name
    pub(crate) name: Name,
    /// Another name
    #[arg(long, value_name = "NAME")]
    pub(crate) rename: Option<Name>,
    /// Another role in IAM
    #[arg(long)]
    pub(crate) arn: Option<RoleArn>,
    /// Another source
    #[arg(long)]
    pub(crate) source: Option<Name>,
    /// Another region
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Another page
    #[arg(long, value_name = "PAGE")]
    pub(crate) destination: Option<String>,
    /// Another session name
    #[arg(long, value_name = "NAME")]
    pub(crate) session_name: Option<String>,
    /// Another duration
    #[arg(long)]
    pub(crate) duration: Option<String>,
    /// Keep it at the top of the tray
    #[arg(long, conflicts_with = "no_favourite")]
    pub(crate) favourite: bool,
    /// No longer keep it at the top of the tray
    #[arg(long)]
    pub(crate) no_favourite: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ConsoleCommand {
    /// The role's name
    pub(crate) role: Name,
    /// The page that opens, in place of the role's own
    #[arg(long, value_name = "PAGE")]
    pub(crate) destination: Option<Destination>,
    /// The region, in place of the role's own
    #[arg(long)]
    pub(crate) region: Option<Region>,
    /// Print the sign-in address instead of opening it; whoever has it within 15 minutes is signed in
    #[arg(long)]
    pub(crate) print: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CredentialsCommand {
    /// The role's name
    pub(crate) role: Name,
    /// How they are written: sh, fish, powershell, cmd or json; the setting, or sh, where not given
    #[arg(long)]
    pub(crate) format: Option<Format>,
    /// Put them on the clipboard for a short time instead of printing them
    #[arg(long)]
    pub(crate) copy: bool,
}

#[derive(Debug, Args)]
pub(crate) struct JournalCommand {
    /// How many of the last lines
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) last: u32,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "An empty value gives a setting its usual one again: guise settings clipboard_seconds ''"
)]
pub(crate) struct SettingsCommand {
    /// The setting; all are listed where none is given
    pub(crate) name: Option<Setting>,
    /// Its new value; shown where none is given
    pub(crate) value: Option<String>,
    /// Print JSON
    #[arg(long, conflicts_with_all = ["name", "value"])]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AgentCommand {
    /// End after this many minutes without a caller
    #[arg(long, hide = true, value_name = "MINUTES")]
    pub(crate) idle_minutes: Option<u64>,
}

#[derive(Debug, Args)]
#[command(after_help = "Ends with 1 if something is in trouble. Nothing is changed, and nothing is asked.")]
pub(crate) struct DoctorCommand {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Leave out account ids, ARNs, names and the home folder, so that the output can be shown to others
    #[arg(long)]
    pub(crate) mask: bool,
}
