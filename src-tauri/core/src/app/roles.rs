//! Roles, accounts and favourites, as a window edits them.

use super::asker::{Effect, blocking};
use super::record::Reply;
use super::{App, Origin};
use crate::catalog::{CatalogFile, Change, Name, Role, RoleChange, Taken};
use crate::chain::Circumstances;
use crate::failure::{Failure, shown};
use crate::role_entry::RoleEntry;
use crate::view::{Answer, Outcome, RolesIntent};

impl App {
    pub(super) fn roles(&mut self, asked: RolesIntent, origin: Origin, reply: Reply) {
        match asked {
            RolesIntent::Check { form, before } => {
                let checked = Box::new(form.checked(&self.catalog, before.as_deref(), &self.circumstances()));
                self.tell(Ok(Answer::RoleChecked { checked }), origin, reply);
            }
            RolesIntent::Form { role } => {
                let form = self.catalog.role(&role).map(|found| Box::new(RoleEntry::of(&role, found)));
                self.tell(form.map(|form| Answer::RoleEntry { form }), origin, reply);
            }
            RolesIntent::Save { form, before } => self.save_role(&form, before.as_deref(), origin, reply),
            RolesIntent::Change { roles, change } => {
                let message = format!("changed {}", counted(&roles));
                self.edit_undoably(message, origin, reply, move |file| file.edit_roles(&roles, &change));
            }
            RolesIntent::Remove { roles } => {
                let message = format!("removed {}", counted(&roles));
                self.edit_undoably(message, origin, reply, move |file| file.remove_roles(&roles));
            }
            RolesIntent::OrderFavourites { roles } => {
                self.edit_catalog(origin, reply, move |file| file.order_favourites(&roles));
            }
            RolesIntent::Account { account, change } => {
                self.edit_catalog(origin, reply, move |file| file.edit_account(&account, &change));
            }
            RolesIntent::Undo { undo } => self.undo(undo, origin, reply),
        }
    }

    pub(super) fn circumstances(&self) -> Circumstances {
        Circumstances::at(self.config.ports.clock.now(), &self.config.zone, &self.config.host)
    }

    fn tell(&mut self, answer: Result<Answer, Failure>, origin: Origin, reply: Reply) {
        let told = answer.map(|answer| Outcome::Told(Box::new(answer)));
        self.asker(None, origin, reply).finish(Effect::Nothing, told);
    }

    /// Saves a form by the file's own check, which sees what the form alone does not: who goes through the role.
    fn save_role(&mut self, form: &RoleEntry, before: Option<&RoleEntry>, origin: Origin, reply: Reply) {
        let read = read(form).and_then(|new| Ok((new, before.map(read).transpose()?)));
        let ((name, role), before) = match read {
            Ok(read) => read,
            Err(failure) => return self.asker(None, origin, reply).finish(Effect::Nothing, Err(failure)),
        };
        let Some((called, was)) = before else {
            return self.edit_catalog(origin, reply, move |file| file.add_role(&name, &role));
        };
        let change =
            RoleChange { name: (name != called).then_some(name), ..RoleChange::between(&was, &role) };
        if change.is_empty() && self.catalog.has_role(&called) {
            return self.asker(None, origin, reply).finish(Effect::Nothing, Ok(Outcome::Done));
        }
        // What AWS refused before may have been allowed since.
        if change.duration != Change::Keep
            && let Some(unsaved) = self.ceilings.forget(&role.arn)
        {
            self.clerk.save(unsaved);
        }
        self.edit_catalog(origin, reply, move |file| file.edit_role(&called, &change));
    }

    fn edit_undoably(
        &mut self,
        message: String,
        origin: Origin,
        reply: Reply,
        edit: impl FnOnce(&CatalogFile) -> Result<Taken, Failure> + Send + 'static,
    ) {
        let undo = self.undos.next();
        let (asker, file) = (self.asker(None, origin, reply), self.file.clone());
        asker.run(async move {
            match blocking(move || edit(&file)).await {
                Ok(taken) => {
                    let answer = Answer::Undoable { message, undo };
                    (Effect::RolesTaken { undo, taken }, Ok(Outcome::Told(Box::new(answer))))
                }
                Err(failure) => (Effect::CatalogChanged, Err(failure)),
            }
        });
    }

    fn undo(&mut self, undo: u64, origin: Origin, reply: Reply) {
        let (asker, file) = (self.asker(None, origin, reply), self.file.clone());
        let Some(taken) = self.undos.taken(undo, self.config.ports.clock.moment()) else {
            return asker.finish(Effect::Nothing, Err(Failure::nothing_to_undo()));
        };
        asker.run(async move {
            match blocking(move || file.put_back(&taken)).await {
                Ok(_) => (Effect::Undone(undo), Ok(Outcome::Done)),
                Err(failure) => (Effect::CatalogChanged, Err(failure)),
            }
        });
    }
}

fn read(form: &RoleEntry) -> Result<(Name, Role), Failure> {
    form.read().map_err(|problems| {
        let first = problems.into_iter().next().map(|problem| problem.failure);
        first.unwrap_or_else(|| Failure::internal("a form is wrong and right"))
    })
}

fn counted(roles: &[Name]) -> String {
    match roles {
        [only] => format!("`{}`", shown(only.as_str())),
        many => format!("{} roles", many.len()),
    }
}
