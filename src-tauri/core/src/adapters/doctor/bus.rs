//! The session bus: who offers the keychain and who shows tray icons, without starting either.

use std::fs;
use std::path::Path;

use zbus::fdo::DBusProxy;
use zbus::names::{BusName, WellKnownName};
use zbus::proxy::{Builder, CacheProperties};
use zbus::{Connection, Proxy};

use crate::doctor::{Offered, TraySeen};

const KEYCHAIN: &str = "org.freedesktop.secrets";
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Who offers the Secret Service.
pub(in super::super) async fn keychain_offered() -> Offered {
    let Ok(bus) = Connection::session().await else { return Offered::NoBus };
    let Ok(names) = DBusProxy::new(&bus).await else { return Offered::NoBus };
    if has_owner(&names, KEYCHAIN).await {
        return Offered::By(program_of(&names, KEYCHAIN).await);
    }
    let startable = names.list_activatable_names().await.unwrap_or_default();
    if startable.iter().any(|name| name.as_str() == KEYCHAIN) { Offered::OnDemand } else { Offered::ByNobody }
}

/// Whether somebody collects tray icons, and somebody shows them.
pub(in super::super) async fn tray() -> TraySeen {
    let Ok(bus) = Connection::session().await else { return TraySeen::NoBus };
    let Ok(names) = DBusProxy::new(&bus).await else { return TraySeen::NoBus };
    if !has_owner(&names, WATCHER).await {
        return TraySeen::NoWatcher;
    }
    match is_shown(&bus).await {
        Ok(true) => TraySeen::Shown,
        Ok(false) => TraySeen::NoHost,
        Err(_) => TraySeen::Silent,
    }
}

async fn is_shown(bus: &Connection) -> zbus::Result<bool> {
    let watcher: Proxy<'_> = Builder::new(bus)
        .destination(WATCHER)?
        .path("/StatusNotifierWatcher")?
        .interface(WATCHER)?
        .cache_properties(CacheProperties::No)
        .build()
        .await?;
    watcher.get_property("IsStatusNotifierHostRegistered").await
}

async fn has_owner(names: &DBusProxy<'_>, name: &'static str) -> bool {
    names.name_has_owner(BusName::from(WellKnownName::from_static_str_unchecked(name))).await.unwrap_or(false)
}

/// The program that has a name on the bus. Its arguments are read, because what links to the program itself is closed for
/// one that holds secrets.
async fn program_of(names: &DBusProxy<'_>, name: &'static str) -> Option<String> {
    let name = BusName::from(WellKnownName::from_static_str_unchecked(name));
    let process = names.get_connection_unix_process_id(name).await.ok()?;
    let read = |file: &str| fs::read(format!("/proc/{process}/{file}")).ok();
    let words = read("cmdline").filter(|words| !words.is_empty()).or_else(|| read("comm"))?;
    let first = words.split(|byte| matches!(byte, 0 | b'\n' | b' ')).next()?;
    Some(Path::new(String::from_utf8_lossy(first).as_ref()).file_name()?.to_string_lossy().into_owned())
}
