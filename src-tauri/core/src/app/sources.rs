//! Adding, testing and removing sources: keychain and catalog change together or not at all.

use tokio::sync::mpsc;

use super::asker::{Effect, blocking};
use super::record::Reply;
use super::{App, Message, Origin};
use crate::arn::Region;
use crate::catalog::{Catalog, CatalogFile, Change, Name, Source, SourceChange, SourceKind};
use crate::console::HostChoice;
use crate::failure::{Failure, classify_caller_identity};
use crate::keychain::SourceKey;
use crate::ports::{AWS_DEADLINE, Caller, Ports};
use crate::secret::{AccessKeyId, Credentials};
use crate::state::Ledger;
use crate::view::{Identity, NewKey, NewSource, Outcome};

impl App {
    /// Asks AWS who the key is, keeps it in the keychain, reads it back, and only then keeps the source in the catalog.
    pub(super) fn add_source(&mut self, new: NewSource, origin: Origin, reply: Reply) {
        let by = origin.clone();
        let asker = self.asker(None, origin, reply);
        // One that came without its key, or has lost it, is given it back under its name.
        let known = match &new.key {
            NewKey::AccessKey(key) => self.keyless(&new.name, key.id()).cloned(),
            NewKey::Profile(_) => None,
        };
        let refused = match &new.key {
            _ if known.is_none() && self.catalog.has_source(&new.name) => {
                Some(Failure::source_exists(new.name.as_str()))
            }
            NewKey::AccessKey(key) if !key.id().is_long_term() => Some(Failure::temporary_access_key()),
            NewKey::AccessKey(_) | NewKey::Profile(_) => None,
        };
        if let Some(failure) = refused {
            return asker.finish(Effect::Nothing, Err(failure));
        }
        let (ports, keychain, file, sources) =
            (self.config.ports.clone(), self.keychain.clone(), self.file.clone(), self.sources.clone());
        let (messages, ledger) = (self.messages.clone(), Ledger::of(&self.config.home));
        let hosts = self.catalog.settings.hosts;
        let still = asker.reply.wanted();
        asker.run(async move {
            let _alone = sources.lock().await;
            let added = async {
                // A catalog that cannot be written is no reason to ask AWS or the keychain.
                loaded(&file).await?;
                if known.is_some() {
                    let held = keychain.read_if_there(&new.name, waiting(&messages, &new.name, &by)).await?;
                    if held.key.is_some() {
                        return Err(Failure::source_exists(new.name.as_str()));
                    }
                }
                let (kind, key, credentials, profile_region) = match new.key {
                    NewKey::AccessKey(key) => {
                        let kind = SourceKind::AccessKey(key.id().clone());
                        (kind, Some(key.clone()), Credentials::LongTerm(key), None)
                    }
                    NewKey::Profile(profile) => {
                        let resolved = still.or_stop(ports.profiles.resolve(&profile)).await?;
                        (SourceKind::Profile(profile), None, resolved.credentials, resolved.region)
                    }
                };
                let key = SourceKey { key, endpoints: new.endpoints, mfa_process: new.mfa_process };
                let region = new.region.or(profile_region);
                let who = Who { name: &new.name, credentials: &credentials, key: &key, hosts };
                // Up to here nothing was changed; from here on it goes to its end.
                let identity = still.or_stop(identify(&ports, &messages, who, region.as_ref())).await?;
                if new.mfa_serial.is_some() && !identity.arn.is_user() {
                    return Err(Failure::mfa_of_no_user(new.name.as_str()));
                }
                if let Some(known) = known.as_ref().filter(|known| known.arn != identity.arn) {
                    return Err(Failure::key_of_another(new.name.as_str(), &known.arn, &identity.arn));
                }
                let kept = known.as_ref();
                let source = Source {
                    kind,
                    arn: identity.arn.clone(),
                    account: identity.account.clone(),
                    region: region.or_else(|| kept?.region.clone()),
                    mfa_serial: new.mfa_serial.or_else(|| kept?.mfa_serial.clone()),
                };
                // Somebody else may have added it while AWS was asked; that one's key must stay.
                let now = loaded(&file).await?;
                if now.sources.get(&new.name) != kept || kept.is_none() && now.has_source(&new.name) {
                    return Err(Failure::source_exists(new.name.as_str()));
                }
                let (there, name, again) = (file.clone(), new.name.clone(), known.is_some());
                if key.is_empty() {
                    // A profile without anything of ours needs no keychain.
                    blocking(move || there.add_source(&name, &source)).await?;
                    return Ok(identity);
                }
                // Before the key, so that whatever happens next it can be found and taken out.
                note(&ledger, &new.name, Ledger::note_key).await;
                let written = keychain.write(&new.name, &key, waiting(&messages, &new.name, &by)).await;
                let stored = match &written {
                    Ok(()) if again => blocking(move || there.replace_source(&name, &source)).await,
                    Ok(()) => blocking(move || there.add_source(&name, &source)).await,
                    Err(failure) => Err(failure.clone()),
                };
                let Err(failure) = stored else {
                    keychain.settled(&new.name);
                    return Ok(identity);
                };
                // A disk that fails late can have kept the source all the same.
                if written.is_ok() && loaded(&file).await.is_ok_and(|catalog| catalog.has_source(&new.name)) {
                    keychain.settled(&new.name);
                    return Err(failure);
                }
                // Nothing names the key now, so it must not stay behind.
                if written.is_ok() && keychain.remove(&new.name, || ()).await.is_err() {
                    tracing::warn!("a key is taken out of the keychain later");
                }
                if !keychain.unsettled().contains(&new.name) {
                    note(&ledger, &new.name, Ledger::forget_key).await;
                }
                Err(failure)
            };
            match added.await {
                Ok(identity) => (Effect::SourceAdded(new.name), Ok(Outcome::Identity(identity))),
                Err(failure) => (Effect::Nothing, Err(failure)),
            }
        });
    }

    /// A source that can be given a key: this very one, or another where the keychain is known to hold none.
    fn keyless(&self, name: &Name, id: &AccessKeyId) -> Option<&Source> {
        let source = self.catalog.sources.get(name)?;
        let had = source.access_key_id()?;
        (had == id || self.keys_missing.contains(name)).then_some(source)
    }

    /// Changes a source: what is the catalog's there, and what decides what is run in the keychain.
    pub(super) fn edit_source(
        &mut self,
        name: Name,
        change: SourceChange,
        mfa_process: Change<Vec<String>>,
        origin: Origin,
        reply: Reply,
    ) {
        let by = origin.clone();
        let asker = self.asker(None, origin, reply);
        let source = match self.catalog.source(&name) {
            Ok(source) => source.clone(),
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        if matches!(change.mfa_serial, Change::Set(_)) && !source.arn.is_user() {
            return asker.finish(Effect::Nothing, Err(Failure::mfa_of_no_user(name.as_str())));
        }
        let (keychain, file, sources) = (self.keychain.clone(), self.file.clone(), self.sources.clone());
        let (messages, ledger) = (self.messages.clone(), Ledger::of(&self.config.home));
        asker.run(async move {
            let _alone = sources.lock().await;
            let edited = async {
                // A catalog that cannot be written is no reason to change the keychain.
                loaded(&file).await?.source(&name)?;
                if mfa_process != Change::Keep {
                    let mut key = keychain.read_if_there(&name, waiting(&messages, &name, &by)).await?;
                    key.mfa_process = mfa_process.applied_to(None).unwrap_or_default();
                    note(&ledger, &name, Ledger::note_key).await;
                    keychain.replace(&name, &key, waiting(&messages, &name, &by)).await?;
                }
                if change != SourceChange::default() {
                    let source = name.clone();
                    blocking(move || file.edit_source(&source, &change)).await?;
                }
                Ok(Outcome::Done)
            };
            let result = edited.await;
            (Effect::CatalogChanged, result)
        });
    }

    pub(super) fn test_source(&mut self, name: Name, origin: Origin, reply: Reply) {
        let by = origin.clone();
        let asker = self.asker(None, origin, reply);
        let source = match self.catalog.source(&name) {
            Ok(source) => source.clone(),
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        let region = source.region.clone().or_else(|| Some(source.arn.partition()?.default_region()));
        let hosts = self.catalog.settings.hosts;
        let (ports, keychain) = (self.config.ports.clone(), self.keychain.clone());
        let (messages, still, file) = (self.messages.clone(), asker.reply.wanted(), self.file.clone());
        asker.run(async move {
            let identity = async {
                let waiting = waiting(&messages, &name, &by);
                let of = (&name, &source.kind);
                let read = crate::signing::of_source(&keychain, &*ports.profiles, of, None, waiting).await;
                let (key, credentials) = read?;
                let who = Who { name: &name, credentials: &credentials, key: &key, hosts };
                let identity = identify(&ports, &messages, who, region.as_ref()).await?;
                let now = match (&key.key, &source.kind) {
                    // A keychain that failed while a key was changed may hold the other; what works is what counts.
                    (Some(kept), SourceKind::AccessKey(known))
                        if kept.id() != known && identity.arn == source.arn =>
                    {
                        Some(Source { kind: SourceKind::AccessKey(kept.id().clone()), ..source.clone() })
                    }
                    // Files outside are their owner's to change.
                    (_, SourceKind::Profile(_)) if !identity.arn.is_same(&source.arn) => Some(Source {
                        arn: identity.arn.clone(),
                        account: identity.account.clone(),
                        ..source.clone()
                    }),
                    (_, SourceKind::AccessKey(_) | SourceKind::Profile(_)) => None,
                };
                if let Some(source) = now {
                    let name = name.clone();
                    blocking(move || file.replace_source(&name, &source)).await?;
                }
                Ok(identity)
            };
            let identity = still.or_stop(identity).await.map(Outcome::Identity);
            (Effect::SourceTested(name), identity)
        });
    }

    /// Takes the key out of the keychain first: if that fails, the source is still there to try again.
    pub(super) fn remove_source(&mut self, name: Name, origin: Origin, reply: Reply) {
        let by = origin.clone();
        let asker = self.asker(None, origin, reply);
        if let Err(failure) = self.catalog.source(&name) {
            return asker.finish(Effect::Nothing, Err(failure));
        }
        let needed_by = self.catalog.roles_of(&name);
        let (keychain, file, sources) = (self.keychain.clone(), self.file.clone(), self.sources.clone());
        let (messages, ledger) = (self.messages.clone(), Ledger::of(&self.config.home));
        asker.run(async move {
            let _alone = sources.lock().await;
            let removed = async {
                // While the catalog cannot be written, the source stays, and so must its key.
                loaded(&file).await?;
                let key_removed = keychain.remove(&name, waiting(&messages, &name, &by)).await?;
                let source = name.clone();
                blocking(move || file.remove_source(&source)).await?;
                note(&ledger, &name, Ledger::forget_key).await;
                Ok(key_removed)
            };
            match removed.await {
                Ok(key_removed) => {
                    (Effect::SourceGone(name), Ok(Outcome::SourceRemoved { needed_by, key_removed }))
                }
                Err(failure) => (Effect::Nothing, Err(failure)),
            }
        });
    }
}

/// Changes the ledger; one that cannot be changed keeps nobody from their work.
pub(super) async fn note(
    ledger: &Ledger,
    source: &Name,
    change: impl FnOnce(&Ledger, &Name) -> Result<(), Failure> + Send + 'static,
) {
    let (ledger, source) = (ledger.clone(), source.clone());
    if let Err(failure) = blocking(move || change(&ledger, &source)).await {
        tracing::warn!(code = ?failure.code, "the ledger was not kept");
    }
}

async fn loaded(file: &CatalogFile) -> Result<Catalog, Failure> {
    let file = file.clone();
    blocking(move || file.load()).await
}

/// Whom AWS is asked about.
struct Who<'a> {
    name: &'a Name,
    credentials: &'a Credentials,
    key: &'a SourceKey,
    hosts: HostChoice,
}

async fn identify(
    ports: &Ports,
    messages: &mpsc::UnboundedSender<Message>,
    who: Who<'_>,
    region: Option<&Region>,
) -> Result<Identity, Failure> {
    let region = region.cloned().unwrap_or_else(|| crate::arn::Partition::Aws.default_region());
    let caller = Caller {
        credentials: who.credentials,
        region: &region,
        endpoint: who.key.endpoints.sts.as_ref(),
        hosts: who.hosts,
        within: AWS_DEADLINE,
    };
    let told = ports.sts.caller_identity(caller).await;
    if let Some(skew) = told.skew {
        let _ = messages.send(Message::ClockMeasured(skew));
    }
    told.answer.map_err(|refusal| classify_caller_identity(&refusal, who.name.as_str()))
}

/// Tells the person that the keychain waits for them.
pub(super) fn waiting(
    messages: &mpsc::UnboundedSender<Message>,
    name: &Name,
    origin: &Origin,
) -> impl FnOnce() + Send + use<> {
    let (source, origin, messages) = (name.clone(), origin.clone(), messages.clone());
    move || {
        let _ = messages.send(Message::KeychainWaits { source, origin });
    }
}
