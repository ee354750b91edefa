//! The roles last opened, those that are used most, and the pages that were asked for.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kept::{Kept, Unsaved};
use crate::catalog::Name;
use crate::console::Destination;

/// How many names and pages are kept.
const MOST_RECENTS: usize = 20;
/// How many roles are known by their use.
const MOST_USED: usize = 100;
/// A use counts half as much after this many seconds: a week.
const HALF_LIFE: f64 = 7.0 * 24.0 * 3600.0;
const RECENTS: &str = "recents";
const USED: &str = "used";
const PAGES: &str = "pages";

/// What was opened and used, kept in the state folder.
#[derive(Debug)]
pub struct Recents {
    kept: Kept,
    /// Names, the latest first.
    names: Vec<String>,
    used: HashMap<String, Use>,
    /// The names in `used`, most and latest first.
    most_used: Vec<String>,
    /// Pages, the latest first.
    pages: Vec<String>,
}

/// How much a role was used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Use {
    /// How often, where what is long ago counts less.
    uses: f64,
    /// When last.
    at: Timestamp,
}

impl Use {
    /// The same with one use more.
    fn again(self, now: Timestamp) -> Use {
        let passed = now.duration_since(self.at).as_secs_f64().max(0.0);
        Use { uses: self.uses * (-passed / HALF_LIFE).exp2() + 1.0, at: now }
    }

    /// What uses are ordered by. All fade alike, so the order is the same at any time.
    fn standing(self) -> f64 {
        self.uses.log2() + self.at.as_duration().as_secs_f64() / HALF_LIFE
    }
}

impl Recents {
    /// Reads what was kept. What cannot be read is an empty list: it holds nothing that a person made.
    pub fn load(folder: &Path) -> Recents {
        let kept = Kept::in_folder(folder, "recents");
        let found = kept.read_or_begin();
        let texts = |key: &str| -> Vec<String> {
            let found = found.get(key).and_then(Value::as_array).into_iter().flatten();
            found.filter_map(Value::as_str).take(MOST_RECENTS).map(str::to_owned).collect()
        };
        let used = found.get(USED).and_then(Value::as_object).into_iter().flatten();
        let used = used.filter_map(|(name, used)| {
            let used = Use::deserialize(used).ok().filter(|used| used.uses.is_finite() && used.uses > 0.0)?;
            Some((name.clone(), used))
        });
        let mut recents = Recents {
            names: texts(RECENTS),
            pages: texts(PAGES),
            used: used.collect(),
            most_used: Vec::new(),
            kept,
        };
        recents.put_in_order();
        recents
    }

    /// The names of the roles last opened, latest first.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The names of the roles that were used, most and latest first.
    pub fn most_used(&self) -> &[String] {
        &self.most_used
    }

    /// The pages that were asked for by themselves, latest first.
    pub fn pages(&self) -> &[String] {
        &self.pages
    }

    /// Puts a role first, and the page if it was asked for.
    pub fn opened(&mut self, role: &Name, page: Option<&Destination>, now: Timestamp) -> Unsaved {
        put_first(&mut self.names, role.to_string());
        if let Some(page) = page {
            put_first(&mut self.pages, page.of_anybody().to_string());
        }
        self.used(role, now)
    }

    /// Counts a use of a role.
    pub fn used(&mut self, role: &Name, now: Timestamp) -> Unsaved {
        let before = self.used.get(role.as_str());
        let after = before.map_or(Use { uses: 1.0, at: now }, |used| used.again(now));
        self.used.insert(role.to_string(), after);
        self.put_in_order();
        let (names, pages) = (self.names.clone(), self.pages.clone());
        let used: Map<String, Value> = self
            .used
            .iter()
            .filter_map(|(name, used)| Some((name.clone(), serde_json::to_value(used).ok()?)))
            .collect();
        let change = move |whole: &mut Map<String, Value>| {
            whole.insert(RECENTS.to_owned(), names.into());
            whole.insert(USED.to_owned(), used.into());
            whole.insert(PAGES.to_owned(), pages.into());
        };
        self.kept.unsaved(change, drop)
    }

    fn put_in_order(&mut self) {
        let mut order: Vec<(f64, &String)> =
            self.used.iter().map(|(name, used)| (used.standing(), name)).collect();
        order.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        order.truncate(MOST_USED);
        self.most_used = order.into_iter().map(|(_, name)| name.clone()).collect();
        if self.used.len() > MOST_USED {
            self.used.retain(|name, _| self.most_used.contains(name));
        }
    }
}

fn put_first(list: &mut Vec<String>, text: String) {
    list.retain(|each| *each != text);
    list.insert(0, text);
    list.truncate(MOST_RECENTS);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hour * 3600).unwrap()
    }

    #[test]
    fn recents_are_kept_latest_first_and_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let mut recents = Recents::load(folder.path());
        for each in 0..30 {
            let page = format!("page-{each}/home").parse().unwrap();
            recents.opened(&format!("role-{each}").parse().unwrap(), Some(&page), at(each)).save().unwrap();
        }
        recents.opened(&"role-15".parse().unwrap(), None, at(31)).save().unwrap();
        let again = Recents::load(folder.path());
        assert_eq!(again.names().len(), MOST_RECENTS);
        assert_eq!(&again.names()[..3], ["role-15", "role-29", "role-28"]);
        assert_eq!(again.pages().len(), MOST_RECENTS);
        assert_eq!(&again.pages()[..2], ["page-29/home", "page-28/home"]);
        assert_eq!(again.most_used(), recents.most_used());
        assert_eq!(&again.most_used()[..3], ["role-15", "role-29", "role-28"]);
    }

    #[test]
    fn what_is_used_most_and_latest_is_first() {
        let folder = tempfile::tempdir().unwrap();
        let mut recents = Recents::load(folder.path());
        let mut used = |name: &str, hour| recents.used(&name.parse().unwrap(), at(hour)).save().unwrap();
        for hour in [0, 1, 2, 3, 4, 5] {
            used("daily", hour);
        }
        used("once", 6);
        assert_eq!(Recents::load(folder.path()).most_used(), ["daily", "once"]);
        // Five weeks on, what was used so much counts less than what is used now.
        used("new", 6 + 5 * 7 * 24);
        assert_eq!(Recents::load(folder.path()).most_used(), ["new", "daily", "once"]);
        assert!(recents.names().is_empty(), "a copy opens nothing");
    }

    #[test]
    fn no_more_uses_are_kept_than_are_shown() {
        let folder = tempfile::tempdir().unwrap();
        let mut recents = Recents::load(folder.path());
        for each in 0..250 {
            let _ = recents.used(&format!("role-{each}").parse().unwrap(), at(each));
        }
        recents.used(&"last".parse().unwrap(), at(300)).save().unwrap();
        let again = Recents::load(folder.path());
        assert_eq!((again.used.len(), again.most_used().len()), (MOST_USED, MOST_USED));
        assert_eq!(&again.most_used()[..2], ["last", "role-249"]);
    }

    #[test]
    fn a_page_is_kept_without_what_was_good_for_one_browser() {
        let folder = tempfile::tempdir().unwrap();
        let mut recents = Recents::load(folder.path());
        let page = "https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/ec2/home".parse().unwrap();
        recents.opened(&"ops".parse().unwrap(), Some(&page), at(0)).save().unwrap();
        let again = Recents::load(folder.path());
        assert_eq!(again.pages(), ["https://eu-west-1.console.aws.amazon.com/ec2/home"]);
    }

    #[test]
    fn what_is_no_list_of_names_is_an_empty_one() {
        for text in [
            "{",
            "{}",
            r#"{"recents": 3}"#,
            r#"{"recents": [1, {"a": 2}], "used": 3, "pages": {}}"#,
            r#"{"used": {"a": 1, "b": {"uses": -1, "at": "2026-01-01T00:00:00Z"}, "c": {"uses": 1, "at": "x"}}}"#,
        ] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("recents.json"), text).unwrap();
            let recents = Recents::load(folder.path());
            assert!(recents.names().is_empty() && recents.most_used().is_empty(), "{text}");
            assert!(recents.pages().is_empty(), "{text}");
        }
    }
}
