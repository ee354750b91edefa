//! The caller's side of the socket.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::{ReadHalf, WriteHalf, split};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::frame::Frames;
use super::wire::{Call, Hello, Kind, Reply, Request, Said, Word};
use super::{PROTOCOL, frame, socket};
use crate::failure::Failure;
use crate::home::Home;
use crate::ports::Prompt;
use crate::secret::SecretString;
use crate::view::{Entered, PromptView};

/// To connect, and to hear the first frame.
const FIRST_WORD: Duration = Duration::from_secs(2);
/// Between two frames; the agent speaks every second.
const NEXT_WORD: Duration = Duration::from_secs(10);
/// For an agent that was just started to listen; one that is ending may have to finish first.
const STARTS_WITHIN: Duration = Duration::from_secs(45);

/// A connection to the agent, good for one request.
pub struct Client {
    read: Frames<ReadHalf<socket::Stream>>,
    write: WriteHalf<socket::Stream>,
    hello: Hello,
    activation: Option<String>,
}

/// What is heard while the work is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is under way.
    Working,
    /// The keychain is locked and asks the person.
    WaitingForKeychain,
    /// It goes well, and yet there is something to know.
    Note(Failure),
    /// What was asked needs no answer any more.
    TakenBack,
}

/// What the agent answered.
#[derive(Debug)]
pub enum Answered {
    /// Done.
    Done,
    /// The secret that was asked for.
    Secret {
        /// Credentials in a format, or a sign-in address.
        text: SecretString,
        /// When the credentials end.
        expires: Option<Timestamp>,
    },
    /// Who a source is.
    Identity {
        /// The account's twelve digits.
        account: String,
        /// The user's ARN.
        arn: String,
    },
    /// Keys of a user: id, when it was made, whether it works.
    Keys {
        /// Each.
        keys: Vec<(String, Timestamp, bool)>,
    },
    /// A source has a new key.
    Rotated {
        /// The key that it had.
        old: String,
        /// The key that it has now.
        new: String,
        /// Why the old one is not switched off, where it is not.
        trouble: Option<Failure>,
    },
    /// An old key is deleted.
    KeyDeleted {
        /// Its id.
        id: String,
    },
    /// A role is in IAM.
    RoleMade {
        /// Whether all of it is there.
        whole: bool,
        /// Why not.
        trouble: Option<Failure>,
    },
    /// A role can be assumed.
    RoleTried {
        /// Its name in the catalog.
        role: String,
    },
    /// The source is gone.
    SourceRemoved {
        /// Roles that still name it.
        needed_by: Vec<String>,
        /// Whether the keychain had a key for it.
        key_removed: bool,
    },
}

impl Client {
    /// Connects to the agent of a home; `None` where there is none.
    pub async fn connect(home: &Home) -> Result<Option<Client>, Failure> {
        let connected = async {
            let Some(stream) = socket::connect(home).await? else { return Ok(None) };
            let (read, write) = split(stream);
            let mut read = Frames::of(read);
            match read.next::<Hello>().await? {
                Some(hello) => Ok(Some(Client { read, write, hello, activation: None })),
                // It ended between our connecting and its greeting.
                None => Ok(None),
            }
        };
        timeout(FIRST_WORD, connected).await.unwrap_or_else(|_| Err(Failure::agent_silent(FIRST_WORD)))
    }

    /// Connects to the agent, and starts `program arguments…` as one where there is none or only an older one.
    pub async fn connect_or_start(
        home: &Home,
        program: &Path,
        arguments: &[OsString],
    ) -> Result<Client, Failure> {
        if let Some(client) = Client::connect(home).await? {
            if !client.is_older() {
                return client.checked();
            }
            drop(client);
            // Waits until the older one is gone, then lets the one that we start have the home.
            drop(super::take_over(home).await?);
        }
        let started = async {
            loop {
                let mut agent = spawn(program, arguments)?;
                loop {
                    if let Some(client) = Client::connect(home).await? {
                        return client.checked();
                    }
                    match agent.try_wait() {
                        Ok(None) => {}
                        // Another was there when it began, and is gone now.
                        Ok(Some(status)) if status.success() => break,
                        _ => return Err(Failure::agent_not_started("it ended at once")),
                    }
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
        };
        timeout(STARTS_WITHIN, started)
            .await
            .unwrap_or_else(|_| Err(Failure::agent_not_started("it did not answer")))
    }

    /// Whether the agent speaks an older protocol than we do, so that it has to make way.
    pub fn is_older(&self) -> bool {
        self.hello.guise < PROTOCOL
    }

    /// What the agent can show.
    pub fn kind(&self) -> Kind {
        self.hello.kind
    }

    /// Passes on what the desktop gave this program to bring a window to the front with.
    #[must_use]
    pub fn activating(self, activation: Option<String>) -> Client {
        Client { activation, ..self }
    }

    /// How the agent greeted.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    fn checked(self) -> Result<Client, Failure> {
        if self.hello.guise > PROTOCOL { Err(Failure::agent_newer()) } else { Ok(self) }
    }

    /// Asks for one thing and waits for its end, which may take as long as a person at a prompt. `person` is asked what
    /// there is to ask, where this program has a terminal for it.
    pub async fn ask(
        mut self,
        request: Request,
        person: Option<Arc<dyn Prompt>>,
        mut progress: impl FnMut(Progress),
    ) -> Result<Answered, Failure> {
        let activation = self.activation.take();
        let call = Call { guise: PROTOCOL, terminal: person.is_some(), activation, request };
        frame::write(&mut self.write, &call).await?;
        let mut question: Option<Question> = None;
        loop {
            let reply = tokio::select! {
                reply = timeout(NEXT_WORD, self.read.next()) => reply,
                answer = answered(&mut question) => {
                    frame::write(&mut self.write, &answer).await?;
                    question = None;
                    continue;
                }
            };
            let reply =
                reply.map_err(|_| Failure::agent_fell_silent(NEXT_WORD))??.ok_or_else(Failure::agent_gone)?;
            match reply {
                Reply::Progress { note: Some(note), .. } => progress(Progress::Note(note)),
                Reply::Progress { waiting_for_keychain: true, .. } => progress(Progress::WaitingForKeychain),
                Reply::Progress { .. } => progress(Progress::Working),
                Reply::Ask(prompt) => question = person.clone().map(|person| Question::put(*prompt, person)),
                Reply::TakenBack { prompt } => {
                    question = question.filter(|question| question.prompt != prompt);
                    progress(Progress::TakenBack);
                }
                Reply::Failed(failure) => return Err(failure),
                Reply::Done(said) => return Ok(said.into()),
            }
        }
    }
}

/// A question that the person at the terminal has before them.
struct Question {
    prompt: u64,
    answer: oneshot::Receiver<Option<SecretString>>,
}

impl Question {
    /// Asks on a thread of its own, which is left alone if the question is taken back: a terminal cannot be stopped reading.
    fn put(prompt: PromptView, person: Arc<dyn Prompt>) -> Question {
        let (sender, answer) = oneshot::channel();
        let id = prompt.id;
        std::thread::spawn(move || drop(sender.send(person.answer(&prompt))));
        Question { prompt: id, answer }
    }
}

/// The answer to the question, if there is one; else never.
async fn answered(question: &mut Option<Question>) -> Word {
    let Some(Question { prompt, answer }) = question else { return std::future::pending().await };
    match answer.await {
        Ok(Some(text)) => Word::Answer { prompt: *prompt, answer: Entered(text) },
        Ok(None) | Err(_) => Word::Dismiss { prompt: *prompt },
    }
}

/// Starts an agent that stays when we end, and keeps neither our terminal nor our folder.
fn spawn(program: &Path, arguments: &[OsString]) -> Result<Child, Failure> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    {
        command.current_dir("/");
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
    }
    command.spawn().map_err(|error| Failure::agent_not_started(&error.to_string()))
}

impl From<Said> for Answered {
    fn from(said: Said) -> Answered {
        match said {
            Said::Done => Answered::Done,
            Said::Secret { text, expires } => Answered::Secret { text: text.0, expires },
            Said::Identity { account, arn } => Answered::Identity { account, arn },
            Said::Keys { keys } => Answered::Keys { keys },
            Said::Rotated { old, new, trouble } => Answered::Rotated { old, new, trouble },
            Said::KeyDeleted { id } => Answered::KeyDeleted { id },
            Said::RoleMade { whole, trouble } => Answered::RoleMade { whole, trouble },
            Said::RoleTried { role } => Answered::RoleTried { role },
            Said::SourceRemoved { needed_by, key_removed } => {
                Answered::SourceRemoved { needed_by, key_removed }
            }
        }
    }
}
