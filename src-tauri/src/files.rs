//! Files that the person chooses in the system's own dialog, from a window: their paths and their texts stay out of the page.

#[cfg(target_os = "linux")]
#[path = "files/linux.rs"]
mod dialog;
#[cfg(not(target_os = "linux"))]
#[path = "files/elsewhere.rs"]
mod dialog;

use std::path::PathBuf;

use guise_core::adapters::profiles::files;
use guise_core::catalog::{Over, write_export};
use guise_core::failure::{Failure, quoted, shown};
use guise_core::view::Entered;
use tauri::WebviewWindow;

/// What a catalog is called where the person chooses no other name.
const CALLED: &str = "guise-catalog.toml";

/// What a dialog is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// To read a file.
    Open,
    /// To write one; the dialog asks before it gives the path of a file that is there.
    Save,
}

/// The name and the text of a file that the person chooses; `None` where they choose none. The text may hold a key.
pub(crate) async fn chosen(window: &WebviewWindow) -> Result<Option<(String, Entered)>, Failure> {
    let Some(path) = ask(window, Purpose::Open).await? else { return Ok(None) };
    let read = tauri::async_runtime::spawn_blocking(move || {
        let text = files::read(&path)?.ok_or_else(|| Failure::import_nothing_there(&path))?;
        let called = path.file_name().map(|name| shown(&name.to_string_lossy())).unwrap_or_default();
        Ok((called, Entered(text.as_str().to_owned().into())))
    });
    read.await.map_err(|_| Failure::internal("a file was not read"))?.map(Some)
}

/// Writes a text where the person chooses, and says where; `None` where they choose nothing.
pub(crate) async fn saved(window: &WebviewWindow, text: &str) -> Result<Option<String>, Failure> {
    let Some(path) = ask(window, Purpose::Save).await? else { return Ok(None) };
    write_export(&path, text, Over::WhatIsThere)?;
    Ok(Some(format!("wrote `{}`", quoted(&path))))
}

async fn ask(window: &WebviewWindow, purpose: Purpose) -> Result<Option<PathBuf>, Failure> {
    dialog::ask(window, purpose).await.map_err(|why| Failure::desktop_refused(&why))
}
