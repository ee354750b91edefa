//! The system's own dialog on macOS and Windows.

use std::path::PathBuf;

use rfd::AsyncFileDialog;
use tauri::WebviewWindow;

use super::{CALLED, Purpose};

pub(super) async fn ask(window: &WebviewWindow, purpose: Purpose) -> Result<Option<PathBuf>, String> {
    let dialog = AsyncFileDialog::new().set_parent(window);
    let chosen = match purpose {
        Purpose::Open => dialog.set_title("Guise: look in a file").pick_file().await,
        Purpose::Save => {
            dialog.set_title("Guise: export the catalog").set_file_name(CALLED).save_file().await
        }
    };
    Ok(chosen.map(|file| file.path().to_owned()))
}
