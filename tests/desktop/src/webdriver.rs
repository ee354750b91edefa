//! A window of Guise driven by `WebDriver`, for what real keys and a screen reader cannot tell: what a script could do in it, and what
//! is left in it afterwards.
//!
//! Only a program that was built with the feature `automation` can be driven. Its agent is started by [`driven`]; the one window that
//! is open is then what a [`WebDriver`] drives.

use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::error::{Because, DesktopError, Result};
use crate::http;
use crate::session::{DesktopSession, Program};
use crate::wait::wait_for;

/// What the driver, and a window for it, get to appear.
const START: Duration = Duration::from_secs(30);

/// Under this name an element's id stands in an answer (the `WebDriver` specification, under "Elements").
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A window that is driven, until this is dropped.
pub struct WebDriver {
    port: u16,
    session: String,
    _driver: Program,
}

/// Has the windows of a `guise-desktop` wait for a driver at this port, where it was built for that.
pub fn driven(mut desktop: Command, inspected_at: u16) -> Command {
    desktop.env("TAURI_WEBVIEW_AUTOMATION", "true");
    desktop.env("WEBKIT_INSPECTOR_SERVER", format!("127.0.0.1:{inspected_at}"));
    desktop
}

/// A port that is free now.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).because("find a free port")?;
    Ok(listener.local_addr().because("find a free port")?.port())
}

impl WebDriver {
    /// Drives the window that waits at a port.
    pub fn of(desktop: &DesktopSession, inspected_at: u16) -> Result<Self> {
        Self::within(desktop, inspected_at, START)
    }

    /// The same, with so long for the window to be there.
    pub fn within(desktop: &DesktopSession, inspected_at: u16, limit: Duration) -> Result<Self> {
        let port = free_port()?;
        let mut command = desktop.command("WebKitWebDriver");
        command.arg(format!("--port={port}")).arg(format!("--target=127.0.0.1:{inspected_at}"));
        let driver = desktop.run("webdriver", command)?;
        wait_for("WebKitWebDriver to listen", START, || http::connect(port).ok())?;
        let wanted = json!({"capabilities": {"alwaysMatch": {}}});
        let mut last = String::new();
        let session = wait_for("a window to drive", limit, || {
            match http::ask(port, "POST", "/session", Some(&wanted)) {
                Ok(answer) => {
                    last = answer.to_string();
                    answer["value"]["sessionId"].as_str().map(str::to_owned)
                }
                Err(error) => {
                    last = error.to_string();
                    None
                }
            }
        });
        let session = session.map_err(|error| DesktopError::new(format!("{error}: {last}")))?;
        Ok(Self { port, session, _driver: driver })
    }

    /// Runs the body of an asynchronous function in the page, and gives what it returns. What it throws is an error.
    pub fn run(&self, body: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];\n\
             (async () => {{ {body} }})().then((value) => done({{value}}), (error) => done({{error: String(error)}}));"
        );
        let answer = self.ask("POST", "/execute/async", &json!({"script": script, "args": []}))?;
        let error = &answer["error"];
        if error.is_null() {
            Ok(answer["value"].clone())
        } else {
            Err(DesktopError::new(format!("the page threw {error}")))
        }
    }

    /// Clicks, as a mouse does, on the element that the body of an asynchronous function returns; fails where it returns none, or where
    /// the element cannot be clicked.
    pub fn click(&self, finds: &str) -> Result<()> {
        let element = self.element(finds)?;
        self.ask("POST", &format!("/element/{element}/click"), &json!({})).map(drop)
    }

    /// Types into such an element, key by key.
    pub fn type_into(&self, finds: &str, text: &str) -> Result<()> {
        let element = self.element(finds)?;
        self.ask("POST", &format!("/element/{element}/value"), &json!({"text": text})).map(drop)
    }

    fn element(&self, finds: &str) -> Result<String> {
        let found = self.run(finds)?;
        let id = found[ELEMENT].as_str().map(str::to_owned);
        id.because(format_args!("there is no such element: {found}"))
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let answer = http::ask(self.port, method, &format!("/session/{}{path}", self.session), Some(body))?;
        let value = &answer["value"];
        // What the page itself gives back may have an error in it too.
        if value["error"].is_string() && value["stacktrace"].is_string() {
            return Err(DesktopError::new(format!(
                "WebDriver says {}: {}",
                value["error"], value["message"]
            )));
        }
        Ok(value.clone())
    }
}
