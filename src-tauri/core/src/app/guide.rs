//! The setup guide: what was typed is kept until the agent ends, roles are made in IAM, tried, and kept in the catalog.

mod making;
mod sketch;
mod trying;

pub(super) use making::Made;
pub(super) use trying::Kept;

use super::asker::{CLIPBOARD, Effect, blocking};
use super::record::Reply;
use super::{App, Origin};
use crate::catalog::{Name, Source};
use crate::failure::Failure;
use crate::setup::{Problem, RoleDraft, RoleForm, iam_page};
use crate::view::{Answer, GuideNotes, Outcome, SetupIntent, WrittenPart};

/// What the guide has so far.
#[derive(Default)]
pub(super) struct Guide {
    notes: GuideNotes,
    /// What was made in IAM by this agent, and only that is taken out again.
    made: Vec<Made>,
    /// What its trials wrote into the catalog.
    kept: Vec<Kept>,
}

impl App {
    pub(super) fn set_up(&mut self, intent: SetupIntent, origin: Origin, reply: Reply) {
        match intent {
            SetupIntent::Guide { notes } => {
                if let Some(notes) = notes {
                    self.guide.notes = *notes;
                }
                let answer = Answer::Guide { view: Box::new(self.guide_view()) };
                let told = Outcome::Told(Box::new(answer));
                self.asker(None, origin, reply).finish(Effect::Nothing, Ok(told));
            }
            SetupIntent::Make { form } => self.make_role(&form, origin, reply),
            SetupIntent::Unmake { form } => self.unmake_role(&form, origin, reply),
            SetupIntent::Try { form } => self.try_role(&form, origin, reply),
            SetupIntent::Copy { form, part } => self.copy_written(&form, part, origin, reply),
            SetupIntent::OpenIamPage { form } => self.open_iam_page(&form, origin, reply),
        }
    }

    /// The role that a form means, and the source that will assume it; else the first thing that is wrong.
    fn drafted(&self, form: &RoleForm) -> Result<(Name, Source, RoleDraft), Failure> {
        let name: Name = form.source.parse()?;
        let source = self.catalog.source(&name)?.clone();
        let draft = form.read(&source).map_err(first)?;
        Ok((name, source, draft))
    }

    /// Puts a text that is no secret on the clipboard. It stays there.
    fn copy_written(&mut self, form: &RoleForm, part: WrittenPart, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        let text = self.drafted(form).and_then(|(_, _, draft)| sketch::part(&draft, part));
        let text = match text {
            Ok(text) => text,
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        let clipboard = self.config.ports.clipboard.clone();
        asker.run(async move {
            let copied = blocking(move || clipboard.copy(&text.into()));
            let copied = tokio::time::timeout(CLIPBOARD, copied).await;
            match copied.unwrap_or_else(|_| Err(Failure::clipboard_refused("it does not answer"))) {
                Ok(()) => (Effect::TextCopied, Ok(Outcome::TextCopied)),
                Err(failure) => (Effect::Nothing, Err(failure)),
            }
        });
    }

    fn open_iam_page(&mut self, form: &RoleForm, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        match self.drafted(form).and_then(|(_, _, draft)| iam_page(&draft)) {
            Ok(page) => {
                let (browser, chosen) =
                    (self.config.ports.browser.clone(), self.catalog.settings.browser.clone());
                asker.run(async move {
                    let opened = browser.open(&page, chosen.as_ref());
                    (Effect::Nothing, opened.await.map(|()| Outcome::ConsoleOpened))
                });
            }
            Err(failure) => asker.finish(Effect::Nothing, Err(failure)),
        }
    }
}

fn first(problems: Vec<Problem>) -> Failure {
    let first = problems.into_iter().next();
    first.map_or_else(|| Failure::internal("a form is wrong and does not say where"), |each| each.failure)
}
