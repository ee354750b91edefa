//! This computer, as the doctor looks at it.

mod aws_clock;
mod files;
#[cfg_attr(target_os = "linux", path = "doctor/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "doctor/elsewhere.rs")]
mod system;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::oneshot;

use crate::adapters::clock::SystemClock;
use crate::adapters::keychain::OsKeychain;
use crate::agent::{self, Client, Hello};
use crate::arn::Region;
use crate::catalog::Catalog;
use crate::doctor::{
    AskedClock, BrowserSeen, CatalogSeen, CertificateFile, DisplaySeen, Environment, KeyFile, Login, Offered,
    Probes, Stored, TraySeen, Unwritable,
};
use crate::failure::Failure;
use crate::home::Home;
use crate::ports::{Keychain, KeychainError};

/// This computer and one Guise on it.
pub struct ThisComputer {
    home: Home,
    /// What is wrong with the home's runtime folder.
    without_runtime: Option<Failure>,
    environment: Environment,
    keychain: Arc<dyn Keychain>,
}

impl ThisComputer {
    /// This computer, with what [`Home::look`] said of the home.
    pub fn new(home: &Home, without_runtime: Option<Failure>) -> ThisComputer {
        ThisComputer {
            home: home.clone(),
            without_runtime,
            environment: Environment::read(|name| std::env::var_os(name)),
            keychain: Arc::new(OsKeychain::new(&home.keychain_service())),
        }
    }

    async fn in_keychain<T: Send + 'static>(
        &self,
        look: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let keychain = self.keychain.clone();
        on_thread(move || look(&*keychain)).await.unwrap_or(Err(KeychainError::Broken))
    }
}

/// Runs what may block for ever on a thread of its own, which then ends with the process; `None` where there is none to be
/// had.
async fn on_thread<T: Send + 'static>(look: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, answer) = oneshot::channel();
    let look = move || {
        let _ = sender.send(look());
    };
    std::thread::Builder::new().name("doctor".into()).spawn(look).ok()?;
    answer.await.ok()
}

#[async_trait]
impl Probes for ThisComputer {
    fn environment(&self) -> Environment {
        self.environment.clone()
    }

    fn home_folder(&self) -> Option<PathBuf> {
        dirs::home_dir()
    }

    async fn agent(&self) -> Result<Option<Hello>, Failure> {
        if let Some(failure) = &self.without_runtime {
            return Err(failure.clone());
        }
        Ok(Client::connect(&self.home).await?.map(|client| client.hello().clone()))
    }

    async fn socket_folder(&self) -> Result<Stored, Failure> {
        if let Some(failure) = &self.without_runtime {
            return Err(failure.clone());
        }
        let home = self.home.clone();
        on_thread(move || agent::look_at_folder(&home))
            .await
            .unwrap_or_else(|| Err(Failure::internal("no thread could be started")))
    }

    async fn keychain_offered(&self) -> Offered {
        system::keychain_offered().await
    }

    async fn keychain_locked(&self) -> Result<bool, KeychainError> {
        self.in_keychain(|keychain| keychain.is_locked()).await
    }

    async fn keychain_items(&self) -> Result<Option<Vec<String>>, KeychainError> {
        self.in_keychain(|keychain| keychain.items()).await
    }

    async fn display(&self) -> DisplaySeen {
        let environment = self.environment.clone();
        on_thread(move || system::display(&environment)).await.unwrap_or_default()
    }

    async fn tray(&self) -> TraySeen {
        system::tray().await
    }

    async fn browser(&self) -> BrowserSeen {
        system::browser(&self.environment).await
    }

    async fn clocks(&self, regions: &[Region]) -> Vec<AskedClock> {
        aws_clock::ask(&SystemClock, regions).await
    }

    async fn roots(&self) -> usize {
        on_thread(|| rustls_native_certs::load_native_certs().certs.len()).await.unwrap_or_default()
    }

    async fn certificates(&self, path: &Path) -> CertificateFile {
        let path = path.to_owned();
        on_thread(move || files::certificates(&path))
            .await
            .unwrap_or_else(|| CertificateFile::Unreadable("no thread could be started".to_owned()))
    }

    async fn catalog(&self) -> CatalogSeen {
        let home = self.home.clone();
        let seen = on_thread(move || files::catalog(&home)).await;
        seen.unwrap_or_else(|| CatalogSeen {
            catalog: Catalog::default(),
            trouble: Some(Failure::internal("no thread could be started")),
        })
    }

    async fn key_files(&self) -> Vec<KeyFile> {
        let environment = self.environment.clone();
        on_thread(move || files::key_files(&environment)).await.unwrap_or_default()
    }

    async fn cached_sessions(&self) -> usize {
        on_thread(|| files::cached_sessions(&SystemClock)).await.unwrap_or_default()
    }

    async fn log_size(&self) -> Option<u64> {
        let path = crate::log::path(&self.home);
        on_thread(move || std::fs::metadata(path).ok().map(|found| found.len())).await.flatten()
    }

    async fn room(&self) -> Vec<(PathBuf, u64)> {
        let folders = [self.home.configuration.clone(), self.home.state.clone()];
        on_thread(move || folders.into_iter().filter_map(files::room).collect()).await.unwrap_or_default()
    }

    async fn unwritable(&self) -> Vec<Unwritable> {
        let folders = [self.home.configuration.clone(), self.home.state.clone()];
        on_thread(move || folders.into_iter().filter_map(files::unwritable).collect())
            .await
            .unwrap_or_default()
    }

    async fn login(&self) -> Login {
        on_thread(system::login).await.unwrap_or(Login::NoEntry)
    }
}
