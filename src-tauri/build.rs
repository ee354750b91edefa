//! Declares the only two commands that a window may call, so that Tauri's access list covers them.

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(&["watch", "ask"]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        panic!("the Tauri context could not be prepared: {error:#}");
    }
}
