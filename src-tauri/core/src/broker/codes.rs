//! MFA codes: from the person, or from the command that they set, and none of them twice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::Question;
use crate::assume::{MfaCode, MfaSerial};
use crate::catalog::Name;
use crate::failure::{Code, Failure};
use crate::moment::Steady;
use crate::ports::{Clock, CodeCommand};

/// A device shows a code for so long.
const WINDOW: u64 = 30;
/// A code that was sent is remembered for so long: AWS takes those of the windows beside its own too.
const REMEMBERED: Duration = Duration::from_secs(150);

/// Where codes come from, and those that were used.
#[derive(Clone)]
pub(crate) struct Codes {
    command: Arc<dyn CodeCommand>,
    clock: Arc<dyn Clock>,
    used: Arc<Mutex<HashMap<String, Vec<Used>>>>,
    /// One command after the other asks a device: the next code is half a minute away.
    turns: Arc<Mutex<HashMap<String, Turn>>>,
    asked: Arc<AtomicU64>,
}

type Turn = Arc<tokio::sync::Mutex<()>>;

struct Used {
    code: MfaCode,
    at: Steady,
}

/// Where the codes of one call come from.
pub(crate) struct CodeSource<'a> {
    pub(crate) codes: &'a Codes,
    /// The role that they are for; none where they are for the source's own keys.
    pub(crate) role: Option<&'a Name>,
    pub(crate) source: &'a Name,
    pub(crate) serial: &'a MfaSerial,
    /// The command that the person set; they are asked themselves where it is empty.
    pub(crate) command: &'a [String],
    /// Puts a question to the person.
    pub(crate) ask: &'a (dyn Fn(Question) + Send + Sync),
    /// Hears the id of a question that is before the person.
    pub(crate) asking: &'a (dyn Fn(u64) + Send + Sync),
}

impl Codes {
    pub(super) fn new(command: Arc<dyn CodeCommand>, clock: Arc<dyn Clock>) -> Codes {
        // Ids of one run are not those of another.
        Codes {
            command,
            clock,
            used: Arc::default(),
            turns: Arc::default(),
            asked: Arc::new(AtomicU64::new(1)),
        }
    }

    fn turn(&self, serial: &MfaSerial) -> Turn {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry(serial.as_str().to_owned()).or_default().clone()
    }

    /// Whether a code was sent already.
    fn is_used(&self, serial: &MfaSerial, code: &MfaCode) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.steady();
        let of_device = used.entry(serial.as_str().to_owned()).or_default();
        of_device.retain(|each| now.0.saturating_sub(each.at.0) < REMEMBERED);
        of_device.iter().any(|each| each.code.is_same(code))
    }

    /// A code is about to be sent.
    pub(crate) fn use_up(&self, serial: &MfaSerial, code: &MfaCode) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let code = Used { code: code.clone(), at: self.clock.steady() };
        used.entry(serial.as_str().to_owned()).or_default().push(code);
    }
}

impl CodeSource<'_> {
    /// A code that was not sent before. `refused` is what AWS said to the last one.
    pub(crate) async fn next(&self, refused: Option<Failure>) -> Result<MfaCode, Failure> {
        if self.command.is_empty() {
            return self.persons(refused).await;
        }
        // A command that gives what AWS does not take would go on giving it.
        if let Some(failure) = refused.filter(|failure| failure.code == Code::MfaCodeRefused) {
            return Err(failure);
        }
        let turn = self.codes.turn(self.serial);
        let _turn = turn.lock().await;
        let code = self.fresh().await?;
        // It is this call's from now on, whoever comes next.
        self.codes.use_up(self.serial, &code);
        Ok(code)
    }

    /// A code of the command that was not sent before, of the device's next window where need be.
    async fn fresh(&self) -> Result<MfaCode, Failure> {
        let code = self.commands().await?;
        if !self.codes.is_used(self.serial, &code) {
            return Ok(code);
        }
        let second = u64::try_from(self.codes.clock.now().as_second()).unwrap_or_default();
        tokio::time::sleep(Duration::from_secs(WINDOW - second % WINDOW + 1)).await;
        let code = self.commands().await?;
        if self.codes.is_used(self.serial, &code) { Err(Failure::mfa_process_repeats()) } else { Ok(code) }
    }

    async fn commands(&self) -> Result<MfaCode, Failure> {
        MfaCode::read(&self.codes.command.code(self.command).await?)
            .map_err(|_| Failure::mfa_process_no_code())
    }

    async fn persons(&self, refused: Option<Failure>) -> Result<MfaCode, Failure> {
        let mut again = refused;
        loop {
            let id = self.codes.asked.fetch_add(1, Ordering::Relaxed);
            let (answer, heard) = oneshot::channel();
            (self.ask)(Question {
                id,
                role: self.role.cloned(),
                source: self.source.clone(),
                serial: self.serial.clone(),
                again,
                answer,
            });
            (self.asking)(id);
            let text = heard.await.unwrap_or_else(|_| Err(Failure::ending()))?;
            again = match MfaCode::read(&text) {
                Ok(code) if self.codes.is_used(self.serial, &code) => Some(Failure::mfa_code_used()),
                Ok(code) => return Ok(code),
                Err(malformed) => Some(malformed),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use jiff::Timestamp;
    use tokio::time::Instant;

    use super::*;
    use crate::secret::SecretString;

    /// A device that is always in the last second of its window, so that the next code is two seconds away.
    struct Device(Instant);

    impl Clock for Device {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(1_800_000_029).unwrap()
        }
        fn steady(&self) -> Steady {
            Steady(self.0.elapsed())
        }
    }

    #[async_trait]
    impl CodeCommand for Device {
        async fn code(&self, _: &[String]) -> Result<SecretString, Failure> {
            Ok(format!("{:06}", self.0.elapsed().as_secs() / 2).into())
        }
    }

    #[tokio::test]
    async fn however_many_ask_a_device_at_once_each_has_a_code_of_its_own() {
        let device = Arc::new(Device(Instant::now()));
        let codes = Codes::new(device.clone(), device.clone());
        let source: Name = "work".parse().unwrap();
        let serial: MfaSerial = "arn:aws:iam::111122223333:mfa/ada".parse().unwrap();
        let command = ["device".to_owned()];
        let of = || CodeSource {
            codes: &codes,
            role: None,
            source: &source,
            serial: &serial,
            command: &command,
            ask: &|_| (),
            asking: &|_| (),
        };
        let (one, two, three) = (of(), of(), of());
        let given = tokio::join!(one.next(None), two.next(None), three.next(None));
        let given = [given.0, given.1, given.2].map(|code| code.unwrap());
        for (place, code) in given.iter().enumerate() {
            assert!(given[..place].iter().all(|before| !before.is_same(code)));
        }
    }
}
