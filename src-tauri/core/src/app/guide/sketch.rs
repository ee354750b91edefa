//! The guide as it is shown: everything that follows from what was typed.

use super::super::App;
use crate::catalog::Assumer;
use crate::failure::Failure;
use crate::setup::{CallersPart, Holder, KNOWN, RoleDraft, Written, iam_page, switch_role_link};
use crate::view::{
    CallView, CallersPartView, GuideView, LineView, ParameterView, PolicyView, SketchView, WrittenPart,
    WrittenView,
};

impl App {
    pub(in crate::app) fn guide_view(&self) -> GuideView {
        let notes = self.guide.notes.clone();
        let source = notes.form.source.parse().and_then(|name| self.catalog.source(&name));
        let (sketch, problems) = match source.map(|source| notes.form.read(source)) {
            // Nothing can be said of a role without a source.
            Err(_) => (None, Vec::new()),
            Ok(Err(problems)) => (None, problems),
            Ok(Ok(draft)) => (self.sketch(&draft, &notes.form.source).ok(), Vec::new()),
        };
        let policy = |known: &crate::setup::Known| PolicyView {
            name: known.name.rsplit('/').next().unwrap_or(known.name).to_owned(),
            allows: known.allows.to_owned(),
        };
        GuideView { policies: KNOWN.iter().map(policy).collect(), notes, problems, sketch }
    }

    fn sketch(&self, draft: &RoleDraft, source: &str) -> Result<SketchView, Failure> {
        let arn = draft.arn()?;
        let made = self.guide.made.iter().find(|made| made.arn == arn);
        let kept = self.catalog.roles.iter().find(|(_, role)| {
            role.arn == arn && matches!(&role.assumed_by, Assumer::Source(name) if name.as_str() == source)
        });
        let calls = draft.calls()?;
        Ok(SketchView {
            account: draft.account.to_string(),
            page: draft.page().map(|page| page.to_string()).unwrap_or_default(),
            trust: draft
                .wanted()?
                .explained()
                .into_iter()
                .map(|line| LineView { text: line.text, means: line.means })
                .collect(),
            written: view(draft.written()?),
            callers_part: match draft.callers_part()? {
                None => None,
                Some(part) => Some(part_view(&part, draft.callers_part_written()?)),
            },
            iam_page: iam_page(draft).ok().map(|page| page.to_string()),
            switch_role: switch_role_link(draft).ok().map(|link| link.to_string()),
            made: made.map(|made| made.view(&calls)),
            calls: calls
                .iter()
                .map(|call| CallView {
                    action: call.action().to_owned(),
                    parameters: call
                        .parameters()
                        .into_iter()
                        .map(|(name, value)| ParameterView { name: name.to_owned(), value })
                        .collect(),
                    done: made.is_some_and(|made| made.has(call)),
                })
                .collect(),
            not_ours: draft.not_ours(),
            kept: kept.map(|(name, _)| name.to_string()),
            arn: arn.to_string(),
        })
    }
}

/// A part of what is written about a role, as text.
pub(super) fn part(draft: &RoleDraft, part: WrittenPart) -> Result<String, Failure> {
    let callers = || draft.callers_part_written()?.ok_or_else(Failure::nothing_to_copy);
    Ok(match part {
        WrittenPart::TrustPolicy => draft.wanted()?.trust_policy(),
        WrittenPart::Cli => draft.written()?.cli,
        WrittenPart::Cloudformation => draft.written()?.cloudformation,
        WrittenPart::Terraform => draft.written()?.terraform,
        WrittenPart::IamPage => iam_page(draft)?.to_string(),
        WrittenPart::CallersPolicy => draft.callers_part()?.ok_or_else(Failure::nothing_to_copy)?.policy,
        WrittenPart::CallersCli => callers()?.cli,
        WrittenPart::CallersCloudformation => callers()?.cloudformation,
        WrittenPart::CallersTerraform => callers()?.terraform,
        WrittenPart::SwitchRole => switch_role_link(draft)?.to_string(),
    })
}

fn view(written: Written) -> WrittenView {
    let Written { cli, cloudformation, terraform } = written;
    WrittenView { cli, cloudformation, terraform }
}

fn part_view(part: &CallersPart, written: Option<Written>) -> CallersPartView {
    let holder = match &part.holder {
        Holder::User(name) => format!("the user `{name}`"),
        Holder::Role(name) => format!("the role `{name}`"),
        Holder::PermissionSet(name) => format!("the permission set behind `{name}`"),
    };
    CallersPartView {
        because: part.because.to_owned(),
        holder,
        policy: part.policy.clone(),
        written: written.map(view),
    }
}
