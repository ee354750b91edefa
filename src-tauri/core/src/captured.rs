//! The log of a test, captured at its fullest, which must hold no secret of that test.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

/// What this thread logs while it lives. When it is dropped, a secret in the log fails the test.
pub(crate) struct Captured {
    log: Log,
    secrets: &'static [&'static str],
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// Captures from now on.
    pub(crate) fn without(secrets: &'static [&'static str]) -> Captured {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(log.clone())
            .finish();
        Captured { log, secrets, _guard: tracing::subscriber::set_default(subscriber) }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.log.0.lock().unwrap()).into_owned()
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        tracing::info!("the end of this test's log");
        let text = self.text();
        assert!(text.contains("the end of this test's log"), "nothing was captured");
        for secret in self.secrets {
            assert!(!text.contains(secret), "a secret is in the log:\n{text}");
        }
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

#[test]
#[should_panic(expected = "a secret is in the log")]
fn a_secret_in_the_log_fails_its_test() {
    let _log = Captured::without(&["open sesame"]);
    tracing::debug!("open sesame");
}
