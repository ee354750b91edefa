//! macOS and Windows: the system's web view follows the system by itself.

use tauri::WebviewWindow;

/// How much larger than usual text is, beyond what the system already counts into a pixel.
pub(crate) fn text_scale() -> f64 {
    1.0
}

/// Nothing to do.
pub(crate) fn follow(_window: &WebviewWindow) {}
