//! A keychain that is told how to behave: as much of the Secret Service as Guise uses, on the bus of a session.
//!
//! Its half of the key agreement is the number 1, so that every session has one and the same key: a secret is kept as it
//! came, encrypted, and whoever asks can read it. Nothing is decrypted here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use desktop_tests::{Because, DesktopSession, Result};
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Message, Type};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

const NAME: &str = "org.freedesktop.secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";
const NOWHERE: &str = "/";

/// How a keychain behaves while it is not locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    #[default]
    Well,
    /// It answers nothing at all.
    Silent,
    /// It says no to whatever touches an item.
    Denies,
    /// It gives a text where a secret should come.
    GivesText,
    /// It says that it kept a secret, and did not.
    Loses,
    /// It keeps a secret, says so, and is gone before the next question.
    DiesAfterWriting,
}

/// What becomes of the question for the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// The person closes it after that time.
    DismissedAfter(Duration),
    /// It stays on the screen.
    NeverEnds,
    /// The person answers it after that time.
    AnsweredAfter(Duration),
}

/// A keychain of a session, until it is dropped. What it holds outlives its death.
pub struct ScriptedKeychain {
    address: String,
    shared: Shared,
    connection: Option<Connection>,
}

type Shared = Arc<Mutex<State>>;
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

#[derive(Default)]
struct State {
    mood: Mood,
    locked: Option<Prompt>,
    items: Vec<Item>,
    made: usize,
    prompts: usize,
    calls: usize,
}

struct Item {
    path: String,
    attributes: HashMap<String, String>,
    secret: Secret,
}

impl ScriptedKeychain {
    /// Takes the keychain's name on the bus of a session that has no other.
    pub fn start(session: &DesktopSession) -> Result<Self> {
        let mut keychain = ScriptedKeychain {
            address: session.bus_address().to_owned(),
            shared: Shared::default(),
            connection: None,
        };
        keychain.come_back()?;
        Ok(keychain)
    }

    /// Behaves like this from now on.
    pub fn set_mood(&self, mood: Mood) {
        self.state().mood = mood;
    }

    /// Is locked from now on.
    pub fn lock(&self, prompt: Prompt) {
        self.state().locked = Some(prompt);
    }

    /// Is open from now on.
    pub fn unlock(&self) {
        self.state().locked = None;
    }

    /// Ends, as a crash would end it.
    pub fn die(&mut self) -> Result<()> {
        self.connection.take().map_or(Ok(()), Connection::close).because("close the keychain's connection")
    }

    /// Is there again, with what it held.
    pub fn come_back(&mut self) -> Result<()> {
        self.die()?;
        let connection = connect(&self.address)?;
        let (serving, shared) = (connection.clone(), self.shared.clone());
        // Before the name is taken, so that no question is missed.
        let messages = MessageIterator::from(&connection);
        thread::Builder::new()
            .name("keychain".into())
            .spawn(move || serve(&serving, messages, &shared))
            .because("start the keychain's thread")?;
        connection.request_name(NAME).because("take the keychain's name")?;
        self.connection = Some(connection);
        Ok(())
    }

    /// The names of its items.
    pub fn items(&self) -> Vec<String> {
        let name = |item: &Item| item.attributes.get("username").cloned().unwrap_or_default();
        self.state().items.iter().map(name).collect()
    }

    /// How often the person was asked for the password.
    pub fn prompts(&self) -> usize {
        self.state().prompts
    }

    /// How many questions of any kind it was asked.
    pub fn calls(&self) -> usize {
        self.state().calls
    }

    /// Takes out an item, as a person does with the desktop's own password tool.
    pub fn delete(&self, name: &str) {
        self.state().items.retain(|item| item.attributes.get("username").is_none_or(|each| each != name));
    }

    /// Puts something else into an item that is there.
    pub fn overwrite(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let service = SecretService::connect_with_existing(EncryptionType::Dh, connect(&self.address)?);
        let service = service.because("open a session with the keychain")?;
        let found = service.search_items(HashMap::from([("username", name)])).because("search an item")?;
        let item = found.unlocked.first().because("find the item")?;
        item.set_secret(bytes, "text/plain").because("overwrite the item")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.shared)
    }
}

impl Drop for ScriptedKeychain {
    fn drop(&mut self) {
        // It goes with its session at the latest.
        let _ = self.die();
    }
}

/// What is said to a question.
enum Said<'a> {
    Reply(Body<'a>),
    Error(&'static str),
    /// A reply, and then the end.
    LastWords(Body<'a>),
    Nothing,
}

/// The forms that replies have.
enum Body<'a> {
    Empty,
    Path(&'a str),
    Paths(Vec<OwnedObjectPath>, &'a str),
    TwoLists(Vec<OwnedObjectPath>, Vec<OwnedObjectPath>),
    TwoPaths(String, &'a str),
    Session(Value<'a>),
    Value(Value<'a>),
    Secret(Secret),
    Text(&'a str),
}

fn serve(connection: &Connection, messages: MessageIterator, shared: &Shared) {
    for message in messages {
        let Ok(message) = message else { return };
        if message.message_type() != Type::MethodCall {
            continue;
        }
        let header = message.header();
        let said = answer(&message, connection, shared);
        let reply = |body: Body<'_>| match body {
            Body::Empty => connection.reply(&header, &()),
            Body::Path(one) => connection.reply(&header, &path(one)),
            Body::Paths(all, prompt) => connection.reply(&header, &(all, path(prompt))),
            Body::TwoLists(unlocked, locked) => connection.reply(&header, &(unlocked, locked)),
            Body::TwoPaths(one, other) => connection.reply(&header, &(path(&one), path(other))),
            Body::Session(output) => {
                connection.reply(&header, &(output, path("/org/freedesktop/secrets/session/1")))
            }
            Body::Value(value) => connection.reply(&header, &value),
            Body::Secret(secret) => connection.reply(&header, &(secret,)),
            Body::Text(text) => connection.reply(&header, &text),
        };
        let sent = match said {
            Said::Reply(body) => reply(body),
            Said::Error(name) => connection.reply_error(&header, name, &"no"),
            Said::LastWords(body) => {
                // Nobody is left to be told that it could not be said.
                let _ = reply(body);
                let _ = connection.clone().close();
                return;
            }
            Said::Nothing => Ok(()),
        };
        if sent.is_err() {
            return;
        }
    }
}

/// The answer to a question, of an unlocked keychain or a locked one.
fn answer<'a>(message: &Message, connection: &Connection, shared: &Shared) -> Said<'a> {
    let header = message.header();
    let (Some(member), Some(at)) = (header.member(), header.path()) else { return Said::Nothing };
    let mut state = lock(shared);
    state.calls += 1;
    if state.mood == Mood::Silent {
        return Said::Nothing;
    }
    let (locked, mood, at) = (state.locked.is_some(), state.mood, at.as_str());
    let body = message.body();
    match member.as_str() {
        "OpenSession" => {
            let plain = body.deserialize::<(String, Value<'_>)>().is_ok_and(|(name, _)| name == "plain");
            Said::Reply(Body::Session(if plain { Value::from("") } else { Value::from(vec![1u8]) }))
        }
        "ReadAlias" => Said::Reply(Body::Path(COLLECTION)),
        "Get" => Said::Reply(Body::Value(Value::from(locked))),
        "SearchItems" => {
            let wanted: HashMap<String, String> = body.deserialize().unwrap_or_default();
            let suits =
                |item: &&Item| wanted.iter().all(|(key, value)| item.attributes.get(key) == Some(value));
            let found = state.items.iter().filter(suits).map(|item| path(&item.path)).collect();
            let (unlocked, closed) = if locked { (Vec::new(), found) } else { (found, Vec::new()) };
            Said::Reply(Body::TwoLists(unlocked, closed))
        }
        "Unlock" if locked => Said::Reply(Body::Paths(Vec::new(), "/org/freedesktop/secrets/prompt/1")),
        "Unlock" => Said::Reply(Body::Paths(body.deserialize().unwrap_or_default(), NOWHERE)),
        "Prompt" => {
            state.prompts += 1;
            ask_person(state.locked, at, connection, shared);
            Said::Reply(Body::Empty)
        }
        _ if locked => Said::Error("org.freedesktop.Secret.Error.IsLocked"),
        _ if mood == Mood::Denies => Said::Error("org.freedesktop.DBus.Error.AccessDenied"),
        "CreateItem" => {
            let Ok((properties, secret, _)) =
                body.deserialize::<(HashMap<String, OwnedValue>, Secret, bool)>()
            else {
                return Said::Error("org.freedesktop.DBus.Error.InvalidArgs");
            };
            let attributes = properties.get("org.freedesktop.Secret.Item.Attributes").cloned();
            let attributes = attributes.and_then(|value| value.try_into().ok()).unwrap_or_default();
            state.made += 1;
            let path = format!("{COLLECTION}/{}", state.made);
            if mood != Mood::Loses {
                state.items.push(Item { path: path.clone(), attributes, secret });
            }
            written(mood, Body::TwoPaths(path, NOWHERE))
        }
        "SetSecret" => {
            let secret = body.deserialize::<(Secret,)>();
            let item = state.items.iter_mut().find(|item| item.path == at);
            if let (Ok((secret,)), Some(item), true) = (secret, item, mood != Mood::Loses) {
                item.secret = secret;
            }
            written(mood, Body::Empty)
        }
        "GetSecret" if mood == Mood::GivesText => Said::Reply(Body::Text("a text")),
        "GetSecret" => match state.items.iter().find(|item| item.path == at) {
            Some(item) => Said::Reply(Body::Secret(item.secret.clone())),
            None => Said::Error("org.freedesktop.DBus.Error.UnknownObject"),
        },
        "Delete" => {
            state.items.retain(|item| item.path != at);
            Said::Reply(Body::Path(NOWHERE))
        }
        _ => Said::Error("org.freedesktop.DBus.Error.UnknownMethod"),
    }
}

fn written(mood: Mood, body: Body<'_>) -> Said<'_> {
    if mood == Mood::DiesAfterWriting { Said::LastWords(body) } else { Said::Reply(body) }
}

/// What the person does with the question, once it is on the screen.
fn ask_person(prompt: Option<Prompt>, at: &str, connection: &Connection, shared: &Shared) {
    let (connection, shared, at) = (connection.clone(), shared.clone(), at.to_owned());
    let (after, dismissed) = match prompt {
        Some(Prompt::NeverEnds) => return,
        Some(Prompt::DismissedAfter(time)) => (time, true),
        Some(Prompt::AnsweredAfter(time)) => (time, false),
        None => (Duration::ZERO, false),
    };
    thread::spawn(move || {
        thread::sleep(after);
        if !dismissed {
            lock(&shared).locked = None;
        }
        let nobody: Option<&str> = None;
        // A keychain that has died by now says nothing.
        let _ = connection.emit_signal(
            nobody,
            at.as_str(),
            "org.freedesktop.Secret.Prompt",
            "Completed",
            &(dismissed, Value::from("")),
        );
    });
}

fn connect(address: &str) -> Result<Connection> {
    Builder::address(address).and_then(Builder::build).because("connect to the session's bus")
}

fn path(text: &str) -> OwnedObjectPath {
    ObjectPath::try_from(text.to_owned()).map(Into::into).unwrap_or_default()
}

fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
