//! A browser for figures: it stands behind `xdg-open`, asks for the address at once, and writes down when it was started and when
//! it was answered. It keeps nothing of the answer but its status.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use desktop_tests::{Because, DesktopSession, Result, wait_for};

/// Where the browser writes down what it saw.
pub const FOLDER: &str = "GUISE_BENCH_OPENED";
/// What an answer gets, the longest delay of AWS's included.
const ANSWERS_WITHIN: Duration = Duration::from_secs(20);

/// What a browser saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// When it was started.
    pub started: Duration,
    /// When its request was answered.
    pub answered: Duration,
    /// The answer's first line.
    pub status: String,
}

/// The time of day, which two processes agree on.
pub fn now() -> Duration {
    #[expect(clippy::disallowed_methods, reason = "two processes are timed, and share this clock alone")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Puts this program in the place of a session's `xdg-open`; returns the folder where it writes.
pub fn install(session: &DesktopSession) -> Result<PathBuf> {
    let opener = session.folder().join("bin/xdg-open");
    fs::remove_file(&opener).because("take the other `xdg-open` away")?;
    let own = std::env::current_exe().because("find out where this program is")?;
    symlink(own, &opener).because("put a browser in its place")?;
    Ok(session.folder().join("opened"))
}

/// What every browser saw so far, in the order in which they were started.
pub fn opened(folder: &Path) -> Vec<Opened> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = entries.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "seen"));
    let mut seen: Vec<Opened> = texts
        .filter_map(|entry| fs::read_to_string(entry.path()).ok())
        .filter_map(|text| read(&text))
        .collect();
    seen.sort_by_key(|each| each.started);
    seen
}

/// Waits for the browser of this number, the first being 0.
pub fn wait_for_opened(folder: &Path, number: usize) -> Result<Opened> {
    wait_for("the browser", ANSWERS_WITHIN, || opened(folder).into_iter().nth(number))
}

/// What stands behind `xdg-open`.
pub fn open() {
    let started = now();
    let address = std::env::args().nth(1).unwrap_or_default();
    let status = ask(&address).unwrap_or_default();
    let answered = now();
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let name = format!("{}-{}", started.as_nanos(), std::process::id());
    let (part, whole) = (folder.join(format!("{name}.part")), folder.join(format!("{name}.seen")));
    let text = format!("{}\n{}\n{status}\n", started.as_nanos(), answered.as_nanos());
    // Who waits for the file says so when none comes.
    if fs::write(&part, text).is_ok() {
        let _ = fs::rename(part, whole);
    }
}

/// The first line of the answer to a plain request.
fn ask(address: &str) -> Option<String> {
    let (host, path) = address.strip_prefix("http://")?.split_once('/')?;
    let mut stream = TcpStream::connect(host).ok()?;
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.lines().next().map(str::to_owned)
}

fn read(text: &str) -> Option<Opened> {
    let mut lines = text.lines();
    let mut time = || lines.next()?.parse().ok().map(Duration::from_nanos);
    Some(Opened { started: time()?, answered: time()?, status: lines.next().unwrap_or_default().to_owned() })
}
