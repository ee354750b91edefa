//! What became of the shortcut that the person wants.

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// What opens the switcher from wherever the person is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum ShortcutView {
    /// Nothing: the person wants none, or there is no desktop.
    #[default]
    Off,
    /// These keys.
    Works {
        /// As they are said: `Ctrl+Alt+Space`, or in the desktop's own words.
        keys: String,
    },
    /// This desktop lets no program have keys of its own: the person binds a command to some in the desktop's settings.
    DesktopsOwn {
        /// The command.
        command: String,
    },
    /// Nothing, though the person wants it.
    Failed {
        /// Why not.
        failure: Failure,
    },
}

/// What a person binds to keys in the desktop's own settings.
pub const SWITCHER_COMMAND: &str = "guise-desktop --window switcher";
