//! What a person reads about what they are asked on the way to a role.

use crate::assume::Access;

use super::{Code, Failure, shown, typed};

impl Failure {
    /// The code was sent before, and AWS takes each once.
    pub fn mfa_code_used() -> Failure {
        Failure::new(Code::MfaCodeRefused, "that code was used already")
            .hint("wait until the device shows the next one")
    }

    /// The role allows an hour only, and the code that was given may be used up.
    pub fn mfa_code_for_shorter(role: &str) -> Failure {
        Failure::new(Code::DurationTooLong, format!("`{}` allows sessions of 1 h only", shown(role)))
            .hint("give the next code for a session of 1 h")
    }

    /// Nobody can be asked for `what` of a role, of which so much was wanted.
    pub fn nobody_to_ask(role: &str, what: &str, access: Access) -> Failure {
        let option = match access {
            Access::Usual => "",
            Access::ReadOnly => " --read-only",
            Access::Full => " --full-access",
        };
        Failure::new(
            Code::NobodyToAsk,
            format!("`{}` needs {what}, and there is nowhere to ask", shown(role)),
        )
        .hint(format!(
            "start Guise on the desktop, or first run on a terminal: guise credentials {}{option}",
            typed(role)
        ))
    }

    /// A code is needed for a source's own keys, and the person cannot be reached.
    pub fn nobody_to_ask_for_keys(source: &str) -> Failure {
        Failure::new(
            Code::NobodyToAsk,
            format!("IAM wants an MFA code for the keys of `{}`, and there is nowhere to ask", shown(source)),
        )
        .hint("start Guise on the desktop, or do it on a terminal")
    }

    /// A question stood for too long.
    pub fn not_answered(role: &str) -> Failure {
        Failure::new(Code::Timeout, format!("nobody answered what `{}` was waiting for", shown(role)))
            .hint("try again when you are at the computer")
    }

    /// The typed word is not the role's name.
    pub fn not_the_word(word: &str) -> Failure {
        Failure::new(Code::InvalidInput, "that is not the name of the role")
            .hint(format!("type {} to go on", shown(word)))
    }

    /// The MFA command gave nothing that is a code. What it printed is not shown.
    pub fn mfa_process_no_code() -> Failure {
        Failure::new(Code::CommandFailed, "the MFA command did not print a code of six digits")
            .hint("it has to print the code, and nothing else, on one line")
    }

    /// The MFA command gave a used code in the next window too.
    pub fn mfa_process_repeats() -> Failure {
        Failure::new(Code::CommandFailed, "the MFA command printed a code that was used already, twice")
            .hint("check that it gives the current code")
    }

    /// The MFA command could not be started.
    pub fn mfa_process_not_started(program: &str, why: &str) -> Failure {
        Failure::new(
            Code::CommandFailed,
            format!("the MFA command `{}` could not be started: {}", shown(program), shown(why)),
        )
        .hint("set another with: guise source edit NAME --mfa-process PROGRAM …")
    }

    /// The MFA command failed.
    pub fn mfa_process_failed(program: &str, how: &str) -> Failure {
        Failure::new(Code::CommandFailed, format!("the MFA command `{}` {}", shown(program), shown(how)))
            .hint("run it by hand to see why; guise source edit NAME --mfa-process '' has you asked instead")
    }
}
