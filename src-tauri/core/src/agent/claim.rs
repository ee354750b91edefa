//! Who is the agent: a lock that dies with its process, and the way from one agent to the next.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

use super::client::Client;
use super::socket;
use super::wire::Request;
use crate::failure::Failure;
use crate::home::Home;

/// How long an agent that makes way may take to finish what it has.
const MAKES_WAY_WITHIN: Duration = Duration::from_secs(40);

/// The right to be the agent of a home, for as long as this lives.
#[derive(Debug)]
pub struct Claim {
    pub(super) home: Home,
    lock: File,
}

impl Claim {
    /// Whether the lock is still where others look for it. Who cleans up in the runtime folder can take it away.
    pub(super) fn is_there(&self) -> bool {
        socket::is_same_file(&path(&self.home), &self.lock)
    }
}

/// Claims a home; `None` where another agent has it.
pub fn claim(home: &Home) -> Result<Option<Claim>, Failure> {
    socket::private_folder(&home.runtime)?;
    // Said before anything is begun that needs the socket.
    socket::check(home)?;
    let path = path(home);
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options.open(&path).map_err(|error| Failure::not_written(&path, &error))?;
    match lock.try_lock() {
        Ok(()) if socket::is_same_file(&path, &lock) => Ok(Some(Claim { home: home.clone(), lock })),
        // It was taken away as it was locked, so it keeps nobody out; whoever asks again makes another.
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(Failure::not_written(&path, &error)),
    }
}

fn path(home: &Home) -> PathBuf {
    home.runtime.join("agent.lock")
}

/// Asks the agent that has the home to make way, and claims it when it has.
pub async fn take_over(home: &Home) -> Result<Claim, Failure> {
    if let Some(client) = Client::connect(home).await? {
        // It ends the connection instead of answering, when it is an agent that is ending anyhow.
        let _ = client.ask(Request::MakeWay, None, |_| ()).await;
    }
    let waited = async {
        loop {
            if let Some(claim) = claim(home)? {
                return Ok(claim);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(MAKES_WAY_WITHIN, waited)
        .await
        .unwrap_or_else(|_| Err(Failure::agent_stays(MAKES_WAY_WITHIN)))
}
