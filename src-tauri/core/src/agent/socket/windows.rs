//! The socket on Windows: a named pipe that only the current user may open.

use std::io;
use std::path::Path;

use interprocess::local_socket::tokio::prelude::*;
use interprocess::local_socket::tokio::{Listener as PipeListener, Stream as PipeStream};
use interprocess::local_socket::{GenericNamespaced, ListenerOptions};
use interprocess::os::windows::local_socket::ListenerOptionsExt;
use interprocess::os::windows::security_descriptor::SecurityDescriptor;

use crate::doctor::Stored;
use crate::failure::Failure;
use crate::home::Home;

/// Both directions of a connection.
pub(super) type Stream = PipeStream;

/// The listening end.
#[derive(Debug)]
pub(super) struct Listener(PipeListener);

/// Makes the runtime folder; the user's own temporary folder keeps others out of it.
pub(super) fn private_folder(folder: &Path) -> Result<(), Failure> {
    crate::state::private_folder(folder).map_err(|error| Failure::runtime_folder(folder, &error.to_string()))
}

/// Whether the runtime folder is there, without making it.
#[expect(clippy::unnecessary_wraps, reason = "on Unix others may have a hand in it")]
pub(super) fn look_at_folder(folder: &Path) -> Result<Stored, Failure> {
    Ok(if folder.is_dir() { Stored::There } else { Stored::NotYet })
}

/// Refuses a home whose pipe could not be made; there is none.
#[expect(clippy::unnecessary_wraps, reason = "on Unix a path can be too long")]
pub(super) fn check(_home: &Home) -> Result<(), Failure> {
    Ok(())
}

impl Listener {
    /// Listens at the home's pipe, which its owner alone may open.
    #[expect(clippy::unused_async, reason = "on Unix it first asks whether somebody still answers")]
    pub(super) async fn bind(home: &Home) -> Result<Listener, Failure> {
        let not_made = |error: io::Error| Failure::socket_not_made(&home.runtime, &error);
        // Full access for the owner of the pipe, who is the current user, and nobody else.
        let owner = widestring::u16cstr!("D:P(A;;GA;;;OW)");
        let descriptor = SecurityDescriptor::deserialize(owner).map_err(not_made)?;
        let name = name(home).to_ns_name::<GenericNamespaced>().map_err(not_made)?;
        let options = ListenerOptions::new().name(name).security_descriptor(descriptor);
        Ok(Listener(options.create_tokio().map_err(not_made)?))
    }

    /// A pipe is in no folder that could be taken away.
    #[allow(clippy::unused_self, reason = "on other systems it is asked of the listener")]
    pub(super) fn is_there(&self) -> bool {
        true
    }

    /// The next connection; the pipe's own list has turned others away.
    pub(super) async fn accept(&self) -> io::Result<Stream> {
        self.0.accept().await
    }
}

/// Connects to the agent; `None` where nobody listens.
///
/// The other end's user is not checked yet, so a program that made the pipe first could pose as the agent; the
/// documentation says so.
pub(super) async fn connect(home: &Home) -> Result<Option<Stream>, Failure> {
    let failed = |error: io::Error| Failure::socket_not_made(&home.runtime, &error);
    let name = name(home).to_ns_name::<GenericNamespaced>().map_err(failed)?;
    match PipeStream::connect(name).await {
        Ok(stream) => Ok(Some(stream)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(Failure::agent_of_another_user())
        }
        Err(error) => Err(failed(error)),
    }
}

/// A file that is open cannot be taken away here.
pub(super) fn is_same_file(_path: &Path, _open: &std::fs::File) -> bool {
    true
}

/// The process at the other end; the pipe is not asked yet.
pub(super) fn pid(_stream: &Stream) -> Option<u32> {
    None
}

fn name(home: &Home) -> String {
    format!("{}-agent-{}", home.keychain_service(), whoami_digest())
}

/// Sets users apart who share a machine: pipes have one name space.
fn whoami_digest() -> String {
    use sha2::{Digest, Sha256};
    let profile = dirs::home_dir().unwrap_or_default();
    Sha256::digest(profile.as_os_str().as_encoded_bytes())[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
