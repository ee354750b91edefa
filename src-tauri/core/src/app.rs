//! The one owner of all state. It takes intents, works through the ports and publishes snapshots.
//!
//! Nothing slow happens in the owner itself: it starts tasks, and their ends come back to it as messages. Whoever has
//! an [`AppHandle`] can ask and can watch; nobody else can reach the state.

mod asker;
mod catalog;
mod clerk;
mod clock;
mod console;
mod edits;
mod ends;
mod flights;
mod guide;
mod handle;
mod import;
mod intents;
mod keys;
mod looks;
mod notices;
mod prompts;
mod reading;
mod record;
mod roles;
mod rotation;
mod second_factor;
mod show;
mod sources;
mod undo;
mod wanted;

pub use handle::AppHandle;
pub use wanted::{Stop, Wanted};

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tokio::sync::{mpsc, oneshot, watch};

use self::asker::{Effect, Finished};
use self::clerk::Clerk;
use self::clock::ClockWatch;
use self::console::OpenedConsole;
use self::flights::Begun;
use self::guide::Guide;
use self::import::Told;
use self::looks::LOOK;
use self::prompts::Prompt;
use self::undo::Undos;
use crate::adapters::ticks::Ticks;
use crate::broker::{Broker, Question, Report};
use crate::browser::BrowserName;
use crate::catalog::{Catalog, CatalogFile, FileStamp, Name, SettingView, Settings};
use crate::console::Endpoints;
use crate::failure::Failure;
use crate::handoff::Handoff;
use crate::home::Home;
use crate::keychain::BoundedKeychain;
use crate::moment::End;
use crate::ports::Ports;
use crate::session::SessionKey;
use crate::state::{Ceilings, Recents};
use crate::view::{Activity, Intent, Outcome, RoleView, ShortcutView, Snapshot};

/// How long what was learned may take to be written at the end.
const WRITTEN_WITHIN: Duration = Duration::from_secs(2);

/// What an application is made of.
pub struct Config {
    /// Where things are kept.
    pub home: Home,
    /// What is outside.
    pub ports: Ports,
    /// How times of day are said.
    pub zone: TimeZone,
    /// This computer's name, for session names.
    pub host: String,
    /// Where AWS is asked for the sources that are added in windows: what the person typed behind the agent's command.
    pub endpoints: Endpoints,
}

/// Where an intent came from, which decides how its end is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A click in the tray: the person sees nothing but what we notify.
    Tray,
    /// A window, which shows the end itself.
    Window,
    /// A program at the socket, which says the end itself.
    Program(Program),
}

/// A program that asked, as far as the system tells. It can give itself any name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Its process.
    pub pid: Option<u32>,
    /// What it goes by.
    pub name: Option<String>,
    /// What the program that started it goes by.
    pub parent: Option<String>,
    /// Where its person can be asked.
    pub asks: Asks,
    /// What the desktop gave it to bring a window to the front with.
    pub activation: Option<String>,
}

impl Origin {
    /// Whether the person is asked at the terminal that they are at.
    fn asks_at_terminal(&self) -> bool {
        matches!(self, Origin::Program(program) if program.asks == Asks::Terminal)
    }

    /// What lets a window come to the front on its behalf, where the desktop has to allow that.
    fn activation(&self) -> Option<&str> {
        match self {
            Origin::Program(program) => program.activation.as_deref(),
            Origin::Tray | Origin::Window => None,
        }
    }
}

/// Where the person can be asked something on behalf of a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asks {
    /// In a window, where there is a desktop.
    #[default]
    Window,
    /// At the program's own terminal.
    Terminal,
}

/// Everything that can happen to the application.
enum Message {
    Asked {
        intent: Intent,
        origin: Origin,
        wanted: Wanted,
        reply: oneshot::Sender<Result<Outcome, Failure>>,
    },
    Flew(Report, Begun),
    /// A flight asks the person something, on behalf of this origin.
    Question(Question, Origin),
    /// A question stood for too long.
    PromptExpired {
        prompt: u64,
    },
    /// Somebody waits no more for the answer to a question.
    PromptUnwanted {
        prompt: u64,
    },
    /// A terminal shows a question, or shows it no longer.
    PromptAttended {
        prompt: u64,
    },
    PromptLeft {
        prompt: u64,
    },
    /// The window of questions was closed.
    PromptWindowClosed,
    Finished(Finished),
    ClearClipboard {
        copy: u64,
    },
    /// What was found to be brought in is kept no longer.
    ForgetFound {
        number: u64,
    },
    CatalogTouched,
    /// The settings are about to be looked at.
    SettingsSeen,
    /// The system's list of browsers was read.
    Browsers(Vec<BrowserName>),
    /// The catalog was not there a moment ago.
    CatalogGone,
    /// It is time to look at what is live.
    Look,
    DesktopTrouble(Option<Failure>),
    /// What opens the switcher is another.
    Shortcut(ShortcutView),
    /// What is learned cannot be kept, or can be again.
    StateTrouble(Option<Failure>),
    SocketTrouble(Option<Failure>),
    /// The keychain is locked and asks the person, for a source.
    KeychainWaits {
        source: Name,
        origin: Origin,
    },
    /// It does so no longer.
    KeychainUnlocked {
        prompt: u64,
    },
    /// An answer told by how much AWS's clock is ahead of ours.
    ClockMeasured(SignedDuration),
    End {
        done: oneshot::Sender<()>,
    },
}

struct App {
    config: Config,
    messages: mpsc::UnboundedSender<Message>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    looks: watch::Sender<()>,
    file: CatalogFile,
    catalog: Catalog,
    /// The catalog's roles as shown while nothing happens to them.
    roles: Vec<Arc<RoleView>>,
    /// The guarded sessions whose credentials the person said programs may have.
    given: HashSet<SessionKey>,
    catalog_trouble: Option<Failure>,
    catalog_stamp: Option<FileStamp>,
    desktop_trouble: Option<Failure>,
    shortcut: ShortcutView,
    state_trouble: Option<Failure>,
    /// The catalog's settings as shown.
    settings: Vec<SettingView>,
    /// The browsers that the system knows of, as far as is known.
    browsers: Vec<BrowserName>,
    /// The settings that the desktop was last told.
    told_settings: Option<Settings>,
    socket_trouble: Option<Failure>,
    keychain: BoundedKeychain,
    broker: Broker,
    guide: Guide,
    handoff: Arc<tokio::sync::Mutex<Handoff>>,
    /// One source is changed at a time: keychain and catalog must agree.
    sources: Arc<tokio::sync::Mutex<()>>,
    clerk: Clerk,
    recents: Recents,
    ceilings: Ceilings,
    /// The roles whose sessions were last shorter than they say, and why.
    shortened: HashMap<Name, Failure>,
    activities: HashMap<Name, Activity>,
    /// The questions before the person, the oldest first.
    prompts: Vec<Prompt>,
    /// The id of the last question that was no flight's.
    last_prompt: u64,
    /// How many tasks are under way for a role.
    tasks: HashMap<Name, usize>,
    /// The console that was last opened with a session, or with one that it took the place of.
    consoles: HashMap<SessionKey, OpenedConsole>,
    clock: ClockWatch,
    last_failed: bool,
    keychain_waits: bool,
    /// Sources whose key the keychain turned out not to hold.
    keys_missing: BTreeSet<Name>,
    /// Takes out keys that were left behind.
    settling: Option<tokio::task::AbortHandle>,
    copies: u64,
    undos: Undos,
    /// What was last found that can be brought in, and how often it was looked for.
    import: Option<Told>,
    last_import: u64,
    /// When the last copy is taken off the clipboard.
    copy_ends: Option<End>,
}

/// Starts an application and gives a way to it. Must be called within a Tokio runtime.
pub fn start(config: Config) -> AppHandle {
    let (messages, mut inbox) = mpsc::unbounded_channel();
    let file = CatalogFile::in_home(&config.home);
    let state = &config.home.state;
    let keychain = BoundedKeychain::new(config.ports.keychain.clone(), state);
    let troubled = messages.clone();
    let clerk = Clerk::start(state, move |trouble| {
        let _ = troubled.send(Message::StateTrouble(trouble));
    });
    let (looks, looked) = watch::channel(());
    let (snapshots, seen) = watch::channel(Arc::new(show::empty(&config.home)));
    let mut app = App {
        broker: Broker::new(keychain.clone(), &config.ports),
        keychain,
        guide: Guide::default(),
        file,
        catalog: Catalog::default(),
        roles: Vec::new(),
        settings: Vec::new(),
        browsers: Vec::new(),
        given: HashSet::new(),
        catalog_trouble: None,
        catalog_stamp: None,
        desktop_trouble: None,
        shortcut: ShortcutView::Off,
        state_trouble: None,
        told_settings: None,
        socket_trouble: None,
        handoff: Arc::default(),
        sources: Arc::default(),
        clerk,
        recents: Recents::load(state),
        ceilings: Ceilings::load(state),
        shortened: HashMap::new(),
        activities: HashMap::new(),
        prompts: Vec::new(),
        // The greatest number that a page's script can tell from its neighbours.
        last_prompt: 1 << 53,
        tasks: HashMap::new(),
        consoles: HashMap::new(),
        clock: ClockWatch::default(),
        last_failed: false,
        keychain_waits: false,
        keys_missing: BTreeSet::new(),
        settling: None,
        copies: 0,
        undos: Undos::default(),
        import: None,
        last_import: 0,
        copy_ends: None,
        messages: messages.clone(),
        snapshots,
        looks,
        config,
    };
    app.load_catalog();
    app.settle_keys();
    app.publish();
    let left = app.file.clone();
    tokio::task::spawn_blocking(move || left.sweep());
    let touched = messages.clone();
    let watch = crate::adapters::watch::watch(app.file.path(), move || {
        let _ = touched.send(Message::CatalogTouched);
    });
    tokio::spawn(async move {
        let _watch = watch;
        let mut looks = Ticks::every(LOOK);
        loop {
            let is_awake = app.broker.keeps_any() || app.copy_ends.is_some();
            let message = tokio::select! {
                message = inbox.recv() => message,
                () = looks.tick(), if is_awake => Some(Message::Look),
            };
            match message {
                None => return,
                Some(Message::End { done }) => {
                    app.end().await;
                    let _ = done.send(());
                    return;
                }
                Some(message) => app.handle(message),
            }
        }
    });
    AppHandle { messages, snapshots: seen, looks: looked }
}

impl App {
    fn handle(&mut self, message: Message) {
        match message {
            Message::Asked { intent, origin, wanted, reply } => self.asked(intent, origin, wanted, reply),
            Message::Flew(report, begun) => self.flew(report, begun),
            Message::Question(question, origin) => self.asked_for_code(question, &origin),
            Message::PromptExpired { prompt } => self.prompt_expired(prompt),
            Message::PromptUnwanted { prompt } => self.prompt_unwanted(prompt),
            Message::PromptAttended { prompt } => self.prompt_attended(prompt),
            Message::PromptLeft { prompt } => self.prompt_left(prompt),
            Message::PromptWindowClosed => self.prompt_window_closed(),
            Message::Finished(finished) => self.finished(finished),
            Message::ClearClipboard { copy } if copy == self.copies => self.clear_clipboard(),
            Message::ForgetFound { number } => self.forget_found(number),
            Message::CatalogTouched => self.load_catalog(),
            Message::SettingsSeen => self.look_for_browsers(),
            Message::Browsers(browsers) => self.browsers_known(browsers),
            Message::CatalogGone => self.catalog_gone(),
            Message::Look => {
                if !self.look() {
                    return;
                }
            }
            Message::KeychainWaits { source, origin } => {
                self.keychain_waits = true;
                self.keychain_asks(None, &source, &origin);
            }
            Message::KeychainUnlocked { prompt } => self.keychain_answered(prompt),
            Message::ClockMeasured(skew) => self.clock_measured(skew),
            Message::DesktopTrouble(trouble) => self.desktop_trouble = trouble,
            Message::Shortcut(shortcut) => self.shortcut = shortcut,
            Message::StateTrouble(trouble) => self.state_trouble = trouble,
            Message::SocketTrouble(trouble) => {
                if let Some(failure) = trouble.as_ref().filter(|_| self.socket_trouble.is_none()) {
                    tracing::error!(code = ?failure.code, "{}", failure.message);
                }
                self.socket_trouble = trouble;
            }
            Message::ClearClipboard { .. } | Message::End { .. } => {}
        }
        self.publish();
    }

    fn finished(&mut self, finished: Finished) {
        let Finished { role, effect, result, origin, mut reply } = finished;
        let written = self.write_down(&mut reply, &result);
        match effect {
            Effect::Nothing => {}
            Effect::Opened { session, wanted, console } => {
                if let Some(role) = &role {
                    self.clerk.save(self.recents.opened(role, wanted.as_ref(), console.opened));
                }
                self.console_opened(session, *console);
            }
            Effect::Copied => {
                self.copied(&result);
                if let Some(role) = &role {
                    self.clerk.save(self.recents.used(role, self.config.ports.clock.now()));
                }
            }
            Effect::TextCopied => self.text_copied(),
            Effect::RoleKept(kept) => self.role_kept(*kept),
            Effect::RoleMade(made) => self.role_made(*made),
            Effect::Found(told) => self.keep_found(*told),
            Effect::CatalogChanged => self.load_catalog(),
            Effect::RolesTaken { undo, taken } => {
                self.load_catalog();
                self.undos.keep(undo, taken, self.config.ports.clock.moment());
            }
            Effect::Undone(undo) => {
                self.load_catalog();
                self.undos.forget(undo);
            }
            Effect::SourceAdded(source) => {
                self.load_catalog();
                self.keys_missing.remove(&source);
            }
            Effect::SourceTested(source) => self.key_looked_for(&source, result.as_ref()),
            Effect::SourceGone(source) => {
                self.load_catalog();
                self.keys_missing.remove(&source);
                self.broker.end_all_of(&source);
            }
        }
        if role.is_none() {
            self.keychain_waits = false;
            self.settle_keys();
        }
        if let Some(role) = &role {
            self.role_finished(role, &result);
        }
        if let Err(failure) = &result {
            tracing::warn!(code = ?failure.code, "an intent failed");
        }
        // What a window asked for that is gone by now is shown by no window.
        if origin == Origin::Tray || origin == Origin::Window && reply.is_unheard() {
            self.tell_end(role.as_ref(), &result);
        }
        record::answer(reply, result, written);
    }

    fn role_finished(&mut self, role: &Name, result: &Result<Outcome, Failure>) {
        let left = self.tasks.get_mut(role).map_or(0, |count| {
            *count = count.saturating_sub(1);
            *count
        });
        if left == 0 {
            self.tasks.remove(role);
        }
        match result {
            // A name that nobody knows has no line to show a failure at.
            Err(failure) if !failure.is_cancelled() && self.catalog.roles.contains_key(role) => {
                self.activities.insert(role.clone(), Activity::Failed { failure: failure.clone() });
                self.last_failed = true;
            }
            _ => {
                if left == 0 {
                    self.activities.remove(role);
                }
                self.last_failed = false;
            }
        }
    }

    /// Wipes what must not outlive us.
    async fn end(&mut self) {
        let clipboard = self.config.ports.clipboard.clone();
        // A clipboard that does not answer must not keep us.
        let cleared = tokio::task::spawn_blocking(move || clipboard.clear_if_ours());
        if tokio::time::timeout(asker::CLIPBOARD, cleared).await.is_err() {
            tracing::warn!("the clipboard could not be cleared at the end");
        }
        self.broker.end_all();
        let _ = tokio::time::timeout(WRITTEN_WITHIN, self.clerk.written()).await;
    }
}

fn activity_word(activity: &Activity) -> &'static str {
    match activity {
        Activity::Idle => "done",
        Activity::WaitingForKeychain => "waiting for the keychain",
        Activity::Asking { .. } => "waiting for an answer",
        Activity::SigningIn => "under way",
        Activity::Failed { .. } => "failed",
    }
}

#[cfg(test)]
pub(crate) mod tests;
