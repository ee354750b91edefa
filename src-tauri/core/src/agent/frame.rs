//! Frames: one JSON value a line, bounded, in buffers that are wiped.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// A catalog of ten thousand roles in a snapshot has about 4 MB; nothing larger is meant.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Reads one value; `None` at the end of the stream.
pub(super) async fn read<T: DeserializeOwned>(
    stream: &mut (impl AsyncBufRead + Unpin),
) -> Result<Option<T>, Failure> {
    let mut line = Zeroizing::new(Vec::with_capacity(4096));
    let read = stream.take(LARGEST).read_until(b'\n', &mut line).await;
    match read {
        Ok(0) | Err(_) => Ok(None),
        Ok(_) if line.last() != Some(&b'\n') => Err(Failure::agent_unintelligible()),
        // The parser's own words may quote what was sent.
        Ok(_) => serde_json::from_slice(&line).map(Some).map_err(|_| Failure::agent_unintelligible()),
    }
}

/// Writes one value.
pub(super) async fn write<T: Serialize>(
    stream: &mut (impl AsyncWrite + Unpin),
    value: &T,
) -> Result<(), Failure> {
    let mut line = Zeroizing::new(Vec::with_capacity(16 * 1024));
    serde_json::to_writer(&mut *line, value)
        .map_err(|_| Failure::internal("a frame could not be written"))?;
    line.push(b'\n');
    stream.write_all(&line).await.map_err(|_| Failure::agent_gone())?;
    stream.flush().await.map_err(|_| Failure::agent_gone())
}
