//! What a window takes over from the desktop: light or dark, and how large text is to be.

#[cfg_attr(target_os = "linux", path = "appearance/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "appearance/elsewhere.rs")]
mod system;

pub(crate) use system::{follow, text_scale};
