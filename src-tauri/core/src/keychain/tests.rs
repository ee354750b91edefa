//! A keychain that works, lies, locks and hangs.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::deadline::DEADLINE;
use super::*;
use crate::captured::Captured;
use crate::failure::Code;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A keychain in memory, told how to behave.
#[derive(Default)]
struct Fake {
    items: Mutex<BTreeMap<String, Vec<u8>>>,
    forgets: bool,
    locked: bool,
    /// Where set, every call but `is_locked` waits for the other end.
    gate: Option<Mutex<mpsc::Receiver<()>>>,
    /// What a call answers that has passed the gate.
    refuses: Option<KeychainError>,
    /// Calls that begin now never end.
    stuck: AtomicBool,
    /// It goes away after this many writes, where not 0.
    dies_after: AtomicUsize,
    gone: AtomicBool,
    calls: AtomicUsize,
}

impl Fake {
    fn called(&self) -> Result<(), KeychainError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        while self.stuck.load(Ordering::SeqCst) {
            std::thread::park();
        }
        if let Some(gate) = &self.gate {
            let _ = gate.lock().unwrap().recv();
        }
        if self.gone.load(Ordering::SeqCst) {
            return Err(KeychainError::Absent);
        }
        self.refuses.map_or(Ok(()), Err)
    }
}

impl Keychain for Fake {
    fn read(&self, item: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        self.called()?;
        Ok(self.items.lock().unwrap().get(item).cloned())
    }
    fn write(&self, item: &str, bytes: &[u8]) -> Result<(), KeychainError> {
        self.called()?;
        assert!(bytes.len() <= LARGEST_ITEM);
        let kept = if self.forgets { b"other".to_vec() } else { bytes.to_vec() };
        self.items.lock().unwrap().insert(item.into(), kept);
        if self.dies_after.load(Ordering::SeqCst) > 0 && self.dies_after.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.gone.store(true, Ordering::SeqCst);
        }
        Ok(())
    }
    fn remove(&self, item: &str) -> Result<bool, KeychainError> {
        self.called()?;
        Ok(self.items.lock().unwrap().remove(item).is_some())
    }
    fn is_locked(&self) -> Result<bool, KeychainError> {
        while self.stuck.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
        if self.gone.load(Ordering::SeqCst) { Err(KeychainError::Absent) } else { Ok(self.locked) }
    }
}

fn bounded(fake: Fake) -> (TempDir, Arc<Fake>, BoundedKeychain) {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Arc::new(fake));
    let keychain = BoundedKeychain::new(fake.clone(), folder.path());
    (folder, fake, keychain)
}

fn source_key(endpoint: Option<&str>) -> SourceKey {
    SourceKey {
        key: AccessKey::new("AKIAIOSFODNN7EXAMPLE".parse().unwrap(), SECRET.into()).ok(),
        mfa_process: vec!["device".into(), "--code".into()],
        endpoints: Endpoints { sts: endpoint.map(|text| text.parse().unwrap()), ..Endpoints::default() },
    }
}

fn name() -> Name {
    "work".parse().unwrap()
}

#[tokio::test]
async fn a_key_comes_back_as_it_was_written_with_its_endpoints() {
    let _log = Captured::without(&[SECRET]);
    let (_folder, fake, keychain) = bounded(Fake::default());
    let long = format!("https://example.com/{}", "x".repeat(5000));
    keychain.write(&name(), &source_key(Some(&long)), || ()).await.unwrap();
    assert!(fake.items.lock().unwrap().len() >= 3, "a long item is split");
    let read = keychain.read(&name(), || ()).await.unwrap();
    assert_eq!(read.mfa_process, ["device", "--code"]);
    assert_eq!(read.key.unwrap().secret().expose_secret(), SECRET);
    assert_eq!(read.endpoints.sts.unwrap().to_string(), long);
    assert!(keychain.remove(&name(), || ()).await.unwrap());
    assert!(fake.items.lock().unwrap().is_empty());
    assert!(!keychain.remove(&name(), || ()).await.unwrap());
    assert_eq!(keychain.read(&name(), || ()).await.unwrap_err().code, Code::KeyMissing);
}

#[tokio::test]
async fn a_keychain_that_forgets_is_found_out() {
    let _log = Captured::without(&[SECRET]);
    let (_folder, fake, keychain) = bounded(Fake { forgets: true, ..Fake::default() });
    let failure = keychain.write(&name(), &source_key(None), || ()).await.unwrap_err();
    assert_eq!(failure.code, Code::KeychainBroken);
    assert!(fake.items.lock().unwrap().is_empty());
    assert_eq!(keychain.unsettled(), []);
}

#[tokio::test]
async fn an_item_that_is_not_ours_is_named_so() {
    let _log = Captured::without(&[SECRET]);
    for foreign in [&b""[..], b"\xff\xfe", b"guise1 1\n{}", b"guise1 99999\nx", b"plain"] {
        let (_folder, fake, keychain) = bounded(Fake::default());
        fake.items.lock().unwrap().insert("source/work".into(), foreign.to_vec());
        let failure = keychain.read(&name(), || ()).await.unwrap_err();
        assert_eq!(failure.code, Code::KeychainBroken, "{foreign:?}");
    }
}

#[tokio::test]
async fn f03_a_keychain_that_hangs_is_held_off_until_it_answers_though_the_stuck_call_never_does() {
    let _log = Captured::without(&[SECRET]);
    let (_folder, fake, keychain) = bounded(Fake { stuck: AtomicBool::new(true), ..Fake::default() });
    let (begun, work) = (Instant::now(), name());
    let (one, other) = tokio::join!(keychain.read(&work, || ()), keychain.read(&work, || ()));
    assert_eq!(one.unwrap_err().code, Code::KeychainHung);
    assert_eq!(other.unwrap_err().code, Code::KeychainHung, "one that stood behind it");
    assert!(begun.elapsed() <= DEADLINE + Duration::from_secs(2));
    let begun = Instant::now();
    assert_eq!(keychain.read(&name(), || ()).await.unwrap_err().code, Code::KeychainHung);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(fake.calls.load(Ordering::SeqCst), 1, "nothing else was left hanging beside it");
    fake.stuck.store(false, Ordering::SeqCst);
    // A look is out already or is begun now; either way a few tries suffice.
    let mut answered = Err(KeychainError::Hung.into());
    for _ in 0..20 {
        answered = keychain.read(&name(), || ()).await;
        if answered.as_ref().is_err_and(|failure| failure.code != Code::KeychainHung) {
            break;
        }
    }
    assert_eq!(answered.unwrap_err().code, Code::KeyMissing, "it answers again");
}

#[tokio::test]
async fn f06_a_person_who_says_no_is_asked_once_however_many_wait() {
    let _log = Captured::without(&[SECRET]);
    let (release, gate) = mpsc::channel::<()>();
    let fake = Fake { locked: true, gate: Some(Mutex::new(gate)), ..Fake::default() };
    let (_folder, fake, keychain) = bounded(Fake { refuses: Some(KeychainError::Locked), ..fake });
    let told = AtomicUsize::new(0);
    let waiting = || {
        // The second to be told stands behind the first, whose prompt is answered now.
        if told.fetch_add(1, Ordering::SeqCst) == 1 {
            release.send(()).unwrap();
        }
    };
    let work = name();
    let (one, other) = tokio::join!(keychain.read(&work, waiting), keychain.read(&work, waiting));
    assert_eq!(one.unwrap_err().code, Code::KeychainLocked);
    assert_eq!(other.unwrap_err().code, Code::KeychainLocked);
    assert_eq!(fake.calls.load(Ordering::SeqCst), 1);
    drop(release);
    assert_eq!(keychain.read(&name(), || ()).await.unwrap_err().code, Code::KeychainLocked);
    assert_eq!(fake.calls.load(Ordering::SeqCst), 2, "who asks anew is asked anew");
}

#[tokio::test]
async fn f07_what_a_keychain_kept_as_it_died_is_known_and_taken_out_when_it_is_back() {
    let _log = Captured::without(&[SECRET]);
    let (folder, fake, keychain) = bounded(Fake::default());
    fake.dies_after.store(1, Ordering::SeqCst);
    let failure = keychain.write(&name(), &source_key(None), || ()).await.unwrap_err();
    assert_eq!(failure.code, Code::KeychainAbsent);
    assert_eq!(fake.items.lock().unwrap().len(), 1, "it is there and nobody can reach it");
    assert!(!keychain.remove_quietly(&name()).await);
    // The agent is started anew.
    let keychain = BoundedKeychain::new(fake.clone(), folder.path());
    assert_eq!(keychain.unsettled(), [name()]);
    fake.gone.store(false, Ordering::SeqCst);
    assert!(keychain.remove_quietly(&name()).await);
    assert!(fake.items.lock().unwrap().is_empty());
    assert_eq!(keychain.unsettled(), []);
    assert_eq!(BoundedKeychain::new(fake, folder.path()).unsettled(), []);
}

#[tokio::test]
async fn a_keychain_that_was_never_there_leaves_nothing_to_settle() {
    let (_folder, _fake, keychain) = bounded(Fake { gone: AtomicBool::new(true), ..Fake::default() });
    let failure = keychain.write(&name(), &source_key(None), || ()).await.unwrap_err();
    assert_eq!(failure.code, Code::KeychainAbsent);
    assert_eq!(keychain.unsettled(), []);
}

#[tokio::test]
async fn what_a_removal_or_a_write_left_half_done_can_be_removed() {
    let (_folder, fake, keychain) = bounded(Fake::default());
    for left in [&["source/work#1", "source/work#2"][..], &["source/work"]] {
        for item in left {
            fake.items.lock().unwrap().insert((*item).to_owned(), b"guise1 3\n{".to_vec());
        }
        keychain.remove(&name(), || ()).await.unwrap();
        assert!(fake.items.lock().unwrap().is_empty(), "{left:?}");
    }
}

#[tokio::test]
async fn a_locked_keychain_is_waited_for_and_said_so() {
    let _log = Captured::without(&[SECRET]);
    let (release, gate) = mpsc::channel();
    let fake = Fake { gate: Some(Mutex::new(gate)), locked: true, ..Fake::default() };
    let (_folder, _fake, keychain) = bounded(fake);
    let told = Arc::new(AtomicBool::new(false));
    let heard = told.clone();
    let failure = keychain
        .read(&name(), move || {
            heard.store(true, Ordering::Relaxed);
            drop(release);
        })
        .await
        .unwrap_err();
    assert!(told.load(Ordering::Relaxed));
    assert_eq!(failure.code, Code::KeyMissing, "after the unlock the call went through");
}
