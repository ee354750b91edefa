//! The tray's icons: one picture a status, drawn in strokes that stand out on the panel.

use guise_core::view::Status;

/// The picture of a status, as PNG files of several sizes.
#[cfg(target_os = "linux")]
pub(crate) fn pictures(status: Status) -> [&'static [u8]; 5] {
    macro_rules! sizes {
        ($name:literal) => {
            [
                include_bytes!(concat!("../../icons/tray/", $name, "-light-16.png")).as_slice(),
                include_bytes!(concat!("../../icons/tray/", $name, "-light-22.png")).as_slice(),
                include_bytes!(concat!("../../icons/tray/", $name, "-light-24.png")).as_slice(),
                include_bytes!(concat!("../../icons/tray/", $name, "-light-32.png")).as_slice(),
                include_bytes!(concat!("../../icons/tray/", $name, "-light-48.png")).as_slice(),
            ]
        };
    }
    match status {
        Status::Idle => sizes!("idle"),
        Status::Working => sizes!("working"),
        Status::Live => sizes!("live"),
        Status::Production => sizes!("production"),
        Status::Trouble => sizes!("trouble"),
    }
}

/// The picture of a status, as one PNG file: a template on macOS, light strokes on Windows.
#[cfg(not(target_os = "linux"))]
pub(crate) fn picture(status: Status) -> &'static [u8] {
    #[cfg(target_os = "macos")]
    macro_rules! one {
        ($name:literal) => {
            include_bytes!(concat!("../../icons/tray/", $name, "-template-36.png")).as_slice()
        };
    }
    #[cfg(not(target_os = "macos"))]
    macro_rules! one {
        ($name:literal) => {
            include_bytes!(concat!("../../icons/tray/", $name, "-light-32.png")).as_slice()
        };
    }
    match status {
        Status::Idle => one!("idle"),
        Status::Working => one!("working"),
        Status::Live => one!("live"),
        Status::Production => one!("production"),
        Status::Trouble => one!("trouble"),
    }
}

/// What the tooltip says of a status.
pub(crate) fn tooltip(status: Status) -> &'static str {
    match status {
        Status::Idle => "Guise",
        Status::Working => "Guise: signing in…",
        Status::Live => "Guise: a session is live",
        Status::Production => "Guise: a PRODUCTION session is live",
        Status::Trouble => "Guise: something did not work",
    }
}
