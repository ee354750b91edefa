//! Every state file at once: whatever a newer version wrote into one, we change what is ours and nothing else.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Ceilings, Ledger, Recents};
use crate::home::Home;
use crate::session::SessionDuration;

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    /// Any JSON value, a few levels deep.
    fn value(&mut self, depth: u32) -> Value {
        match self.roll(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.roll(2) == 0),
            2 => json!(self.0),
            3 => json!(-1.5e300),
            4 => json!("\u{0}\u{202e}ü\\\"\n"),
            5 => json!(self.0.to_string()),
            6 => (0..self.roll(4)).map(|_| self.value(depth - 1)).collect(),
            _ => self.object(depth - 1).into(),
        }
    }

    fn object(&mut self, depth: u32) -> Map<String, Value> {
        (0..self.roll(5)).map(|_| (format!("key {}", self.roll(1000)), self.value(depth))).collect()
    }
}

fn read(path: &Path) -> Map<String, Value> {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn what_is_not_ours_survives_every_change() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path());
    fs::create_dir_all(&home.state).unwrap();
    let arn = "arn:aws:iam::111122223333:role/A";
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..15 {
        let theirs = dice.object(3);
        let inside = dice.object(2);
        let write = |name: &str, whole: Value| {
            let path = home.state.join(name);
            fs::write(&path, whole.to_string()).unwrap();
            path
        };
        let with = |key: &str, value: Value| {
            let mut whole = theirs.clone();
            whole.insert(key.to_owned(), value);
            Value::from(whole)
        };

        let recents = write("recents.json", with("recents", json!(["a"])));
        let opened = Timestamp::UNIX_EPOCH;
        Recents::load(&home.state).opened(&"b".parse().unwrap(), None, opened).save().unwrap();
        let mut whole = read(&recents);
        let used = json!({"b": {"uses": 1.0, "at": "1970-01-01T00:00:00Z"}});
        assert_eq!((whole.remove("used"), whole.remove("pages")), (Some(used), Some(json!([]))));
        assert_eq!(Value::from(whole), with("recents", json!(["b", "a"])));

        let ceilings = write("ceilings.json", with(arn, inside.clone().into()));
        let mut known = Ceilings::load(&home.state);
        let (role, now) = (arn.parse().unwrap(), Timestamp::UNIX_EPOCH);
        known.refused(&role, "2h".parse().unwrap(), SessionDuration::HOUR, now).save().unwrap();
        let mut entry = inside.clone();
        entry.extend([
            ("allowed_seconds".to_owned(), json!(3600)),
            ("refused_seconds".to_owned(), json!(7200)),
            ("seen".to_owned(), json!("1970-01-01T00:00:00Z")),
        ]);
        assert_eq!(Value::from(read(&ceilings)), with(arn, entry.into()));

        let mut item = json!({ "service": home.keychain_service(), "source": "a", "newer": inside });
        let ledger = write("ledger.json", with("keychain", json!([inside, item])));
        Ledger::of(&home).note_key(&"a".parse().unwrap()).unwrap();
        // An older version did not write this.
        item["folder"] = json!(home.state);
        Ledger::of(&home).note_key(&"b".parse().unwrap()).unwrap();
        Ledger::of(&home).forget_key(&"b".parse().unwrap()).unwrap();
        assert_eq!(Value::from(read(&ledger)), with("keychain", json!([inside, item])));
        Ledger::of(&home).forget_key(&"a".parse().unwrap()).unwrap();
        assert_eq!(Value::from(read(&ledger)), with("keychain", json!([inside])));
    }
}
