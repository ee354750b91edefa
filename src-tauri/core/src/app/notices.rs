//! What the person is told where they are not looking at a window of ours.

use jiff::Timestamp;

use super::App;
use crate::catalog::Name;
use crate::failure::{Failure, hours};
use crate::session::SessionDuration;
use crate::view::{Notice, Outcome, Urgency};

/// The keychain is locked and asks the person, for the role or source of this name.
pub(super) fn keychain_waits(name: &Name) -> Notice {
    Notice {
        title: format!("{name} needs the keychain"),
        body: "unlock it to go on".to_owned(),
        urgency: Urgency::Waiting,
    }
}

/// A role's sessions are shorter than it says.
pub(super) fn shortened(role: &Name, lasts: SessionDuration, wished: SessionDuration) -> Notice {
    let note = Failure::session_shortened(role.as_str(), lasts, wished);
    Notice {
        title: format!("{role} lasts {}, not {}", hours(lasts.seconds()), hours(wished.seconds())),
        body: note.hint.unwrap_or(note.message),
        urgency: Urgency::Passing,
    }
}

/// The clock is off, so much that the person should set it.
pub(super) fn clock_off(trouble: &Failure) -> Notice {
    Notice {
        title: "this computer's clock is wrong".to_owned(),
        body: trouble.in_a_notice(),
        urgency: Urgency::Waiting,
    }
}

impl App {
    pub(super) fn clock_time(&self, at: Timestamp) -> String {
        crate::menu::time_of_day(at, &self.config.zone)
    }

    pub(super) fn notify(&self, notice: Notice) {
        self.config.ports.desktop.notify(notice);
    }

    /// Tells the end of a click, where the screen does not show it by itself.
    pub(super) fn tell_end(&self, role: Option<&Name>, result: &Result<Outcome, Failure>) {
        let about = |what: &str| role.map_or_else(|| what.to_owned(), |role| format!("{role}: {what}"));
        let notice = match result {
            Err(failure) if failure.is_cancelled() => return,
            Err(failure) => Notice {
                title: about("it did not work"),
                body: failure.in_a_notice(),
                urgency: Urgency::Failed,
            },
            Ok(Outcome::Copied { clears }) => Notice {
                title: about("copied"),
                body: format!("the clipboard is cleared at {}", self.clock_second(*clears)),
                urgency: Urgency::Passing,
            },
            Ok(_) => return,
        };
        self.notify(notice);
    }

    pub(super) fn clock_second(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.config.zone.clone()).strftime("%H:%M:%S").to_string()
    }
}
