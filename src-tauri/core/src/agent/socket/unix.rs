//! The socket on Unix: a file in a folder that nobody else can enter, and a check of who is at the other end.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use crate::doctor::Stored;
use crate::failure::{Failure, quoted};
use crate::home::Home;

/// Both directions of a connection.
pub(super) type Stream = UnixStream;

/// The listening end.
#[derive(Debug)]
pub(super) struct Listener {
    socket: UnixListener,
    path: PathBuf,
    /// Which file it is, as the file system knows it.
    file: Option<(u64, u64)>,
}

/// What to look at where the folder itself is not to blame.
const FOLDER_ABOVE: &str = "the folder that it is in must be there, yours, and writable";

/// Makes the runtime folder, or refuses one that others could enter or that is not ours.
pub(super) fn private_folder(folder: &Path) -> Result<(), Failure> {
    crate::state::private_folder(folder)
        .map_err(|error| Failure::socket_folder(folder, &error.to_string(), FOLDER_ABOVE))?;
    checked(folder)
}

/// Whether the runtime folder is there, without making it; a failure where it cannot be used or made.
pub(super) fn look_at_folder(folder: &Path) -> Result<Stored, Failure> {
    if folder.symlink_metadata().is_ok() {
        return checked(folder).map(|()| Stored::There);
    }
    let parent = folder.ancestors().skip(1).find(|each| each.exists());
    match parent.map(|parent| rustix::fs::access(parent, rustix::fs::Access::WRITE_OK)) {
        Some(Ok(())) => Ok(Stored::NotYet),
        _ => Err(Failure::socket_folder(folder, "it is not there, and cannot be made", FOLDER_ABOVE)),
    }
}

fn checked(folder: &Path) -> Result<(), Failure> {
    let found = fs::symlink_metadata(folder)
        .map_err(|error| Failure::socket_folder(folder, &error.to_string(), FOLDER_ABOVE))?;
    let user = rustix::process::geteuid().as_raw();
    if !found.is_dir() {
        return Err(Failure::socket_folder(
            folder,
            "it is not a folder",
            "move it away; Guise makes the folder",
        ));
    }
    if found.uid() != user {
        let next = "have it removed by that user or an administrator; Guise makes it anew";
        return Err(Failure::socket_folder(folder, "it belongs to another user", next));
    }
    if found.permissions().mode() & 0o077 != 0 {
        let next = format!("make it yours alone: chmod 700 {}", quoted(folder));
        return Err(Failure::socket_folder(folder, "others may enter it", next));
    }
    Ok(())
}

/// Refuses a home whose socket could not be made.
pub(super) fn check(home: &Home) -> Result<(), Failure> {
    path(home).map(drop)
}

impl Listener {
    /// Listens at the home's socket. The caller holds the home's lock, so a socket that is left there is a dead one;
    /// one that still answers is left alone all the same.
    pub(super) async fn bind(home: &Home) -> Result<Listener, Failure> {
        let path = path(home)?;
        let not_made = |error: io::Error| Failure::socket_not_made(&path, &error);
        if UnixStream::connect(&path).await.is_ok() {
            return Err(not_made(io::ErrorKind::AddrInUse.into()));
        }
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(not_made(error)),
            _ => {}
        }
        let socket = UnixListener::bind(&path).map_err(not_made)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(not_made)?;
        let file = fs::symlink_metadata(&path).ok().map(|found| (found.dev(), found.ino()));
        Ok(Listener { socket, path: path.clone(), file })
    }

    /// Whether the socket is still where callers look for it.
    pub(super) fn is_there(&self) -> bool {
        let found = fs::symlink_metadata(&self.path).ok().map(|found| (found.dev(), found.ino()));
        found.is_some() && found == self.file
    }

    /// The next connection of our own user; others are closed without a byte.
    pub(super) async fn accept(&self) -> io::Result<Stream> {
        loop {
            let (stream, _) = self.socket.accept().await?;
            if is_ours(&stream) {
                return Ok(stream);
            }
            tracing::warn!("another user came to the socket and was turned away");
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Another's may stand there, if somebody took ours away.
        if self.is_there() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Connects to the agent; `None` where nobody listens. An agent of another user is not spoken to.
pub(super) async fn connect(home: &Home) -> Result<Option<Stream>, Failure> {
    let path = path(home)?;
    loop {
        let error = match UnixStream::connect(&path).await {
            Ok(stream) if is_ours(&stream) => return Ok(Some(stream)),
            Ok(_) => return Err(Failure::agent_of_another_user()),
            Err(error) => error,
        };
        if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) {
            return Ok(None);
        }
        if error.kind() == io::ErrorKind::PermissionDenied {
            return Err(Failure::agent_of_another_user());
        }
        // More callers wait there than the system lets wait.
        if error.kind() != io::ErrorKind::WouldBlock {
            return Err(Failure::socket_not_reached(&path, &error));
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Whether the file at a path is the one that is open.
pub(super) fn is_same_file(path: &Path, open: &fs::File) -> bool {
    let (Ok(found), Ok(open)) = (fs::symlink_metadata(path), open.metadata()) else { return false };
    (found.dev(), found.ino()) == (open.dev(), open.ino())
}

/// Whether the other end is of our own user. Root is not: it needs no socket to reach us.
fn is_ours(stream: &UnixStream) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == rustix::process::geteuid().as_raw())
}

/// The process at the other end.
pub(super) fn pid(stream: &Stream) -> Option<u32> {
    u32::try_from(stream.peer_cred().ok()?.pid()?).ok()
}

fn path(home: &Home) -> Result<PathBuf, Failure> {
    let path = home.runtime.join("agent.sock");
    // `sun_path` has 108 bytes on Linux and 104 on macOS.
    if path.as_os_str().len() > 100 {
        let next = "choose a home with a shorter path";
        return Err(Failure::socket_folder(&home.runtime, "its path is too long for a socket", next));
    }
    Ok(path)
}
