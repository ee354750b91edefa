//! Chromium's developer tools: which pages are open, and what stands in them.

use std::io::{BufReader, Read, Write};

use serde_json::{Value, json};

use crate::error::{Because, DesktopError, Result};
use crate::http;

/// A page that is open in the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// What the tools call it.
    id: String,
}

/// The pages that the browser behind this port has open.
pub(crate) fn pages(port: u16) -> Result<Vec<Page>> {
    let targets = http::ask(port, "GET", "/json/list", None)?;
    let text = |target: &Value, key: &str| target[key].as_str().unwrap_or_default().to_owned();
    Ok(targets
        .as_array()
        .into_iter()
        .flatten()
        .filter(|target| target["type"] == "page")
        .map(|target| Page { title: text(target, "title"), url: text(target, "url"), id: text(target, "id") })
        .collect())
}

/// The value of a JavaScript expression in a page, as text.
pub(crate) fn evaluate(port: u16, page: &Page, expression: &str) -> Result<String> {
    let mut stream = http::connect(port)?;
    // The key may be any 16 bytes: the answer to it is proof against caches, of which there are none here.
    write!(
        stream,
        "GET /devtools/page/{} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        page.id
    )
    .because("ask for a page's tools")?;
    let question = json!({
        "id": 1,
        "method": "Runtime.evaluate",
        "params": {"expression": format!("String({expression})"), "returnByValue": true, "awaitPromise": true},
    });
    let mut reader = BufReader::new(stream);
    // Chromium hangs up on whom does not wait for its consent.
    http::read_head(&mut reader)?;
    send(reader.get_mut(), &question.to_string())?;
    loop {
        let message: Value =
            serde_json::from_slice(&receive(&mut reader)?).because("understand a page's tools")?;
        if message["id"] == 1 {
            let value = message["result"]["result"]["value"].as_str();
            return value.map(str::to_owned).because(format_args!("evaluate `{expression}`: {message}"));
        }
    }
}

/// Sends one text frame. A client has to mask what it sends; a mask of zeros is one.
fn send(stream: &mut impl Write, text: &str) -> Result<()> {
    let mut frame = vec![0x81];
    match u16::try_from(text.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | u8::try_from(length).unwrap_or(0)),
        Ok(length) => {
            frame.push(0x80 | 0x7E);
            frame.extend(length.to_be_bytes());
        }
        Err(_) => return Err(DesktopError::new("the expression is too long")),
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    stream.write_all(&frame).because("write to a page's tools")
}

/// Reads one whole message.
fn receive(reader: &mut impl Read) -> Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let [first, second] = read_array(reader)?;
        let length = match second & 0x7F {
            126 => u64::from(u16::from_be_bytes(read_array(reader)?)),
            127 => u64::from_be_bytes(read_array(reader)?),
            short => u64::from(short),
        };
        let mut payload = Vec::new();
        reader.take(length).read_to_end(&mut payload).because("read from a page's tools")?;
        match first & 0x0F {
            // The first piece of a text, or a further one.
            0 | 1 => message.extend(payload),
            8 => return Err(DesktopError::new("the page's tools hung up")),
            _ => continue,
        }
        if first & 0x80 != 0 {
            return Ok(message);
        }
    }
}

fn read_array<const N: usize>(reader: &mut impl Read) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes).because("read from a page's tools")?;
    Ok(bytes)
}
