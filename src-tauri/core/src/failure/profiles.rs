//! What a person reads when a profile of the AWS CLI is not what it is meant to be.

use std::path::Path;

use super::{Code, Failure, shown, shown_path, typed};

impl Failure {
    /// `text` cannot name a profile.
    pub fn malformed_profile_name(text: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("`{}` cannot be the name of a profile", shown(text)))
            .hint("guise import lists the profiles that there are")
    }

    /// No profile of that name.
    pub fn unknown_profile(profile: &str) -> Failure {
        Failure::new(Code::NotFound, format!("there is no profile `{}`", shown(profile))).hint(
            "guise import lists the profiles that there are; Guise reads where AWS_CONFIG_FILE and \
             AWS_SHARED_CREDENTIALS_FILE pointed when its agent was started",
        )
    }

    /// A profile names another that is not there.
    pub fn unknown_source_profile(profile: &str, source: &str) -> Failure {
        Failure::new(
            Code::NotFound,
            format!("profile `{}` names the profile `{}`, which is not there", shown(profile), shown(source)),
        )
        .hint(format!(
            "correct its source_profile: aws configure set source_profile NAME --profile {}",
            shown(profile)
        ))
    }

    /// Profiles that name each other.
    pub fn profiles_loop(way: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("the profiles go round in a circle: {}", shown(way)))
            .hint("one of them must have credentials of its own; correct a source_profile")
    }

    /// A profile with more roles on its way than anybody means.
    pub fn profile_chain_too_long(profile: &str, most: usize) -> Failure {
        Failure::new(
            Code::InvalidInput,
            format!("profile `{}` has more than {most} others on its way", shown(profile)),
        )
        .hint("correct the source_profile of one of them")
    }

    /// A profile that cannot come to credentials. `what` is a clause of ours.
    pub fn profile_incomplete(profile: &str, what: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("profile `{}` has no credentials: {what}", shown(profile)))
            .hint(format!("complete it with: aws configure --profile {}", shown(profile)))
    }

    /// The SDK cannot ask for a code.
    pub fn profile_needs_mfa(profile: &str, serial: &str) -> Failure {
        Failure::new(
            Code::InvalidInput,
            format!(
                "profile `{}` asks for an MFA code of `{}`, and a profile cannot ask",
                shown(profile),
                shown(serial)
            ),
        )
        .hint(format!("make it a role of Guise, which asks: guise import --apply {}", typed(profile)))
    }

    /// A profile whose command is ours.
    pub fn profile_calls_guise(profile: &str, begins: &str) -> Failure {
        let by = if profile == begins { String::new() } else { format!(", by way of `{}`,", shown(begins)) };
        Failure::new(
            Code::InvalidInput,
            format!("profile `{}`{by} asks Guise for credentials, so Guise cannot ask it", shown(profile)),
        )
        .hint("use the role of Guise that its credential_process names, or choose the profile that the role begins with")
    }

    /// We were asked by a command that we wait for.
    pub fn profile_loop_running() -> Failure {
        Failure::new(
            Code::InvalidInput,
            "a command of a profile that Guise waits for asks Guise for credentials",
        )
        .hint("the profile of the source must not come back to Guise; guise source list shows the sources")
    }

    /// A file of the AWS CLI is not read. `why` is a clause of ours.
    pub fn profile_file_unreadable(path: &Path, why: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("`{}` cannot be read: {why}", shown_path(path)))
            .hint("it must be a plain file of up to 4 MiB that you may read")
    }

    /// A file of the AWS CLI has a line on which the SDKs give it up. `what` is a clause of ours.
    pub fn profile_file_malformed(path: &Path, line: usize, what: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("`{}`, line {line}: {what}", shown_path(path)))
            .hint("correct the line; no AWS tool reads the file as it is")
    }

    /// The sign-in to the Identity Center ended, or never was.
    pub fn profile_signed_out(profile: &str) -> Failure {
        Failure::new(
            Code::CredentialsExpired,
            format!("the Identity Center sign-in of profile `{}` has ended", shown(profile)),
        )
        .hint(format!("sign in and try again: aws sso login --profile {}", shown(profile)))
    }

    /// The Identity Center gives this role to somebody else.
    pub fn profile_not_assigned(profile: &str) -> Failure {
        Failure::new(
            Code::AccessDenied,
            format!(
                "the Identity Center does not give you the account and role of profile `{}`",
                shown(profile)
            ),
        )
        .hint("compare its sso_account_id and sso_role_name with what your access portal shows")
    }

    /// The sign-in of `aws login` ended, or never was.
    pub fn profile_logged_out(profile: &str) -> Failure {
        Failure::new(
            Code::CredentialsExpired,
            format!("the AWS sign-in of profile `{}` has ended", shown(profile)),
        )
        .hint(format!("sign in and try again: aws login --profile {}", shown(profile)))
    }

    /// A profile's command did not do its work. `how` is a clause of ours; what the command said is nobody's to show.
    pub fn profile_process_failed(profile: &str, how: &str) -> Failure {
        Failure::new(
            Code::CommandFailed,
            format!("the credential_process of profile `{}` {how}", shown(profile)),
        )
        .hint(format!(
            "run it yourself to see what it says: aws sts get-caller-identity --profile {}",
            shown(profile)
        ))
    }

    /// A profile's identity token cannot be read.
    pub fn profile_token_unreadable(profile: &str, path: &Path, why: &str) -> Failure {
        Failure::new(
            Code::InvalidInput,
            format!(
                "the identity token of profile `{}` cannot be read from `{}`: {why}",
                shown(profile),
                shown_path(path)
            ),
        )
        .hint("it must be a plain file, written anew by whoever issues the token")
    }

    /// AWS did not take a profile's identity token.
    pub fn profile_token_refused(profile: &str, code: &str, message: &str) -> Failure {
        Failure::new(
            Code::AccessDenied,
            format!(
                "AWS did not take the identity token of profile `{}`: {} ({})",
                shown(profile),
                shown(message),
                shown(code)
            ),
        )
        .hint("have a fresh token written, and compare its issuer and audience with the role's trust policy")
    }

    /// A role on a profile's way is refused.
    pub fn profile_role_refused(profile: &str, code: &str, message: &str) -> Failure {
        Failure::new(
            Code::AccessDenied,
            format!(
                "AWS refused a role of profile `{}`: {} ({})",
                shown(profile),
                shown(message),
                shown(code)
            ),
        )
        .hint(format!("as a role of Guise it is explained in full: guise import --apply {}", typed(profile)))
    }

    /// The agent's environment has no credentials.
    pub fn profile_environment_empty(profile: &str) -> Failure {
        Failure::new(
            Code::NotFound,
            format!("profile `{}` takes its key from the environment, and Guise's has none", shown(profile)),
        )
        .hint("start the agent from a shell that has AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or add the key as a source")
    }

    /// There is no EC2 instance around us.
    pub fn profile_no_instance(profile: &str) -> Failure {
        Failure::new(
            Code::NotFound,
            format!(
                "profile `{}` takes the credentials of an EC2 instance, and this computer is none",
                shown(profile)
            ),
        )
        .hint("it works on an EC2 instance with a role; here, choose a profile with credentials of its own")
    }

    /// There is no container around us.
    pub fn profile_no_container(profile: &str) -> Failure {
        Failure::new(
            Code::NotFound,
            format!("profile `{}` takes the credentials of a container, and Guise runs in none", shown(profile)),
        )
        .hint("AWS sets AWS_CONTAINER_CREDENTIALS_FULL_URI in its containers; here, choose a profile with credentials of its own")
    }

    /// It took too long to come to credentials.
    pub fn profile_timeout(profile: &str, seconds: u64) -> Failure {
        Failure::new(
            Code::Timeout,
            format!("profile `{}` came to no credentials within {seconds} seconds", shown(profile)),
        )
        .hint("check the network, a proxy or a firewall, and try again")
    }

    /// What a profile came to is no credentials of AWS's form.
    pub fn profile_implausible(profile: &str) -> Failure {
        Failure::new(
            Code::InvalidInput,
            format!("what profile `{}` came to does not look like credentials of AWS", shown(profile)),
        )
        .hint(format!("compare with: aws configure list --profile {}", shown(profile)))
    }

    /// It failed in a way that we cannot tell apart.
    pub fn profile_failed(profile: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("profile `{}` came to no credentials", shown(profile))).hint(
            format!("see what the AWS CLI says: aws sts get-caller-identity --profile {}", shown(profile)),
        )
    }

    /// Nothing of that name was found.
    pub fn import_unknown(name: &str) -> Failure {
        Failure::new(Code::NotFound, format!("nothing named `{}` was found", shown(name)))
            .hint("guise import lists what was found")
    }

    /// A role does not say what assumes it.
    pub fn import_source_needed(role: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("`{}` does not say what assumes it", shown(role)))
            .hint("name one of your sources: guise import --source SOURCE …; guise source list shows them")
    }

    /// A role and its key stand in one profile.
    pub fn import_key_needed(profile: &str) -> Failure {
        Failure::new(
            Code::InvalidInput,
            format!("profile `{}` has both a role and the key that assumes it", shown(profile)),
        )
        .hint("move the key into the keychain with it: guise import --move-keys …")
    }

    /// A profile's key is in aws-vault, which has to be left for it to be used.
    pub fn import_vaulted_key_needed(profile: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("the key of profile `{}` is in aws-vault", shown(profile)))
            .hint("bring the key in with it: guise import --move-keys …")
    }

    /// What aws-vault keeps cannot be looked at.
    pub fn vault_unseen(why: crate::ports::KeychainError) -> Failure {
        let why: Failure = why.into();
        Failure::new(why.code, format!("aws-vault's keys were not looked at: {}", why.message))
            .hint("aws-vault list unlocks its keychain; then try again")
    }

    /// An item of aws-vault's is no key, or gone.
    pub fn vaulted_foreign(profile: &str) -> Failure {
        Failure::new(
            Code::KeychainBroken,
            format!("what aws-vault keeps for `{}` is no access key", shown(profile)),
        )
        .hint("add the key by hand: guise source add")
    }

    /// Another source has the name.
    pub fn import_source_taken(name: &str) -> Failure {
        Failure::new(
            Code::AlreadyExists,
            format!("there is already another source `{}`, which stays as it is", shown(name)),
        )
        .hint(format!(
            "add the profile under a name of your choice: guise source add NAME --profile {}",
            typed(name)
        ))
    }

    /// A profile that only stands in a file which was named.
    pub fn import_profile_elsewhere(profile: &str) -> Failure {
        Failure::new(
            Code::InvalidInput,
            format!("profile `{}` stands in a file that Guise does not read by itself", shown(profile)),
        )
        .hint("move its key with --move-keys, or have AWS_CONFIG_FILE name the file before the agent starts")
    }

    /// What was to be read is not there.
    pub fn import_nothing_there(path: &Path) -> Failure {
        Failure::new(Code::NotFound, format!("there is no file `{}`", shown_path(path)))
            .hint("name a file of profiles, of AWS Extend Switch Roles, or with switch-role links; - stands for standard input")
    }

    /// A catalog gives a source of a name that another has here.
    pub fn given_source_taken(name: &str) -> Failure {
        Failure::new(
            Code::AlreadyExists,
            format!("there is already another source `{}`, which stays as it is", shown(name)),
        )
        .hint("give the one in the file another name there, and its roles with it")
    }

    /// A role that is marked as production here would become another role of AWS, and the one that it is would lose its mark.
    pub fn import_moves_mark(name: &str) -> Failure {
        Failure::new(
            Code::AlreadyExists,
            format!("`{}` is marked as production here, and stays the role that it is", shown(name)),
        )
        .hint(format!("if that is meant, change it by hand: guise role edit {} --arn ARN", typed(name)))
    }

    /// A role of that name stands in the catalog and cannot be used by this version.
    pub fn import_role_unusable(name: &str) -> Failure {
        Failure::new(
            Code::AlreadyExists,
            format!(
                "there is already a role `{}`, which this version cannot use; it stays as it is",
                shown(name)
            ),
        )
        .hint("guise role list says why; give the one in the file another name")
    }

    /// A command of the file would have to be run to know whose its credentials are.
    pub fn import_runs_command(profile: &str) -> Failure {
        let message =
            format!("profile `{}` has its credentials from a command, which no import runs", shown(profile));
        let profile = typed(profile);
        Failure::new(Code::InvalidInput, message)
        .hint(format!("if you know the command: guise source add {profile} --profile {profile}\nthen bring in the rest again"))
    }

    /// A source's profile is another role than the one that it was added as.
    pub fn profile_is_another(source: &str, known: &str, now: &str) -> Failure {
        Failure::new(
            Code::InvalidInput,
            format!("the profile of `{}` was {} and is now {}", shown(source), shown(known), shown(now)),
        )
        .hint(format!("if that is meant: guise source test {} takes it as it is now", typed(source)))
    }

    /// A role goes through another whose name is here already, for another role of AWS.
    pub fn import_other_way(name: &str, by: &str) -> Failure {
        Failure::new(
            Code::AlreadyExists,
            format!("`{}` goes through `{}`, which is another role here", shown(name), shown(by)),
        )
        .hint(format!(
            "bring in `{}` too, or add the role by hand: guise role add {} --via ROLE --arn ARN",
            shown(by),
            typed(name)
        ))
    }

    /// There is no catalog to bring in.
    pub fn given_catalog_missing(path: &Path) -> Failure {
        Failure::new(Code::NotFound, format!("there is no file `{}`", shown_path(path)))
            .hint("name a file that guise catalog export wrote; - stands for standard input")
    }

    /// Some of what was chosen was not brought in.
    pub fn import_incomplete(count: usize) -> Failure {
        Failure::new(Code::InvalidInput, format!("{count} of them were not brought in"))
            .hint("the reasons stand above; what was brought in stays")
    }

    /// What was told is no longer so.
    pub fn import_changed() -> Failure {
        Failure::new(Code::InvalidInput, "what can be brought in has changed since it was shown")
            .hint("nothing was brought in; look again and choose anew")
    }

    /// Something that differs was not to be changed.
    pub fn import_differs(name: &str) -> Failure {
        Failure::new(
            Code::AlreadyExists,
            format!("`{}` is here and differs, so it stays as it is", shown(name)),
        )
        .hint("have what differs changed, if the one that you bring in is better")
    }

    /// A text is too large to be anybody's profiles.
    pub fn import_too_large(called: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("`{}` is larger than 4 MiB", shown(called)))
            .hint("bring in the part of it that has the profiles or the roles")
    }

    /// A catalog that was given cannot be read.
    pub fn given_catalog_invalid(problem: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("that is no catalog of Guise: {}", shown(problem)))
            .hint("guise catalog export writes one; guise import --from FILE reads what other tools write")
    }

    /// The catalog cannot be written there.
    pub fn not_exported(path: &Path, why: &std::io::Error) -> Failure {
        // What the system says has the name of a file that nobody chose.
        let kind = why.kind();
        let why = if kind == std::io::ErrorKind::NotFound {
            "its folder is not there".to_owned()
        } else {
            kind.to_string()
        };
        let failure =
            Failure::new(Code::WriteFailed, format!("`{}` could not be written: {why}", shown_path(path)));
        failure.hint("name a file in a folder that is there and is yours, or none to see it here")
    }

    /// A file stands where the catalog was to be written.
    pub fn export_exists(path: &Path) -> Failure {
        Failure::new(
            Code::AlreadyExists,
            format!("there is already a file `{}`, which stays", shown_path(path)),
        )
        .hint("name another file, or take that one away first")
    }

    /// A name stands in no catalog that was given.
    pub fn not_given(name: &str) -> Failure {
        Failure::new(Code::NotFound, format!("nothing named `{}` stands in that file", shown(name)))
            .hint("guise catalog import FILE lists what does")
    }

    /// A catalog that was given has nothing in it.
    pub fn given_catalog_empty() -> Failure {
        Failure::new(Code::InvalidInput, "no source, role or account stands in it").hint(
            "guise catalog export writes a catalog; guise import --from FILE reads what other tools write",
        )
    }
}
