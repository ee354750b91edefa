//! A keychain that works, lies, locks and hangs.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc;

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
}

impl Fake {
    fn wait(&self) {
        if let Some(gate) = &self.gate {
            let _ = gate.lock().unwrap().recv();
        }
    }
}

impl Keychain for Fake {
    fn read(&self, item: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        self.wait();
        Ok(self.items.lock().unwrap().get(item).cloned())
    }
    fn write(&self, item: &str, bytes: &[u8]) -> Result<(), KeychainError> {
        self.wait();
        assert!(bytes.len() <= LARGEST_ITEM);
        let kept = if self.forgets { b"other".to_vec() } else { bytes.to_vec() };
        self.items.lock().unwrap().insert(item.into(), kept);
        Ok(())
    }
    fn remove(&self, item: &str) -> Result<bool, KeychainError> {
        self.wait();
        Ok(self.items.lock().unwrap().remove(item).is_some())
    }
    fn is_locked(&self) -> Result<bool, KeychainError> {
        Ok(self.locked)
    }
}

fn source_key(endpoint: Option<&str>) -> SourceKey {
    SourceKey {
        key: AccessKey::new("AKIAIOSFODNN7EXAMPLE".parse().unwrap(), SECRET.into()).unwrap(),
        endpoints: Endpoints { sts: endpoint.map(|text| text.parse().unwrap()), ..Endpoints::default() },
    }
}

fn name() -> Name {
    "work".parse().unwrap()
}

#[tokio::test]
async fn a_key_comes_back_as_it_was_written_with_its_endpoints() {
    let _log = Captured::without(&[SECRET]);
    let fake = Arc::new(Fake::default());
    let keychain = BoundedKeychain::new(fake.clone());
    let long = format!("https://example.com/{}", "x".repeat(5000));
    keychain.write(&name(), &source_key(Some(&long)), || ()).await.unwrap();
    assert!(fake.items.lock().unwrap().len() >= 3, "a long item is split");
    let read = keychain.read(&name(), || ()).await.unwrap();
    assert_eq!(read.key.secret().expose_secret(), SECRET);
    assert_eq!(read.endpoints.sts.unwrap().to_string(), long);
    assert!(keychain.remove(&name(), || ()).await.unwrap());
    assert!(fake.items.lock().unwrap().is_empty());
    assert!(!keychain.remove(&name(), || ()).await.unwrap());
    assert_eq!(keychain.read(&name(), || ()).await.unwrap_err().code, Code::KeyMissing);
}

#[tokio::test]
async fn a_keychain_that_forgets_is_found_out() {
    let _log = Captured::without(&[SECRET]);
    let keychain = BoundedKeychain::new(Arc::new(Fake { forgets: true, ..Fake::default() }));
    let failure = keychain.write(&name(), &source_key(None), || ()).await.unwrap_err();
    assert_eq!(failure.code, Code::KeychainBroken);
}

#[tokio::test]
async fn an_item_that_is_not_ours_is_named_so() {
    let _log = Captured::without(&[SECRET]);
    for foreign in [&b""[..], b"\xff\xfe", b"guise1 1\n{}", b"guise1 99999\nx", b"plain"] {
        let fake = Fake::default();
        fake.items.lock().unwrap().insert("source/work".into(), foreign.to_vec());
        let failure = BoundedKeychain::new(Arc::new(fake)).read(&name(), || ()).await.unwrap_err();
        assert_eq!(failure.code, Code::KeychainBroken, "{foreign:?}");
    }
}

#[tokio::test]
async fn a_keychain_that_hangs_is_given_up_and_the_next_call_fails_at_once() {
    let _log = Captured::without(&[SECRET]);
    let (release, gate) = mpsc::channel();
    let keychain = BoundedKeychain::new(Arc::new(Fake { gate: Some(Mutex::new(gate)), ..Fake::default() }));
    let begun = std::time::Instant::now();
    assert_eq!(keychain.read(&name(), || ()).await.unwrap_err().code, Code::KeychainHung);
    assert!(begun.elapsed() <= DEADLINE + Duration::from_secs(1));
    let begun = std::time::Instant::now();
    assert_eq!(keychain.read(&name(), || ()).await.unwrap_err().code, Code::KeychainHung);
    assert!(begun.elapsed() < Duration::from_millis(200));
    drop(release);
}

#[tokio::test]
async fn a_locked_keychain_is_waited_for_and_said_so() {
    let _log = Captured::without(&[SECRET]);
    let (release, gate) = mpsc::channel();
    let fake = Fake { gate: Some(Mutex::new(gate)), locked: true, ..Fake::default() };
    let keychain = BoundedKeychain::new(Arc::new(fake));
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
