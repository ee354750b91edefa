//! What a person reads when a value cannot be what it is meant to be.

use super::{Code, Failure, shown, typed};
use crate::catalog::Colour;

/// What can be a shortcut.
const SHORTCUTS: &str = "a shortcut is one or more of Ctrl, Alt, Shift and Super, then one key: Ctrl+Alt+Space; or a key from F1 to F24; or none";

impl Failure {
    fn invalid(message: impl Into<String>) -> Failure {
        Failure::new(Code::InvalidInput, message)
    }

    /// `text` names no partition of AWS.
    pub fn unknown_partition(text: &str) -> Failure {
        Failure::invalid(format!("`{}` is not an AWS partition", shown(text)))
            .hint("partitions are aws, aws-cn, aws-us-gov, aws-eusc and the isolated ones")
    }

    /// `text` is not a region's name.
    pub fn malformed_region(text: &str) -> Failure {
        Failure::invalid(format!("`{}` is not a region", shown(text)))
            .hint("a region looks like eu-west-1 or us-gov-east-1")
    }

    /// `text` is not an account id.
    pub fn malformed_account(text: &str) -> Failure {
        Failure::invalid(format!("`{}` is not an account id", shown(text)))
            .hint("an account id has twelve digits")
    }

    /// `text` is not the ARN of a role.
    pub fn malformed_role_arn(text: &str) -> Failure {
        Failure::invalid(format!("`{}` is not the ARN of a role", shown(text)))
            .hint("it looks like arn:aws:iam::111122223333:role/AWSEC2FULLACCESS")
    }

    /// AWS named a caller in a form that we cannot read.
    pub fn malformed_principal_arn(text: &str) -> Failure {
        Failure::invalid(format!("`{}` is not the ARN of a user or role", shown(text)))
            .hint("it looks like arn:aws:iam::111122223333:user/ada; guise source add asks AWS for it")
    }

    /// `text` cannot name a source or a role.
    pub fn malformed_name(text: &str) -> Failure {
        let message = if text.is_empty() {
            "a name cannot be empty".to_owned()
        } else {
            format!("`{}` cannot be a name", shown(text))
        };
        Failure::invalid(message).hint(
            "a name has 1 to 64 characters, begins with neither a dash nor a space, and holds nothing unprintable",
        )
    }

    /// What was given as a name looks like a secret access key. It is not shown.
    pub fn name_is_secret() -> Failure {
        Failure::invalid("that looks like a secret access key, not like a name").hint(
            "names are shown and kept in plain text; give another name, and the secret when it is asked for",
        )
    }

    /// `text` is no duration that STS takes.
    pub fn malformed_duration(text: &str) -> Failure {
        Failure::invalid(format!("`{}` is not a duration that AWS takes", shown(text)))
            .hint("give 15m to 12h, such as 1h, 90m or 3600s")
    }

    /// `text` is no session name that STS takes.
    pub fn malformed_session_name(text: &str) -> Failure {
        Failure::invalid(format!("`{}` is not a session name that AWS takes", shown(text)))
            .hint("it has 2 to 64 letters, digits or any of _+=,.@-")
    }

    /// What was given as access key id is not one. It is not shown: people paste the secret into the wrong place.
    pub fn malformed_access_key_id() -> Failure {
        Failure::invalid("that is not an access key id").hint(
            "it has 16 to 128 letters and digits and usually begins with AKIA; the secret is asked for apart",
        )
    }

    /// What was given as secret cannot be one. It is never shown.
    pub fn implausible_secret_access_key() -> Failure {
        Failure::invalid("that is not a secret access key")
            .hint("it has 40 letters, digits, slashes or plus signs; AWS shows it once, when the key is made")
    }

    /// The id belongs to temporary credentials, which a source cannot live on.
    pub fn temporary_access_key() -> Failure {
        Failure::invalid("that access key is temporary, and would end within hours")
            .hint("a source needs the long-term key of an IAM user, whose id begins with AKIA")
    }

    /// `text` is no address that an endpoint may have. `what` is `sts`, `signin` or `console`.
    pub fn malformed_endpoint(what: &str, text: &str) -> Failure {
        Failure::invalid(format!("`{}` cannot be an endpoint for {what}", shown(text)))
            .hint("give a base address with https, or with http on this computer only, without user, query or fragment")
    }

    /// `text` is neither a service, a path nor a console address.
    pub fn malformed_destination(text: &str) -> Failure {
        Failure::invalid(format!("`{}` is not a page of the console", shown(text)))
            .hint("give a service such as ec2, a path such as ec2/home#Instances:, or an address copied from the console")
    }

    /// `text` is none of the colours that an account can have.
    pub fn unknown_colour(text: &str) -> Failure {
        let all: Vec<&str> = Colour::ALL.iter().map(|colour| colour.as_str()).collect();
        Failure::invalid(format!("`{}` is not a colour that an account can have", shown(text)))
            .hint(format!("colours are {}", all.join(", ")))
    }

    /// `text` cannot be an environment.
    pub fn malformed_environment(text: &str) -> Failure {
        Failure::invalid(format!("`{}` cannot be an environment", shown(text))).hint(
            "an environment is a short word of at most 20 characters, such as dev, staging or production",
        )
    }

    /// `text` is no output format of ours.
    pub fn unknown_format(text: &str) -> Failure {
        Failure::invalid(format!("`{}` is not a format", shown(text)))
            .hint("formats are sh, fish, powershell, cmd and json")
    }

    /// `text` names no setting.
    pub fn unknown_setting(text: &str) -> Failure {
        Failure::new(Code::NotFound, format!("there is no setting `{}`", shown(text)))
            .hint("guise settings lists them")
    }

    /// The setting does not take `text`; `takes` says what it does take.
    pub fn malformed_setting(name: &str, text: &str, takes: &str) -> Failure {
        Failure::invalid(format!("`{}` is nothing that {name} can be", shown(text)))
            .hint(format!("{name} takes {takes}"))
    }

    /// `text` is no key with what is held down.
    pub fn malformed_shortcut(text: &str) -> Failure {
        Failure::invalid(format!("`{}` is not a shortcut", shown(text))).hint(SHORTCUTS)
    }

    /// `text` is a key that is typed.
    pub fn shortcut_is_typed(text: &str) -> Failure {
        Failure::invalid(format!(
            "`{}` is typed in every program, and none of them would get it",
            shown(text)
        ))
        .hint(SHORTCUTS)
    }

    /// The two named things belong to different partitions.
    pub fn partition_mismatch(one: &str, its: &str, other: &str, others: &str) -> Failure {
        Failure::new(
            Code::PartitionMismatch,
            format!("{one} is in partition `{its}`, but {other} is in `{others}`"),
        )
        .hint("credentials never cross partitions; choose a region, page and source of the role's own")
    }

    /// A link is of an account that the role is not in.
    pub fn page_of_another_account(theirs: &str, ours: &str) -> Failure {
        Failure::invalid(format!(
            "that link is of account {}, and the role is in {}",
            shown(theirs),
            shown(ours)
        ))
        .hint("go back and paste it there: the roles that can open it are found")
    }

    /// The partition's console is not at a public address.
    pub fn console_not_public(partition: &str) -> Failure {
        Failure::invalid(format!("the console of partition `{partition}` has no public address"))
            .hint("set the source's endpoints: guise source add … --signin-endpoint … --console-endpoint …")
    }

    /// No source of that name.
    pub fn unknown_source(name: &str) -> Failure {
        Failure::new(Code::NotFound, format!("there is no source `{}`", shown(name)))
            .hint("guise source list shows them; guise source add makes one")
    }

    /// No role of that name.
    pub fn unknown_role(name: &str) -> Failure {
        Failure::new(Code::NotFound, format!("there is no role `{}`", shown(name)))
            .hint("guise role list shows them; guise role add makes one")
    }

    /// No live session with that id.
    pub fn unknown_session() -> Failure {
        Failure::new(Code::NotFound, "that session has already ended")
            .hint("open the role again for a fresh one")
    }

    /// The source's name is taken.
    pub fn source_exists(name: &str) -> Failure {
        Failure::new(Code::AlreadyExists, format!("there is already a source `{}`", shown(name)))
            .hint(format!("choose another name, or first run: guise source remove {}", typed(name)))
    }

    /// A source is to be given a key that is somebody else's.
    pub fn key_of_another(name: &str, is: &impl std::fmt::Display, key: &impl std::fmt::Display) -> Failure {
        Failure::new(Code::InvalidInput, format!("`{}` is {is}, and that key is {key}'s", shown(name)))
            .hint(format!("enter a key of the same user, or first run: guise source remove {}", typed(name)))
    }

    /// The role's name is taken.
    pub fn role_exists(name: &str) -> Failure {
        Failure::new(Code::AlreadyExists, format!("there is already a role `{}`", shown(name)))
            .hint(format!("change it with: guise role edit {}", typed(name)))
    }

    /// A role that is being written has a name that another has.
    pub fn role_name_taken(name: &str) -> Failure {
        Failure::new(Code::AlreadyExists, format!("there is already a role `{}`", shown(name)))
            .hint("choose another name")
    }

    /// A role that is being written has no ARN yet.
    pub fn role_arn_missing() -> Failure {
        Failure::invalid("a role needs its ARN")
            .hint("it stands at the top of the role's page in IAM, and looks like arn:aws:iam::111122223333:role/AWSEC2FULLACCESS")
    }

    /// A role that is being written is assumed by nothing yet.
    pub fn assumer_missing() -> Failure {
        Failure::invalid("a role needs a source, or a role, that assumes it")
    }

    /// What an edit took out is no longer kept.
    pub fn nothing_to_undo() -> Failure {
        Failure::new(Code::NotFound, "that can no longer be undone")
    }

    /// An edit can be taken back only while it is the last.
    pub fn changed_since() -> Failure {
        Failure::new(
            Code::InvalidInput,
            "the catalog has been changed since, so that can no longer be undone",
        )
        .hint("take out what you do not want by hand: nothing was changed")
    }

    /// Nothing to change was named.
    pub fn nothing_to_change() -> Failure {
        Failure::invalid("nothing to change was given")
            .hint("guise role edit --help lists what can be changed")
    }
}
