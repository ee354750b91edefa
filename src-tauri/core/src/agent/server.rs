//! The agent's side of the socket: unpack, ask the application, answer.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, split};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::claim::Claim;
use super::frame::Frames;
use super::place::{Looked, Place};
use super::wire::{Call, Hello, Kind, Plain, Reply, Request, Said, Word};
use super::{PROTOCOL, frame, peer, socket};
use crate::app::{AppHandle, Asks, Origin, Program, Wanted};
use crate::failure::Failure;
use crate::output::{self, Format};
use crate::ports::KeyState;
use crate::view::{Activity, Intent, Outcome, PromptView, QuestionView, RoleView, Snapshot};

/// How long a caller may take to say what it wants.
const SPEAKS_WITHIN: Duration = Duration::from_secs(5);
/// A caller hears something at least this often.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// So many callers are served at once where the system gives files enough; others wait.
const MOST_CALLERS: usize = 600;
/// Files that callers leave to everything else.
const FILES_OF_OUR_OWN: usize = 40;

/// How an agent serves.
#[derive(Clone, Copy, Debug)]
pub struct Serving {
    /// What it can show.
    pub kind: Kind,
    /// After how long without a caller it ends; never where `None`.
    pub idle: Option<Duration>,
}

/// Why serving came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nobody came for long enough.
    Idle,
    /// Another agent was asked to be let in.
    MadeWay,
}

/// Serves the home until it is idle for too long or asked to make way; what is under way is finished first. The socket
/// is there when `ready` is called.
pub async fn serve(
    claim: &Claim,
    app: &AppHandle,
    serving: Serving,
    ready: impl FnOnce(),
) -> Result<Ended, Failure> {
    let (mut place, mut touched) = Place::take(claim).await?;
    ready();
    let most_callers = most_callers();
    let (make_way, mut asked_to_make_way) = mpsc::channel(1);
    let mut callers = JoinSet::new();
    let mut last_caller = Instant::now();
    let ended = loop {
        let idle_at = serving.idle.map(|idle| last_caller + idle);
        tokio::select! {
            // The others wait at the socket, for as long as they like.
            accepted = place.accept(), if callers.len() < most_callers => match accepted {
                Ok(stream) => {
                    last_caller = Instant::now();
                    let (app, make_way) = (app.clone(), make_way.clone());
                    callers.spawn(async move {
                        let program = peer::program(socket::pid(&stream));
                        if let Err(failure) = converse(stream, app, program, serving.kind, make_way).await {
                            tracing::debug!(code = ?failure.code, "a caller was lost");
                        }
                    });
                }
                // Out of files, most likely: the callers that are there will end.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            Some(_) = callers.join_next() => last_caller = Instant::now(),
            _ = asked_to_make_way.recv() => break Ended::MadeWay,
            () = touched.wait() => {
                touched.gather().await;
                let looked = place.look(serving.kind).await;
                touched.looked(&place, &looked);
                match looked {
                    Looked::Whole => app.socket_trouble(None),
                    Looked::Broken(failure) => app.socket_trouble(Some(failure)),
                    Looked::Lost => break Ended::MadeWay,
                }
            }
            () = sleep_until(idle_at), if callers.is_empty() => break Ended::Idle,
        }
    };
    drop(place);
    while callers.join_next().await.is_some() {}
    Ok(ended)
}

/// As many as there are files for: each holds one.
fn most_callers() -> usize {
    crate::harden::files()
        .map_or(MOST_CALLERS, |files| files.saturating_sub(FILES_OF_OUR_OWN).clamp(4, MOST_CALLERS))
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite,
    app: AppHandle,
    program: Program,
    kind: Kind,
    make_way: mpsc::Sender<()>,
) -> Result<(), Failure> {
    let (read, mut write) = split(Box::pin(stream));
    let mut read = Frames::of(read);
    let shortcut = app.snapshots().borrow().shortcut.clone();
    let hello = Hello { guise: PROTOCOL, version: env!("CARGO_PKG_VERSION").to_owned(), kind, shortcut };
    frame::write(&mut write, &hello).await?;
    let call: Option<Call> = match timeout(SPEAKS_WITHIN, read.next()).await {
        Ok(Ok(call)) => call,
        Ok(Err(failure)) => return frame::write(&mut write, &Reply::Failed(failure)).await,
        Err(_) => None,
    };
    // Somebody who only looked whether we are here.
    let Some(call) = call else { return Ok(()) };
    if matches!(call.request, Request::MakeWay) {
        frame::write(&mut write, &Reply::Done(Said::Done)).await?;
        let _ = make_way.try_send(());
        return Ok(());
    }
    if call.guise != PROTOCOL {
        return frame::write(&mut write, &Reply::Failed(Failure::agent_newer())).await;
    }
    let asks = if call.terminal { Asks::Terminal } else { Asks::Window };
    let program = Program { asks, activation: call.activation, ..program };
    let reply = answer(call.request, &app, program, &mut read, &mut write).await;
    frame::write(&mut write, &reply).await
}

async fn answer(
    request: Request,
    app: &AppHandle,
    program: Program,
    read: &mut Frames<impl AsyncRead + Unpin>,
    write: &mut (impl AsyncWrite + Unpin),
) -> Reply {
    let format = if let Request::Credentials { format, .. } = &request {
        format.parse()
    } else {
        Ok(Format::default())
    };
    let format = match format {
        Ok(format) => format,
        Err(failure) => return Reply::Failed(failure),
    };
    let about = About { role: request.role(), keys_of: request.keys_of() };
    let intent = match request.intent() {
        Ok(Some(intent)) => intent,
        Ok(None) => return Reply::Done(Said::Done),
        Err(failure) => return Reply::Failed(failure),
    };
    let mut snapshots = app.snapshots();
    let mut question = Question { app, asks: program.asks, before: None, attended: None };
    // A task of its own: where the caller goes away, what can be left is left, and the rest is finished.
    let (wanted, stop) = Wanted::until_stopped();
    let mut work = tokio::spawn({
        let app = app.clone();
        async move { app.ask_while(wanted, intent, Origin::Program(program)).await }
    });
    'there: loop {
        tokio::select! {
            ended = &mut work => {
                return match ended {
                    Ok(Ok(outcome)) => {
                        let note = note_on(&app.snapshots().borrow(), about.role.as_deref());
                        if note.is_some() {
                            let note = Reply::Progress { waiting_for_keychain: false, note };
                            // One that went away will not hear the end either.
                            let _ = frame::write(write, &note).await;
                        }
                        Reply::Done(said(outcome, format))
                    }
                    Ok(Err(failure)) => Reply::Failed(failure),
                    Err(_) => Reply::Failed(Failure::internal("a request ended early")),
                };
            }
            word = read.next::<Word>(), if question.before.is_some() => {
                let Ok(Some(word)) = word else { break };
                question.heard(word).await;
            }
            () = beat(&mut snapshots) => {
                let asked = question.look(&snapshots.borrow(), &about);
                for reply in asked {
                    if frame::write(write, &reply).await.is_err() {
                        break 'there;
                    }
                }
                let waiting_for_keychain = is_waiting(&snapshots.borrow(), about.role.as_deref());
                if frame::write(write, &Reply::Progress { waiting_for_keychain, note: None }).await.is_err() {
                    break;
                }
            }
        }
    }
    stop.stop();
    Reply::Failed(Failure::agent_gone())
}

/// What the person at a caller's terminal is asked.
struct Question<'a> {
    app: &'a AppHandle,
    asks: Asks,
    /// The question that is before them.
    before: Option<PromptView>,
    /// The question that is known to be before them, or was until it was answered.
    attended: Option<u64>,
}

impl Question<'_> {
    /// What to tell the caller about questions.
    fn look(&mut self, snapshot: &Snapshot, about: &About) -> Vec<Reply> {
        let asked = prompt_of(snapshot, about).filter(|_| self.asks == Asks::Terminal);
        if asked == self.before.as_ref() {
            return Vec::new();
        }
        let mut replies = Vec::new();
        if let Some(before) = self.before.take() {
            replies.push(Reply::TakenBack { prompt: before.id });
        }
        self.attend(asked.map(|prompt| prompt.id));
        if let Some(prompt) = asked {
            self.before = Some(prompt.clone());
            replies.push(Reply::Ask(Box::new(prompt.clone())));
        }
        replies
    }

    /// The person answered; the same question may come again.
    async fn heard(&mut self, word: Word) {
        self.before = None;
        let intent = match word {
            Word::Answer { prompt, answer } => Intent::AnswerPrompt { prompt, answer },
            Word::Dismiss { prompt } => Intent::DismissPrompt { prompt },
        };
        let _ = self.app.ask(intent, Origin::Window).await;
    }

    fn attend(&mut self, prompt: Option<u64>) {
        if self.attended == prompt {
            return;
        }
        if let Some(left) = self.attended {
            self.app.prompt_left(left);
        }
        if let Some(attended) = prompt {
            self.app.prompt_attended(attended);
        }
        self.attended = prompt;
    }
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        self.attend(None);
    }
}

/// What a request is about, where a question may be put on the way to its end.
struct About {
    role: Option<String>,
    /// The source whose own keys it is about.
    keys_of: Option<String>,
}

/// The question that a role or a source's keys wait for.
fn prompt_of<'a>(snapshot: &'a Snapshot, about: &About) -> Option<&'a PromptView> {
    if about.keys_of.is_some() {
        // That the keychain asks is told as progress.
        let is_theirs =
            |each: &&PromptView| each.keys_of == about.keys_of && each.question != QuestionView::Keychain;
        return snapshot.prompts.iter().find(is_theirs);
    }
    let role = snapshot.roles.iter().find(|each| Some(each.name.as_str()) == about.role.as_deref())?;
    let Activity::Asking { prompt } = role.activity else { return None };
    snapshot.prompts.iter().find(|each| each.id == prompt)
}

async fn beat(snapshots: &mut watch::Receiver<Arc<Snapshot>>) {
    let _ = timeout(HEARTBEAT, snapshots.changed()).await;
}

fn is_waiting(snapshot: &Snapshot, role: Option<&str>) -> bool {
    let waits = |each: &Arc<RoleView>| {
        Some(each.name.as_str()) == role && each.activity == Activity::WaitingForKeychain
    };
    (role.is_none() && snapshot.waiting_for_keychain) || snapshot.roles.iter().any(waits)
}

/// What whoever asked for a role should know although they get it.
fn note_on(snapshot: &Snapshot, role: Option<&str>) -> Option<Failure> {
    snapshot.roles.iter().find(|each| Some(each.name.as_str()) == role)?.shortened.clone()
}

fn said(outcome: Outcome, format: Format) -> Said {
    match outcome {
        Outcome::SigninUrl(url) => Said::Secret { text: Plain(url.into_text()), expires: None },
        Outcome::Credentials(session) => {
            Said::Secret { text: Plain(output::written(&session, format)), expires: Some(session.expires()) }
        }
        Outcome::Identity(identity) => {
            Said::Identity { account: identity.account.to_string(), arn: identity.arn.to_string() }
        }
        Outcome::Keys(keys) => Said::Keys {
            keys: keys
                .into_iter()
                .map(|key| (key.id.as_str().to_owned(), key.made, key.state == KeyState::Active))
                .collect(),
        },
        Outcome::Rotated { old, new, trouble } => {
            Said::Rotated { old: old.as_str().to_owned(), new: new.as_str().to_owned(), trouble }
        }
        Outcome::KeyDeleted { id } => Said::KeyDeleted { id: id.as_str().to_owned() },
        Outcome::SourceRemoved { needed_by, key_removed } => Said::SourceRemoved {
            needed_by: needed_by.iter().map(ToString::to_string).collect(),
            key_removed,
        },
        Outcome::RoleMade(made) => Said::RoleMade { whole: made.whole, trouble: made.trouble },
        Outcome::RoleTried { role } => Said::RoleTried { role: role.to_string() },
        Outcome::Done
        | Outcome::Told(_)
        | Outcome::TextCopied
        | Outcome::ConsoleOpened
        | Outcome::Copied { .. }
        | Outcome::SessionEnded { .. } => Said::Done,
    }
}
