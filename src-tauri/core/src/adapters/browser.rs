//! The person's browser, by the system's own way. It is given addresses that hold no secret.

#[cfg(not(target_os = "linux"))]
mod in_process;
#[cfg_attr(target_os = "linux", path = "browser/linux.rs")]
#[cfg_attr(target_os = "macos", path = "browser/macos.rs")]
#[cfg_attr(not(any(target_os = "linux", target_os = "macos")), path = "browser/windows.rs")]
mod system;

use async_trait::async_trait;
use url::Url;

use crate::browser::BrowserName;
use crate::failure::Failure;
use crate::ports::Browser;

/// Whatever the system opens web addresses with, or a browser that it knows of.
#[derive(Clone, Copy, Debug)]
pub struct SystemBrowser;

#[async_trait]
impl Browser for SystemBrowser {
    async fn open(&self, address: &Url, chosen: Option<&BrowserName>) -> Result<(), Failure> {
        match chosen {
            #[cfg(target_os = "linux")]
            None => system::open(address).await,
            #[cfg(not(target_os = "linux"))]
            None => in_process::open(address).await,
            Some(browser) => system::open_with(browser, address).await,
        }
    }

    fn known(&self) -> Vec<BrowserName> {
        let mut known = system::known();
        known.sort();
        known.dedup();
        known
    }
}
