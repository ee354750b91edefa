//! Parameters against their schema. All violations are collected before one refusal is made of them, as AWS does.

use crate::http::Form;
use crate::refusal::Refusal;

/// Reads parameters and remembers what is wrong with them.
pub(crate) struct Parameters<'a> {
    form: &'a Form,
    violations: Vec<String>,
    malformed: bool,
}

/// A pattern as AWS quotes it, and the same as a question about a character.
type Pattern = (&'static str, fn(char) -> bool);

/// What a text parameter may look like.
pub(crate) struct Shape {
    pub(crate) shortest: usize,
    pub(crate) longest: usize,
    pub(crate) pattern: Option<Pattern>,
}

pub(crate) const ROLE_ARN: Shape = Shape { shortest: 20, longest: 2048, pattern: None };
pub(crate) const SESSION_NAME: Shape =
    Shape { shortest: 2, longest: 64, pattern: Some((r"[\w+=,.@-]*", |c| word(c) || "+=,.@-".contains(c))) };
pub(crate) const EXTERNAL_ID: Shape = Shape {
    shortest: 2,
    longest: 1224,
    pattern: Some((r"[\w+=,.@:\/-]*", |c| word(c) || "+=,.@:/-".contains(c))),
};
pub(crate) const SERIAL_NUMBER: Shape = Shape {
    shortest: 9,
    longest: 256,
    pattern: Some((r"[\w+=/:,.@-]*", |c| word(c) || "+=/:,.@-".contains(c))),
};
pub(crate) const TOKEN_CODE: Shape =
    Shape { shortest: 6, longest: 6, pattern: Some((r"[\d]*", |c| c.is_ascii_digit())) };
// The model says 64; AWS itself takes 256.
pub(crate) const SOURCE_IDENTITY: Shape =
    Shape { shortest: 2, longest: 256, pattern: Some((r"[\w+=,.@-]*", |c| word(c) || "+=,.@-".contains(c))) };
// The model sets no longest; what is too long for the session token is refused as that.
pub(crate) const POLICY: Shape = Shape {
    shortest: 1,
    longest: usize::MAX,
    pattern: Some((r"[\u0009\u000A\u000D\u0020-\u00FF]+", |c| {
        matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}')
    })),
};
pub(crate) const POLICY_ARN: Shape = Shape { shortest: 20, longest: 2048, pattern: None };
pub(crate) const WEB_TOKEN: Shape = Shape { shortest: 4, longest: 20_000, pattern: None };
pub(crate) const ACCESS_KEY_ID: Shape = Shape { shortest: 16, longest: 128, pattern: Some((r"[\w]+", word)) };
pub(crate) const USER_NAME: Shape =
    Shape { shortest: 1, longest: 128, pattern: Some((r"[\w+=,.@-]+", |c| word(c) || "+=,.@-".contains(c))) };
pub(crate) const ROLE_NAME: Shape =
    Shape { shortest: 1, longest: 64, pattern: Some((r"[\w+=,.@-]+", |c| word(c) || "+=,.@-".contains(c))) };
pub(crate) const KEY_STATUS: Shape = Shape { shortest: 6, longest: 8, pattern: None };
pub(crate) const TAG_KEY: Shape = Shape { shortest: 1, longest: 128, pattern: TAG_PATTERN };
pub(crate) const TAG_VALUE: Shape = Shape { shortest: 0, longest: 256, pattern: TAG_PATTERN };
const TAG_PATTERN: Option<Pattern> = Some((r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", |c| {
    c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c)
}));

fn word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

impl<'a> Parameters<'a> {
    pub(crate) fn of(form: &'a Form) -> Self {
        Self { form, violations: Vec::new(), malformed: false }
    }

    /// A text that must be there; empty when it is not, which `finish` then refuses.
    pub(crate) fn required(&mut self, name: &str, shape: &Shape) -> &'a str {
        self.optional(name, shape).unwrap_or_else(|| {
            self.violations.push(format!(
                "Value null at '{}' failed to satisfy constraint: Member must not be null",
                member(name)
            ));
            ""
        })
    }

    /// A text that may be there.
    pub(crate) fn optional(&mut self, name: &str, shape: &Shape) -> Option<&'a str> {
        let value = self.form.get(name)?;
        self.check(&member(name), value, shape);
        Some(value)
    }

    /// A text checked under the name AWS gives its place, `tags.1.member.key` for instance.
    pub(crate) fn check(&mut self, place: &str, value: &str, shape: &Shape) {
        // AWS counts characters, not bytes.
        let length = value.chars().count();
        let mut violated = |constraint: String| {
            self.violations.push(format!(
                "Value '{value}' at '{place}' failed to satisfy constraint: Member must {constraint}"
            ));
        };
        if length < shape.shortest {
            violated(format!("have length greater than or equal to {}", shape.shortest));
        }
        if length > shape.longest {
            violated(format!("have length less than or equal to {}", shape.longest));
        }
        if let Some((pattern, fits)) = shape.pattern
            && !value.chars().all(fits)
        {
            violated(format!("satisfy regular expression pattern: {pattern}"));
        }
    }

    /// A tag key that does not begin as AWS's own do ("Tags for IAM resources" of the IAM user guide).
    pub(crate) fn not_reserved(&mut self, place: &str, key: &str) {
        if key.to_lowercase().starts_with("aws:") {
            self.violations.push(format!(
                "Value '{key}' at '{place}' failed to satisfy constraint: Member must not begin with the prefix aws:"
            ));
        }
    }

    /// A list that may not be longer than this.
    pub(crate) fn at_most(&mut self, name: &str, length: usize, longest: usize) {
        if length > longest {
            self.violations.push(format!(
                "Value at '{}' failed to satisfy constraint: Member must have length less than or equal to {longest}",
                member(name)
            ));
        }
    }

    /// `DurationSeconds`, or the action's default.
    pub(crate) fn duration(&mut self, longest: i64, default: i64) -> i64 {
        let Some(text) = self.form.get("DurationSeconds") else { return default };
        let Ok(seconds) = text.parse::<i64>() else {
            self.malformed = true;
            return default;
        };
        let constraint = match seconds {
            ..900 => "greater than or equal to 900".to_owned(),
            _ if seconds > longest => format!("less than or equal to {longest}"),
            _ => return seconds,
        };
        self.violations.push(format!(
            "Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value {constraint}"
        ));
        default
    }

    /// `MaxSessionDuration` of a role, or an hour.
    pub(crate) fn longest_session(&mut self) -> i64 {
        let Some(text) = self.form.get("MaxSessionDuration") else { return 3600 };
        match text.parse::<i64>() {
            Ok(seconds) if (3600..=43_200).contains(&seconds) => seconds,
            Ok(seconds) => {
                let bound = if seconds < 3600 {
                    "greater than or equal to 3600"
                } else {
                    "less than or equal to 43200"
                };
                self.violations.push(format!(
                    "Value '{seconds}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value {bound}"
                ));
                3600
            }
            Err(_) => {
                self.malformed = true;
                3600
            }
        }
    }

    /// A text that is one of a few.
    pub(crate) fn one_of(&mut self, place: &str, value: &str, known: &[&str]) {
        if !known.contains(&value) {
            self.violations.push(format!(
                "Value '{value}' at '{place}' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
                known.join(", ")
            ));
        }
    }

    /// The refusal, if anything was wrong.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        if self.malformed {
            return Err(Refusal::Malformed);
        }
        if self.violations.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self.violations)) }
    }
}

/// AWS speaks of its own member names: `RoleArn` is `roleArn`.
fn member(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(form: &str, read: impl Fn(&mut Parameters<'_>)) -> Option<String> {
        let form = Form::parse(form.as_bytes());
        let mut parameters = Parameters::of(&form);
        read(&mut parameters);
        parameters.finish().err().map(|refusal| refusal.to_string())
    }

    fn session_name(encoded: &str) -> bool {
        refusal(&format!("RoleSessionName={encoded}"), |it| {
            it.required("RoleSessionName", &SESSION_NAME);
        })
        .is_none()
    }

    #[test]
    fn a_session_name_has_two_to_sixty_four_characters_of_a_small_set() {
        for good in ["ab", "alice@example.com", "%3D,.@-%2B_"] {
            assert!(session_name(good), "{good}");
        }
        assert!(session_name(&"a".repeat(64)));
        for bad in ["a", "a+b", "%C3%A91", "user:1"] {
            assert!(!session_name(bad), "{bad}");
        }
        assert!(!session_name(&"a".repeat(65)));
    }

    #[test]
    fn a_duration_outside_the_schema_is_refused_in_the_words_of_aws() {
        let duration = |text: &str| {
            refusal(&format!("DurationSeconds={text}"), |it| {
                it.duration(43200, 3600);
            })
        };
        assert_eq!(
            duration("899").unwrap(),
            "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: \
             Member must have value greater than or equal to 900"
        );
        assert!(duration("43201").unwrap().ends_with("Member must have value less than or equal to 43200"));
        assert_eq!(duration("soon").unwrap(), Refusal::Malformed.to_string());
        assert_eq!(duration("43200"), None);
    }

    #[test]
    fn several_violations_are_told_together() {
        let sentence = refusal("RoleSessionName=%21", |it| {
            it.required("RoleArn", &ROLE_ARN);
            it.required("RoleSessionName", &SESSION_NAME);
        });
        let sentence = sentence.unwrap();
        assert!(sentence.starts_with("3 validation errors detected: Value null at 'roleArn'"), "{sentence}");
        assert!(sentence.ends_with(r"Member must satisfy regular expression pattern: [\w+=,.@-]*"));
    }
}
