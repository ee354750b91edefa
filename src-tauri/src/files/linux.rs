//! The dialog of GTK, which is the desktop's own where it has one.

use std::cell::Cell;
use std::path::PathBuf;
use std::rc::Rc;

use gtk::prelude::{FileChooserExt, NativeDialogExt};
use gtk::{FileChooserAction, FileChooserNative, ResponseType};
use tauri::WebviewWindow;
use tokio::sync::oneshot;

use super::{CALLED, Purpose};

pub(super) async fn ask(window: &WebviewWindow, purpose: Purpose) -> Result<Option<PathBuf>, String> {
    let (chosen, choice) = oneshot::channel();
    let shown = window.clone();
    window.run_on_main_thread(move || show(&shown, purpose, chosen)).map_err(|error| error.to_string())?;
    // A window that is closed meanwhile has chosen nothing.
    Ok(choice.await.unwrap_or_default())
}

fn show(window: &WebviewWindow, purpose: Purpose, chosen: oneshot::Sender<Option<PathBuf>>) {
    let parent = window.gtk_window().ok();
    let (title, action, accepts) = match purpose {
        Purpose::Open => ("Guise: look in a file", FileChooserAction::Open, "Look in it"),
        Purpose::Save => ("Guise: export the catalog", FileChooserAction::Save, "Export"),
    };
    let dialog = FileChooserNative::new(Some(title), parent.as_ref(), action, Some(accepts), Some("Cancel"));
    dialog.set_modal(true);
    if purpose == Purpose::Save {
        dialog.set_do_overwrite_confirmation(true);
        dialog.set_current_name(CALLED);
    }
    let chosen = Cell::new(Some(chosen));
    // It lives until it is answered: it holds itself, and lets go of itself then.
    let held = Rc::new(Cell::new(Some(dialog.clone())));
    dialog.connect_response(move |dialog, response| {
        let path = (response == ResponseType::Accept).then(|| dialog.filename()).flatten();
        if let Some(chosen) = chosen.take() {
            let _ = chosen.send(path);
        }
        held.take();
    });
    dialog.show();
}
