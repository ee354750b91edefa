//! A source's key in the keychain: how it is written, and how keychain and catalog are kept from drifting apart.

mod deadline;
mod unsettled;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;
use zeroize::Zeroizing;

use self::deadline::Deadlined;
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

/// What the keychain holds for a source: the key, and where it may be used.
#[derive(Clone, Debug)]
pub(crate) struct SourceKey {
    pub(crate) key: AccessKey,
    pub(crate) endpoints: Endpoints,
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

    /// The key of a source. `waiting` is called once if the keychain turns out to be locked and asks the person.
    pub(crate) async fn read(
        &self,
        source: &Name,
        waiting: impl FnOnce() + Send,
    ) -> Result<SourceKey, Failure> {
        let name = source.clone();
        let bytes = self.keychain.call(waiting, move |keychain| read_items(keychain, &name), |_| ()).await?;
        let bytes = bytes.ok_or_else(|| Failure::key_missing(source.as_str()))?;
        decode(&bytes).ok_or_else(|| Failure::keychain_item_foreign(source.as_str()))
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
        let (name, late) = (source.clone(), source.clone());
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
                    unsettled.settled(&name);
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
                    unsettled_late.settled(&late);
                }
            },
        );
        let kept = kept.await;
        if !begun.load(Ordering::SeqCst) {
            self.unsettled.settled(source);
        }
        if kept? { Ok(()) } else { Err(Failure::keychain_readback(source.as_str())) }
    }

    /// Takes the key of a source out; says whether there was one.
    pub(crate) async fn remove(&self, source: &Name, waiting: impl FnOnce() + Send) -> Result<bool, Failure> {
        let name = source.clone();
        let removed =
            self.keychain.call(waiting, move |keychain| remove_items(keychain, &name), |_| ()).await?;
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

/// A write that did not come back as it was written.
struct Lost {
    /// Why, where the keychain itself failed.
    error: Option<KeychainError>,
    /// Whether nothing of it is left.
    undone: bool,
}

/// Writes, reads back, and takes out again what did not come back.
fn write_and_read_back(keychain: &dyn Keychain, source: &Name, bytes: &[u8]) -> Result<(), Lost> {
    let mut begun = false;
    let written = write_items(keychain, source, bytes, &mut begun);
    let error = match written.and_then(|()| read_items(keychain, source)) {
        Ok(Some(read)) if *read == *bytes => return Ok(()),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    Err(Lost { error, undone: !begun || remove_items(keychain, source).is_ok() })
}

/// `begun` is set once something may be there.
fn write_items(
    keychain: &dyn Keychain,
    source: &Name,
    bytes: &[u8],
    begun: &mut bool,
) -> Result<(), KeychainError> {
    let mut write = |index: usize, part: &[u8]| {
        let written = keychain.write(&item(source, index), part);
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
fn remove_items(keychain: &dyn Keychain, source: &Name) -> Result<bool, KeychainError> {
    let Some(first) = keychain.read(&item(source, 0))?.map(Zeroizing::new) else {
        // A write that was cut short left the others.
        for index in 1.. {
            if !keychain.remove(&item(source, index))? {
                break;
            }
        }
        return Ok(false);
    };
    for index in (0..header(&first).map_or(1, |(count, _)| count)).rev() {
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
