//! One assumption: what signs it, the call, and what comes of its answer.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

use super::codes::CodeSource;
use super::end::end;
use super::flight::{Flight, Step, Stopped, Tell};
use super::{Owner, Tools};
use crate::arn::Region;
use crate::assume::MfaCode;
use crate::chain::{Plan, SessionToken};
use crate::console::Endpoints;
use crate::failure::{AssumeContext, Code, Failure, Refusal, classify_assume_role, classify_session_token};
use crate::keychain::{KeptSession, Others, SourceKey};
use crate::moment::End;
use crate::ports::{AWS_DEADLINE, Answered, Caller};
use crate::secret::{Credentials, TemporaryCredentials};
use crate::session::{LEAST_LEFT, Life, Session, SessionDuration, SessionKey, life};

/// What the first region gets where there is a second.
const FIRST_REGION: Duration = Duration::from_secs(8);

/// What signs a role's call.
pub(super) enum Base {
    /// The source.
    Source,
    /// An MFA session that is on its way.
    MfaSession(Flight),
    /// The role before, on its way too.
    Role(Flight),
}

/// How a flight ended.
pub(super) struct Ended {
    pub(super) result: Result<Session, Stopped>,
    pub(super) skew: Option<SignedDuration>,
    pub(super) spoiled: Option<SessionKey>,
}

impl<T: Into<Stopped>> From<T> for Ended {
    fn from(stopped: T) -> Ended {
        Ended { result: Err(stopped.into()), skew: None, spoiled: None }
    }
}

/// What signs, and what came with it.
struct Signing {
    credentials: Credentials,
    endpoints: Endpoints,
    mfa_process: Vec<String>,
    /// The session that it is, where it is one of ours.
    session: Option<SessionKey>,
}

/// A call and, where it needs one, its code.
#[derive(Clone, Copy)]
enum Sent<'a> {
    Role(&'a Plan, Option<&'a MfaCode>),
    Token(&'a SessionToken, &'a MfaCode),
}

impl Sent<'_> {
    fn region(&self) -> &Region {
        match self {
            Sent::Role(plan, _) => &plan.goal.region,
            Sent::Token(token, _) => &token.region,
        }
    }

    fn duration(&self) -> SessionDuration {
        match self {
            Sent::Role(plan, _) => plan.duration(),
            Sent::Token(token, _) => token.duration,
        }
    }

    fn has_code(&self) -> bool {
        matches!(self, Sent::Role(_, Some(_)) | Sent::Token(..))
    }
}

/// The plan's goal, assumed.
pub(super) async fn role(plan: &Plan, base: Base, tools: &Tools, owner: &Owner, tell: &Tell) -> Ended {
    let signing = match base {
        Base::Source => source(plan, tools, tell).await.map_err(Stopped::from),
        Base::MfaSession(mut flight) => flight.followed(tell).await.map(|session| signing_of(&session)),
        Base::Role(mut flight) => match flight.followed(tell).await {
            Ok(session) => Ok(signing_of(&session)),
            Err(Stopped { cause, .. }) => {
                Err(Stopped { told: cause.clone().on_the_way_to(plan.role.as_str()), cause })
            }
        },
    };
    let signing = match signing {
        Ok(signing) => signing,
        Err(stopped) => return stopped.into(),
    };
    let asking = |id| tell.step(Step::Asking(id));
    let codes = plan.goal.mfa.as_ref().map(|serial| CodeSource {
        codes: &tools.codes,
        role: Some(&plan.role),
        source: &plan.source,
        serial,
        command: &signing.mfa_process,
        ask: &*owner.ask,
        asking: &asking,
    });
    let mut plan = plan.clone();
    let mut refused = None;
    loop {
        let code = match &codes {
            None => None,
            Some(codes) => match codes.next(refused.take()).await {
                Ok(code) => Some(code),
                Err(failure) => return failure.into(),
            },
        };
        tell.step(if code.is_some() { Step::Checking } else { Step::Calling });
        let (called, skew) = call(&plan, Sent::Role(&plan, code.as_ref()), &signing, tools).await;
        match called {
            // Every role allows an hour. A code that was sent may be used up, so that the next one is asked for.
            Err(failure)
                if failure.code == Code::DurationTooLong && plan.duration() > SessionDuration::HOUR =>
            {
                refused = code.map(|_| Failure::mfa_code_for_shorter(plan.role.as_str()));
                plan = plan.lasting(SessionDuration::HOUR);
            }
            Err(failure) if failure.code == Code::MfaCodeRefused && code.is_some() => refused = Some(failure),
            Err(failure) => {
                let worthless = matches!(failure.code, Code::KeyUnknown | Code::CredentialsExpired);
                let spoiled = signing.session.filter(|_| worthless);
                return Ended { result: Err(failure.into()), skew, spoiled };
            }
            Ok((credentials, end)) => {
                let key = plan.key();
                let result = session(plan, key, credentials, end, signing.endpoints, tools);
                return Ended { result, skew, spoiled: None };
            }
        }
    }
}

/// The plan's MFA session: the one that the keychain keeps, or a new one, which it then keeps.
pub(super) async fn mfa_session(
    plan: &Plan,
    token: &SessionToken,
    key: &SessionKey,
    tools: &Tools,
    owner: &Owner,
    tell: &Tell,
) -> Ended {
    let signing = match source(plan, tools, tell).await {
        Ok(signing) => signing,
        Err(failure) => return failure.into(),
    };
    let now = tools.clock.moment();
    let needed = now.wall.saturating_add(LEAST_LEFT).unwrap_or(now.wall);
    let waiting = || tell.step(Step::Unlocking);
    let kept = tools.keychain.mfa_session(&plan.source, key, needed, Others::TakenOut, waiting).await;
    match kept {
        Ok(Some(kept)) => {
            let left = kept.credentials.expires.duration_since(now.wall);
            let end = End::at(kept.credentials.expires, now, left);
            let result = session(plan.clone(), key.clone(), kept.credentials, end, signing.endpoints, tools);
            return Ended { result, skew: None, spoiled: None };
        }
        Ok(None) => {}
        Err(failure) => return failure.into(),
    }
    let codes = CodeSource {
        codes: &tools.codes,
        role: Some(&plan.role),
        source: &plan.source,
        serial: &token.serial,
        command: &signing.mfa_process,
        ask: &*owner.ask,
        asking: &|id| tell.step(Step::Asking(id)),
    };
    let mut refused = None;
    loop {
        let code = match codes.next(refused.take()).await {
            Ok(code) => code,
            Err(failure) => return failure.into(),
        };
        tell.step(Step::Checking);
        let (called, skew) = call(plan, Sent::Token(token, &code), &signing, tools).await;
        match called {
            Err(failure) if failure.code == Code::MfaCodeRefused => refused = Some(failure),
            Err(failure) => return Ended { result: Err(failure.into()), skew, spoiled: None },
            Ok((credentials, end)) => {
                tell.step(Step::Calling);
                let kept = KeptSession { key: key.clone(), credentials: credentials.clone() };
                let written = tools.keychain.keep_mfa_session(&plan.source, &kept, || ()).await;
                if let Err(failure) = written {
                    // It works all the same, for as long as the agent does.
                    tracing::warn!(code = ?failure.code, "an MFA session could not be kept");
                }
                let result = session(plan.clone(), key.clone(), credentials, end, signing.endpoints, tools);
                return Ended { result, skew, spoiled: None };
            }
        }
    }
}

/// What signs where a session of ours does.
fn signing_of(session: &Session) -> Signing {
    Signing {
        credentials: Credentials::Temporary(session.credentials.clone()),
        endpoints: session.endpoints.clone(),
        mfa_process: Vec::new(),
        session: Some(session.key.clone()),
    }
}

/// What the plan's source signs with.
async fn source(plan: &Plan, tools: &Tools, tell: &Tell) -> Result<Signing, Failure> {
    tell.step(Step::Preparing);
    let waiting = || tell.step(Step::Unlocking);
    let of = (&plan.source, &plan.kind);
    let read =
        crate::signing::of_source(&tools.keychain, &*tools.profiles, of, Some(&plan.principal), waiting)
            .await?;
    let (SourceKey { endpoints, mfa_process, .. }, credentials) = read;
    Ok(Signing { credentials, endpoints, mfa_process, session: None })
}

/// One call to STS, in the second region where the first is out of order, with the end by our own clock, and what the answer
/// told about it.
async fn call(
    plan: &Plan,
    sent: Sent<'_>,
    signing: &Signing,
    tools: &Tools,
) -> (Result<(TemporaryCredentials, End), Failure>, Option<SignedDuration>) {
    let begun = Instant::now();
    let second = plan.second_region.as_ref();
    let second = second.filter(|second| *second != sent.region() && signing.endpoints.sts.is_none());
    let asked = tools.clock.moment();
    let within = if second.is_some() { FIRST_REGION } else { AWS_DEADLINE };
    let mut answered = sent.send(plan, sent.region(), within, signing, tools).await;
    if let (Some(second), Err(refusal)) = (second, &answered.answer)
        && is_out_of_order(refusal, sent)
    {
        tracing::warn!(region = %sent.region(), second = %second, "the region's STS is out of order");
        let left = AWS_DEADLINE.saturating_sub(begun.elapsed());
        let again = sent.send(plan, second, left, signing, tools).await;
        // What the first region said tells more, where the second fails too.
        if again.answer.is_ok() {
            answered = again;
        }
    }
    let Answered { answer, skew } = answered;
    let called = answer.and_then(|mut credentials| {
        let end = end(credentials.expires, asked, sent.duration(), skew);
        let now = tools.clock.moment();
        credentials.expires = end.shown(now);
        // The computer may have slept between the question and now.
        if life(end.left(now)) == Life::Ended { Err(Refusal::Timeout) } else { Ok((credentials, end)) }
    });
    let context = AssumeContext::of(plan);
    let called = called.map_err(|refusal| match sent {
        Sent::Role(..) => classify_assume_role(&refusal, &context),
        Sent::Token(..) => classify_session_token(&refusal, &context),
    });
    (called, skew)
}

impl Sent<'_> {
    async fn send(
        self,
        plan: &Plan,
        region: &Region,
        within: Duration,
        signing: &Signing,
        tools: &Tools,
    ) -> Answered<TemporaryCredentials> {
        let caller = Caller {
            credentials: &signing.credentials,
            region,
            endpoint: signing.endpoints.sts.as_ref(),
            hosts: plan.hosts,
            within,
        };
        match self {
            Sent::Role(plan, code) => {
                if let (Some(serial), Some(code)) = (&plan.goal.mfa, code) {
                    tools.codes.use_up(serial, code);
                }
                tools.sts.assume_role(caller, &plan.goal, code).await
            }
            Sent::Token(token, code) => {
                tools.codes.use_up(&token.serial, code);
                tools.sts.session_token(caller, token, code).await
            }
        }
    }
}

/// Whether another region may do better. A code that may have arrived is not sent to a second one.
fn is_out_of_order(refusal: &Refusal, sent: Sent<'_>) -> bool {
    match refusal {
        Refusal::Service { code, .. } if code == "RegionDisabledException" => !sent.has_code(),
        Refusal::Service { status, .. } => *status >= 500 && !sent.has_code(),
        Refusal::Timeout | Refusal::Unreached(_) => !sent.has_code(),
        Refusal::NotAws { .. } | Refusal::Setting(_) | Refusal::Local(_) => false,
    }
}

fn session(
    plan: Plan,
    key: SessionKey,
    credentials: TemporaryCredentials,
    end: End,
    endpoints: Endpoints,
    tools: &Tools,
) -> Result<Session, Stopped> {
    let mut random = [0u8; 8];
    getrandom::fill(&mut random).map_err(|_| Failure::internal("the system gave no random numbers"))?;
    Ok(Session {
        id: random.iter().map(|byte| format!("{byte:02x}")).collect(),
        key,
        plan,
        credentials,
        end,
        since: tools.clock.now(),
        endpoints,
    })
}
