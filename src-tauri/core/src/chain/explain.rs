//! A plan in words: each call, how long its session lasts, and what will be asked.

use serde::{Deserialize, Serialize};

use super::{AssumeRole, Because, Plan, SessionToken};
use crate::assume::Access;
use crate::failure::{hours, shown};

/// A plan as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct PlanView {
    /// The way from the source to the role, in one line.
    pub way: String,
    /// Each call in order, and the console at the end.
    pub steps: Vec<StepView>,
    /// The other way to use MFA, where there is a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub instead: Option<String>,
}

/// A step of a plan as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct StepView {
    /// What is called, and for how long.
    pub does: String,
    /// What goes with it, and what is asked.
    pub details: Vec<String>,
}

/// Where a plan is read, which decides how a choice is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAt {
    /// At a terminal, where a choice is an option.
    Terminal,
    /// In a window, where it is a field.
    Window,
}

impl Plan {
    /// The way in one line, then a line or more a call, for a terminal.
    pub fn explained(&self) -> Vec<String> {
        let PlanView { way, steps, instead } = self.told(ReadAt::Terminal);
        let mut lines = vec![way];
        for (index, step) in steps.into_iter().enumerate() {
            lines.push(format!("{}. {}", index + 1, step.does));
            lines.extend(step.details.into_iter().map(|detail| format!("   {detail}")));
        }
        lines.extend(instead);
        lines
    }

    /// The plan in words.
    pub fn told(&self, at: ReadAt) -> PlanView {
        let mut steps = Vec::new();
        if let Some(session) = &self.mfa_session {
            let device = shown(session.serial.as_str());
            let details = vec![format!("asks for a code from {device}, once for that time")];
            steps.push(StepView { does: session.explained(), details });
        }
        for step in &self.way {
            let mut details = step.details();
            if step.production {
                details.push(
                    "production, and not narrowed: a step of a chain has to assume the next".to_owned(),
                );
            }
            steps.push(StepView { does: step.explained(), details });
        }
        steps.push(StepView { does: self.goal.explained(), details: self.goal.details() });
        if let Some(goal) = steps.last_mut() {
            goal.details.extend(self.particulars(at));
        }
        steps.push(StepView { does: self.console_in_words(), details: Vec::new() });
        PlanView { way: self.way_in_words(), steps, instead: self.instead(at) }
    }

    /// What is to be known of the last call beyond what it says itself.
    fn particulars(&self, at: ReadAt) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(lowered) = &self.lowered {
            let because = match at {
                ReadAt::Terminal => lowered.because.words(),
                ReadAt::Window => lowered.because.words_in_a_window(),
            };
            lines.push(format!("the role says {}: {because}", hours(lowered.from.seconds())));
        }
        if self.access == Access::ReadOnly {
            let what = if self.narrowed_by().is_none() { "read-only" } else { "narrowed" };
            lines.push(format!(
                "{what}: that policy stands in the place of the role's own, and only narrows it"
            ));
        }
        if self.is_guarded() {
            let what = if self.goal.production { "production" } else { "production on the way" };
            lines.push(format!("{what}: you are asked before anything starts"));
        }
        lines
    }

    fn way_in_words(&self) -> String {
        let mut way = format!("{} ({})", self.source, shown(&self.principal.to_string()));
        let code = if self.mfa_session.is_some() { " ──MFA session──▶ " } else { " ──▶ " };
        for (index, step) in self.way.iter().chain([&self.goal]).enumerate() {
            way.push_str(match index {
                0 if step.mfa.is_some() => " ──MFA code──▶ ",
                0 => code,
                _ => " ──▶ ",
            });
            way.push_str(step.role.as_str());
        }
        way
    }

    fn console_in_words(&self) -> String {
        let page = self.destination.as_ref().map_or_else(|| "its home".to_owned(), ToString::to_string);
        let lasts = if self.is_chained() {
            "as long as the session".to_owned()
        } else {
            hours(self.duration().seconds())
        };
        format!("console in {} at {page}, {lasts}", self.region)
    }

    /// The other way to use MFA, where there is a choice.
    fn instead(&self, at: ReadAt) -> Option<String> {
        if self.way.iter().chain([&self.goal]).any(|step| step.mfa.is_some()) {
            let choice = match at {
                ReadAt::Terminal => "--mfa session",
                ReadAt::Window => "choose “once a day”",
            };
            Some(format!("Instead, with one code a day: {choice}; each step then lasts at most 1 h"))
        } else if self.mfa_session.is_some() && self.way.is_empty() {
            let choice = match at {
                ReadAt::Terminal => "--mfa direct",
                ReadAt::Window => "choose “with each session”",
            };
            Some(format!("Instead, for up to 12 h: {choice}; then a code is asked for each time"))
        } else {
            None
        }
    }
}

impl SessionToken {
    fn explained(&self) -> String {
        format!("sts:GetSessionToken in {}, {}", self.region, hours(self.duration.seconds()))
    }
}

impl AssumeRole {
    fn explained(&self) -> String {
        format!(
            "sts:AssumeRole {} in {}, {}, session name \"{}\"",
            self.arn,
            self.region,
            hours(self.duration.seconds()),
            self.session_name
        )
    }

    fn details(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(serial) = &self.mfa {
            lines.push(format!("asks for a code from {}, each time", shown(serial.as_str())));
        }
        if let Some(id) = &self.external_id {
            lines.push(format!("external id {id}"));
        }
        if let Some(identity) = &self.source_identity {
            lines.push(format!("source identity {identity}"));
        }
        for (key, value) in &self.tags {
            let on = if self.transitive_tags.contains(key) { ", goes on along the chain" } else { "" };
            lines.push(format!("tag {}={}{on}", shown(key.as_str()), shown(value.as_str())));
        }
        lines.extend(self.policy_arns.iter().map(|arn| format!("narrowed by {arn}")));
        if self.policy.is_some() {
            lines.push("narrowed by a policy of its own".to_owned());
        }
        lines
    }
}

impl Because {
    /// The reason, as the end of a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Because::Chained => "AWS gives at most 1 h to whoever is a role already",
            Because::MfaSession => {
                "AWS gives at most 1 h to an MFA session; --mfa direct gives more, with a code each time"
            }
            Because::Production => "the setting production_duration keeps production shorter",
        }
    }

    /// The reason, where a choice is a field.
    fn words_in_a_window(self) -> &'static str {
        match self {
            Because::MfaSession => {
                "AWS gives at most 1 h to an MFA session; a code with each session gives more"
            }
            Because::Production => "the rule for production in the settings keeps it shorter",
            Because::Chained => self.words(),
        }
    }
}
