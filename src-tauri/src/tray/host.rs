//! Linux: whether the icon is seen: a watcher takes items in, and a host, which is the panel, shows them. There may be one
//! without the other.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Notify, watch};
use zbus::export::futures_core::Stream;
use zbus::proxy::CacheProperties;
use zbus::{Connection, Proxy};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const PATH: &str = "/StatusNotifierWatcher";

/// Whether the session has a bus at all.
pub(crate) async fn has_bus() -> bool {
    Connection::session().await.is_ok()
}

/// Whether the watcher is on the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watcher {
    /// It is not known yet.
    Unknown,
    /// It is.
    Online,
    /// It is not.
    Offline,
}

/// Our place in the tray.
pub(super) struct Seat {
    presence: watch::Sender<bool>,
    known: Mutex<(Watcher, bool)>,
    changed: Notify,
}

impl Seat {
    pub(super) fn new(presence: watch::Sender<bool>) -> Self {
        // A watcher that does not say is taken to have a host: the common ones always do.
        Seat { presence, known: Mutex::new((Watcher::Unknown, true)), changed: Notify::new() }
    }

    /// The watcher took the item in, unless it was said to be away.
    pub(super) fn offered(&self) {
        self.know(|(watcher, _)| {
            if *watcher == Watcher::Unknown {
                *watcher = Watcher::Online;
            }
        });
    }

    pub(super) fn watcher(&self, now: Watcher) {
        self.know(|(watcher, _)| *watcher = now);
        // Another watcher has other hosts.
        self.changed.notify_one();
    }

    fn know(&self, learn: impl FnOnce(&mut (Watcher, bool))) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        learn(&mut known);
        let present = *known == (Watcher::Online, true);
        self.presence.send_if_modified(|last| std::mem::replace(last, present) != present);
    }
}

/// Watches whether the watcher has a host, for as long as there is a bus.
pub(super) async fn watch(seat: &Seat) {
    if let Err(error) = follow(seat).await {
        tracing::warn!(%error, "whether a panel shows the icon is not known");
        std::future::pending::<()>().await;
    }
}

async fn follow(seat: &Seat) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let watcher: Proxy<'_> = zbus::proxy::Builder::new(&bus)
        .destination(WATCHER)?
        .path(PATH)?
        .interface(WATCHER)?
        .cache_properties(CacheProperties::No)
        .build()
        .await?;
    let mut came = watcher.receive_signal("StatusNotifierHostRegistered").await?;
    let mut left = watcher.receive_signal("StatusNotifierHostUnregistered").await?;
    loop {
        let hosts = watcher.get_property::<bool>("IsStatusNotifierHostRegistered").await;
        seat.know(|(_, host)| *host = hosts.unwrap_or(true));
        tokio::select! {
            _ = next(&mut came) => {}
            _ = next(&mut left) => {}
            () = seat.changed.notified() => {}
        }
    }
}

async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    let item = poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await;
    if item.is_none() {
        // The bus is gone, and with it everything else.
        std::future::pending::<()>().await;
    }
    item
}
