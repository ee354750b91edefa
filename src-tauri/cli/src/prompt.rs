//! The person at the terminal: asked for a code, or whether production is meant. Standard input is a program's, and is never
//! read for it.

use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::sync::Arc;

use guise_core::agent::Kind;
use guise_core::assume::Access;
use guise_core::failure::shown;
use guise_core::ports::Prompt;
use guise_core::secret::SecretString;
use guise_core::view::{PromptView, QuestionView};

/// Where a command has its questions put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// At the terminal, if a person runs it there.
    AtTerminal,
    /// In a window, and at the terminal only where there is no desktop: a tool runs it.
    InWindow,
}

/// Whoever answers the questions of a request to such an agent; `None` where the agent asks in a window of its own.
pub(crate) fn person(asked: Asked, agent: Kind) -> Option<Arc<dyn Prompt>> {
    let by_hand = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let at_terminal = match (asked, agent) {
        (Asked::AtTerminal, _) => by_hand,
        (Asked::InWindow, Kind::Desktop) => false,
        (Asked::InWindow, Kind::Trayless) => true,
    };
    let terminal = at_terminal.then(Terminal::open)??;
    Some(Arc::new(terminal))
}

/// The terminal that this process belongs to, whatever its standard input is.
struct Terminal {
    read: File,
    write: File,
}

impl Terminal {
    fn open() -> Option<Terminal> {
        let (read, write) = if cfg!(windows) { ("CONIN$", "CONOUT$") } else { ("/dev/tty", "/dev/tty") };
        let read = File::open(read).ok()?;
        let write = File::options().write(true).open(write).ok()?;
        read.is_terminal().then_some(Terminal { read, write })
    }
}

impl Prompt for Terminal {
    fn answer(&self, prompt: &PromptView) -> Option<SecretString> {
        let mut write = &self.write;
        writeln!(write, "{}", words(prompt)).and_then(|()| write.flush()).ok()?;
        write!(write, "{}", question(prompt)).and_then(|()| write.flush()).ok()?;
        let mut line = String::with_capacity(256);
        BufReader::new(&self.read).read_line(&mut line).ok().filter(|read| *read > 0)?;
        meant(prompt, line.trim_end_matches(['\r', '\n']))
    }
}

/// What the person has to know before they answer.
fn words(prompt: &PromptView) -> String {
    let mut words = String::new();
    if let Some(again) = &prompt.again {
        words.push_str(&format!("{}\n", again.message));
        words.extend(again.hint.iter().map(|hint| format!("hint: {hint}\n")));
    }
    let by = prompt.program.as_ref().map(|program| format!(", for {}", shown(program))).unwrap_or_default();
    match &prompt.question {
        QuestionView::Keychain => words.push_str("the keychain is locked, and asks in a dialog of its own"),
        QuestionView::MfaCode { serial, .. } => {
            words.push_str(&format!("`{}` asks for a code from {}{by}", prompt.role, shown(serial)));
        }
        QuestionView::Production { access, credentials, narrowed_by, through, itself, lasts, .. } => {
            let access = match (access, narrowed_by) {
                (Access::ReadOnly, None) => "read-only".to_owned(),
                (Access::ReadOnly, Some(policy)) => format!("narrowed by {}", shown(policy)),
                (Access::Full | Access::Usual, _) => "with full access".to_owned(),
            };
            let (role, account) = (&prompt.role, &prompt.account);
            let is = if *itself { "is PRODUCTION" } else { "goes through PRODUCTION" };
            let given = if *credentials { "its credentials, " } else { "" };
            let told = format!(
                "`{role}` {is}: {given}account {} ({}), {access}, for {lasts}{by}",
                account.name, account.id
            );
            words.push_str(&told);
            for step in through {
                let (role, account) = (&step.role, &step.account);
                let told = format!(
                    "\n  by way of `{role}`, account {} ({}), not read-only",
                    account.name, account.id
                );
                words.push_str(&told);
            }
        }
    }
    words
}

fn question(prompt: &PromptView) -> String {
    match &prompt.question {
        QuestionView::Keychain => String::new(),
        QuestionView::MfaCode { .. } => "Code: ".to_owned(),
        QuestionView::Production { word: Some(word), .. } => format!("Type {word} to go on: "),
        QuestionView::Production { word: None, .. } => "Go on? [y/N] ".to_owned(),
    }
}

/// What a typed line means; nothing at all, or no yes, is a no.
fn meant(prompt: &PromptView, line: &str) -> Option<SecretString> {
    let line = line.trim();
    match &prompt.question {
        QuestionView::Production { word: None, .. } => {
            let is_yes = line.eq_ignore_ascii_case("y") || line.eq_ignore_ascii_case("yes");
            is_yes.then(SecretString::default)
        }
        // Nothing that is typed here is for it.
        QuestionView::Keychain => None,
        QuestionView::MfaCode { .. } | QuestionView::Production { .. } => {
            (!line.is_empty()).then(|| SecretString::from(line))
        }
    }
}

#[cfg(test)]
mod tests {
    use guise_core::secret::ExposeSecret;
    use guise_core::view::{AccountView, StepAccount};

    use super::*;

    fn prompt(question: QuestionView) -> PromptView {
        PromptView {
            id: 1,
            role: "Admin".into(),
            keys_of: None,
            account: AccountView {
                name: "acme-prod".into(),
                id: "444455556666".into(),
                production: true,
                ..AccountView::default()
            },
            source: "work".into(),
            question,
            again: None,
            program: Some("aws".into()),
        }
    }

    fn production(access: Access, lasts: &str) -> QuestionView {
        let (narrowed_by, through, lasts) = (None, Vec::new(), lasts.into());
        QuestionView::Production {
            access,
            credentials: false,
            narrowed_by,
            through,
            itself: true,
            lasts,
            word: None,
        }
    }

    #[test]
    fn nothing_is_a_no_and_only_yes_is_a_yes() {
        let click = prompt(production(Access::Full, "1 h"));
        for yes in ["y", "Y", "yes", " YES "] {
            assert!(meant(&click, yes).is_some(), "{yes}");
        }
        for no in ["", "n", "no", "Admin", "yess"] {
            assert!(meant(&click, no).is_none(), "{no}");
        }
        let code = prompt(QuestionView::MfaCode { device: "ada".into(), serial: "GAHT12345678".into() });
        assert_eq!(meant(&code, " 123456 ").unwrap().expose_secret(), "123456");
        assert!(meant(&code, "  ").is_none());
    }

    #[test]
    fn a_question_says_which_role_which_account_and_who_asks() {
        let production = prompt(production(Access::ReadOnly, "30 min"));
        let said = words(&production);
        for part in ["Admin", "PRODUCTION", "acme-prod", "444455556666", "read-only", "30 min", "for aws"] {
            assert!(said.contains(part), "{said}");
        }
        let account =
            AccountView { name: "core".into(), id: "777788889999".into(), ..AccountView::default() };
        let question = QuestionView::Production {
            credentials: true,
            access: Access::ReadOnly,
            narrowed_by: Some("arn:aws:iam::444455556666:policy/Half".into()),
            through: vec![StepAccount { role: "Hub".into(), account }],
            itself: false,
            lasts: "1 h".into(),
            word: None,
        };
        let said = words(&prompt(question));
        for part in [
            "goes through PRODUCTION: its credentials",
            "narrowed by arn:aws:iam::444455556666:policy/Half",
            "`Hub`",
            "777788889999",
        ] {
            assert!(said.contains(part), "{said}");
        }
        assert!(!said.contains("is PRODUCTION") && !said.contains("Half, read-only"), "{said}");
    }
}
