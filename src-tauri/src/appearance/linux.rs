//! Linux: the web view draws text in the desktop's size, and dark where the GTK theme is. Left to us are the window's own size,
//! and the desktops that say dark through the settings portal alone.

use gtk::gdk::Screen;
use gtk::prelude::GtkSettingsExt;
use guise_core::catalog::Theme;
use tauri::WebviewWindow;
use tokio::sync::watch;
use zbus::export::ordered_stream::OrderedStreamExt;
use zbus::zvariant::{OwnedValue, Value};

/// The resolution at which text has its usual size.
const USUAL: f64 = 96.0;
const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PORTAL_PATH: &str = "/org/freedesktop/portal/desktop";
const SETTINGS: &str = "org.freedesktop.portal.Settings";
const SCHEME: (&str, &str) = ("org.freedesktop.appearance", "color-scheme");

/// How much larger than usual text is: `Xft.dpi`, the desktop's text size and `GDK_DPI_SCALE` all end up here.
/// Must be called on the main thread, once GTK runs.
pub(crate) fn text_scale() -> f64 {
    let resolution = Screen::default().map_or(USUAL, |screen| screen.resolution());
    // Below zero: nobody has said.
    if resolution > 0.0 { (resolution / USUAL).clamp(0.5, 4.0) } else { 1.0 }
}

/// Makes a window dark or light as the person chose, else as the desktop is, now and whenever either changes. Must be
/// called on the main thread.
pub(crate) fn follow(window: &WebviewWindow, mut theme: watch::Receiver<Theme>) {
    let Some(settings) = gtk::Settings::default() else { return };
    let of_theme = settings.is_gtk_application_prefer_dark_theme();
    let window = window.clone();
    let (tell, mut scheme) = watch::channel(Scheme::Unsaid);
    tauri::async_runtime::spawn(async move {
        // Without a bus or a portal the desktop's theme alone says what is wanted.
        let _ = watch_scheme(|scheme| {
            tell.send_replace(scheme);
        })
        .await;
        tell.closed().await;
    });
    tauri::async_runtime::spawn(async move {
        loop {
            let dark = match *theme.borrow_and_update() {
                Theme::Dark => true,
                Theme::Light => false,
                Theme::System => scheme.borrow_and_update().is_dark(of_theme),
            };
            // A window that is closing has nothing to show any more.
            let _ = window.run_on_main_thread(move || {
                if let Some(settings) = gtk::Settings::default() {
                    settings.set_gtk_application_prefer_dark_theme(dark);
                }
            });
            let goes_on = tokio::select! {
                changed = theme.changed() => changed.is_ok(),
                changed = scheme.changed() => changed.is_ok(),
            };
            if !goes_on {
                return;
            }
        }
    });
}

/// What the portal says of light and dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Unsaid,
    Dark,
    Light,
}

impl Scheme {
    fn is_dark(self, of_theme: bool) -> bool {
        match self {
            Scheme::Unsaid => of_theme,
            Scheme::Dark => true,
            Scheme::Light => false,
        }
    }

    /// From the portal's number, which it wraps once more where it is asked.
    fn read(value: &Value<'_>) -> Self {
        if let Value::Value(wrapped) = value {
            return Scheme::read(wrapped);
        }
        match u32::try_from(value) {
            Ok(1) => Scheme::Dark,
            Ok(2) => Scheme::Light,
            Ok(_) | Err(_) => Scheme::Unsaid,
        }
    }
}

async fn watch_scheme(tell: impl Fn(Scheme)) -> zbus::Result<()> {
    let bus = zbus::Connection::session().await?;
    let portal = zbus::Proxy::new(&bus, PORTAL, PORTAL_PATH, SETTINGS).await?;
    // Heard before it is asked, so that no change is missed in between.
    let mut changes = portal.receive_signal("SettingChanged").await?;
    let scheme: OwnedValue = portal.call("Read", &SCHEME).await?;
    tell(Scheme::read(&scheme));
    while let Some(change) = changes.next().await {
        let (namespace, key, value): (String, String, OwnedValue) = change.body().deserialize()?;
        if (namespace.as_str(), key.as_str()) == SCHEME {
            tell(Scheme::read(&value));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_is_understood_wrapped_and_bare_and_says_nothing_where_it_is_not() {
        assert_eq!(Scheme::read(&Value::U32(1)), Scheme::Dark);
        assert_eq!(Scheme::read(&Value::Value(Box::new(Value::U32(2)))), Scheme::Light);
        for unsaid in [Value::U32(0), Value::U32(7), Value::from("dark")] {
            assert_eq!(Scheme::read(&unsaid), Scheme::Unsaid, "{unsaid:?}");
        }
    }

    #[test]
    fn where_the_portal_says_nothing_the_theme_decides() {
        assert!(Scheme::Unsaid.is_dark(true) && !Scheme::Unsaid.is_dark(false));
        assert!(Scheme::Dark.is_dark(false) && !Scheme::Light.is_dark(true));
    }
}
