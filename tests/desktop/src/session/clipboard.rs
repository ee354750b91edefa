//! The clipboard of a session, as other programs see it.

use std::io::Write;
use std::process::Stdio;

use super::{DesktopSession, TOOL};
use crate::error::{Because, Result};
use crate::wait::wait_for;

impl DesktopSession {
    /// The text on the clipboard. An empty clipboard is a failure, as it is for a program that pastes.
    pub fn clipboard(&self) -> Result<String> {
        let text = self.clipboard_as("UTF8_STRING")?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// The formats that the clipboard's owner offers; none if it has no owner.
    pub fn clipboard_targets(&self) -> Vec<String> {
        self.tool("xclip", &["-selection", "clipboard", "-out", "-target", "TARGETS"])
            .map(|names| String::from_utf8_lossy(&names).lines().map(str::to_owned).collect())
            .unwrap_or_default()
    }

    /// The clipboard's content in one of its formats.
    pub fn clipboard_as(&self, target: &str) -> Result<Vec<u8>> {
        self.tool("xclip", &["-selection", "clipboard", "-out", "-target", target])
    }

    /// Copies a text, as another program would. The owner lives until something else is copied, or the session's end.
    pub fn set_clipboard(&self, text: &str) -> Result<()> {
        let mut command = self.command("xclip");
        command.args(["-selection", "clipboard", "-in"]);
        // It reads, takes the selection and goes on in the background, in the same process group: so it is not a `Program`.
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .because("start `xclip`")?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(text.as_bytes()).because("write to `xclip`")?;
        }
        wait_for("`xclip` to go to the background", TOOL, || child.try_wait().ok().flatten())?;
        // It goes there before the X server has heard of it.
        self.wait_for("the copied text on the clipboard", TOOL, || {
            self.clipboard().ok().filter(|now| now == text)
        })
        .map(drop)
    }
}
