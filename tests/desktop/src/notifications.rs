//! The desktop's notification service, played: it shows nothing and remembers everything.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use zbus::Connection;
use zbus::zvariant::OwnedValue;

use crate::error::{Because, DesktopError, Result};
use crate::session::DesktopSession;
use crate::wait::wait_for;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A notification as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// When it came.
    pub at: Instant,
    /// Its first line.
    pub title: String,
    /// The rest, which may be markup.
    pub body: String,
    /// 0 is low, 1 is normal, 2 is critical.
    pub urgency: Option<u8>,
}

/// The notification service of a session, until it is dropped.
pub struct Notifications {
    shown: Shown,
    // Dropped before what it runs on.
    _connection: Connection,
    _runtime: Runtime,
}

type Shown = Arc<Mutex<Vec<Notification>>>;

impl Notifications {
    /// Takes the service's name on the bus of a session.
    pub fn of(session: &DesktopSession) -> Result<Self> {
        let shown = Shown::default();
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).thread_name("notifications").enable_all().build();
        let runtime = runtime.because("start an event loop for notifications")?;
        let served = zbus::connection::Builder::address(session.bus_address())
            .and_then(|builder| builder.name(NAME))
            .and_then(|builder| builder.serve_at(PATH, Recorder { shown: shown.clone() }))
            .because("serve notifications")?;
        let connection = runtime.block_on(served.build()).because("serve notifications")?;
        Ok(Self { shown, _connection: connection, _runtime: runtime })
    }

    /// All that came so far, in order.
    pub fn shown(&self) -> Vec<Notification> {
        lock(&self.shown).clone()
    }

    /// Waits for one whose title, or whose body, contains this.
    pub fn wait_for(&self, part: &str, limit: Duration) -> Result<Notification> {
        let suits = |one: &Notification| one.title.contains(part) || one.body.contains(part);
        let found = wait_for(&format!("a notification with `{part}`"), limit, || {
            self.shown().into_iter().find(|one| suits(one))
        });
        found.map_err(|error| DesktopError::new(format!("{error}; there were {:?}", self.shown())))
    }
}

struct Recorder {
    shown: Shown,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Recorder {
    #[expect(unused_variables, clippy::too_many_arguments, reason = "the specification wants them")]
    #[zbus(name = "Notify")]
    fn notify(
        &self,
        program: String,
        replaces: u32,
        icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        stays: i32,
    ) -> u32 {
        let urgency = hints.get("urgency").and_then(|value| u8::try_from(value).ok());
        let mut shown = lock(&self.shown);
        shown.push(Notification { at: Instant::now(), title, body, urgency });
        u32::try_from(shown.len()).unwrap_or(u32::MAX)
    }
}

fn lock(shown: &Shown) -> MutexGuard<'_, Vec<Notification>> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}
