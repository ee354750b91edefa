//! Brings in what was chosen: sources through the agent, which has AWS say whose they are, and then roles.

use std::path::Path;

use guise_core::adapters::other_tools;
use guise_core::agent::{Answered, Request};
use guise_core::catalog::CatalogFile;
use guise_core::console::Endpoints;
use guise_core::failure::{Failure, quoted};
use guise_core::home::Home;
use guise_core::import::{
    Difference, Finds, FoundRole, MadeOf, WantedSource, Wishes, assumer, check_way, difference, new_source,
    source,
};
use guise_core::profiles::ProfileName;

use super::{Chosen, changed, yes};
use crate::agent::ask;
use crate::arguments::bringing::ImportCommand;
use crate::say;

/// What becomes of a role that exists and differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It stays.
    Left,
    /// The person is asked.
    Asked,
    /// It is changed: the person said so beforehand.
    Changed,
}

/// Bringing in.
pub(crate) struct Applying<'a> {
    pub(crate) home: &'a Home,
    pub(crate) finds: &'a Finds,
    pub(crate) wishes: Wishes,
    pub(crate) existing: Existing,
    pub(crate) command: &'a ImportCommand,
}

impl Applying<'_> {
    /// Brings in each on its own: what is in one's way is told, and the rest goes on.
    pub(crate) fn apply(&self, chosen: &Chosen) -> Result<(), Failure> {
        let mut failed = 0;
        let mut tell = |name: &str, done: Result<(), Failure>| {
            if let Err(failure) = done {
                failed += 1;
                say::words(&format!("`{name}` was not brought in"));
                say::failure(&failure);
            }
        };
        for profile in &chosen.profiles {
            tell(profile.as_str(), self.profile(profile));
        }
        for role in self.finds.in_order(&chosen.roles) {
            tell(role.name.as_str(), self.role(role));
        }
        if failed == 0 { Ok(()) } else { Err(Failure::import_incomplete(failed)) }
    }

    fn profile(&self, profile: &ProfileName) -> Result<(), Failure> {
        let catalog = CatalogFile::in_home(self.home).load()?;
        let wanted = source(self.finds, &catalog, profile, &self.wishes)?;
        if wanted.from.is_none() {
            say::words(&format!("`{}` is here already", wanted.name));
        }
        self.source(&wanted)
    }

    fn role(&self, role: &FoundRole) -> Result<(), Failure> {
        let file = CatalogFile::in_home(self.home);
        let catalog = file.load()?;
        let (assumed_by, wanted) = assumer(self.finds, &catalog, role, &self.wishes)?;
        check_way(self.finds, &catalog, role)?;
        let (told, change) = difference(role, &assumed_by, catalog.roles.get(&role.name));
        let name = &role.name;
        match told {
            Difference::None => say::words(&format!("`{name}` is here already")),
            Difference::New => {
                self.before(wanted.as_ref())?;
                file.add_role(name, &role.as_role(assumed_by))?;
                say::words(&format!("added `{name}`"));
                for note in &role.notes {
                    say::words(&format!("  {note}"));
                }
            }
            Difference::Changes(fields) => {
                say::words(&format!(
                    "`{name}` is here and differs:\n{}",
                    say::table(&changed(&fields, str::to_owned))
                ));
                let change_it = match self.existing {
                    Existing::Left => false,
                    Existing::Asked => yes(&format!("Change `{name}`?")),
                    Existing::Changed => true,
                };
                if !change_it {
                    let how = if self.existing == Existing::Left { "; --replace changes it" } else { "" };
                    say::words(&format!("left `{name}` as it is{how}"));
                    return Ok(());
                }
                self.before(wanted.as_ref())?;
                file.edit_role(name, &change)?;
                say::words(&format!("changed `{name}`"));
            }
        }
        Ok(())
    }

    /// What a role needs before it can be.
    fn before(&self, wanted: Option<&WantedSource>) -> Result<(), Failure> {
        wanted.map_or(Ok(()), |wanted| self.source(wanted))
    }

    fn source(&self, wanted: &WantedSource) -> Result<(), Failure> {
        let endpoints = Endpoints {
            sts: self.command.sts_endpoint.clone(),
            signin: self.command.signin_endpoint.clone(),
            console: self.command.console_endpoint.clone(),
        };
        let new = new_source(self.finds, wanted, endpoints, other_tools::key_of_vault)?;
        let (Some(new), Some(from)) = (new, &wanted.from) else { return Ok(()) };
        let answered = ask(self.home, Request::AddSource(Box::new((&new).into())))?;
        let Answered::Identity { arn, .. } = answered else { return Err(Failure::agent_unintelligible()) };
        say::words(&wanted.added_as(&arn));
        match from {
            MadeOf::Key(profile) => {
                if let Some(key) = self.finds.keys.iter().find(|key| key.profile == *profile) {
                    say::words(&format!("  {}", key.can_go()));
                }
            }
            MadeOf::Vaulted(profile) => say::words(&format!(
                "  aws-vault still has it too: aws-vault remove {} takes it out",
                quoted(Path::new(profile.as_str()))
            )),
            MadeOf::Profile(_) => {}
        }
        Ok(())
    }
}
