//! What is known of the sources' keys: which are missing, and which stand in the keychain with no source to need them.

use std::time::Duration;

use super::App;
use super::asker::blocking;
use super::sources::note;
use crate::catalog::{CatalogFile, Name};
use crate::failure::{Code, Failure};
use crate::keychain::BoundedKeychain;
use crate::state::Ledger;

/// When a key that could not be taken out is first tried again; then after twice as long, and so on.
const SOON: Duration = Duration::from_secs(1);
/// And at least this often.
const OFTEN: Duration = Duration::from_mins(1);

impl App {
    /// A key was looked for: every role that needs one that is missing shows it.
    pub(super) fn key_looked_for<T>(&mut self, source: &Name, found: Result<T, &Failure>) {
        match found {
            Err(failure) if failure.code == Code::KeyMissing => {
                self.keys_missing.insert(source.clone());
            }
            Ok(_) => {
                self.keys_missing.remove(source);
            }
            // It says nothing about the key.
            Err(_) => {}
        }
    }

    /// Takes out the keys that an addition left behind when it was cut short. It asks nothing of the person, and goes on
    /// until they are out.
    pub(super) fn settle_keys(&mut self) {
        let under_way = self.settling.as_ref().is_some_and(|task| !task.is_finished());
        if under_way || self.keychain.unsettled().is_empty() {
            return;
        }
        let (keychain, file, sources) = (self.keychain.clone(), self.file.clone(), self.sources.clone());
        let ledger = Ledger::of(&self.config.home);
        let settling = tokio::spawn(async move {
            let mut pause = SOON;
            loop {
                tokio::time::sleep(pause).await;
                // Not while one of them is being added.
                let _alone = sources.lock().await;
                settle(&keychain, &file, &ledger).await;
                if keychain.unsettled().is_empty() {
                    return;
                }
                pause = (pause * 2).min(OFTEN);
            }
        });
        self.settling = Some(settling.abort_handle());
    }
}

async fn settle(keychain: &BoundedKeychain, file: &CatalogFile, ledger: &Ledger) {
    let there = file.clone();
    let Ok(catalog) = blocking(move || there.load()).await else { return };
    for source in keychain.unsettled() {
        if catalog.has_source(&source) {
            keychain.settled(&source);
        } else if keychain.remove_quietly(&source).await {
            note(ledger, &source, Ledger::forget_key).await;
            tracing::info!("a key that no source needs was taken out of the keychain");
        }
    }
}
