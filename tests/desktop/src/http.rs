//! Questions to the small servers that browsers keep for whoever drives them: HTTP on the loopback address, JSON in and out.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::error::{Because, DesktopError, Result};

const DEADLINE: Duration = Duration::from_secs(30);

/// Asks the server at a port, and gives what it answers, whatever its status is.
pub(crate) fn ask(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
    let mut stream = connect(port)?;
    let body = body.map(ToString::to_string).unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .because("ask a browser")?;
    let mut reader = BufReader::new(stream);
    let head = read_head(&mut reader)?;
    let length = head.length.because("a browser did not say how much it answers")?;
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer).because("read a browser's answer")?;
    serde_json::from_slice(&answer).because("understand a browser's answer")
}

/// A connection that does not wait for ever.
pub(crate) fn connect(port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port)).because("reach a browser")?;
    stream.set_read_timeout(Some(DEADLINE)).because("set a deadline")?;
    stream.set_write_timeout(Some(DEADLINE)).because("set a deadline")?;
    Ok(stream)
}

/// What stands before an answer.
pub(crate) struct Head {
    /// The length of the body, where it is said.
    pub(crate) length: Option<usize>,
}

/// Reads up to the empty line.
pub(crate) fn read_head(reader: &mut impl BufRead) -> Result<Head> {
    let mut status = String::new();
    reader.read_line(&mut status).because("read a browser's answer")?;
    if !status.starts_with("HTTP/1.1 ") {
        return Err(DesktopError::new(format!("a browser answered `{}`", status.trim_end())));
    }
    let mut length = None;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).because("read a browser's answer")?;
        if line.trim_end().is_empty() {
            return Ok(Head { length });
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
}
