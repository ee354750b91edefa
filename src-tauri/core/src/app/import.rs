//! Bringing in what other tools know, or a catalog that somebody gives: told first, and brought in as it was told or not at all.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::asker::{Effect, blocking};
use super::record::Reply;
use super::{App, Message, Origin, Wanted};
use crate::adapters::other_tools;
use crate::catalog::{Catalog, CatalogFile, Given, Name, Role, Taken};
use crate::console::Endpoints;
use crate::failure::Failure;
use crate::import::{
    Difference, Differing, Done, Finds, FoundKey, FoundRole, KeysGo, MadeOf, ProfilesAre, WantedSource,
    Wishes, assumer, bringing, check_way, difference, new_source, offers, read_any, source,
};
use crate::profiles::{LARGEST_FILE, ProfileName};
use crate::secret::ExposeSecret;
use crate::view::{
    Answer, FindKind, FindsView, ImportIntent, ImportedView, Intent, LeftView, LookIn, Outcome,
};

/// How long what was told can be chosen from. A text that was pasted may hold a key, so it is not kept for longer.
const KEPT_FOR: Duration = Duration::from_mins(15);

/// What was last told, so that what is chosen of it can be brought in.
#[derive(Clone)]
pub(super) struct Told {
    number: u64,
    place: LookIn,
    wishes: Wishes,
    view: FindsView,
}

/// What was found.
enum Looked {
    Tools(Finds, Vec<Failure>),
    Catalog(Box<Catalog>),
}

impl App {
    pub(super) fn import(&mut self, asked: ImportIntent, origin: Origin, reply: Reply) {
        match asked {
            ImportIntent::Look { place, source, keys } => self.look_for(place, source, keys, origin, reply),
            ImportIntent::Apply { number, chosen, replace } => {
                self.bring_in(number, chosen, replace, origin, reply);
            }
            ImportIntent::Export => {
                let text = self.catalog.exported();
                let told = Ok(Outcome::Told(Box::new(Answer::Catalog { text })));
                self.asker(None, origin, reply).finish(Effect::Nothing, told);
            }
        }
    }

    pub(super) fn keep_found(&mut self, told: Told) {
        let (messages, number) = (self.messages.clone(), told.number);
        self.import = Some(told);
        tokio::spawn(async move {
            tokio::time::sleep(KEPT_FOR).await;
            let _ = messages.send(Message::ForgetFound { number });
        });
    }

    pub(super) fn forget_found(&mut self, number: u64) {
        if self.import.as_ref().is_some_and(|told| told.number == number) {
            self.import = None;
        }
    }

    fn look_for(&mut self, place: LookIn, source: Option<Name>, keys: KeysGo, origin: Origin, reply: Reply) {
        let place = match (place, &self.import) {
            (LookIn::SamePlace, Some(told)) => told.place.clone(),
            (LookIn::SamePlace, None) => LookIn::ThisComputer,
            (elsewhere, _) => elsewhere,
        };
        let profiles = match &place {
            LookIn::ThisComputer | LookIn::SamePlace => ProfilesAre::Usual,
            LookIn::Text { .. } => ProfilesAre::Elsewhere,
        };
        let wishes = Wishes { source, keys, profiles };
        self.last_import += 1;
        let (number, catalog) = (self.last_import, self.catalog.clone());
        let asker = self.asker(None, origin, reply);
        let still = asker.reply.wanted();
        asker.run(async move {
            let looked = async {
                blocking(move || {
                    let mut view = shown(&look(&place)?, &catalog, &wishes, &place);
                    view.number = number;
                    Ok(Told { number, place, wishes, view })
                })
                .await
            };
            match still.or_stop(looked).await {
                Ok(told) => {
                    let view = Box::new(told.view.clone());
                    (Effect::Found(Box::new(told)), Ok(Outcome::Told(Box::new(Answer::Finds { view }))))
                }
                Err(failure) => (Effect::Nothing, Err(failure)),
            }
        });
    }

    fn bring_in(&mut self, number: u64, chosen: Vec<String>, replace: bool, origin: Origin, reply: Reply) {
        let undo = self.undos.next();
        let asker = self.asker(None, origin, reply);
        let Some(told) = self.import.clone().filter(|told| told.number == number) else {
            return asker.finish(Effect::Nothing, Err(Failure::import_changed()));
        };
        let mut bringing = Bringing {
            file: self.file.clone(),
            messages: self.messages.clone(),
            still: asker.reply.wanted(),
            endpoints: self.config.endpoints.clone(),
            wishes: told.wishes.clone(),
            chosen,
            replace,
            imported: ImportedView::default(),
        };
        asker.run(async move {
            match bringing.bring(told).await {
                Ok(taken) => {
                    bringing.imported.undo = taken.is_some().then_some(undo);
                    let imported = Box::new(bringing.imported);
                    let effect = match taken {
                        Some(taken) => Effect::RolesTaken { undo, taken },
                        None => Effect::CatalogChanged,
                    };
                    (effect, Ok(Outcome::Told(Box::new(Answer::Imported { imported }))))
                }
                Err(failure) => (Effect::CatalogChanged, Err(failure)),
            }
        });
    }
}

/// What stands there. A text is told by itself: a catalog of ours, or what other tools write.
fn look(place: &LookIn) -> Result<Looked, Failure> {
    let LookIn::Text { text, called } = place else {
        let (finds, trouble) = other_tools::finds();
        return Ok(Looked::Tools(finds, trouble));
    };
    let text = text.0.expose_secret();
    if text.len() as u64 > LARGEST_FILE {
        return Err(Failure::import_too_large(called));
    }
    match Catalog::given(text) {
        Ok(given) if !given.roles.is_empty() || !given.sources.is_empty() || !given.accounts.is_empty() => {
            Ok(Looked::Catalog(Box::new(given)))
        }
        _ => Ok(Looked::Tools(read_any(text, called.into()), Vec::new())),
    }
}

fn shown(looked: &Looked, catalog: &Catalog, wishes: &Wishes, place: &LookIn) -> FindsView {
    let view = match looked {
        Looked::Tools(finds, trouble) => {
            FindsView { trouble: trouble.clone(), ..FindsView::of_tools(finds, catalog, wishes) }
        }
        Looked::Catalog(given) => FindsView::of_catalog(given, &offers(given, catalog), catalog),
    };
    let called = match place {
        LookIn::ThisComputer | LookIn::SamePlace => None,
        LookIn::Text { called, .. } => Some(called.clone()),
    };
    FindsView { called, ..view }
}

/// Bringing in what was chosen.
struct Bringing {
    file: CatalogFile,
    messages: mpsc::UnboundedSender<Message>,
    still: Wanted,
    endpoints: Endpoints,
    wishes: Wishes,
    chosen: Vec<String>,
    replace: bool,
    imported: ImportedView,
}

impl Bringing {
    /// Everything that was chosen. Sources come first and each by itself; roles and accounts come in one edit.
    async fn bring(&mut self, told: Told) -> Result<Option<Taken>, Failure> {
        let catalog = self.catalog().await?;
        let (wishes, before) = (told.wishes, told.view);
        let (looked, view) = blocking(move || {
            let looked = look(&told.place)?;
            let mut view = shown(&looked, &catalog, &wishes, &told.place);
            view.number = told.number;
            Ok((looked, view))
        })
        .await?;
        if view != before {
            return Err(Failure::import_changed());
        }
        let given = match looked {
            Looked::Tools(finds, _) => self.of_tools(&finds).await?,
            Looked::Catalog(given) => self.of_catalog(&given).await?,
        };
        if given.is_empty() {
            return Ok(None);
        }
        let file = self.file.clone();
        blocking(move || file.bring_in(&given)).await.map(Some)
    }

    async fn of_tools(&mut self, finds: &Finds) -> Result<Given, Failure> {
        let others = finds.centers.iter().chain(&finds.others).map(|found| &found.profile);
        let profiles: Vec<&ProfileName> = finds
            .keys
            .iter()
            .map(|key| &key.profile)
            .chain(finds.vaulted.iter().map(|key| &key.profile))
            .chain(others)
            .filter(|profile| self.chose(FindKind::Profile, profile.as_str()))
            .collect();
        // Read once, and kept as it becomes: it is checked again when all of it is written.
        let mut becomes = self.catalog().await?;
        for profile in profiles {
            let wanted = source(finds, &becomes, profile, &self.wishes);
            let added = match wanted {
                Ok(wanted) => self.add(finds, &wanted, &mut becomes).await,
                Err(failure) => Err(failure),
            };
            self.left(profile.as_str(), added)?;
        }
        let names: Vec<Name> = finds
            .roles
            .iter()
            .filter(|role| self.chose(FindKind::Role, role.name.as_str()))
            .map(|role| role.name.clone())
            .collect();
        let mut given = Given::default();
        for role in finds.in_order(&names) {
            match self.role(finds, role, &mut becomes).await {
                Ok(brought) => given.roles.extend(brought.map(|brought| (role.name.clone(), brought))),
                Err(failure) => self.left(role.name.as_str(), Err(failure))?,
            }
        }
        Ok(given)
    }

    /// A role as it comes in, which is in the catalog from then on; `None` where it is here just so.
    async fn role(
        &mut self,
        finds: &Finds,
        found: &FoundRole,
        becomes: &mut Catalog,
    ) -> Result<Option<Role>, Failure> {
        let (assumed_by, wanted) = assumer(finds, becomes, found, &self.wishes)?;
        check_way(finds, becomes, found)?;
        let name = &found.name;
        let existing = becomes.roles.get(name);
        let done = if existing.is_some() { format!("changed `{name}`") } else { format!("added `{name}`") };
        let role = match difference(found, &assumed_by, existing) {
            (Difference::None, _) => {
                self.imported.done.push(format!("`{name}` is here already"));
                return Ok(None);
            }
            (Difference::Changes(_), _) if !self.replace => {
                return Err(Failure::import_differs(name.as_str()));
            }
            (_, change) => match existing {
                Some(existing) => change.applied_to(existing.clone()),
                None => found.as_role(assumed_by),
            },
        };
        if let Some(wanted) = wanted {
            self.add(finds, &wanted, becomes).await?;
        }
        becomes.check_role(name, &role)?;
        becomes.roles.insert(name.clone(), role.clone());
        self.imported.done.push(done);
        Ok(Some(role))
    }

    /// Adds a source as a window adds one, where it is not here.
    async fn add(
        &mut self,
        finds: &Finds,
        wanted: &WantedSource,
        becomes: &mut Catalog,
    ) -> Result<(), Failure> {
        let vault = match &wanted.from {
            Some(MadeOf::Vaulted(profile)) => {
                let profile = profile.clone();
                Some(blocking(move || other_tools::key_of_vault(&profile)).await?)
            }
            Some(MadeOf::Key(_) | MadeOf::Profile(_)) | None => None,
        };
        let read = |profile: &ProfileName| vault.ok_or_else(|| Failure::vaulted_foreign(profile.as_str()));
        let Some(new) = new_source(finds, wanted, self.endpoints.clone(), read)? else {
            return Ok(());
        };
        let (reply, answer) = oneshot::channel();
        let (intent, wanted_still) = (Intent::AddSource(Box::new(new)), self.still.clone());
        let asked = Message::Asked { intent, origin: Origin::Window, wanted: wanted_still, reply };
        self.messages.send(asked).map_err(|_| Failure::agent_gone())?;
        let Outcome::Identity(identity) = answer.await.map_err(|_| Failure::agent_gone())?? else {
            return Err(Failure::internal("a source was added as nobody"));
        };
        becomes.sources = self.catalog().await?.sources;
        self.imported.done.push(wanted.added_as(&identity.arn.to_string()));
        match &wanted.from {
            Some(MadeOf::Key(profile)) => {
                let key = finds.keys.iter().find(|key| key.profile == *profile);
                self.imported.next.extend(key.map(FoundKey::can_go));
            }
            Some(MadeOf::Vaulted(profile)) => {
                self.imported
                    .next
                    .push(format!("aws-vault still has it too: `aws-vault remove {profile}` takes it out"));
            }
            Some(MadeOf::Profile(_)) | None => {}
        }
        Ok(())
    }

    async fn of_catalog(&mut self, given: &Catalog) -> Result<Given, Failure> {
        let here = self.catalog().await?;
        let differing = if self.replace { Differing::Changes } else { Differing::Stays };
        let brought = bringing(given, &here, differing, |kind, name| self.chose(FindKind::of(kind), name));
        for Done { sentence, keyless } in brought.done(&here) {
            self.imported.done.push(sentence);
            self.imported.next.extend(keyless.map(|(name, id)| {
                format!(
                    "the key of `{name}` does not travel with a catalog: add an access key under that name, {} or a newer one",
                    id.as_str()
                )
            }));
        }
        let kept = brought.kept.into_iter().map(|name| {
            let failure = Failure::import_differs(&name);
            LeftView { name, failure }
        });
        let left = brought.left.into_iter().map(|(name, failure)| LeftView { name, failure });
        self.imported.left = left.chain(kept).collect();
        Ok(brought.given)
    }

    fn chose(&self, kind: FindKind, name: &str) -> bool {
        let id = kind.id(name);
        self.chosen.contains(&id)
    }

    /// Keeps the reason where something was not brought in; whoever said no ends all of it.
    fn left(&mut self, name: &str, brought: Result<(), Failure>) -> Result<(), Failure> {
        match brought {
            Err(failure) if failure.is_cancelled() => Err(failure),
            Err(failure) => {
                self.imported.left.push(LeftView { name: name.to_owned(), failure });
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    async fn catalog(&self) -> Result<Catalog, Failure> {
        let file = self.file.clone();
        blocking(move || file.load()).await
    }
}
