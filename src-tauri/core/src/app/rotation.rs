//! A source's key: how old it is, and another in its place. Whatever goes wrong, a key that works is in the keychain.

use std::time::Duration;

use tokio::sync::mpsc;

use super::asker::{Effect, blocking};
use super::record::Reply;
use super::second_factor::{Asking, SecondFactor};
use super::sources::waiting;
use super::{App, Message, Origin, Wanted};
use crate::arn::Region;
use crate::catalog::{CatalogFile, Name, Source, SourceKind};
use crate::console::HostChoice;
use crate::failure::{Code, Failure, IamAction, IamContext, Refusal, classify_caller_identity, classify_iam};
use crate::keychain::{BoundedKeychain, SourceKey};
use crate::ports::{AWS_DEADLINE, Caller, KeyState, OwnKey, Ports};
use crate::secret::{AccessKey, AccessKeyId, Credentials};
use crate::view::Outcome;

/// How long whoever only looks at a source waits for IAM.
const LOOK: Duration = Duration::from_secs(3);
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
    messages: mpsc::UnboundedSender<Message>,
    /// Who asked.
    by: Origin,
    factor: SecondFactor,
    wanted: Wanted,
}

/// A new key that is not in its place, and what the keychain holds instead.
struct Unsettled {
    failure: Failure,
    holds: Holds,
}

/// Which of two keys the keychain holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// The one that was there.
    TheOld,
    /// Nobody knows which.
    Either,
}

/// What the calls are signed with.
struct Signing {
    kept: SourceKey,
    credentials: Credentials,
}

impl App {
    /// The keys of a source's user, where IAM lets it look. It asks nothing of the person and takes no longer than a look.
    pub(super) fn source_keys(&mut self, name: &Name, origin: Origin, reply: Reply) {
        self.with_rotation(name, origin, reply, |rotation| async move {
            let keys = tokio::time::timeout(LOOK, rotation.wanted.or_stop(rotation.keys())).await;
            let keys = keys.unwrap_or_else(|_| Err(Failure::keys_not_told()));
            (Effect::Nothing, keys.map(Outcome::Keys))
        });
    }

    /// A new key in the place of the source's, which is switched off but stays.
    pub(super) fn rotate_source(&mut self, name: &Name, origin: Origin, reply: Reply) {
        let alone = self.sources.clone();
        self.with_rotation(name, origin, reply, |rotation| async move {
            let _alone = alone.lock().await;
            (Effect::CatalogChanged, rotation.rotate().await)
        });
    }

    /// Deletes the key that a rotation left behind, if it is switched off.
    pub(super) fn delete_old_key(&mut self, name: &Name, origin: Origin, reply: Reply) {
        let alone = self.sources.clone();
        self.with_rotation(name, origin, reply, |rotation| async move {
            let _alone = alone.lock().await;
            (Effect::Nothing, rotation.delete_old().await)
        });
    }

    fn with_rotation<W>(
        &mut self,
        name: &Name,
        origin: Origin,
        reply: Reply,
        work: impl FnOnce(Rotation) -> W,
    ) where
        W: Future<Output = (Effect, Result<Outcome, Failure>)> + Send + 'static,
    {
        let rotation = self.rotation(name, &origin, reply.wanted());
        let asker = self.asker(None, origin, reply);
        match rotation {
            Ok(rotation) => asker.run(work(rotation)),
            Err(failure) => asker.finish(Effect::Nothing, Err(failure)),
        }
    }

    fn rotation(&self, name: &Name, origin: &Origin, wanted: Wanted) -> Result<Rotation, Failure> {
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
            messages: self.messages.clone(),
            by: origin.clone(),
            factor: SecondFactor::of(self, origin),
            wanted,
            source,
        })
    }
}

impl Rotation {
    async fn read(&self) -> Result<Signing, Failure> {
        let waiting = waiting(&self.messages, &self.name, &self.by);
        let of = (&self.name, &self.source.kind);
        let read = crate::signing::of_source(&self.keychain, &*self.ports.profiles, of, None, waiting).await;
        read.map(|(kept, credentials)| Signing { kept, credentials })
    }

    /// The same with a second factor, where a refusal may come of there being none; else the refusal.
    async fn with_factor(
        &self,
        signing: &Signing,
        asking: Asking,
        refused: Failure,
    ) -> Result<Signing, Failure> {
        if refused.code != Code::AccessDenied {
            return Err(refused);
        }
        let (of, caller) = ((&self.name, &self.source), self.caller(&signing.kept, &signing.credentials));
        let outside = (&self.ports, &self.keychain);
        let proven = self.factor.proven(of, &signing.kept, caller, outside, asking).await?;
        let credentials = proven.ok_or(refused)?;
        Ok(Signing { kept: signing.kept.clone(), credentials })
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
        let signing = self.read().await?;
        Ok(self.listed(signing, Asking::Forbidden).await?.1)
    }

    /// The user's keys, and what IAM let see them.
    async fn listed(&self, signing: Signing, asking: Asking) -> Result<(Signing, Vec<OwnKey>), Failure> {
        let list = async |signing: &Signing| {
            let keys = self.ports.iam.own_keys(self.caller(&signing.kept, &signing.credentials)).await;
            keys.map_err(|refusal| self.refused(&refusal, IamAction::ListAccessKeys))
        };
        match list(&signing).await {
            Ok(keys) => Ok((signing, keys)),
            Err(refused) => {
                let signing = self.with_factor(&signing, asking, refused).await?;
                let keys = list(&signing).await?;
                Ok((signing, keys))
            }
        }
    }

    /// A new key, and what IAM let make it.
    async fn made(&self, signing: Signing) -> Result<(Signing, AccessKey), Failure> {
        let make = async |signing: &Signing| {
            let made = self.ports.iam.create_key(self.caller(&signing.kept, &signing.credentials)).await;
            made.map_err(|refusal| {
                let failure = self.refused(&refusal, IamAction::CreateAccessKey);
                // A key may be there of which nobody has the secret.
                if refusal.is_definite() { failure } else { failure.key_perhaps_made(self.name.as_str()) }
            })
        };
        match make(&signing).await {
            Ok(made) => Ok((signing, made)),
            Err(refused) => {
                let signing = self.with_factor(&signing, Asking::Allowed, refused).await?;
                let made = make(&signing).await?;
                Ok((signing, made))
            }
        }
    }

    async fn rotate(&self) -> Result<Outcome, Failure> {
        // A catalog that cannot be written is no reason to make a key.
        let file = self.file.clone();
        blocking(move || file.load()).await?.source(&self.name)?;
        let (old, made) = self.made(self.read().await?).await?;
        let (kept, id) = (&old.kept, made.id().clone());
        let was = kept.key.as_ref().map_or(&self.id, AccessKey::id).clone();
        if let Err(Unsettled { failure, holds }) = self.settle(kept, made.clone()).await {
            // Either key may turn out to be the one that is kept, so that neither is taken away.
            if holds == Holds::Either {
                return Err(Failure::both_keys_stay(self.name.as_str(), id.as_str(), &failure));
            }
            // The old key is where it was; the new one is nobody's.
            if let Err(refusal) = self.ports.iam.delete_key(self.caller(kept, &old.credentials), &id).await {
                let why = self.refused(&refusal, IamAction::DeleteAccessKey);
                return Err(Failure::new_key_left(self.name.as_str(), id.as_str(), &failure, &why));
            }
            return Err(failure);
        }
        // Where a second factor was wanted it is wanted here too, and the new key has none yet.
        let switches_off = match &old.credentials {
            Credentials::LongTerm(_) => Credentials::LongTerm(made),
            Credentials::Temporary(_) => old.credentials.clone(),
        };
        let off = self.ports.iam.deactivate_key(self.caller(kept, &switches_off), &was).await;
        let trouble = off.err().map(|refusal| self.refused(&refusal, IamAction::UpdateAccessKey));
        Ok(Outcome::Rotated { old: was, new: id, trouble })
    }

    /// Sees that the new key works, and puts it into the keychain and the catalog, or leaves both as they were.
    async fn settle(&self, kept: &SourceKey, made: AccessKey) -> Result<(), Unsettled> {
        let the_old = |failure| Unsettled { failure, holds: Holds::TheOld };
        // Whoever stops it here has the old key as it was.
        self.wanted.or_stop(self.works(kept, &made)).await.map_err(the_old)?;
        let new = SourceKey { key: Some(made.clone()), ..kept.clone() };
        let tell = || waiting(&self.messages, &self.name, &self.by);
        if let Err(failure) = self.keychain.replace(&self.name, &new, tell()).await {
            let was = kept.key.as_ref().map_or(&self.id, AccessKey::id);
            return Err(self.unsettled(failure, was).await);
        }
        let source = Source { kind: SourceKind::AccessKey(made.id().clone()), ..self.source.clone() };
        let (file, name) = (self.file.clone(), self.name.clone());
        if let Err(failure) = blocking(move || file.replace_source(&name, &source)).await {
            return Err(match self.keychain.replace(&self.name, kept, tell()).await {
                Ok(()) => the_old(failure),
                Err(failure) => Unsettled { failure, holds: Holds::Either },
            });
        }
        Ok(())
    }

    /// Which key the keychain holds after it failed to take the new one: what it says itself, unless an answer that was not
    /// waited for may still come.
    async fn unsettled(&self, failure: Failure, was: &AccessKeyId) -> Unsettled {
        let may_come_late =
            matches!(failure.code, Code::KeychainHung | Code::KeychainLocked | Code::Cancelled);
        let holds_the_old = async || {
            let kept = self.keychain.read(&self.name, || ()).await;
            kept.is_ok_and(|kept| kept.key.is_some_and(|key| key.id() == was))
        };
        let holds = if !may_come_late && holds_the_old().await { Holds::TheOld } else { Holds::Either };
        Unsettled { failure, holds }
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
        let (signing, keys) = self.listed(self.read().await?, Asking::Allowed).await?;
        // The keychain's is the one that works, whatever the catalog says of it.
        let own = signing.kept.key.as_ref().map_or(&self.id, AccessKey::id);
        let Some(old) = keys.iter().find(|key| key.id != *own) else {
            return Err(Failure::no_old_key(self.name.as_str()));
        };
        if old.state == KeyState::Active {
            return Err(Failure::old_key_active(old.id.as_str()));
        }
        let caller = self.caller(&signing.kept, &signing.credentials);
        let deleted = self.ports.iam.delete_key(caller, &old.id).await;
        deleted.map_err(|refusal| self.refused(&refusal, IamAction::DeleteAccessKey))?;
        Ok(Outcome::KeyDeleted { id: old.id.clone() })
    }
}
