//! A source's key in the keychain: how it is written, and how keychain and catalog are kept from drifting apart.

mod deadline;
mod mfa;
mod unsettled;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use zeroize::Zeroizing;

use self::deadline::Deadlined;
pub(crate) use self::mfa::{KeptSession, Others};
use self::unsettled::Unsettled;
use crate::catalog::Name;
use crate::console::{Endpoint, Endpoints};
use crate::failure::Failure;
use crate::ports::{Keychain, KeychainError};
use crate::secret::{AccessKey, ExposeSecret};

/// Windows keeps at most 2,560 bytes in an item; the same everywhere, so that all systems are alike.
const LARGEST_ITEM: usize = 2000;
/// What the first item begins with, before the number of items.
const MARK: &str = "guise1 ";

/// What the keychain holds for a source: its key, if it has one of its own, and what only the person may say, as it decides
/// where credentials go and what is run.
#[derive(Clone, Debug, Default)]
pub(crate) struct SourceKey {
    pub(crate) key: Option<AccessKey>,
    pub(crate) endpoints: Endpoints,
    /// The program, and its arguments, that gives an MFA code in the person's place.
    pub(crate) mfa_process: Vec<String>,
}

impl SourceKey {
    /// Whether there is nothing to keep.
    pub(crate) fn is_empty(&self) -> bool {
        self.key.is_none() && self.endpoints == Endpoints::default() && self.mfa_process.is_empty()
    }
}

/// The keychain with a deadline on every call.
#[derive(Clone)]
pub(crate) struct BoundedKeychain {
    keychain: Deadlined,
    unsettled: Unsettled,
}

impl BoundedKeychain {
    /// A keychain, with what an earlier run left unsettled in the state folder.
    pub(crate) fn new(keychain: Arc<dyn Keychain>, state: &Path) -> Self {
        BoundedKeychain { keychain: Deadlined::new(keychain), unsettled: Unsettled::load(state) }
    }

    /// Waits until the keychain's prompt is not before the person any more.
    pub(crate) fn unlocked(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut prompting = self.keychain.prompting();
        async move { drop(prompting.wait_for(|prompting| !prompting).await) }
    }

    /// The person will not unlock it: whoever waits for that has their no.
    pub(crate) fn refused(&self) {
        self.keychain.refused();
    }

    /// The key of a source. `waiting` is called once if the keychain turns out to be locked and asks the person.
    pub(crate) async fn read(
        &self,
        source: &Name,
        waiting: impl FnOnce() + Send,
    ) -> Result<SourceKey, Failure> {
        let kept = self.found(source, waiting).await?;
        let kept = kept.ok_or_else(|| Failure::key_missing(source.as_str()))?;
        if kept.key.is_some() { Ok(kept) } else { Err(Failure::keychain_item_foreign(source.as_str())) }
    }

    /// What is kept for a source that has no key of its own; nothing may be.
    pub(crate) async fn read_if_there(
        &self,
        source: &Name,
        waiting: impl FnOnce() + Send,
    ) -> Result<SourceKey, Failure> {
        Ok(self.found(source, waiting).await?.unwrap_or_default())
    }

    async fn found(
        &self,
        source: &Name,
        waiting: impl FnOnce() + Send,
    ) -> Result<Option<SourceKey>, Failure> {
        let name = item(source);
        let bytes = self.keychain.call(waiting, move |keychain| read_items(keychain, &name), |_| ()).await?;
        let decoded = |bytes: Zeroizing<Vec<u8>>| {
            decode(&bytes).ok_or_else(|| Failure::keychain_item_foreign(source.as_str()))
        };
        bytes.map(decoded).transpose()
    }

    /// Writes the key of a source and reads it back; a key that does not come back as it was written is taken out again.
    /// Until [`BoundedKeychain::settled`] is told that the catalog has the source, the key counts as left over.
    pub(crate) async fn write(
        &self,
        source: &Name,
        key: &SourceKey,
        waiting: impl FnOnce() + Send,
    ) -> Result<(), Failure> {
        self.unsettled.begin(source)?;
        let (name, late) = (item(source), item(source));
        let (settles, settles_late) = (source.clone(), source.clone());
        let (unsettled, unsettled_late) = (self.unsettled.clone(), self.unsettled.clone());
        let begun = Arc::new(AtomicBool::new(false));
        let begins = begun.clone();
        let bytes = encode(key);
        let kept = self.keychain.call(
            waiting,
            move |keychain| {
                begins.store(true, Ordering::SeqCst);
                let kept = write_and_read_back(keychain, &name, &bytes);
                if let Err(Lost { undone: true, .. }) = kept {
                    unsettled.settled(&settles);
                }
                match kept {
                    Ok(()) => Ok(true),
                    Err(Lost { error: None, .. }) => Ok(false),
                    Err(Lost { error: Some(error), .. }) => Err(error),
                }
            },
            // The person was told that nothing was changed, so a write that comes late must not stay.
            move |keychain| {
                if remove_items(keychain, &late).is_ok() {
                    unsettled_late.settled(&settles_late);
                }
            },
        );
        let kept = kept.await;
        if !begun.load(Ordering::SeqCst) {
            self.unsettled.settled(source);
        }
        if kept? { Ok(()) } else { Err(Failure::keychain_readback(source.as_str())) }
    }

    /// Puts another content in the place of a source's, and reads it back. If that goes wrong, what was there before is put
    /// back: a key that works is never lost.
    pub(crate) async fn replace(
        &self,
        source: &Name,
        key: &SourceKey,
        waiting: impl FnOnce() + Send,
    ) -> Result<(), Failure> {
        let (name, late, bytes) = (item(source), item(source), encode(key));
        let stood: Arc<Mutex<Option<Zeroizing<Vec<u8>>>>> = Arc::default();
        let stands = stood.clone();
        let replace = move |keychain: &dyn Keychain| {
            let before = read_items(keychain, &name)?;
            stands.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&before);
            let Err(Lost { error, .. }) = write_and_read_back(keychain, &name, &bytes) else {
                return Ok(true);
            };
            if let Some(before) = before {
                write_and_read_back(keychain, &name, &before)
                    .map_err(|lost| lost.error.unwrap_or(KeychainError::Broken))?;
            }
            error.map_or(Ok(false), Err)
        };
        // The person was told that nothing was changed, so a content that comes late must not stay.
        let put_back = move |keychain: &dyn Keychain| {
            if let Some(before) = stood.lock().unwrap_or_else(PoisonError::into_inner).take() {
                drop(write_and_read_back(keychain, &late, &before));
            }
        };
        if self.keychain.call(waiting, replace, put_back).await? {
            Ok(())
        } else {
            Err(Failure::keychain_readback(source.as_str()))
        }
    }

    /// Takes the key of a source out; says whether there was one.
    pub(crate) async fn remove(&self, source: &Name, waiting: impl FnOnce() + Send) -> Result<bool, Failure> {
        let (name, session) = (item(source), mfa::item(source));
        let remove = move |keychain: &dyn Keychain| {
            // An MFA session is nothing without its source.
            remove_items(keychain, &session)?;
            remove_items(keychain, &name)
        };
        let removed = self.keychain.call(waiting, remove, |_| ()).await?;
        self.unsettled.settled(source);
        Ok(removed)
    }

    /// The catalog has the source, so its key is where it belongs.
    pub(crate) fn settled(&self, source: &Name) {
        self.unsettled.settled(source);
    }

    /// The sources whose keys may stand in the keychain though the catalog may not have them.
    pub(crate) fn unsettled(&self) -> Vec<Name> {
        self.unsettled.names()
    }

    /// Takes the key of a source out if that asks nothing of the person; says whether it is out.
    pub(crate) async fn remove_quietly(&self, source: &Name) -> bool {
        let open = self.keychain.is_locked().await.is_ok_and(|locked| !locked);
        open && self.remove(source, || ()).await.is_ok()
    }
}

/// A source's own item.
fn item(source: &Name) -> String {
    format!("source/{source}")
}

/// An item, or a further part of it.
fn part(name: &str, index: usize) -> String {
    if index == 0 { name.to_owned() } else { format!("{name}#{index}") }
}

fn read_items(keychain: &dyn Keychain, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
    let Some(first) = keychain.read(&part(name, 0))?.map(Zeroizing::new) else {
        return Ok(None);
    };
    let Some((count, body)) = header(&first) else {
        // Not ours; `decode` will say so.
        return Ok(Some(first));
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(count * LARGEST_ITEM));
    bytes.extend_from_slice(body);
    for index in 1..count {
        let next = keychain.read(&part(name, index))?.map(Zeroizing::new).ok_or(KeychainError::Broken)?;
        bytes.extend_from_slice(&next);
    }
    Ok(Some(bytes))
}

/// A write that did not come back as it was written.
struct Lost {
    /// Why, where the keychain itself failed.
    error: Option<KeychainError>,
    /// Whether nothing of it is left.
    undone: bool,
}

/// Writes, reads back, and takes out again what did not come back.
fn write_and_read_back(keychain: &dyn Keychain, name: &str, bytes: &[u8]) -> Result<(), Lost> {
    let mut begun = false;
    let written = write_items(keychain, name, bytes, &mut begun);
    let error = match written.and_then(|()| read_items(keychain, name)) {
        Ok(Some(read)) if *read == *bytes => return Ok(()),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    Err(Lost { error, undone: !begun || remove_items(keychain, name).is_ok() })
}

/// `begun` is set once something may be there.
fn write_items(
    keychain: &dyn Keychain,
    name: &str,
    bytes: &[u8],
    begun: &mut bool,
) -> Result<(), KeychainError> {
    let mut write = |index: usize, bytes: &[u8]| {
        let written = keychain.write(&part(name, index), bytes);
        // These are said before anything is written.
        let refused =
            matches!(written, Err(KeychainError::Absent | KeychainError::Locked | KeychainError::Denied));
        *begun |= !refused;
        written
    };
    let room = LARGEST_ITEM - 16;
    let parts: Vec<&[u8]> = bytes.chunks(room).collect();
    // The first item last: until it is there, the others are nothing.
    for (index, part) in parts.iter().enumerate().skip(1) {
        write(index, part)?;
    }
    let mut first = Zeroizing::new(format!("{MARK}{}\n", parts.len()).into_bytes());
    first.extend_from_slice(parts.first().copied().unwrap_or_default());
    write(0, &first)
}

/// The first item last, so that a removal that is cut short can be done again.
fn remove_items(keychain: &dyn Keychain, name: &str) -> Result<bool, KeychainError> {
    let Some(first) = keychain.read(&part(name, 0))?.map(Zeroizing::new) else {
        // A write that was cut short left the others.
        for index in 1.. {
            if !keychain.remove(&part(name, index))? {
                break;
            }
        }
        return Ok(false);
    };
    for index in (0..header(&first).map_or(1, |(count, _)| count)).rev() {
        keychain.remove(&part(name, index))?;
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
    let endpoints = &source.endpoints;
    let mut text = object(&[
        ("access_key_id", source.key.as_ref().map(|key| key.id().as_str())),
        ("secret_access_key", source.key.as_ref().map(|key| key.secret().expose_secret())),
        ("sts_endpoint", endpoints.sts.as_ref().map(|endpoint| endpoint.url().as_str())),
        ("signin_endpoint", endpoints.signin.as_ref().map(|endpoint| endpoint.url().as_str())),
        ("console_endpoint", endpoints.console.as_ref().map(|endpoint| endpoint.url().as_str())),
    ]);
    if !source.mfa_process.is_empty() {
        text.pop();
        if text.len() > 1 {
            text.push(b',');
        }
        text.extend_from_slice(b"\"mfa_process\":");
        let _ = serde_json::to_writer(&mut *text, &source.mfa_process);
        text.push(b'}');
    }
    text
}

/// A JSON object of those that are there.
fn object(fields: &[(&str, Option<&str>)]) -> Zeroizing<Vec<u8>> {
    // Room for all at once: a buffer that grows leaves copies of its beginning behind.
    let mut text = Zeroizing::new(Vec::with_capacity(64 * 1024));
    text.push(b'{');
    for (key, value) in fields {
        let Some(value) = value else { continue };
        if text.len() > 1 {
            text.push(b',');
        }
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
        access_key_id: Option<String>,
        secret_access_key: Option<String>,
        sts_endpoint: Option<String>,
        signin_endpoint: Option<String>,
        console_endpoint: Option<String>,
        #[serde(default)]
        mfa_process: Vec<String>,
    }
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    let endpoint = |what: &str, text: Option<String>| match text {
        None => Some(None),
        Some(text) => Endpoint::parse(what, &text).ok().map(Some),
    };
    let key = match (stored.access_key_id, stored.secret_access_key) {
        (Some(id), Some(secret)) => Some(AccessKey::new(id.parse().ok()?, secret.into()).ok()?),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return None,
    };
    Some(SourceKey {
        key,
        endpoints: Endpoints {
            sts: endpoint("sts", stored.sts_endpoint)?,
            signin: endpoint("signin", stored.signin_endpoint)?,
            console: endpoint("console", stored.console_endpoint)?,
        },
        mfa_process: stored.mfa_process,
    })
}

#[cfg(test)]
mod tests;
