//! The window process: one web view, three commands at most, and the agent at the other end of standard input and output.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use guise_core::agent::{FromWindow, ToWindow};
use guise_core::catalog::{Setting, Theme};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::purge::WEB_VIEW;
use guise_core::search::{Found, Index, Query};
use guise_core::view::{
    Answer, PromptView, QuestionView, Shown, Snapshot, WindowIntent, WindowName, WindowReply,
};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tokio::sync::{oneshot, watch};

use crate::appearance;
use crate::files;
use crate::front::{self, Front, Left};

mod closing;
mod lost;

/// What the window has heard and what it waits for.
struct Conversation(Mutex<Heard>);

#[derive(Default)]
struct Heard {
    snapshot: Option<Box<Snapshot>>,
    /// What the switcher finds in; no other window finds anything.
    index: Option<Index>,
    listeners: Vec<Channel<Shown>>,
    /// Whether something typed would be lost with the window.
    unsaved: bool,
    /// Whether the page was told that the window is to be closed, and has said nothing since.
    closing: bool,
    /// By what the page calls them.
    waiting: HashMap<u64, oneshot::Sender<WindowReply>>,
}

impl Heard {
    /// Tells whoever listens; who does not any more is forgotten.
    fn tell(&mut self, shown: &Shown) {
        self.listeners.retain(|listener| listener.send(shown.clone()).is_ok());
    }

    /// What the page is given of all that can be seen: the switcher finds among thousands of roles here, and its page is
    /// given those that it draws.
    fn shown(&self, snapshot: &Snapshot) -> Shown {
        let shown = if self.index.is_some() { snapshot.without_roles() } else { snapshot.clone() };
        Shown::Whole { snapshot: Box::new(shown) }
    }

    /// Finds in this from now on, if it finds anything.
    fn look_through(&mut self, snapshot: &Snapshot) {
        if let Some(index) = &mut self.index {
            *index = Index::new(snapshot);
        }
    }
}

impl Conversation {
    fn of(window: WindowName) -> Self {
        let index = (window == WindowName::Switcher).then(Index::default);
        Conversation(Mutex::new(Heard { index, ..Heard::default() }))
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows the window until it is closed or the agent ends.
pub(crate) fn run(home: &Home, window: WindowName, left: Left) -> Result<(), Failure> {
    if !cfg!(feature = "automation") && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some() {
        return Err(Failure::desktop_refused("TAURI_WEBVIEW_AUTOMATION is set"));
    }
    let web_view = home.state.join(WEB_VIEW);
    let (theme, themes) = watch::channel(Theme::default());
    let tauri = tauri::Builder::default()
        .manage(Conversation::of(window))
        .invoke_handler(tauri::generate_handler![watch, ask, find])
        .manage(Front::new(left))
        .setup(move |app| {
            let page = WebviewUrl::App(format!("index.html?window={}", window.as_str()).into());
            let scale = appearance::text_scale();
            let room =
                |(width, height): (f64, f64)| within_screen(app.handle(), width * scale, height * scale);
            let (usual, least) = sizes(window);
            let ((width, height), (least_width, least_height)) = (room(usual), room(least));
            let builder = WebviewWindowBuilder::new(app, window.as_str(), page)
                .title("Guise")
                .inner_size(width, height)
                .min_inner_size(least_width, least_height);
            let builder = match window {
                WindowName::Manager => builder,
                WindowName::Guide => builder.title("Guise: setup guide"),
                WindowName::Switcher => builder
                    .title("Guise: switch role")
                    .visible(false)
                    .always_on_top(true)
                    .visible_on_all_workspaces(true)
                    .skip_taskbar(true)
                    .decorations(false)
                    .resizable(false),
                // What waits for an answer is not lost behind what it interrupts.
                WindowName::Prompt => builder.visible(false).always_on_top(true).maximizable(false),
            };
            let shown = builder
                // Nothing of the page stays on the disk. What the web view keeps of itself lies with the rest of ours. A web
                // view like this cannot be driven by WebDriver, so what is built for that has another.
                .incognito(!cfg!(feature = "automation"))
                .data_directory(web_view)
                .on_navigation(|url| {
                    matches!(url.scheme(), "tauri") || url.host_str() == Some("tauri.localhost")
                })
                .build()?;
            appearance::follow(&shown, themes);
            match window {
                WindowName::Switcher => front::follow(&shown),
                WindowName::Manager | WindowName::Guide => closing::follow(&shown),
                WindowName::Prompt => {}
            }
            lost::follow(&shown);
            let handle = app.handle().clone();
            std::thread::Builder::new()
                .name("agent".into())
                .spawn(move || listen(&handle, window, &theme))?;
            Ok(())
        })
        .build(crate::context());
    let tauri = tauri.map_err(|error| Failure::desktop_refused(&error.to_string()))?;
    tauri.run(|_, _| ());
    Ok(())
}

/// How large a window is at first, and how small it may be made.
fn sizes(window: WindowName) -> ((f64, f64), (f64, f64)) {
    match window {
        WindowName::Manager => ((960.0, 640.0), (360.0, 320.0)),
        WindowName::Switcher => ((760.0, 480.0), (360.0, 200.0)),
        WindowName::Guide => ((760.0, 640.0), (360.0, 320.0)),
        WindowName::Prompt => ((420.0, 340.0), (300.0, 240.0)),
    }
}

/// A size, or as much of it as the screen has room for, with a frame and a title bar around it.
fn within_screen(app: &AppHandle, width: f64, height: f64) -> (f64, f64) {
    let Ok(Some(screen)) = app.primary_monitor() else { return (width, height) };
    let room = screen.work_area().size.to_logical::<f64>(screen.scale_factor());
    (width.min(room.width * 0.9), height.min(room.height * 0.9))
}

/// Hears the agent; when it ends, so does the window.
fn listen(app: &AppHandle, window: WindowName, theme: &watch::Sender<Theme>) {
    let mut asked = None;
    for line in BufReader::new(std::io::stdin()).lines().map_while(Result::ok) {
        let Ok(told) = serde_json::from_str::<ToWindow>(&line) else { break };
        let conversation = app.state::<Conversation>();
        match told {
            ToWindow::Snapshot(snapshot) => {
                follow(app, window, &mut asked, &snapshot);
                follow_theme(theme, &snapshot);
                let mut heard = conversation.heard();
                heard.look_through(&snapshot);
                let shown = heard.shown(&snapshot);
                heard.tell(&shown);
                heard.snapshot = Some(snapshot);
            }
            ToWindow::Change(change) => {
                follow(app, window, &mut asked, &change.rest);
                follow_theme(theme, &change.rest);
                let mut heard = conversation.heard();
                let shown = Shown::Change { change: change.clone() };
                let Some(mut snapshot) = heard.snapshot.take() else { continue };
                snapshot.apply(*change);
                heard.look_through(&snapshot);
                // What a page without roles is given is small as a whole.
                let shown = if heard.index.is_some() { heard.shown(&snapshot) } else { shown };
                heard.tell(&shown);
                heard.snapshot = Some(snapshot);
            }
            ToWindow::Reply { id, reply } => {
                if let Some(waiting) = conversation.heard().waiting.remove(&id) {
                    let _ = waiting.send(reply);
                }
            }
            ToWindow::Raise { activation } => {
                // A window that is closing is no longer found, and keeps silent.
                let Some(shown) = app.get_webview_window(window.as_str()) else { continue };
                // Said first: a switcher that goes because it was asked for again is not wanted any more.
                let _ = write_line("\"raised\"");
                match window {
                    WindowName::Switcher => front::asked_for(&shown, activation),
                    // It comes with its next question, as that one wants.
                    WindowName::Prompt if asked.is_none_or(|asked: Asked| asked.is_quiet) => {}
                    WindowName::Manager | WindowName::Guide | WindowName::Prompt => {
                        let _ = shown.unminimize();
                        front::come(&shown, activation);
                    }
                }
            }
        }
    }
    app.exit(0);
}

/// Has the window be light or dark as the person chose.
fn follow_theme(theme: &watch::Sender<Theme>, snapshot: &Snapshot) {
    let chosen = snapshot.setting(Setting::Theme).and_then(|chosen| chosen.parse().ok()).unwrap_or_default();
    theme.send_if_modified(|last| std::mem::replace(last, chosen) != chosen);
}

/// What was asked last.
#[derive(Clone, Copy)]
struct Asked {
    /// Whether it wants neither the front nor the keys.
    is_quiet: bool,
}

/// Has a window of questions follow what is asked.
fn follow(app: &AppHandle, window: WindowName, asked: &mut Option<Asked>, snapshot: &Snapshot) {
    if window == WindowName::Prompt {
        let now =
            snapshot.prompts.first().map(|each| Asked { is_quiet: each.question == QuestionView::Keychain });
        let before = std::mem::replace(asked, now);
        follow_questions(app, before, snapshot.prompts.first());
    }
}

/// Has the window of questions say in its title what is asked, and stand there only while something is.
fn follow_questions(app: &AppHandle, before: Option<Asked>, question: Option<&PromptView>) {
    let Some(window) = app.get_webview_window(WindowName::Prompt.as_str()) else { return };
    let Some(prompt) = question else {
        if before.is_some() {
            let _ = window.hide();
        }
        return;
    };
    let title = match prompt.question {
        QuestionView::Keychain => "Guise: the keychain is locked".to_owned(),
        QuestionView::MfaCode { .. } => format!("Guise: code for {}", prompt.role),
        QuestionView::Production { .. } => format!("Guise: PRODUCTION, {}", prompt.role),
    };
    let _ = window.set_title(&title);
    // The keychain's own dialog is in front, and has the keys. What asks here afterwards comes before everything.
    let was_quiet = before.is_none_or(|asked| asked.is_quiet);
    if prompt.question == QuestionView::Keychain {
        let _ = window.set_always_on_top(false);
        if before.is_none() {
            front::appear(&window);
        }
    } else if was_quiet {
        let _ = window.set_always_on_top(true);
        // What stood aside for the keychain's dialog comes to the middle.
        if before.is_some() {
            let _ = window.hide();
        }
        front::come(&window, None);
    }
}

/// Sends what can be seen now, and whenever it changes.
#[tauri::command]
fn watch(window: WebviewWindow, channel: Channel<Shown>, conversation: State<'_, Conversation>) {
    let mut heard = conversation.heard();
    if let Some(snapshot) = &heard.snapshot {
        let _ = channel.send(heard.shown(snapshot));
    }
    heard.listeners.push(channel);
    drop(heard);
    // A window of questions comes when there is one, and as it wants to.
    if window.label() != WindowName::Prompt.as_str() {
        front::page_is_there(window.app_handle(), window.label());
    }
}

/// Finds among what the window has heard; the agent is not asked.
#[tauri::command]
async fn find(query: Query, conversation: State<'_, Conversation>) -> Result<Found, ()> {
    conversation.heard().index.as_ref().map(|index| index.find(&query)).ok_or(())
}

/// Has the agent carry out what a window may ask; the page counts what it asks, to be able to stop it. A failure of our own is told like any other.
#[tauri::command]
async fn ask(
    window: WebviewWindow,
    id: u64,
    intent: WindowIntent,
    conversation: State<'_, Conversation>,
) -> Result<WindowReply, ()> {
    let reply = carry_out(&window, id, intent, &conversation).await;
    Ok(reply.unwrap_or_else(|failure| WindowReply::Failed { failure }))
}

/// What this window does by itself is done here; all else is the agent's.
async fn carry_out(
    window: &WebviewWindow,
    id: u64,
    intent: WindowIntent,
    conversation: &Conversation,
) -> Result<WindowReply, Failure> {
    let done = |message| Ok(WindowReply::Done { message });
    if intent == WindowIntent::Leave {
        front::leave(window);
        return done(String::new());
    }
    if let WindowIntent::Unsaved { unsaved } = intent {
        let mut heard = conversation.heard();
        heard.unsaved = unsaved;
        heard.closing = false;
        return done(String::new());
    }
    if window.label() != WindowName::Manager.as_str() {
        return answered(id, intent, conversation).await;
    }
    // The page learns neither of the file's path nor of what stands in it.
    if let WindowIntent::LookInFile { move_keys } = intent {
        let Some((called, text)) = files::chosen(window).await? else { return done(String::new()) };
        let (text, source) = (Some(text), String::new());
        let look = WindowIntent::LookForImport { text, again: false, called, source, move_keys };
        return answered(id, look, conversation).await;
    }
    if intent == WindowIntent::SaveCatalog {
        let reply = answered(id, WindowIntent::ExportCatalog, conversation).await?;
        let WindowReply::Told { answer: Answer::Catalog { text } } = &reply else { return Ok(reply) };
        return done(files::saved(window, text).await?.unwrap_or_default());
    }
    answered(id, intent, conversation).await
}

async fn answered(
    id: u64,
    intent: WindowIntent,
    conversation: &Conversation,
) -> Result<WindowReply, Failure> {
    tell_agent(id, intent, conversation)?.await.map_err(|_| Failure::agent_gone())
}

fn tell_agent(
    id: u64,
    intent: WindowIntent,
    conversation: &Conversation,
) -> Result<oneshot::Receiver<WindowReply>, Failure> {
    let mut heard = conversation.heard();
    let line = serde_json::to_string(&FromWindow::Ask { id, intent });
    let line = line.map_err(|_| Failure::internal("an intent could not be written"))?;
    let (sender, reply) = oneshot::channel();
    heard.waiting.insert(id, sender);
    write_line(&line).map_err(|_| Failure::agent_gone())?;
    Ok(reply)
}

/// Writes a whole line to the agent, under the output's own lock.
fn write_line(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush())
}
