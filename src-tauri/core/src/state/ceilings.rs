//! How long a role's sessions may be, where AWS refused a longer one: asked for straight away next time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::kept::{Kept, Unsaved};
use crate::arn::RoleArn;
use crate::session::SessionDuration;

/// After this AWS is asked for the longer one again: somebody may have raised the role's maximum.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// What is known of roles that do not allow what they were asked for, by their ARN.
#[derive(Debug)]
pub struct Ceilings {
    kept: Kept,
    /// What we last saw on the disk, as far as we know; `guise role edit` writes there too.
    seen: Arc<Mutex<Map<String, Value>>>,
    known: BTreeMap<String, Ceiling>,
}

/// What is known of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ceiling {
    /// The longest that AWS has been seen to allow.
    allowed: SessionDuration,
    /// The shortest that it has been seen to refuse.
    refused: SessionDuration,
    /// When it refused.
    seen: Timestamp,
}

impl Ceilings {
    /// Reads what was kept; what cannot be read is not known.
    pub fn load(folder: &Path) -> Ceilings {
        let kept = Kept::in_folder(folder, "ceilings");
        let seen = kept.read_or_begin();
        Ceilings { kept, known: known(&seen), seen: Arc::new(Mutex::new(seen)) }
    }

    /// Takes what another program of ours wrote meanwhile.
    pub fn refresh(&mut self) {
        // What cannot be read now was read before.
        let Ok(found) = self.kept.read() else { return };
        let mut seen = lock(&self.seen);
        if found != *seen {
            self.known = known(&found);
            *seen = found;
        }
    }

    /// What to ask AWS for: `wished`, or the most that the role allows where that is known to be less.
    pub fn duration(&self, role: &RoleArn, wished: SessionDuration, now: Timestamp) -> SessionDuration {
        match self.known.get(&role.to_string()) {
            Some(ceiling) if ceiling.holds(now) && wished >= ceiling.refused => ceiling.allowed,
            _ => wished,
        }
    }

    /// AWS refused a session of `refused` and gave one of `allowed`.
    pub fn refused(
        &mut self,
        role: &RoleArn,
        refused: SessionDuration,
        allowed: SessionDuration,
        now: Timestamp,
    ) -> Unsaved {
        self.set(role, Some(Ceiling { allowed, refused, seen: now }))
    }

    /// AWS gave a session of this length. `None` where that is no news.
    pub fn granted(&mut self, role: &RoleArn, length: SessionDuration) -> Option<Unsaved> {
        let ceiling = *self.known.get(&role.to_string())?;
        if length <= ceiling.allowed {
            return None;
        }
        let more = Ceiling { allowed: length, ..ceiling };
        Some(self.set(role, (length < ceiling.refused).then_some(more)))
    }

    /// Forgets what is known of a role; `None` where nothing is.
    pub fn forget(&mut self, role: &RoleArn) -> Option<Unsaved> {
        self.known.contains_key(&role.to_string()).then(|| self.set(role, None))
    }

    /// Forgets what bounds no role any more: the person now asks for no more than AWS allows, or for another role.
    pub fn keep_for<'a>(
        &mut self,
        roles: impl Iterator<Item = (&'a RoleArn, SessionDuration)>,
    ) -> Option<Unsaved> {
        if self.known.is_empty() {
            return None;
        }
        let mut bounded = BTreeMap::new();
        for (arn, wished) in roles {
            let arn = arn.to_string();
            if let Some(ceiling) = self.known.get(&arn).filter(|ceiling| wished > ceiling.allowed) {
                bounded.insert(arn, *ceiling);
            }
        }
        let gone: Vec<String> =
            self.known.keys().filter(|arn| !bounded.contains_key(*arn)).cloned().collect();
        self.known = bounded;
        (!gone.is_empty()).then(|| self.unsaved(move |whole| whole.retain(|arn, _| !gone.contains(arn))))
    }

    fn set(&mut self, role: &RoleArn, ceiling: Option<Ceiling>) -> Unsaved {
        let arn = role.to_string();
        match ceiling {
            Some(ceiling) => self.known.insert(arn.clone(), ceiling),
            None => self.known.remove(&arn),
        };
        self.unsaved(move |whole| match ceiling {
            Some(ceiling) => ceiling.write(whole.entry(arn).or_insert_with(|| json!({}))),
            None => drop(whole.remove(&arn)),
        })
    }

    fn unsaved(&self, change: impl FnOnce(&mut Map<String, Value>) + Send + 'static) -> Unsaved {
        let seen = self.seen.clone();
        self.kept.unsaved(change, move |saved| *lock(&seen) = saved)
    }
}

impl Ceiling {
    /// Whether it still counts. A clock that was set back makes it no older.
    fn holds(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen).abs() < REMEMBERED
    }

    fn read(entry: &Value) -> Option<Ceiling> {
        let seconds = |key: &str| entry.get(key)?.as_u64()?.to_string().parse::<SessionDuration>().ok();
        let seen = entry.get("seen")?.as_str()?.parse().ok()?;
        let ceiling =
            Ceiling { allowed: seconds("allowed_seconds")?, refused: seconds("refused_seconds")?, seen };
        (ceiling.allowed < ceiling.refused).then_some(ceiling)
    }

    fn write(&self, entry: &mut Value) {
        if !entry.is_object() {
            *entry = json!({});
        }
        entry["allowed_seconds"] = self.allowed.seconds().into();
        entry["refused_seconds"] = self.refused.seconds().into();
        entry["seen"] = self.seen.to_string().into();
    }
}

fn lock(seen: &Mutex<Map<String, Value>>) -> MutexGuard<'_, Map<String, Value>> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn known(found: &Map<String, Value>) -> BTreeMap<String, Ceiling> {
    found.iter().filter_map(|(arn, entry)| Some((arn.clone(), Ceiling::read(entry)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SessionDuration = SessionDuration::HOUR;

    fn role(name: &str) -> RoleArn {
        format!("arn:aws:iam::111122223333:role/{name}").parse().unwrap()
    }

    fn long(text: &str) -> SessionDuration {
        text.parse().unwrap()
    }

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000).unwrap() + SignedDuration::from_hours(hours)
    }

    #[test]
    fn what_aws_refused_is_not_asked_again_for_a_day() {
        let folder = tempfile::tempdir().unwrap();
        Ceilings::load(folder.path()).refused(&role("A"), long("12h"), HOUR, at(0)).save().unwrap();
        let ceilings = Ceilings::load(folder.path());
        for (name, wished, hours, asked) in [
            ("A", "12h", 0, "1h"),
            ("A", "12h", 23, "1h"),
            ("A", "12h", 24, "12h"),
            ("A", "12h", -23, "1h"),
            ("A", "12h", -24, "12h"),
            // Nothing is known of what lies between what was allowed and what was refused.
            ("A", "4h", 0, "4h"),
            ("A", "1h", 0, "1h"),
            ("A", "15m", 0, "15m"),
            ("B", "12h", 0, "12h"),
        ] {
            let told = ceilings.duration(&role(name), long(wished), at(hours));
            assert_eq!(told, long(asked), "{name} {wished} {hours}");
        }
    }

    #[test]
    fn what_is_granted_meanwhile_moves_the_ceiling() {
        let folder = tempfile::tempdir().unwrap();
        let mut ceilings = Ceilings::load(folder.path());
        let _ = ceilings.refused(&role("A"), long("12h"), HOUR, at(0));
        assert!(ceilings.granted(&role("A"), HOUR).is_none());
        assert!(ceilings.granted(&role("B"), long("12h")).is_none());
        ceilings.granted(&role("A"), long("4h")).unwrap().save().unwrap();
        assert_eq!(Ceilings::load(folder.path()).duration(&role("A"), long("12h"), at(1)), long("4h"));
        ceilings.granted(&role("A"), long("12h")).unwrap().save().unwrap();
        assert_eq!(Ceilings::load(folder.path()).duration(&role("A"), long("12h"), at(1)), long("12h"));
    }

    #[test]
    fn an_edited_role_forgets_a_ceiling_that_bounds_it_no_more() {
        for (roles, stays) in [
            (vec![("A", "12h")], true),
            (vec![("A", "1h"), ("A", "2h")], true),
            (vec![("A", "1h")], false),
            (vec![("B", "12h")], false),
            (vec![], false),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let mut ceilings = Ceilings::load(folder.path());
            ceilings.refused(&role("A"), long("12h"), HOUR, at(0)).save().unwrap();
            let named: Vec<_> = roles.iter().map(|(name, wished)| (role(name), long(wished))).collect();
            let unsaved = ceilings.keep_for(named.iter().map(|(arn, wished)| (arn, *wished)));
            assert_eq!(unsaved.is_none(), stays, "{roles:?}");
            unsaved.map(Unsaved::save).transpose().unwrap();
            for each in [&ceilings, &Ceilings::load(folder.path())] {
                assert_eq!(each.duration(&role("A"), long("12h"), at(0)) == HOUR, stays, "{roles:?}");
            }
        }
    }

    #[test]
    fn what_another_program_wrote_is_taken_and_what_could_not_be_written_is_known_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let mut agents = Ceilings::load(folder.path());
        let unsaved = agents.refused(&role("A"), long("12h"), HOUR, at(0));
        agents.refresh();
        assert_eq!(agents.duration(&role("A"), long("12h"), at(0)), HOUR, "the disk may be full");
        unsaved.save().unwrap();
        agents.refresh();
        Ceilings::load(folder.path()).forget(&role("A")).unwrap().save().unwrap();
        agents.refresh();
        assert_eq!(agents.duration(&role("A"), long("12h"), at(0)), long("12h"));
    }

    #[test]
    fn what_makes_no_sense_is_not_known() {
        let sound = json!({ "allowed_seconds": 3600, "refused_seconds": 7200, "seen": at(0).to_string() });
        assert!(Ceiling::read(&sound).is_some());
        for (key, value) in [
            ("allowed_seconds", json!(7200)),
            ("allowed_seconds", json!("3600")),
            ("refused_seconds", json!(99999)),
            ("seen", json!("yesterday")),
            ("seen", Value::Null),
        ] {
            let mut entry = sound.clone();
            entry[key] = value;
            assert_eq!(Ceiling::read(&entry), None, "{entry}");
        }
    }
}
