//! Adding, testing and removing sources: keychain and catalog change together or not at all.

use tokio::sync::mpsc;

use super::asker::{Effect, blocking};
use super::notices::keychain_waits;
use super::record::Reply;
use super::{App, Message, Origin};
use crate::arn::Region;
use crate::catalog::{Catalog, CatalogFile, Name, Source};
use crate::failure::{Failure, classify_caller_identity};
use crate::keychain::SourceKey;
use crate::ports::Ports;
use crate::state::Ledger;
use crate::view::{Identity, NewSource, Outcome};

impl App {
    /// Asks AWS who the key is, keeps it in the keychain, reads it back, and only then keeps the source in the catalog.
    pub(super) fn add_source(&mut self, new: NewSource, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        let refused = if self.catalog.has_source(&new.name) {
            Some(Failure::source_exists(new.name.as_str()))
        } else if new.key.id().is_long_term() {
            None
        } else {
            Some(Failure::temporary_access_key())
        };
        if let Some(failure) = refused {
            return asker.finish(Effect::Nothing, Err(failure));
        }
        let (ports, keychain, file, sources) =
            (self.config.ports.clone(), self.keychain.clone(), self.file.clone(), self.sources.clone());
        let (messages, ledger) = (self.messages.clone(), Ledger::of(&self.config.home));
        asker.run(async move {
            let _alone = sources.lock().await;
            let added = async {
                // A catalog that cannot be written is no reason to ask AWS or the keychain.
                loaded(&file).await?;
                let key = SourceKey { key: new.key, endpoints: new.endpoints };
                let identity = identify(&ports, &messages, &new.name, &key, new.region.as_ref()).await?;
                let source = Source {
                    access_key_id: key.key.id().clone(),
                    arn: identity.arn.clone(),
                    account: identity.account.clone(),
                    region: new.region,
                };
                // Somebody else may have added it while AWS was asked; that one's key must stay.
                if loaded(&file).await?.has_source(&new.name) {
                    return Err(Failure::source_exists(new.name.as_str()));
                }
                // Before the key, so that whatever happens next it can be found and taken out.
                note(&ledger, &new.name, Ledger::note_key).await;
                let written = keychain.write(&new.name, &key, waiting(&ports, &messages, &new.name)).await;
                let (there, name) = (file.clone(), new.name.clone());
                let stored = match &written {
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

    pub(super) fn test_source(&mut self, name: Name, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        let region = match self.catalog.source(&name) {
            Ok(source) => source.region.clone().or_else(|| Some(source.arn.partition()?.default_region())),
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        let (ports, keychain) = (self.config.ports.clone(), self.keychain.clone());
        let messages = self.messages.clone();
        asker.run(async move {
            let identity = async {
                let key = keychain.read(&name, waiting(&ports, &messages, &name)).await?;
                identify(&ports, &messages, &name, &key, region.as_ref()).await
            };
            let identity = identity.await.map(Outcome::Identity);
            (Effect::SourceTested(name), identity)
        });
    }

    /// Takes the key out of the keychain first: if that fails, the source is still there to try again.
    pub(super) fn remove_source(&mut self, name: Name, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        if let Err(failure) = self.catalog.source(&name) {
            return asker.finish(Effect::Nothing, Err(failure));
        }
        let needed_by = self.catalog.roles_of(&name);
        let (ports, keychain, file, sources) =
            (self.config.ports.clone(), self.keychain.clone(), self.file.clone(), self.sources.clone());
        let (messages, ledger) = (self.messages.clone(), Ledger::of(&self.config.home));
        asker.run(async move {
            let _alone = sources.lock().await;
            let removed = async {
                // While the catalog cannot be written, the source stays, and so must its key.
                loaded(&file).await?;
                let key_removed = keychain.remove(&name, waiting(&ports, &messages, &name)).await?;
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

async fn identify(
    ports: &Ports,
    messages: &mpsc::UnboundedSender<Message>,
    name: &Name,
    key: &SourceKey,
    region: Option<&Region>,
) -> Result<Identity, Failure> {
    let region = region.cloned().unwrap_or_else(|| crate::arn::Partition::Aws.default_region());
    let told = ports.sts.caller_identity(&key.key, &region, key.endpoints.sts.as_ref()).await;
    if let Some(skew) = told.skew {
        let _ = messages.send(Message::ClockMeasured(skew));
    }
    told.answer.map_err(|refusal| classify_caller_identity(&refusal, name.as_str()))
}

/// Tells the person that the keychain waits for them.
fn waiting(
    ports: &Ports,
    messages: &mpsc::UnboundedSender<Message>,
    name: &Name,
) -> impl FnOnce() + Send + use<> {
    let (desktop, notice, messages) = (ports.desktop.clone(), keychain_waits(name), messages.clone());
    move || {
        let _ = messages.send(Message::KeychainWaits);
        desktop.notify(notice);
    }
}
