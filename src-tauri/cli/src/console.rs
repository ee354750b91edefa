//! `guise console` and `guise credentials`: the main job, for a terminal.

use guise_core::agent::{Answered, Page, Request};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::output::Format;
use guise_core::secret::ExposeSecret;

use crate::agent::{ask, ask_with};
use crate::arguments::{ConsoleCommand, CredentialProcessCommand, CredentialsCommand};
use crate::catalog::catalog;
use crate::prompt::Asked;
use crate::{clipboard, say};

pub(crate) fn console(home: &Home, command: ConsoleCommand) -> Result<(), Failure> {
    let page = Page {
        role: command.role.to_string(),
        destination: command.destination.as_ref().map(ToString::to_string),
        region: command.region.as_ref().map(ToString::to_string),
        access: command.access.access(),
    };
    if !command.print {
        ask(home, Request::OpenConsole(page))?;
        say::words(&format!("`{}` is open in the browser", command.role));
        return Ok(());
    }
    let Answered::Secret { text, .. } = ask(home, Request::SigninUrl(page))? else {
        return Err(Failure::agent_unintelligible());
    };
    say::secret(
        &format!(
            "{}
",
            text.expose_secret()
        )
        .into(),
    )
}

pub(crate) fn credentials(home: &Home, command: &CredentialsCommand) -> Result<(), Failure> {
    let settings = catalog(home).catalog.settings;
    let format = command.format.unwrap_or(settings.credentials_format);
    let request = Request::Credentials {
        role: command.role.to_string(),
        access: command.access.access(),
        format: format.to_string(),
    };
    let Answered::Secret { text, .. } = ask(home, request)? else {
        return Err(Failure::agent_unintelligible());
    };
    if !command.copy {
        return say::secret(&text);
    }
    let stay = settings.clipboard_clear;
    clipboard::copy(&text, stay)?;
    say::words(&format!("copied; the clipboard is cleared in {} s", stay.as_secs()));
    Ok(())
}

/// For a tool that waits: questions are put in a window, and only where there is no desktop at the terminal.
pub(crate) fn credential_process(home: &Home, command: &CredentialProcessCommand) -> Result<(), Failure> {
    let request = Request::Credentials {
        role: command.role.to_string(),
        access: command.access.access(),
        format: Format::Json.to_string(),
    };
    let Answered::Secret { text, .. } = ask_with(home, request, Asked::InWindow)? else {
        return Err(Failure::agent_unintelligible());
    };
    say::secret(&text)
}
