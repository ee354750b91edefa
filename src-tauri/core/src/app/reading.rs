//! What is read for a person: the journal, how this computer is, which profiles there are.

use super::asker::{Effect, blocking};
use super::record::Reply;
use super::{App, Origin};
use crate::adapters::doctor::ThisComputer;
use crate::adapters::other_tools;
use crate::doctor::{Wording, examine};
use crate::failure::Failure;
use crate::state::Journal;
use crate::view::{Answer, EntryView, Outcome, ProfileView, Read};

impl App {
    pub(super) fn read(&mut self, wanted: Read, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        let (home, catalog) = (self.config.home.clone(), self.catalog.clone());
        let still_wanted = asker.reply.wanted();
        asker.run(async move {
            let read = async {
                Ok(match wanted {
                    Read::Journal { last } => {
                        blocking(move || {
                            let entries = Journal::last(&home.state, last)?;
                            let entries = entries.iter().rev().map(|entry| EntryView::of(entry, &catalog));
                            Ok(Answer::Journal { entries: entries.collect() })
                        })
                        .await?
                    }
                    Read::Diagnostics => {
                        let report = examine(&ThisComputer::new(&home, None), &home).await;
                        Answer::Diagnostics { text: report.text(Wording::Masked) }
                    }
                    Read::Profiles => blocking(profiles).await?,
                })
            };
            let read = still_wanted.or_stop(read).await;
            (Effect::Nothing, read.map(|answer| Outcome::Told(Box::new(answer))))
        });
    }
}

/// The profiles that can be a source as they are.
fn profiles() -> Result<Answer, Failure> {
    let finds = other_tools::profiles_alone()?;
    let keys = finds.keys.iter().map(|key| ProfileView {
        name: key.profile.to_string(),
        what: if key.temporary { "a session, which ends by itself" } else { "a key in plain text" }
            .to_owned(),
    });
    let others = finds.centers.iter().chain(&finds.others);
    let others =
        others.map(|found| ProfileView { name: found.profile.to_string(), what: found.what.clone() });
    let mut profiles: Vec<ProfileView> = keys.chain(others).collect();
    profiles.sort_by(|one, other| one.name.cmp(&other.name));
    profiles.dedup_by(|one, other| one.name == other.name);
    Ok(Answer::Profiles { profiles })
}
