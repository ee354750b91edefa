//! The desktop's portal for global shortcuts, played: it gives every key, and presses it when it is told.

use std::collections::HashMap;

use tokio::runtime::Runtime;
use zbus::Connection;
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use crate::error::{Because, Result};
use crate::session::DesktopSession;

const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const REQUEST: &str = "org.freedesktop.portal.Request";

type Options = HashMap<String, OwnedValue>;

/// The portal of a session, until it is dropped.
pub struct ShortcutsPortal {
    connection: Connection,
    // Dropped after what runs on it.
    runtime: Runtime,
}

impl ShortcutsPortal {
    /// Takes the portal's name on the bus of a session.
    pub fn of(session: &DesktopSession) -> Result<Self> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).thread_name("portal").enable_all().build();
        let runtime = runtime.because("start an event loop for the portal")?;
        let served = zbus::connection::Builder::address(session.bus_address())
            .and_then(|builder| builder.name(NAME))
            .and_then(|builder| builder.serve_at(PATH, Shortcuts::default()))
            .because("serve the portal")?;
        let connection = runtime.block_on(served.build()).because("serve the portal")?;
        Ok(Self { connection, runtime })
    }

    /// The keys that were asked for so far.
    pub fn wanted(&self) -> Result<Vec<String>> {
        let asked = async {
            let shortcuts = self.connection.object_server().interface::<_, Shortcuts>(PATH).await?;
            zbus::Result::Ok(shortcuts.get().await.wanted.clone())
        };
        self.runtime.block_on(asked).because("look at the portal")
    }

    /// Presses the keys that were bound last, giving this token with it.
    pub fn press(&self, token: &str) -> Result<()> {
        let pressed = async {
            let shortcuts = self.connection.object_server().interface::<_, Shortcuts>(PATH).await?;
            let (session, id) = shortcuts.get().await.bound.clone().ok_or(zbus::Error::InvalidReply)?;
            let options = HashMap::from([("activation_token", Value::from(token))]);
            Shortcuts::activated(shortcuts.signal_emitter(), session, &id, 0, options).await
        };
        self.runtime.block_on(pressed).because("press the portal's keys")
    }
}

#[derive(Default)]
struct Shortcuts {
    wanted: Vec<String>,
    bound: Option<(OwnedObjectPath, String)>,
}

#[zbus::interface(name = "org.freedesktop.portal.GlobalShortcuts")]
impl Shortcuts {
    #[zbus(property, name = "version")]
    #[allow(clippy::unused_self, reason = "a property is asked of an object")]
    fn version(&self) -> u32 {
        1
    }

    #[zbus(signal)]
    async fn activated(
        emitter: &SignalEmitter<'_>,
        session: OwnedObjectPath,
        id: &str,
        timestamp: u64,
        options: HashMap<&str, Value<'_>>,
    ) -> zbus::Result<()>;

    async fn create_session(
        &self,
        options: Options,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> zbus::fdo::Result<OwnedObjectPath> {
        let session =
            format!("{PATH}/session/{}/{}", sender(&header), text(&options, "session_handle_token"));
        answer(connection, &header, &options, HashMap::from([("session_handle", Value::from(session))])).await
    }

    async fn bind_shortcuts(
        &mut self,
        session: OwnedObjectPath,
        shortcuts: Vec<(String, Options)>,
        parent: String,
        options: Options,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &Connection,
    ) -> zbus::fdo::Result<OwnedObjectPath> {
        // There is no window to be in front of.
        drop(parent);
        let mut bound = Vec::new();
        for (id, about) in shortcuts {
            self.wanted.push(text(&about, "preferred_trigger"));
            let words = HashMap::from([("trigger_description", Value::from("Press <Ctrl><Alt>space"))]);
            bound.push((id.clone(), words));
            self.bound = Some((session.clone(), id));
        }
        answer(connection, &header, &options, HashMap::from([("shortcuts", Value::from(bound))])).await
    }
}

fn text(options: &Options, name: &str) -> String {
    options.get(name).and_then(|value| String::try_from(value.clone()).ok()).unwrap_or_default()
}

fn sender(header: &Header<'_>) -> String {
    header.sender().map(|name| name.trim_start_matches(':').replace('.', "_")).unwrap_or_default()
}

/// Answers a request as the real one does: by a signal of an object that is named after who asked.
async fn answer(
    connection: &Connection,
    header: &Header<'_>,
    options: &Options,
    results: HashMap<&str, Value<'_>>,
) -> zbus::fdo::Result<OwnedObjectPath> {
    let request = format!("{PATH}/request/{}/{}", sender(header), text(options, "handle_token"));
    let path = OwnedObjectPath::try_from(request).map_err(zbus::Error::from)?;
    let asker = header.sender().map(ToString::to_string);
    connection.emit_signal(asker.as_deref(), &path, REQUEST, "Response", &(0_u32, results)).await?;
    Ok(path)
}
