//! The desktop's settings portal, played: it says whether the desktop is dark, and when that changes.

use tokio::runtime::Runtime;
use zbus::Connection;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};

use crate::error::{Because, Result};
use crate::session::DesktopSession;

const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SCHEME: (&str, &str) = ("org.freedesktop.appearance", "color-scheme");

/// What a desktop says of light and dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorScheme {
    /// It does not care.
    Unsaid = 0,
    /// Dark.
    Dark = 1,
    /// Light.
    Light = 2,
}

/// The portal of a session, until it is dropped.
pub struct SettingsPortal {
    connection: Connection,
    // Dropped after what runs on it.
    runtime: Runtime,
}

impl SettingsPortal {
    /// Takes the portal's name on the bus of a session, and says this.
    pub fn of(session: &DesktopSession, scheme: ColorScheme) -> Result<Self> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).thread_name("portal").enable_all().build();
        let runtime = runtime.because("start an event loop for the portal")?;
        let served = zbus::connection::Builder::address(session.bus_address())
            .and_then(|builder| builder.name(NAME))
            .and_then(|builder| builder.serve_at(PATH, Settings { scheme }))
            .because("serve the portal")?;
        let connection = runtime.block_on(served.build()).because("serve the portal")?;
        Ok(Self { connection, runtime })
    }

    /// Says something else from now on, and that it changed.
    pub fn change(&self, scheme: ColorScheme) -> Result<()> {
        let changed = async {
            let settings = self.connection.object_server().interface::<_, Settings>(PATH).await?;
            settings.get_mut().await.scheme = scheme;
            Settings::setting_changed(
                settings.signal_emitter(),
                SCHEME.0,
                SCHEME.1,
                Value::from(scheme as u32),
            )
            .await
        };
        self.runtime.block_on(changed).because("change the desktop's colours")
    }
}

struct Settings {
    scheme: ColorScheme,
}

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Settings {
    /// A setting, wrapped once more than it need be, as the real one answers.
    fn read(&self, namespace: &str, key: &str) -> zbus::fdo::Result<OwnedValue> {
        if (namespace, key) != SCHEME {
            return Err(zbus::fdo::Error::InvalidArgs("no such setting".to_owned()));
        }
        let wrapped = Value::Value(Box::new(Value::from(self.scheme as u32)));
        wrapped.try_to_owned().map_err(|error| zbus::fdo::Error::Failed(error.to_string()))
    }

    #[zbus(signal)]
    async fn setting_changed(
        emitter: &SignalEmitter<'_>,
        namespace: &str,
        key: &str,
        value: Value<'_>,
    ) -> zbus::Result<()>;
}
