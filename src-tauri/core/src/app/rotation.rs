//! A source's key: how old it is, and another in its place. Whatever goes wrong, a key that works is in the keychain.

use std::time::Duration;

use super::asker::{Effect, blocking};
use super::record::Reply;
use super::{App, Origin};
use crate::arn::Region;
use crate::catalog::{CatalogFile, Name, Source, SourceKind};
use crate::console::HostChoice;
use crate::failure::{Code, Failure, IamAction, IamContext, Refusal, classify_caller_identity, classify_iam};
use crate::keychain::{BoundedKeychain, SourceKey};
use crate::ports::{AWS_DEADLINE, Caller, KeyState, OwnKey, Ports};
use crate::secret::{AccessKey, AccessKeyId, Credentials};
use crate::view::Outcome;

/// A new key is not known everywhere at once; it is tried so often, with a pause before each but the first.
const TRIES: u32 = 12;
const PAUSE: Duration = Duration::from_secs(1);

/// A source and what its key is changed with.
struct Rotation {
    name: Name,
    source: Source,
    id: AccessKeyId,
    ports: Ports,
    keychain: BoundedKeychain,
    file: CatalogFile,
    region: Region,
    hosts: HostChoice,
}

impl App {
    /// The keys of a source's user, where IAM lets it look.
    pub(super) fn source_keys(&mut self, name: Name, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        let rotation = match self.rotation(&name) {
            Ok(rotation) => rotation,
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        asker.run(async move { (Effect::Nothing, rotation.keys().await.map(Outcome::Keys)) });
    }

    /// A new key in the place of the source's, which is switched off but stays.
    pub(super) fn rotate_source(&mut self, name: Name, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        let rotation = match self.rotation(&name) {
            Ok(rotation) => rotation,
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        let alone = self.sources.clone();
        asker.run(async move {
            let _alone = alone.lock().await;
            (Effect::CatalogChanged, rotation.rotate().await)
        });
    }

    /// Deletes the key that a rotation left behind, if it is switched off.
    pub(super) fn delete_old_key(&mut self, name: Name, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        let rotation = match self.rotation(&name) {
            Ok(rotation) => rotation,
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        let alone = self.sources.clone();
        asker.run(async move {
            let _alone = alone.lock().await;
            (Effect::Nothing, rotation.delete_old().await)
        });
    }

    fn rotation(&self, name: &Name) -> Result<Rotation, Failure> {
        let source = self.catalog.source(name)?.clone();
        let SourceKind::AccessKey(id) = &source.kind else {
            return Err(Failure::profile_has_no_key(name.as_str()));
        };
        let partition = source.arn.partition().unwrap_or(crate::arn::Partition::Aws);
        Ok(Rotation {
            name: name.clone(),
            id: id.clone(),
            ports: self.config.ports.clone(),
            keychain: self.keychain.clone(),
            file: self.file.clone(),
            region: source.region.clone().unwrap_or_else(|| partition.default_region()),
            hosts: self.catalog.settings.hosts,
            source,
        })
    }
}

impl Rotation {
    async fn read(&self) -> Result<(SourceKey, Credentials), Failure> {
        let kept = self.keychain.read(&self.name, || ()).await?;
        let key = kept.key.clone().ok_or_else(|| Failure::key_missing(self.name.as_str()))?;
        Ok((kept, Credentials::LongTerm(key)))
    }

    fn caller<'a>(&'a self, kept: &'a SourceKey, credentials: &'a Credentials) -> Caller<'a> {
        Caller {
            credentials,
            region: &self.region,
            endpoint: kept.endpoints.sts.as_ref(),
            hosts: self.hosts,
            within: AWS_DEADLINE,
        }
    }

    /// What IAM refused, in words that name the permission.
    fn refused(&self, refusal: &Refusal, action: IamAction) -> Failure {
        let (source, principal) = (self.name.to_string(), self.source.arn.clone());
        classify_iam(refusal, &IamContext { source, principal, action })
    }

    async fn keys(&self) -> Result<Vec<OwnKey>, Failure> {
        let (kept, credentials) = self.read().await?;
        let keys = self.ports.iam.own_keys(self.caller(&kept, &credentials)).await;
        keys.map_err(|refusal| self.refused(&refusal, IamAction::ListAccessKeys))
    }

    async fn rotate(&self) -> Result<Outcome, Failure> {
        // A catalog that cannot be written is no reason to make a key.
        let file = self.file.clone();
        blocking(move || file.load()).await?.source(&self.name)?;
        let (kept, old) = self.read().await?;
        let made = self.ports.iam.create_key(self.caller(&kept, &old)).await;
        let made = made.map_err(|refusal| self.refused(&refusal, IamAction::CreateAccessKey))?;
        let id = made.id().clone();
        if let Err(failure) = self.settle(&kept, made.clone()).await {
            // The old key is where it was; the new one is nobody's.
            if let Err(refusal) = self.ports.iam.delete_key(self.caller(&kept, &old), &id).await {
                let why = self.refused(&refusal, IamAction::DeleteAccessKey);
                return Err(Failure::new_key_left(self.name.as_str(), id.as_str(), &failure, &why));
            }
            return Err(failure);
        }
        let new = Credentials::LongTerm(made);
        let off = self.ports.iam.deactivate_key(self.caller(&kept, &new), &self.id).await;
        let trouble = off.err().map(|refusal| self.refused(&refusal, IamAction::UpdateAccessKey));
        Ok(Outcome::Rotated { old: self.id.clone(), new: id, trouble })
    }

    /// Sees that the new key works, and puts it into the keychain and the catalog, or leaves both as they were.
    async fn settle(&self, kept: &SourceKey, made: AccessKey) -> Result<(), Failure> {
        self.works(kept, &made).await?;
        let new = SourceKey { key: Some(made.clone()), ..kept.clone() };
        self.keychain.replace(&self.name, &new, || ()).await?;
        let source = Source { kind: SourceKind::AccessKey(made.id().clone()), ..self.source.clone() };
        let (file, name) = (self.file.clone(), self.name.clone());
        if let Err(failure) = blocking(move || file.replace_source(&name, &source)).await {
            self.keychain.replace(&self.name, kept, || ()).await?;
            return Err(failure);
        }
        Ok(())
    }

    async fn works(&self, kept: &SourceKey, made: &AccessKey) -> Result<(), Failure> {
        let credentials = Credentials::LongTerm(made.clone());
        let mut last = Failure::new_key_is_anothers(self.name.as_str());
        for attempt in 0..TRIES {
            if attempt > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            match self.ports.sts.caller_identity(self.caller(kept, &credentials)).await.answer {
                Ok(identity) if identity.arn == self.source.arn => return Ok(()),
                Ok(_) => return Err(last),
                Err(refusal) => last = classify_caller_identity(&refusal, self.name.as_str()),
            }
            if last.code != Code::KeyUnknown {
                break;
            }
        }
        Err(last)
    }

    async fn delete_old(&self) -> Result<Outcome, Failure> {
        let (kept, credentials) = self.read().await?;
        let keys = self.ports.iam.own_keys(self.caller(&kept, &credentials)).await;
        let keys = keys.map_err(|refusal| self.refused(&refusal, IamAction::ListAccessKeys))?;
        let Some(old) = keys.iter().find(|key| key.id != self.id) else {
            return Err(Failure::no_old_key(self.name.as_str()));
        };
        if old.state == KeyState::Active {
            return Err(Failure::old_key_active(old.id.as_str()));
        }
        let deleted = self.ports.iam.delete_key(self.caller(&kept, &credentials), &old.id).await;
        deleted.map_err(|refusal| self.refused(&refusal, IamAction::DeleteAccessKey))?;
        Ok(Outcome::KeyDeleted { id: old.id.clone() })
    }
}
