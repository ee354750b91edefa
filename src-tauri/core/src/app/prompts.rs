//! Questions to the person: shown in a window or at a terminal, answered once, and closed when nobody needs them any more.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::oneshot;

use super::record::Reply;
use super::{App, Message, Origin, Wanted, notices};
use crate::assume::Access;
use crate::broker::Question;
use crate::catalog::{Confirmation, Name};
use crate::chain::Plan;
use crate::failure::{Failure, hours};
use crate::secret::{ExposeSecret, SecretString};
use crate::session::SessionKey;
use crate::view::{
    AccountView, Activity, Entered, Intent, PromptView, QuestionView, StepAccount, WindowName,
};

/// A question that stands for longer is taken back.
const STANDS: Duration = Duration::from_mins(5);

/// A question that is before the person.
pub(super) struct Prompt {
    pub(super) view: PromptView,
    role: Name,
    waits: Waits,
    /// Whether it is in a window.
    in_window: bool,
    /// At how many terminals it is asked.
    terminals: usize,
}

/// Who waits for the answer.
enum Waits {
    /// A flight, for a code.
    Flight(oneshot::Sender<Result<SecretString, Failure>>),
    /// Intents that begin when production is meant.
    Intents { key: SessionKey, intents: Vec<Waiting> },
    /// Whatever the keychain is needed for.
    Keychain,
}

/// An intent that has not begun.
pub(super) struct Waiting {
    pub(super) intent: Intent,
    pub(super) origin: Origin,
    pub(super) reply: Reply,
}

impl App {
    /// A flight wants a code.
    pub(super) fn asked_for_code(&mut self, question: Question, origin: &Origin) {
        let Question { id, role, source, serial, again, answer } = question;
        let keys_of = role.is_none().then(|| source.to_string());
        let account = match &role {
            Some(role) => self.account_of(role),
            None => self.account_of_source(&source),
        };
        let role = role.unwrap_or_else(|| source.clone());
        let view = PromptView {
            id,
            role: role.to_string(),
            keys_of,
            account,
            source: source.to_string(),
            question: QuestionView::MfaCode { device: serial.name().to_owned(), serial: serial.to_string() },
            again,
            program: program(origin),
        };
        self.put(Prompt { view, role, waits: Waits::Flight(answer), in_window: false, terminals: 0 }, origin);
    }

    /// Holds an intent back until the person says that they mean production. Those that want the same share a question.
    pub(super) fn confirm(&mut self, plan: &Plan, waiting: Waiting) {
        let key = plan.key();
        // A yes is good for as long as what it was given for lives.
        if !self.broker.has(&self.bounded(plan), SignedDuration::ZERO) {
            self.given.remove(&key);
        }
        let kind = std::mem::discriminant(&waiting.intent);
        for prompt in &mut self.prompts {
            // A yes to the console is none to credentials.
            if let Waits::Intents { key: other, intents } = &mut prompt.waits
                && *other == key
                && intents.iter().all(|each| std::mem::discriminant(&each.intent) == kind)
            {
                let origin = waiting.origin.clone();
                let wanted = waiting.reply.wanted();
                intents.push(waiting);
                // Whoever says yes says it to all of them, and is told who they are.
                let all: BTreeSet<String> = intents.iter().filter_map(|each| program(&each.origin)).collect();
                prompt.view.program =
                    (!all.is_empty()).then(|| all.into_iter().collect::<Vec<_>>().join(", "));
                let id = prompt.view.id;
                self.while_wanted(id, wanted);
                return self.also_in_window(id, &origin);
            }
        }
        // Those of flights count up from one.
        self.last_prompt -= 1;
        let (id, origin) = (self.last_prompt, waiting.origin.clone());
        let view = PromptView {
            id,
            role: plan.role.to_string(),
            keys_of: None,
            account: self.account_of(&plan.role),
            source: plan.source.to_string(),
            question: QuestionView::Production {
                access: plan.access,
                credentials: matches!(
                    waiting.intent,
                    Intent::Credentials { .. } | Intent::CopyCredentials { .. }
                ),
                narrowed_by: plan.narrowed_by().map(ToString::to_string),
                through: self.hurting_on_the_way(plan),
                itself: plan.goal.production,
                lasts: hours(plan.duration().seconds()),
                word: match self.catalog.settings.production_confirm {
                    Confirmation::Click => None,
                    Confirmation::Word => Some(plan.role.to_string()),
                },
            },
            again: None,
            program: program(&origin),
        };
        self.activities.insert(plan.role.clone(), Activity::Asking { prompt: id });
        self.while_wanted(id, waiting.reply.wanted());
        let waits = Waits::Intents { key, intents: vec![waiting] };
        self.put(Prompt { view, role: plan.role.clone(), waits, in_window: false, terminals: 0 }, &origin);
    }

    /// Whoever wants a role that something is asked for already sees the question too.
    pub(super) fn shown_to(&mut self, role: &Name, origin: &Origin) {
        if let Some(Activity::Asking { prompt }) = self.activities.get(role) {
            self.also_in_window(*prompt, origin);
        }
    }

    /// Shows a question in the window of questions too, for whoever has no terminal; it then outlives the terminal.
    fn also_in_window(&mut self, id: u64, origin: &Origin) {
        let Some(prompt) = self.prompts.iter_mut().find(|prompt| prompt.view.id == id) else { return };
        // Who clicks again may have put the window away; a program brings nothing to the front that is there already.
        let clicked = *origin == Origin::Tray || *origin == Origin::Window;
        if !origin.asks_at_terminal()
            && (!prompt.in_window || clicked)
            && self.config.ports.desktop.show(WindowName::Prompt, origin.activation()).is_ok()
        {
            prompt.in_window = true;
        }
    }

    fn hurting_on_the_way(&self, plan: &Plan) -> Vec<StepAccount> {
        let source = plan.from_production.then(|| StepAccount {
            role: plan.source.to_string(),
            account: self.account_of_source(&plan.source),
        });
        let steps = plan.way.iter().filter(|step| step.production);
        let told = steps.map(|step| StepAccount {
            role: step.role.to_string(),
            account: AccountView::of(&self.catalog, step.arn.account()),
        });
        source.into_iter().chain(told).collect()
    }

    /// The keychain is locked and asks the person by itself. A window says what for, and is where they may say no; one is enough
    /// however many wait, as the keychain asks once. Whoever is at a terminal reads it there.
    pub(super) fn keychain_asks(&mut self, role: Option<&Name>, source: &Name, origin: &Origin) {
        let is_asked = self.prompts.iter().any(|prompt| prompt.view.question == QuestionView::Keychain);
        if is_asked {
            return;
        }
        if origin.asks_at_terminal() || self.config.ports.desktop.show(WindowName::Prompt, None).is_err() {
            return self.notify(notices::keychain_waits(role.unwrap_or(source)));
        }
        self.last_prompt -= 1;
        let id = self.last_prompt;
        let view = PromptView {
            id,
            role: role.unwrap_or(source).to_string(),
            keys_of: role.is_none().then(|| source.to_string()),
            account: role.map_or_else(|| self.account_of_source(source), |role| self.account_of(role)),
            source: source.to_string(),
            question: QuestionView::Keychain,
            again: None,
            program: program(origin),
        };
        let role = role.unwrap_or(source).clone();
        self.prompts.push(Prompt { view, role, waits: Waits::Keychain, in_window: true, terminals: 0 });
        let (messages, unlocked) = (self.messages.clone(), self.keychain.unlocked());
        tokio::spawn(async move {
            unlocked.await;
            let _ = messages.send(Message::KeychainUnlocked { prompt: id });
        });
    }

    /// The keychain asks no longer.
    pub(super) fn keychain_answered(&mut self, id: u64) {
        self.prompts.retain(|prompt| prompt.view.id != id);
    }

    /// Puts a question where whoever began this looks: at their terminal, else in a window.
    fn put(&mut self, mut prompt: Prompt, origin: &Origin) {
        let id = prompt.view.id;
        if !origin.asks_at_terminal() {
            if self.config.ports.desktop.show(WindowName::Prompt, origin.activation()).is_err() {
                let what = match prompt.view.question {
                    QuestionView::MfaCode { .. } => "an MFA code",
                    QuestionView::Production { .. } => "your word that production is meant",
                    QuestionView::Keychain => "the keychain's password",
                };
                let access = match prompt.view.question {
                    QuestionView::Production { access, .. } => access,
                    QuestionView::MfaCode { .. } | QuestionView::Keychain => Access::Usual,
                };
                let failure = match &prompt.view.keys_of {
                    Some(source) => Failure::nobody_to_ask_for_keys(source),
                    None => Failure::nobody_to_ask(prompt.role.as_str(), what, access),
                };
                return self.turned_down(prompt, &failure);
            }
            prompt.in_window = true;
        }
        self.prompts.push(prompt);
        let messages = self.messages.clone();
        tokio::spawn(async move {
            tokio::time::sleep(STANDS).await;
            let _ = messages.send(Message::PromptExpired { prompt: id });
        });
    }

    /// Takes away what flights asked that are over, because nobody wants them any more.
    pub(super) fn prompts_left(&mut self) {
        self.prompts.retain(|prompt| !matches!(&prompt.waits, Waits::Flight(answer) if answer.is_closed()));
    }

    /// Has a question heard of it when whoever waits for its answer does so no more.
    fn while_wanted(&self, id: u64, wanted: Wanted) {
        let messages = self.messages.clone();
        tokio::spawn(async move {
            if wanted.stopped().await {
                let _ = messages.send(Message::PromptUnwanted { prompt: id });
            }
        });
    }

    /// Somebody waits no more for an answer; a question that nobody waits for is taken away.
    pub(super) fn prompt_unwanted(&mut self, id: u64) {
        let Some(place) = self.prompts.iter().position(|prompt| prompt.view.id == id) else { return };
        let prompt = &mut self.prompts[place];
        let Waits::Intents { intents, .. } = &mut prompt.waits else { return };
        let gone: Vec<Waiting> = intents.extract_if(.., |each| each.reply.wanted().is_stopped()).collect();
        let (is_left, role) = (intents.is_empty(), prompt.role.clone());
        if is_left {
            self.prompts.remove(place);
        }
        self.turn_away(&role, gone, &Failure::stopped());
    }

    /// The person answered.
    pub(super) fn prompt_answered(&mut self, id: u64, answer: &Entered) {
        let Some(place) = self.prompts.iter().position(|prompt| prompt.view.id == id) else { return };
        if let QuestionView::Production { word: Some(word), .. } = &self.prompts[place].view.question
            && answer.0.expose_secret().trim() != word
        {
            self.prompts[place].view.again = Some(Failure::not_the_word(word));
            return;
        }
        if self.prompts[place].view.question == QuestionView::Keychain {
            // It is answered at the keychain's own prompt.
            return;
        }
        match self.prompts.remove(place).waits {
            Waits::Keychain => {}
            Waits::Flight(sender) => drop(sender.send(Ok(answer.0.clone()))),
            Waits::Intents { key, intents } => {
                // What the catalog says by now may be something else than what was asked about.
                self.load_catalog();
                for Waiting { intent, origin, reply } in intents {
                    self.confirmed(&key, Waiting { intent, origin, reply });
                }
            }
        }
    }

    /// Carries out what the person meant, or asks again where it has become something else.
    fn confirmed(&mut self, key: &SessionKey, waiting: Waiting) {
        match self.guarded(&waiting.intent, &waiting.origin) {
            Some(plan) if plan.key() != *key => self.confirm(&plan, waiting),
            Some(_) | None => {
                let Waiting { intent, origin, reply } = waiting;
                self.note_given(key, &intent, &origin);
                self.carry_out(intent, origin, reply);
            }
        }
    }

    /// The person said no.
    pub(super) fn prompt_dismissed(&mut self, id: u64) {
        self.take_back(id, &Failure::cancelled());
    }

    pub(super) fn prompt_expired(&mut self, id: u64) {
        let Some(prompt) = self.prompts.iter().find(|prompt| prompt.view.id == id) else { return };
        let failure = Failure::not_answered(prompt.role.as_str());
        self.take_back(id, &failure);
    }

    /// A terminal shows a question.
    pub(super) fn prompt_attended(&mut self, id: u64) {
        if let Some(prompt) = self.prompts.iter_mut().find(|prompt| prompt.view.id == id) {
            prompt.terminals += 1;
        }
    }

    /// A terminal that showed a question is gone; where nobody else sees it, nobody can answer.
    pub(super) fn prompt_left(&mut self, id: u64) {
        let Some(prompt) = self.prompts.iter_mut().find(|prompt| prompt.view.id == id) else { return };
        prompt.terminals = prompt.terminals.saturating_sub(1);
        if prompt.terminals == 0 && !prompt.in_window {
            self.take_back(id, &Failure::cancelled());
        }
    }

    /// The window of questions was closed: whoever asked only there has their no.
    pub(super) fn prompt_window_closed(&mut self) {
        let in_window = |prompt: &&Prompt| prompt.in_window && prompt.terminals == 0;
        let ids: Vec<u64> = self.prompts.iter().filter(in_window).map(|prompt| prompt.view.id).collect();
        for id in ids {
            self.take_back(id, &Failure::cancelled());
        }
    }

    fn take_back(&mut self, id: u64, failure: &Failure) {
        if let Some(place) = self.prompts.iter().position(|prompt| prompt.view.id == id) {
            let prompt = self.prompts.remove(place);
            self.turned_down(prompt, failure);
        }
    }

    fn turned_down(&mut self, prompt: Prompt, failure: &Failure) {
        match prompt.waits {
            Waits::Keychain => self.keychain.refused(),
            Waits::Flight(sender) => drop(sender.send(Err(failure.clone()))),
            Waits::Intents { intents, .. } => self.turn_away(&prompt.role, intents, failure),
        }
    }

    fn turn_away(&mut self, role: &Name, intents: Vec<Waiting>, failure: &Failure) {
        for Waiting { origin, reply, .. } in intents {
            let asker = self.asker_for(role.clone(), origin, reply);
            asker.finish(super::asker::Effect::Nothing, Err(failure.clone()));
        }
    }

    fn account_of_source(&self, source: &Name) -> AccountView {
        let source = self.catalog.sources.get(source);
        source.map_or_else(AccountView::default, |source| AccountView::of(&self.catalog, &source.account))
    }

    fn account_of(&self, role: &Name) -> AccountView {
        let account = self.catalog.roles.get(role).map(|role| role.arn.account().clone());
        account.map_or_else(AccountView::default, |id| AccountView::of(&self.catalog, &id))
    }
}

/// What the program goes by that wants the role, where one does.
fn program(origin: &Origin) -> Option<String> {
    match origin {
        Origin::Program(program) => program.parent.clone().or_else(|| program.name.clone()),
        Origin::Tray | Origin::Window => None,
    }
}

/// How much of a role an intent asks for, and of which; `None` where it is about none.
pub(super) fn asked_of(intent: &Intent) -> Option<(&Name, Access)> {
    match intent {
        Intent::OpenConsole(asked) | Intent::SigninUrl(asked) => Some((&asked.role, asked.access)),
        Intent::Assume { role, access }
        | Intent::RenewSession { role, access }
        | Intent::Credentials { role, access }
        | Intent::CopyCredentials { role, access, .. } => Some((role, *access)),
        Intent::CopySigninUrl { .. }
        | Intent::OpenPage { .. }
        | Intent::Setup(_)
        | Intent::EndAllSessions
        | Intent::Set { .. }
        | Intent::Read(_)
        | Intent::Import(_)
        | Intent::EndSession { .. }
        | Intent::AddSource(_)
        | Intent::TestSource { .. }
        | Intent::EditSource { .. }
        | Intent::SourceKeys { .. }
        | Intent::RotateSource { .. }
        | Intent::DeleteOldKey { .. }
        | Intent::RemoveSource { .. }
        | Intent::EditRole { .. }
        | Intent::Roles(_)
        | Intent::ShowWindow(_)
        | Intent::AnswerPrompt { .. }
        | Intent::DismissPrompt { .. } => None,
    }
}
