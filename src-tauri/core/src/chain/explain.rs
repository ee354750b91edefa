//! A plan in words: each call, how long its session lasts, and what will be asked.

use super::{AssumeRole, Because, Plan, SessionToken};
use crate::assume::Access;
use crate::failure::{hours, shown};

impl Plan {
    /// The way in one line, then a line or more a call.
    pub fn explained(&self) -> Vec<String> {
        let mut lines = vec![self.way_in_words()];
        let mut number = 0;
        let mut next = || {
            number += 1;
            format!("{number}. ")
        };
        if let Some(session) = &self.mfa_session {
            lines.push(next() + &session.explained());
            lines.push(format!(
                "   asks for a code from {}, once for that time",
                shown(session.serial.as_str())
            ));
        }
        for step in &self.way {
            lines.push(next() + &step.explained());
            lines.extend(step.details());
        }
        lines.push(next() + &self.goal.explained());
        lines.extend(self.goal.details());
        if let Some(lowered) = &self.lowered {
            lines.push(format!(
                "   the role says {}: {}",
                hours(lowered.from.seconds()),
                lowered.because.words()
            ));
        }
        if self.access == Access::ReadOnly {
            lines.push(
                "   read-only: that policy stands in the place of the role's own, and only narrows it"
                    .to_owned(),
            );
        }
        if self.production {
            lines.push("   production: you are asked before anything starts".to_owned());
        }
        lines.push(self.console_in_words(&next()));
        lines.extend(self.instead());
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

    fn console_in_words(&self, number: &str) -> String {
        let page = self.destination.as_ref().map_or_else(|| "its home".to_owned(), ToString::to_string);
        let lasts = if self.is_chained() {
            "as long as the session".to_owned()
        } else {
            hours(self.duration().seconds())
        };
        format!("{number}console in {} at {page}, {lasts}", self.region)
    }

    /// The other way to use MFA, where there is a choice.
    fn instead(&self) -> Option<String> {
        if self.way.iter().chain([&self.goal]).any(|step| step.mfa.is_some()) {
            Some("Instead, with one code a day: --mfa session; each step then lasts at most 1 h".to_owned())
        } else if self.mfa_session.is_some() && self.way.is_empty() {
            Some("Instead, for up to 12 h: --mfa direct; then a code is asked for each time".to_owned())
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
        let mut say = |line: String| lines.push(format!("   {line}"));
        if let Some(serial) = &self.mfa {
            say(format!("asks for a code from {}, each time", shown(serial.as_str())));
        }
        if let Some(id) = &self.external_id {
            say(format!("external id {id}"));
        }
        if let Some(identity) = &self.source_identity {
            say(format!("source identity {identity}"));
        }
        for (key, value) in &self.tags {
            let on = if self.transitive_tags.contains(key) { ", goes on along the chain" } else { "" };
            say(format!("tag {}={}{on}", shown(key.as_str()), shown(value.as_str())));
        }
        for arn in &self.policy_arns {
            say(format!("narrowed by {arn}"));
        }
        if self.policy.is_some() {
            say("narrowed by a policy of its own".to_owned());
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
}
