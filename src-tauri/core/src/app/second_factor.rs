//! A second factor for a source's own calls, on the way to no role: the MFA session that is kept, or a code.

use std::sync::Arc;

use super::{Message, Origin};
use crate::broker::{CodeSource, Codes, Question};
use crate::catalog::{Name, Source};
use crate::chain::SessionToken;
use crate::failure::{Code, Failure, classify_own_session_token};
use crate::keychain::{BoundedKeychain, KeptSession, Others, SourceKey};
use crate::ports::{Caller, Ports};
use crate::secret::Credentials;
use crate::session::{LEAST_LEFT, SessionDuration};

/// Whether the person may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    /// For a code.
    Allowed,
    /// Only what is there already is used.
    Forbidden,
}

/// Where a second factor comes from.
pub(super) struct SecondFactor {
    pub(super) codes: Codes,
    /// Puts a question to the person.
    pub(super) ask: Arc<dyn Fn(Question) + Send + Sync>,
}

impl SecondFactor {
    /// That of an intent: its questions are put where its origin says.
    pub(super) fn of(app: &super::App, origin: &Origin) -> SecondFactor {
        let (questions, asks) = (app.messages.clone(), origin.clone());
        SecondFactor {
            codes: app.broker.codes(),
            ask: Arc::new(move |question| {
                let _ = questions.send(Message::Question(question, asks.clone()));
            }),
        }
    }

    /// Credentials that prove it; `None` where the source has no device, or one may not be asked. `caller` is how the source
    /// calls without it.
    pub(super) async fn proven(
        &self,
        (name, source): (&Name, &Source),
        kept: &SourceKey,
        caller: Caller<'_>,
        (ports, keychain): (&Ports, &BoundedKeychain),
        asking: Asking,
    ) -> Result<Option<Credentials>, Failure> {
        let Some(serial) = source.mfa_serial.clone().filter(|_| source.arn.is_user()) else {
            return Ok(None);
        };
        let token =
            SessionToken { serial, duration: SessionDuration::LONGEST, region: caller.region.clone() };
        let key = token.key(name, source, caller.hosts);
        let now = ports.clock.now();
        let needed = now.saturating_add(LEAST_LEFT).unwrap_or(now);
        // Who reached the key has unlocked the keychain.
        let there = keychain.mfa_session(name, &key, needed, Others::Left, || ()).await?;
        if let Some(there) = there {
            return Ok(Some(Credentials::Temporary(there.credentials)));
        }
        if asking == Asking::Forbidden {
            return Ok(None);
        }
        let codes = CodeSource {
            codes: &self.codes,
            role: None,
            source: name,
            serial: &token.serial,
            command: &kept.mfa_process,
            ask: &*self.ask,
            asking: &|_| (),
        };
        let mut refused = None;
        loop {
            let code = codes.next(refused.take()).await?;
            self.codes.use_up(&token.serial, &code);
            let answer = ports.sts.session_token(caller, &token, &code).await.answer;
            match answer.map_err(|refusal| classify_own_session_token(&refusal, name.as_str())) {
                Err(failure) if failure.code == Code::MfaCodeRefused => refused = Some(failure),
                Err(failure) => return Err(failure),
                Ok(credentials) => {
                    let session = KeptSession { key, credentials: credentials.clone() };
                    if let Err(failure) = keychain.keep_mfa_session(name, &session, || ()).await {
                        tracing::warn!(code = ?failure.code, "an MFA session could not be kept");
                    }
                    return Ok(Some(Credentials::Temporary(credentials)));
                }
            }
        }
    }
}
