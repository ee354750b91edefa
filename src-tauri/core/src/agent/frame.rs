//! Frames: one JSON value a line, bounded, in buffers that are wiped.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// A catalog of ten thousand roles in a snapshot has about 4 MB; nothing larger is meant.
const LARGEST: usize = 16 * 1024 * 1024;
/// No frame with a secret is longer, so its buffer never moves.
const ROOM: usize = 32 * 1024;

/// The frames that come over a stream. Waiting for one can be given up and taken up again: what came of it is kept.
pub(super) struct Frames<S> {
    stream: S,
    pending: Zeroizing<Vec<u8>>,
}

impl<S: AsyncRead + Unpin> Frames<S> {
    pub(super) fn of(stream: S) -> Self {
        Frames { stream, pending: Zeroizing::new(Vec::with_capacity(ROOM)) }
    }

    /// The next value; `None` at the end of the stream.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Failure> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.pending[searched..].iter().position(|byte| *byte == b'\n') {
                let end = searched + end;
                // The parser's own words may quote what was sent.
                let value =
                    serde_json::from_slice(&self.pending[..end]).map_err(|_| Failure::agent_unintelligible());
                self.pending.drain(..=end);
                return value.map(Some);
            }
            searched = self.pending.len();
            if searched > LARGEST {
                return Err(Failure::agent_unintelligible());
            }
            let mut chunk = Zeroizing::new([0; 8192]);
            match self.stream.read(&mut chunk[..]).await {
                Ok(0) | Err(_) if self.pending.is_empty() => return Ok(None),
                Ok(0) | Err(_) => return Err(Failure::agent_unintelligible()),
                Ok(read) => self.pending.extend_from_slice(&chunk[..read]),
            }
        }
    }
}

/// Writes one value.
pub(super) async fn write<T: Serialize>(
    stream: &mut (impl AsyncWrite + Unpin),
    value: &T,
) -> Result<(), Failure> {
    let mut line = Zeroizing::new(Vec::with_capacity(ROOM));
    serde_json::to_writer(&mut *line, value)
        .map_err(|_| Failure::internal("a frame could not be written"))?;
    line.push(b'\n');
    stream.write_all(&line).await.map_err(|_| Failure::agent_gone())?;
    stream.flush().await.map_err(|_| Failure::agent_gone())
}
