//! A window's own standard input and output: intents in, snapshots and secret-free replies out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;

use super::frame::{self, Frames};
use crate::app::{AppHandle, Origin, Stop, Wanted};
use crate::failure::Failure;
use crate::view::{Answer, Intent, KeyView, Outcome, Snapshot, SnapshotChange, WindowIntent, WindowReply};

/// How long a window may leave unread what it is told.
const LISTENS_WITHIN: Duration = Duration::from_secs(5);

/// A line that a window writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FromWindow {
    /// It wants something done.
    Ask {
        /// Names the intent in its reply.
        id: u64,
        /// What is wanted.
        intent: WindowIntent,
    },
    /// It has come to the front, or has gone as that was wanted. A window that is closing says nothing, and another is opened in its place.
    Raised,
}

/// How a window's time ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The person closed it.
    Done,
    /// It was asked to come to the front and ended without doing so.
    StillWanted,
}

/// A line that a window reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToWindow {
    /// What can be seen now.
    Snapshot(Box<Snapshot>),
    /// What is different since what could be seen last.
    Change(Box<SnapshotChange>),
    /// The end of an intent.
    Reply {
        /// The intent's.
        id: u64,
        /// How it ended.
        reply: WindowReply,
    },
    /// Come to the front.
    Raise {
        /// What lets it, where the desktop has to allow that.
        activation: Option<String>,
    },
}

/// Serves a window until it ends: `said` is what it writes, `hears` what it reads, `raise` has it come to the front.
pub async fn serve_window(
    app: AppHandle,
    zone: TimeZone,
    said: impl AsyncRead + Unpin,
    hears: impl AsyncWrite + Unpin,
    raise: &mut mpsc::Receiver<Option<String>>,
) -> Closed {
    let (mut wanted, mut asked) = (false, HashMap::new());
    if let Err(failure) = converse(app, zone, said, hears, raise, &mut wanted, &mut asked).await {
        tracing::debug!(code = ?failure.code, "a window was lost");
    }
    for asked in asked.into_values() {
        if asked.outlives {
            // Nobody hears its end here any more, so that it is told otherwise.
            asked.hears.abort();
        } else {
            asked.stop.stop();
        }
    }
    if wanted { Closed::StillWanted } else { Closed::Done }
}

/// Something that a window asked for and that has not ended yet.
struct Asked {
    stop: Stop,
    /// Whether it is for somebody who goes on elsewhere: a console that opens takes the place of the window that it was asked in.
    outlives: bool,
    /// Who takes its end to the window.
    hears: tokio::task::AbortHandle,
}

async fn converse(
    app: AppHandle,
    zone: TimeZone,
    said: impl AsyncRead + Unpin,
    mut hears: impl AsyncWrite + Unpin,
    raise: &mut mpsc::Receiver<Option<String>>,
    wanted: &mut bool,
    stops: &mut HashMap<u64, Asked>,
) -> Result<(), Failure> {
    let mut said = Frames::of(said);
    let mut snapshots = app.snapshots();
    snapshots.mark_changed();
    let mut seen: Option<Arc<Snapshot>> = None;
    let (reply, mut replies) = mpsc::unbounded_channel();
    loop {
        tokio::select! {
            line = said.next::<FromWindow>() => match line? {
                None => return Ok(()),
                Some(FromWindow::Raised) => *wanted = false,
                Some(FromWindow::Ask { id, intent: WindowIntent::Cancel { ask } }) => {
                    // Its own end says whether it could still be stopped.
                    if let Some(asked) = stops.remove(&ask) {
                        asked.stop.stop();
                    }
                    let done = WindowReply::Done { message: String::new() };
                    tell(&mut hears, &ToWindow::Reply { id, reply: done }).await?;
                }
                Some(FromWindow::Ask { id, intent }) => {
                    let (app, zone, reply) = (app.clone(), zone.clone(), reply.clone());
                    let (wanted, stop) = Wanted::until_stopped();
                    let outlives = matches!(
                        intent,
                        WindowIntent::OpenConsole { .. }
                            | WindowIntent::OpenPage { .. }
                            | WindowIntent::CopyCredentials { .. }
                            | WindowIntent::RenewSession { .. }
                    );
                    let hears = tokio::spawn(async move {
                        let ended = match Intent::try_from(intent) {
                            Ok(intent) => app.ask_while(wanted, intent, Origin::Window).await,
                            Err(failure) => Err(failure),
                        };
                        let _ = reply.send(ToWindow::Reply { id, reply: told(ended, &zone) });
                    });
                    stops.insert(id, Asked { stop, outlives, hears: hears.abort_handle() });
                }
            },
            Some(line) = replies.recv() => {
                if let ToWindow::Reply { id, .. } = &line {
                    stops.remove(id);
                }
                tell(&mut hears, &line).await?;
            }
            Some(activation) = raise.recv() => {
                *wanted = true;
                tell(&mut hears, &ToWindow::Raise { activation }).await?;
            }
            changed = snapshots.changed() => {
                changed.map_err(|_| Failure::ending())?;
                let now = snapshots.borrow_and_update().clone();
                let line = match &seen {
                    Some(seen) => ToWindow::Change(Box::new(now.change_since(seen))),
                    None => ToWindow::Snapshot(Box::new(now.as_ref().clone())),
                };
                seen = Some(now);
                tell(&mut hears, &line).await?;
            }
        }
    }
}

/// Tells the window something; one that does not listen for so long is lost.
async fn tell(hears: &mut (impl AsyncWrite + Unpin), line: &ToWindow) -> Result<(), Failure> {
    let told = tokio::time::timeout(LISTENS_WITHIN, frame::write(hears, line)).await;
    told.unwrap_or_else(|_| Err(Failure::agent_gone()))
}

/// The end of an intent, in words for a window. Takes any outcome; those that hold a secret are never a window's.
fn told(ended: Result<Outcome, Failure>, zone: &TimeZone) -> WindowReply {
    let clock =
        |at: jiff::Timestamp, form: &str| at.to_zoned_datetime(zone.clone()).strftime(form).to_string();
    let message = match ended {
        Err(failure) => return WindowReply::Failed { failure },
        Ok(Outcome::Copied { clears }) => {
            format!("Copied. The clipboard is cleared at {}", clock(clears, "%H:%M:%S"))
        }
        Ok(Outcome::SessionEnded { copies_valid_until, signed_out }) => {
            let browser = if signed_out { ", and the browser signs out" } else { "" };
            format!("Ended{browser}. Copies stay valid until {}", clock(copies_valid_until, "%H:%M"))
        }
        Ok(Outcome::Identity(identity)) => {
            let answer =
                Answer::Identity { account: identity.account.to_string(), arn: identity.arn.to_string() };
            return WindowReply::Told { answer };
        }
        Ok(Outcome::Told(answer)) => return WindowReply::Told { answer: *answer },
        Ok(Outcome::RoleMade(made)) => return WindowReply::Told { answer: Answer::RoleMade { made: *made } },
        Ok(Outcome::RoleTried { role }) => {
            return WindowReply::Told { answer: Answer::RoleTried { role: role.to_string() } };
        }
        Ok(Outcome::TextCopied) => "Copied".to_owned(),
        Ok(Outcome::ConsoleOpened) => "Opened in the browser".to_owned(),
        Ok(Outcome::Keys(keys)) => {
            let keys = keys.into_iter().map(KeyView::from).collect();
            return WindowReply::Told { answer: Answer::Keys { keys } };
        }
        Ok(Outcome::Rotated { old, new, trouble }) => {
            let (old, new) = (old.as_str().to_owned(), new.as_str().to_owned());
            return WindowReply::Told { answer: Answer::Rotated { old, new, trouble } };
        }
        Ok(Outcome::KeyDeleted { id }) => format!("Deleted the key `{}`", id.as_str()),
        Ok(Outcome::SourceRemoved { needed_by, key_removed }) => {
            let key = if key_removed { "Removed, and its key is out of the keychain" } else { "Removed" };
            match needed_by.len() {
                0 => key.to_owned(),
                1 => format!("{key}. One role cannot be assumed until it names another source"),
                more => format!("{key}. {more} roles cannot be assumed until they name another source"),
            }
        }
        Ok(Outcome::Done | Outcome::SigninUrl(_) | Outcome::Credentials(_)) => String::new(),
    };
    WindowReply::Done { message }
}
