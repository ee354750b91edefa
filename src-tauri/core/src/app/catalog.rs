//! The catalog as the application has it: what the file says, else the last good one.

use super::show::idle_roles;
use super::{App, Message};
use crate::browser::BrowserName;
use crate::catalog::{Current, EDITORS_TAKE, EntryKind, SettingView};

impl App {
    /// Takes what stands on the disk, if it is not what was last read; what cannot be read leaves the last good
    /// catalog in use.
    pub(super) fn load_catalog(&mut self) {
        let stamp = self.file.stamp();
        if stamp.is_some() && stamp == self.catalog_stamp {
            return;
        }
        if stamp.is_none() && self.catalog_stamp.is_some() {
            // An editor may just be saving it: what is gone is looked at again before it counts as gone.
            let messages = self.messages.clone();
            tokio::spawn(async move {
                tokio::time::sleep(EDITORS_TAKE).await;
                let _ = messages.send(Message::CatalogGone);
            });
            return;
        }
        self.catalog_stamp = stamp;
        let Current { catalog, trouble, good } = self.file.current();
        self.roles = idle_roles(&catalog);
        if self.settings.is_empty() || catalog.settings != self.catalog.settings {
            self.look_for_browsers();
        }
        self.settings = SettingView::all(&catalog.settings, &self.browsers);
        self.catalog = catalog;
        if trouble.is_none() {
            self.review_ceilings();
            self.tell_settings();
        }
        self.catalog_trouble = trouble;
        if let Some(good) = good {
            let file = self.file.clone();
            tokio::task::spawn_blocking(move || file.remember(&good));
        }
    }

    /// Has the system's list of browsers read: many files, for a setting that is seldom looked at.
    pub(super) fn look_for_browsers(&self) {
        let (browser, messages) = (self.config.ports.browser.clone(), self.messages.clone());
        tokio::task::spawn_blocking(move || {
            let _ = messages.send(Message::Browsers(browser.known()));
        });
    }

    pub(super) fn browsers_known(&mut self, browsers: Vec<BrowserName>) {
        self.settings = SettingView::all(&self.catalog.settings, &browsers);
        self.browsers = browsers;
    }

    /// Tells the desktop the settings, where they are others than it was last told. One that cannot be used is not what
    /// the person wants, and neither is its usual value.
    fn tell_settings(&mut self) {
        let unusable = self.catalog.unusable.iter().any(|entry| entry.kind == EntryKind::Setting);
        let settings = &self.catalog.settings;
        if !unusable && self.told_settings.as_ref() != Some(settings) {
            self.config.ports.desktop.settings(settings);
            self.told_settings = Some(settings.clone());
        }
    }

    /// Looks again, at what was not there a moment ago.
    pub(super) fn catalog_gone(&mut self) {
        if self.file.stamp().is_none() {
            self.catalog_stamp = None;
        }
        self.load_catalog();
    }
}
