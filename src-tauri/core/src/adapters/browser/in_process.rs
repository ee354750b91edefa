//! macOS: the system is asked in process. Windows: the default browser is started, with the one-time address as argument.

use url::Url;

use crate::failure::Failure;

pub(super) async fn open(address: &Url) -> Result<(), Failure> {
    let address = address.to_string();
    tokio::task::spawn_blocking(move || webbrowser::open(&address))
        .await
        .map_err(|_| Failure::internal("the browser's launcher ended early"))?
        .map_err(|error| Failure::browser_not_started(&error.to_string()))
}
