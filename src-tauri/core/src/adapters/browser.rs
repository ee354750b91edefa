//! The person's default browser, by the system's own way. It is given addresses that hold no secret.

#[cfg_attr(target_os = "linux", path = "browser/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "browser/in_process.rs")]
mod system;

use async_trait::async_trait;
use url::Url;

use crate::failure::Failure;
use crate::ports::Browser;

/// Whatever the system opens web addresses with.
#[derive(Clone, Copy, Debug)]
pub struct DefaultBrowser;

#[async_trait]
impl Browser for DefaultBrowser {
    async fn open(&self, address: &Url) -> Result<(), Failure> {
        system::open(address).await
    }
}
