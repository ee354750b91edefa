//! Declares the only commands that a window may call, `find` in the switcher alone, so that Tauri's access list covers them.

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(&["watch", "ask", "find"]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        panic!("the Tauri context could not be prepared: {error:#}");
    }
}
