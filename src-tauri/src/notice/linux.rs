//! Linux: the freedesktop notification service over D-Bus.

use std::collections::HashMap;
use std::time::Duration;

use guise_core::view::{Notice, Urgency};
use zbus::Connection;
use zbus::zvariant::Value;

/// How long the service may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// The session's notification service, connected to when first needed.
#[derive(Default)]
pub(super) struct Notifications {
    bus: Option<Connection>,
}

impl Notifications {
    /// Shows a notice; says whether the service took it.
    pub(super) async fn show(&mut self, notice: &Notice) -> bool {
        let shown = tokio::time::timeout(DEADLINE, self.send(notice)).await;
        let taken = matches!(shown, Ok(Ok(())));
        if !taken {
            // A bus that failed once is asked for anew the next time.
            self.bus = None;
        }
        taken
    }

    async fn send(&mut self, notice: &Notice) -> zbus::Result<()> {
        let bus = match self.bus.take() {
            Some(bus) => bus,
            None => Connection::session().await?,
        };
        let urgency: u8 = match notice.urgency {
            Urgency::Passing | Urgency::Waiting => 1,
            Urgency::Failed => 2,
        };
        let hints: HashMap<&str, Value<'_>> = HashMap::from([
            ("urgency", Value::from(urgency)),
            ("desktop-entry", Value::from("org.guise.Guise")),
        ]);
        let no_actions: &[&str] = &[];
        // -1: for as long as the desktop thinks right.
        let message = (
            "Guise",
            0u32,
            "dialog-password",
            &notice.title,
            escaped(&notice.body),
            no_actions,
            hints,
            -1i32,
        );
        bus.call_method(
            Some("org.freedesktop.Notifications"),
            "/org/freedesktop/Notifications",
            Some("org.freedesktop.Notifications"),
            "Notify",
            &message,
        )
        .await?;
        self.bus = Some(bus);
        Ok(())
    }
}

/// The body may be read as markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
