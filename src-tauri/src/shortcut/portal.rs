//! Wayland: the desktop's portal has the keys, and asks the person about them. The agent may not use portals, as it lets nobody
//! look into it; a child of ours does, for as long as the keys are wanted. It holds nothing that is secret.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::process::Stdio;

use guise_core::failure::Failure;
use guise_core::shortcut::{Key, Modifier, Shortcut};
use guise_core::view::{SWITCHER_COMMAND, ShortcutView};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use zbus::export::ordered_stream::OrderedStreamExt;
use zbus::proxy::SignalStream;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, Proxy};

use super::super::{Presses, Wanted};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SHORTCUTS: &str = "org.freedesktop.portal.GlobalShortcuts";
const REQUEST: &str = "org.freedesktop.portal.Request";
const REGISTRY: &str = "org.freedesktop.host.portal.Registry";
/// What the one shortcut is called between the portal and us.
const ID: &str = "switcher";
const APP: &str = "org.guise.Guise";

/// A line that the child writes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    /// No portal here gives keys.
    NotOffered,
    /// The keys are ours, in the desktop's own words.
    Bound { keys: String },
    /// They are not, and why.
    Refused { why: String },
    /// They were pressed; with what lets a window come to the front.
    Pressed { activation: Option<String> },
}

/// Has a child hold the keys that are wanted.
pub(super) async fn hold(mut wanted: Wanted, presses: Presses) {
    loop {
        let keys = wanted.borrow_and_update().clone();
        let Some(keys) = keys else {
            presses.became(ShortcutView::Off);
            if wanted.changed().await.is_err() {
                return;
            }
            continue;
        };
        tokio::select! {
            () = hold_one(&keys, &presses) => {
                if wanted.changed().await.is_err() {
                    return;
                }
            }
            changed = wanted.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

/// Until the child ends, which it does when it is let go.
async fn hold_one(keys: &Shortcut, presses: &Presses) {
    let failed =
        |why: &str| ShortcutView::Failed { failure: Failure::shortcut_refused(&keys.to_string(), why) };
    let mut child = match start(keys) {
        Ok(child) => child,
        Err(error) => return presses.became(failed(&error.to_string())),
    };
    let Some(said) = child.stdout.take() else { return };
    let mut lines = BufReader::new(said).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match serde_json::from_str(&line) {
            Ok(Line::NotOffered) => {
                return presses.became(ShortcutView::DesktopsOwn { command: SWITCHER_COMMAND.to_owned() });
            }
            Ok(Line::Bound { keys }) => presses.became(ShortcutView::Works { keys }),
            Ok(Line::Refused { why }) => return presses.became(failed(&why)),
            Ok(Line::Pressed { activation }) => presses.pressed(activation),
            Err(_) => break,
        }
    }
    presses.became(failed("the portal is gone"));
}

fn start(keys: &Shortcut) -> std::io::Result<Child> {
    let mut command = Command::new("/proc/self/exe");
    command.args(["--portal-keys", &keys.to_string()]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn()
}

/// The child: asks the portal for the keys and says what comes of it, until its standard input ends.
pub(crate) fn run(keys: &str) -> Result<(), Failure> {
    let keys: Shortcut = keys.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::desktop_refused(&error.to_string()))?;
    runtime.block_on(async {
        let (ends, ended) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            drop(ends);
        });
        tokio::select! {
            _ = ended => {}
            refused = listen(&keys) => {
                if let Err(error) = refused {
                    say(&Line::Refused { why: error.to_string() });
                }
            }
        }
    });
    Ok(())
}

async fn listen(keys: &Shortcut) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    register(&bus).await;
    let portal = Proxy::new(&bus, PORTAL, PATH, SHORTCUTS).await?;
    if portal.get_property::<u32>("version").await.is_err() {
        say(&Line::NotOffered);
        return Ok(());
    }
    // Heard before they are bound, so that no press is missed.
    let mut pressed = portal.receive_signal("Activated").await?;
    let mut changed = portal.receive_signal("ShortcutsChanged").await?;
    let options = HashMap::from([("session_handle_token", Value::from("guise"))]);
    let mut made =
        ask(&bus, &portal, "CreateSession", "guise_session", options, |options| (options,)).await?;
    let Some(session) = made.remove("session_handle").and_then(|handle| String::try_from(handle).ok()) else {
        return Err(zbus::Error::Failure("the portal gave no session".into()));
    };
    let session = OwnedObjectPath::try_from(session)?;
    let about = HashMap::from([
        ("description", Value::from("Search the roles of Guise")),
        ("preferred_trigger", Value::from(trigger(keys))),
    ]);
    let bound = ask(&bus, &portal, "BindShortcuts", "guise_bind", HashMap::new(), |options| {
        (&session, vec![(ID, about)], "", options)
    })
    .await?;
    match bound.get("shortcuts").and_then(words_of) {
        Some(keys) => say(&Line::Bound { keys }),
        None => return Err(zbus::Error::Failure("the desktop gave no keys".into())),
    }
    loop {
        tokio::select! {
            Some(press) = pressed.next() => {
                let (_, id, _, mut options): (OwnedObjectPath, String, u64, HashMap<String, OwnedValue>) =
                    press.body().deserialize()?;
                if id == ID {
                    let token = options.remove("activation_token").and_then(|token| String::try_from(token).ok());
                    say(&Line::Pressed { activation: token });
                }
            }
            Some(change) = changed.next() => {
                let (_, shortcuts): (OwnedObjectPath, OwnedValue) = change.body().deserialize()?;
                if let Some(keys) = words_of(&shortcuts) {
                    say(&Line::Bound { keys });
                }
            }
            else => return Err(zbus::Error::Failure("the bus is gone".into())),
        }
    }
}

/// Says which application asks. Portals that do not know how to be told find it out by themselves.
async fn register(bus: &Connection) {
    let nothing: HashMap<&str, Value<'_>> = HashMap::new();
    let _ = bus.call_method(Some(PORTAL), PATH, Some(REGISTRY), "Register", &(APP, nothing)).await;
}

/// Asks the portal for something, and waits for its answer, which may take as long as a person takes.
async fn ask<'a, B: Serialize + zbus::zvariant::DynamicType>(
    bus: &Connection,
    portal: &Proxy<'_>,
    method: &str,
    token: &'a str,
    mut options: HashMap<&'a str, Value<'a>>,
    body: impl FnOnce(HashMap<&'a str, Value<'a>>) -> B,
) -> zbus::Result<HashMap<String, OwnedValue>> {
    let sender =
        bus.unique_name().map(|name| name.trim_start_matches(':').replace('.', "_")).unwrap_or_default();
    let request = format!("{PATH}/request/{sender}/{token}");
    let request = Proxy::new(bus, PORTAL, request, REQUEST).await?;
    let mut answers: SignalStream<'_> = request.receive_signal("Response").await?;
    options.insert("handle_token", Value::from(token));
    portal.call_method(method, &body(options)).await?;
    let answer = answers.next().await.ok_or_else(|| zbus::Error::Failure("the bus is gone".into()))?;
    let (code, results): (u32, HashMap<String, OwnedValue>) = answer.body().deserialize()?;
    match code {
        0 => Ok(results),
        1 => Err(zbus::Error::Failure("it was declined".into())),
        _ => Err(zbus::Error::Failure("the portal did not say why".into())),
    }
}

/// What the desktop calls the keys of our shortcut, in its list of `(id, properties)`.
fn words_of(shortcuts: &OwnedValue) -> Option<String> {
    let shortcuts: Vec<(String, HashMap<String, OwnedValue>)> =
        shortcuts.try_clone().ok()?.try_into().ok()?;
    let (_, mut about) = shortcuts.into_iter().find(|(id, _)| id == ID)?;
    let words = about.remove("trigger_description").and_then(|words| String::try_from(words).ok());
    Some(words.unwrap_or_default()).filter(|words| !words.is_empty())
}

/// The keys as the portal writes them.
fn trigger(keys: &Shortcut) -> String {
    let mut text = String::new();
    for modifier in keys.modifiers() {
        text.push_str(match modifier {
            Modifier::Ctrl => "CTRL+",
            Modifier::Alt => "ALT+",
            Modifier::Shift => "SHIFT+",
            Modifier::Super => "LOGO+",
        });
    }
    match keys.key() {
        Key::Sign(sign) => text.push(sign.to_ascii_lowercase()),
        Key::Function(number) => text.push_str(&format!("F{number}")),
        Key::Named("Space") => text.push_str("space"),
        Key::Named("PageUp") => text.push_str("Page_Up"),
        Key::Named("PageDown") => text.push_str("Page_Down"),
        Key::Named(name) => text.push_str(name),
    }
    text
}

fn say(line: &Line) {
    let Ok(text) = serde_json::to_string(line) else { return };
    let mut out = std::io::stdout().lock();
    // An agent that is gone hears nothing, and ends us.
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_the_portal_reads_them() {
        for (keys, text) in [
            ("Ctrl+Alt+Space", "CTRL+ALT+space"),
            ("Shift+Super+K", "SHIFT+LOGO+k"),
            ("F9", "F9"),
            ("Alt+PageUp", "ALT+Page_Up"),
        ] {
            assert_eq!(trigger(&keys.parse().unwrap()), text);
        }
    }
}
