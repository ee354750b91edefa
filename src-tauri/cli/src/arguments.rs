//! What can be typed: the commands, their arguments and their help.

// Named, because the example that writes the documents has this file from elsewhere.
#[path = "arguments/bringing.rs"]
pub(crate) mod bringing;

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use guise_core::arn::{AccountId, Region, RoleArn};
use guise_core::assume::{Access, MfaSerial};
use guise_core::catalog::{Name, Setting};
use guise_core::console::{Destination, Endpoint};
use guise_core::log::Filter;
use guise_core::output::Format;
use guise_core::profiles::ProfileName;
use guise_core::secret::AccessKeyId;

use bringing::{CatalogCommand, ImportCommand};

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
    /// What you say about accounts: a name, and whether mistakes there hurt
    #[command(subcommand)]
    Account(AccountCommand),
    /// Open the console as a role in the browser
    Console(ConsoleCommand),
    /// Print or copy the temporary credentials of a role
    Credentials(CredentialsCommand),
    /// Give the AWS CLI and SDKs the credentials of a role, as their setting `credential_process` wants them
    CredentialProcess(CredentialProcessCommand),
    /// Bring in roles and keys that other tools have: profiles of the AWS CLI, AWS Extend Switch Roles, switch-role links
    Import(Box<ImportCommand>),
    /// The catalog as a file: to keep, to take to another computer, to give to colleagues
    #[command(subcommand)]
    Catalog(CatalogCommand),
    /// Show what was done as whom
    Journal(JournalCommand),
    /// From an IAM user to a role that works: the steps as questions
    Setup(SetupCommand),
    /// Print the trust policy that would let a role be assumed as you have it
    TrustPolicy(TrustPolicyCommand),
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
    /// Change a source
    Edit(SourceEdit),
    /// Make a new key, see that it works, keep it, and switch the old one off
    Rotate {
        /// The source's name
        name: Name,
        /// Delete the old key, once nothing has missed it
        #[arg(long)]
        delete_old: bool,
        /// Ask nothing
        #[arg(long)]
        yes: bool,
    },
    /// Take a source out of the keychain and the catalog
    Remove {
        /// The source's name
        name: Name,
        /// Ask nothing
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SourceAdd {
    /// Your name for it
    pub(crate) name: Name,
    /// The id of the key, such as AKIA…; the secret is asked for
    #[arg(long, value_name = "ID", required_unless_present = "profile", conflicts_with = "profile")]
    pub(crate) access_key_id: Option<AccessKeyId>,
    /// A profile of the AWS CLI instead of a key: whatever it signs with, the SDK finds out when it is needed
    #[arg(long)]
    pub(crate) profile: Option<ProfileName>,
    /// Read the secret access key from standard input instead of asking for it
    #[arg(long, conflicts_with = "profile")]
    pub(crate) secret_stdin: bool,
    /// The MFA device of its user, as IAM shows it: its roles ask for a code where they say nothing else
    #[arg(long, value_name = "ARN")]
    pub(crate) mfa_serial: Option<MfaSerial>,
    /// A program, with its arguments to the end of the line, that prints an MFA code in your place; no shell reads it
    #[arg(long, value_name = "ARG", num_args = 1.., allow_hyphen_values = true)]
    pub(crate) mfa_process: Vec<String>,
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
    Add(Box<RoleAdd>),
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
    Edit(Box<RoleEdit>),
    /// Print what assuming it takes: each call, how long it lasts, what will be asked
    Explain {
        /// The role's name
        name: Name,
        #[command(flatten)]
        access: AccessOptions,
    },
    /// Remove a role
    Remove {
        /// The role's name
        name: Name,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "An empty value takes a setting away: --region ''")]
pub(crate) struct SourceEdit {
    /// The source's name
    pub(crate) name: Name,
    /// Another region for its roles where they have none
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Another MFA device of its user
    #[arg(long, value_name = "ARN")]
    pub(crate) mfa_serial: Option<String>,
    /// Another program, with its arguments to the end of the line, that prints an MFA code in your place
    #[arg(long, value_name = "ARG", num_args = 1.., allow_hyphen_values = true)]
    pub(crate) mfa_process: Option<Vec<String>>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// List the accounts
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Name an account, give it a colour and an environment, or mark it as production
    Edit(AccountEdit),
}

#[derive(Debug, Args)]
#[command(after_help = "An empty name takes it away: --name ''")]
pub(crate) struct AccountEdit {
    /// The account's twelve digits
    pub(crate) account: AccountId,
    /// Your name for it; empty takes it away
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The colour of its mark: blue, orange, green, pink, teal, yellow, violet or brown; empty takes it away
    #[arg(long)]
    pub(crate) colour: Option<String>,
    /// What it is for, in a short word, such as dev or staging; production is the same as --production; empty takes it away
    #[arg(long, value_name = "WORD")]
    pub(crate) environment: Option<String>,
    /// Mistakes there hurt: its roles are red, ask first, are read-only where nothing else is asked for, and last shorter
    #[arg(long, conflicts_with = "no_production")]
    pub(crate) production: bool,
    /// They do not
    #[arg(long)]
    pub(crate) no_production: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RoleAdd {
    /// Your name for it
    pub(crate) name: Name,
    /// The role's ARN, such as `arn:aws:iam::111122223333:role/AWSEC2FULLACCESS`
    #[arg(long)]
    pub(crate) arn: RoleArn,
    /// The source that assumes it
    #[arg(long, required_unless_present = "via", conflicts_with = "via")]
    pub(crate) source: Option<Name>,
    /// The role that assumes it, in place of a source: a chain, whose sessions last at most 1h
    #[arg(long, value_name = "ROLE")]
    pub(crate) via: Option<Name>,
    #[command(flatten)]
    pub(crate) options: RoleOptions,
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
    #[arg(long, conflicts_with = "via")]
    pub(crate) source: Option<Name>,
    /// Another role that assumes it, in place of a source
    #[arg(long, value_name = "ROLE")]
    pub(crate) via: Option<Name>,
    #[command(flatten)]
    pub(crate) options: RoleOptions,
    /// No longer keep it at the top of the tray
    #[arg(long, conflicts_with = "favourite")]
    pub(crate) no_favourite: bool,
    /// No longer mark it as production by itself
    #[arg(long, conflicts_with = "production")]
    pub(crate) no_production: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RoleOptions {
    /// Where it is assumed and its console opens
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The page that opens: a service such as ec2, a path, or an address copied from the console
    #[arg(long, value_name = "PAGE")]
    pub(crate) destination: Option<String>,
    /// The name that CloudTrail shows, with {user}, {host} and {date} filled in; the source's user name where not given
    #[arg(long, value_name = "NAME")]
    pub(crate) session_name: Option<String>,
    /// How long a session lasts, 15m to 12h; 1h where not given
    #[arg(long)]
    pub(crate) duration: Option<String>,
    /// Keep it at the top of the tray
    #[arg(long)]
    pub(crate) favourite: bool,
    /// The external id that the role's owner demands
    #[arg(long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
    /// Who stands behind the whole chain, for CloudTrail
    #[arg(long, value_name = "IDENTITY")]
    pub(crate) source_identity: Option<String>,
    /// A session tag; again for more, in place of all that were there
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) tag: Vec<String>,
    /// The key of a tag that goes on along the chain; again for more
    #[arg(long, value_name = "KEY")]
    pub(crate) transitive_tag: Vec<String>,
    /// A file with a policy that narrows its sessions; "" for none
    #[arg(long, value_name = "FILE", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) policy: Option<PathBuf>,
    /// A managed policy that narrows its sessions; again for more
    #[arg(long, value_name = "ARN")]
    pub(crate) policy_arn: Vec<String>,
    /// direct: a code with each session, up to 12h; session: one code a day, 1h each; off: no code
    #[arg(long, value_name = "WAY")]
    pub(crate) mfa: Option<String>,
    /// The MFA device; the source's where not given
    #[arg(long, value_name = "ARN")]
    pub(crate) mfa_serial: Option<String>,
    /// Mark it as production, whatever its account
    #[arg(long)]
    pub(crate) production: bool,
    /// Narrow it to reading where nothing else is asked for: yes or no; as its account has it where not given
    #[arg(long, value_name = "yes|no", num_args = 0..=1, require_equals = true, default_missing_value = "yes")]
    pub(crate) read_only: Option<String>,
    /// The policy that narrows it then; AWS's own for reading where not given
    #[arg(long, value_name = "ARN")]
    pub(crate) read_only_policy: Option<String>,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct AccessOptions {
    /// Narrow the session to reading
    #[arg(long, conflicts_with = "full_access")]
    read_only: bool,
    /// Everything that the role may do, where it is read-only otherwise
    #[arg(long)]
    full_access: bool,
}

impl AccessOptions {
    /// How much of the role is asked for.
    pub(crate) fn access(self) -> Access {
        match (self.read_only, self.full_access) {
            (true, _) => Access::ReadOnly,
            (false, true) => Access::Full,
            (false, false) => Access::Usual,
        }
    }
}

#[derive(Debug, Args)]
#[command(
    after_help = "In ~/.aws/config:\n  [profile NAME]\n  credential_process = guise credential-process ROLE\nA code is asked for in a window; standard input is not read."
)]
pub(crate) struct CredentialProcessCommand {
    /// The role's name
    pub(crate) role: Name,
    #[command(flatten)]
    pub(crate) access: AccessOptions,
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
    #[command(flatten)]
    pub(crate) access: AccessOptions,
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
    #[command(flatten)]
    pub(crate) access: AccessOptions,
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

#[derive(Debug, Args)]
#[command(after_help = "AWS is not asked, and nothing is changed: it is made from what your catalog says.")]
pub(crate) struct TrustPolicyCommand {
    /// The role's name
    pub(crate) role: Name,
    /// Print what its caller needs instead: a policy for the user, or for the role before it in a chain
    #[arg(long)]
    pub(crate) identity_policy: bool,
    /// Demand the session name that the role is assumed with
    #[arg(long, conflicts_with = "identity_policy")]
    pub(crate) session_name: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "they are options, and called as they are elsewhere")]
pub(crate) struct SetupCommand {
    /// Base address in place of AWS's STS, for a source that is added here
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = |text: &str| Endpoint::parse("sts", text))]
    pub(crate) sts_endpoint: Option<Endpoint>,
    /// The same for the sign-in
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = |text: &str| Endpoint::parse("signin", text))]
    pub(crate) signin_endpoint: Option<Endpoint>,
    /// The same for the console
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = |text: &str| Endpoint::parse("console", text))]
    pub(crate) console_endpoint: Option<Endpoint>,
}
