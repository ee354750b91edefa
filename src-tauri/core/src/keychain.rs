//! A source's key in the keychain: how it is written, and a deadline on every call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::oneshot;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::catalog::Name;
use crate::console::{Endpoint, Endpoints};
use crate::failure::Failure;
use crate::ports::{Keychain, KeychainError};
use crate::secret::{AccessKey, ExposeSecret};

/// How long a keychain may take to answer.
const DEADLINE: Duration = Duration::from_secs(5);
/// After this the person is told that the keychain is waiting for them, if it is locked.
const PATIENCE: Duration = Duration::from_millis(700);
/// How long a person may take at the keychain's own prompt.
const UNLOCK: Duration = Duration::from_mins(2);
/// Windows keeps at most 2,560 bytes in an item; the same everywhere, so that all systems are alike.
const LARGEST_ITEM: usize = 2000;
/// What the first item begins with, before the number of items.
const MARK: &str = "guise1 ";

/// What the keychain holds for a source: the key, and where it may be used.
#[derive(Clone, Debug)]
pub(crate) struct SourceKey {
    pub(crate) key: AccessKey,
    pub(crate) endpoints: Endpoints,
}

/// The keychain with a deadline on every call.
#[derive(Clone)]
pub(crate) struct BoundedKeychain {
    keychain: Arc<dyn Keychain>,
    /// A call is still out that never came back; another would only hang beside it.
    hung: Arc<AtomicBool>,
}

impl BoundedKeychain {
    pub(crate) fn new(keychain: Arc<dyn Keychain>) -> Self {
        BoundedKeychain { keychain, hung: Arc::default() }
    }

    /// The key of a source. `waiting` is called once if the keychain turns out to be locked and asks the person.
    pub(crate) async fn read(
        &self,
        source: &Name,
        waiting: impl FnOnce() + Send,
    ) -> Result<SourceKey, Failure> {
        let name = source.clone();
        let bytes = self.call(waiting, move |keychain| read_items(keychain, &name), |_| ()).await?;
        let bytes = bytes.ok_or_else(|| Failure::key_missing(source.as_str()))?;
        decode(&bytes).ok_or_else(|| Failure::keychain_item_foreign(source.as_str()))
    }

    /// Writes the key of a source and reads it back; a key that does not come back as it was written is taken out again.
    pub(crate) async fn write(
        &self,
        source: &Name,
        key: &SourceKey,
        waiting: impl FnOnce() + Send,
    ) -> Result<(), Failure> {
        let (name, undone) = (source.clone(), source.clone());
        let bytes = encode(key);
        let same = self
            .call(
                waiting,
                move |keychain| {
                    write_items(keychain, &name, &bytes)?;
                    let same = read_items(keychain, &name)?.is_some_and(|read| read == bytes);
                    if !same {
                        remove_items(keychain, &name)?;
                    }
                    Ok(same)
                },
                // The person was told that nothing was changed, so a write that comes late must not stay.
                move |keychain| {
                    if remove_items(keychain, &undone).is_err() {
                        tracing::warn!("a key that was written too late could not be taken out again");
                    }
                },
            )
            .await?;
        if same { Ok(()) } else { Err(Failure::keychain_readback(source.as_str())) }
    }

    /// Takes the key of a source out; says whether there was one.
    pub(crate) async fn remove(&self, source: &Name, waiting: impl FnOnce() + Send) -> Result<bool, Failure> {
        let name = source.clone();
        self.call(waiting, move |keychain| remove_items(keychain, &name), |_| ()).await
    }

    async fn call<T: Send + 'static>(
        &self,
        waiting: impl FnOnce() + Send,
        work: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
        given_up: impl FnOnce(&dyn Keychain) + Send + 'static,
    ) -> Result<T, Failure> {
        if self.hung.load(Ordering::Relaxed) {
            return Err(KeychainError::Hung.into());
        }
        let mut answer = self.on_thread(work, given_up)?;
        if let Ok(answered) = timeout(PATIENCE, &mut answer).await {
            return finished(answered);
        }
        let locked = self.on_thread(|keychain| keychain.is_locked(), |_| ())?;
        if matches!(timeout(PATIENCE, locked).await, Ok(Ok(Ok(true)))) {
            waiting();
            return match timeout(UNLOCK, answer).await {
                Ok(answered) => finished(answered),
                Err(_) => Err(KeychainError::Locked.into()),
            };
        }
        let begun = PATIENCE * 2;
        if let Ok(answered) = timeout(DEADLINE.saturating_sub(begun), answer).await {
            return finished(answered);
        }
        self.hung.store(true, Ordering::Relaxed);
        Err(KeychainError::Hung.into())
    }

    /// Runs a call on a thread of its own, because one that hangs must not take a worker of the runtime with it.
    /// `given_up` runs after it if nobody waits for it any more.
    fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
        given_up: impl FnOnce(&dyn Keychain) + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, KeychainError>>, Failure> {
        let (sender, answer) = oneshot::channel();
        let (keychain, hung) = (self.keychain.clone(), self.hung.clone());
        std::thread::Builder::new()
            .name("keychain".into())
            .spawn(move || {
                let result = work(&*keychain);
                hung.store(false, Ordering::Relaxed);
                if sender.send(result).is_err() {
                    given_up(&*keychain);
                }
            })
            .map_err(|_| Failure::internal("no thread could be started"))?;
        Ok(answer)
    }
}

fn finished<T>(answered: Result<Result<T, KeychainError>, oneshot::error::RecvError>) -> Result<T, Failure> {
    answered.map_err(|_| KeychainError::Broken)?.map_err(Failure::from)
}

fn item(source: &Name, index: usize) -> String {
    if index == 0 { format!("source/{source}") } else { format!("source/{source}#{index}") }
}

fn read_items(keychain: &dyn Keychain, source: &Name) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
    let Some(first) = keychain.read(&item(source, 0))?.map(Zeroizing::new) else {
        return Ok(None);
    };
    let Some((count, body)) = header(&first) else {
        // Not ours; `decode` will say so.
        return Ok(Some(first));
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(count * LARGEST_ITEM));
    bytes.extend_from_slice(body);
    for index in 1..count {
        let next = keychain.read(&item(source, index))?.map(Zeroizing::new).ok_or(KeychainError::Broken)?;
        bytes.extend_from_slice(&next);
    }
    Ok(Some(bytes))
}

fn write_items(keychain: &dyn Keychain, source: &Name, bytes: &[u8]) -> Result<(), KeychainError> {
    let room = LARGEST_ITEM - 16;
    let parts: Vec<&[u8]> = bytes.chunks(room).collect();
    // The first item last: until it is there, the others are nothing.
    for (index, part) in parts.iter().enumerate().skip(1) {
        keychain.write(&item(source, index), part)?;
    }
    let mut first = Zeroizing::new(format!("{MARK}{}\n", parts.len()).into_bytes());
    first.extend_from_slice(parts.first().copied().unwrap_or_default());
    keychain.write(&item(source, 0), &first)
}

fn remove_items(keychain: &dyn Keychain, source: &Name) -> Result<bool, KeychainError> {
    let count = match keychain.read(&item(source, 0))?.map(Zeroizing::new) {
        None => return Ok(false),
        Some(first) => header(&first).map_or(1, |(count, _)| count),
    };
    for index in 0..count {
        keychain.remove(&item(source, index))?;
    }
    Ok(true)
}

fn header(first: &[u8]) -> Option<(usize, &[u8])> {
    let end = first.iter().position(|byte| *byte == b'\n')?;
    let count: usize = std::str::from_utf8(&first[..end]).ok()?.strip_prefix(MARK)?.parse().ok()?;
    (1..=64).contains(&count).then(|| (count, &first[end + 1..]))
}

/// Written by hand, because a secret type has no `Serialize`.
fn encode(source: &SourceKey) -> Zeroizing<Vec<u8>> {
    // Room for all at once: a buffer that grows leaves copies of its beginning behind.
    let mut text = Zeroizing::new(Vec::with_capacity(64 * 1024));
    let endpoints = &source.endpoints;
    let fields = [
        ("access_key_id", Some(source.key.id().as_str())),
        ("secret_access_key", Some(source.key.secret().expose_secret())),
        ("sts_endpoint", endpoints.sts.as_ref().map(|endpoint| endpoint.url().as_str())),
        ("signin_endpoint", endpoints.signin.as_ref().map(|endpoint| endpoint.url().as_str())),
        ("console_endpoint", endpoints.console.as_ref().map(|endpoint| endpoint.url().as_str())),
    ];
    for (key, value) in fields {
        let Some(value) = value else { continue };
        let before = if text.is_empty() { b'{' } else { b',' };
        text.push(before);
        text.extend_from_slice(format!("\"{key}\":").as_bytes());
        json_string(&mut text, value);
    }
    text.push(b'}');
    text
}

/// Writes a text as JSON, into the buffer and nowhere else.
pub(crate) fn json_string(buffer: &mut Vec<u8>, text: &str) {
    // A buffer in memory takes whatever it is given.
    let _ = serde_json::to_writer(buffer, text);
}

fn decode(bytes: &[u8]) -> Option<SourceKey> {
    #[derive(Deserialize)]
    struct Stored {
        access_key_id: String,
        secret_access_key: String,
        sts_endpoint: Option<String>,
        signin_endpoint: Option<String>,
        console_endpoint: Option<String>,
    }
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    let endpoint = |what: &str, text: Option<String>| match text {
        None => Some(None),
        Some(text) => Endpoint::parse(what, &text).ok().map(Some),
    };
    Some(SourceKey {
        key: AccessKey::new(stored.access_key_id.parse().ok()?, stored.secret_access_key.into()).ok()?,
        endpoints: Endpoints {
            sts: endpoint("sts", stored.sts_endpoint)?,
            signin: endpoint("signin", stored.signin_endpoint)?,
            console: endpoint("console", stored.console_endpoint)?,
        },
    })
}

#[cfg(test)]
mod tests;
