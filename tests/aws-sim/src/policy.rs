//! Policies: reading the JSON, and whether a statement speaks of a request. Only what STS and IAM need here is understood; a condition
//! the simulator does not know never matches, so it can keep somebody out but not let anybody in.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;

/// A trust policy or an identity policy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct Policy {
    statements: Vec<Statement>,
}

#[derive(Clone, Debug)]
struct Statement {
    deny: bool,
    principals: Vec<String>,
    actions: Vec<String>,
    resources: Vec<String>,
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug)]
struct Condition {
    operator: String,
    key: String,
    values: Vec<String>,
}

/// Why a policy cannot be read.
#[derive(Debug)]
pub struct PolicyError(String);

impl fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for PolicyError {}

/// The one who asks, as policies name it.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    /// Twelve digits.
    pub(crate) account: String,
    /// The user's ARN, or the session's `assumed-role` ARN.
    pub(crate) arn: String,
    /// The role behind a session.
    pub(crate) role_arn: Option<String>,
}

/// What a policy is asked about.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) asker: &'a Asker,
    pub(crate) action: &'a str,
    pub(crate) resource: &'a str,
    /// The request context: condition keys in lower case, with their values.
    pub(crate) context: &'a HashMap<String, String>,
}

/// What a policy says about a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// Nothing in it applies.
    Silent,
    /// It allows the asker's whole account, which may pass the right on to the asker.
    AllowedToAccount,
    /// It allows the asker itself.
    Allowed,
    /// It forbids, and that wins over everything.
    Denied,
}

impl TryFrom<String> for Policy {
    type Error = PolicyError;

    fn try_from(text: String) -> Result<Self, PolicyError> {
        Self::from_json(&text)
    }
}

impl Policy {
    /// Reads a policy document.
    pub fn from_json(text: &str) -> Result<Self, PolicyError> {
        let document: Value = serde_json::from_str(text)
            .map_err(|error| PolicyError(format!("the policy is not JSON: {error}")))?;
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) => statements.iter().map(statement).collect::<Result<_, _>>()?,
            Some(single @ Value::Object(_)) => vec![statement(single)?],
            _ => return Err(PolicyError("the policy has no `Statement`".into())),
        };
        Ok(Self { statements })
    }

    /// Everybody whom it names.
    pub(crate) fn principals(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().flat_map(|statement| &statement.principals).map(String::as_str)
    }

    /// What it says as the trust policy of a role.
    pub(crate) fn as_trust(&self, question: &Question<'_>) -> Verdict {
        self.judge(question, |statement| {
            statement
                .principals
                .iter()
                .map(|name| names(name, question.asker))
                .max()
                .unwrap_or(Verdict::Silent)
        })
    }

    /// What it says as a policy of the asker.
    pub(crate) fn as_identity(&self, question: &Question<'_>) -> Verdict {
        self.judge(question, |statement| {
            let mut patterns =
                statement.resources.iter().filter_map(|pattern| substitute(pattern, question.context));
            let applies = patterns.any(|pattern| like(&pattern, question.resource));
            if applies { Verdict::Allowed } else { Verdict::Silent }
        })
    }

    fn judge(&self, question: &Question<'_>, reach: impl Fn(&Statement) -> Verdict) -> Verdict {
        let applying = self.statements.iter().filter(|statement| {
            let action = question.action.to_lowercase();
            statement.actions.iter().any(|pattern| like(&pattern.to_lowercase(), &action))
                && statement.conditions.iter().all(|condition| condition.holds(question.context))
        });
        applying
            .map(|statement| match reach(statement) {
                Verdict::Silent => Verdict::Silent,
                _ if statement.deny => Verdict::Denied,
                allowed @ (Verdict::Allowed | Verdict::AllowedToAccount | Verdict::Denied) => allowed,
            })
            .max()
            .unwrap_or(Verdict::Silent)
    }
}

/// How a principal names the asker, if it does.
fn names(principal: &str, asker: &Asker) -> Verdict {
    let root = principal.strip_suffix(":root").and_then(|front| front.rsplit(':').next());
    if principal == "*" || principal == asker.arn || asker.role_arn.as_deref() == Some(principal) {
        Verdict::Allowed
    } else if principal == asker.account || root == Some(asker.account.as_str()) {
        Verdict::AllowedToAccount
    } else {
        Verdict::Silent
    }
}

fn statement(value: &Value) -> Result<Statement, PolicyError> {
    let deny = match value.get("Effect").and_then(Value::as_str) {
        Some("Allow") => false,
        Some("Deny") => true,
        _ => return Err(PolicyError("a statement's `Effect` is neither `Allow` nor `Deny`".into())),
    };
    for unknown in ["NotPrincipal", "NotAction", "NotResource"] {
        if value.get(unknown).is_some() {
            return Err(PolicyError(format!("the simulator does not know `{unknown}`")));
        }
    }
    let principals = match value.get("Principal") {
        None => Vec::new(),
        Some(Value::Object(kinds)) => {
            let mut principals = Vec::new();
            for kind in ["AWS", "Federated"] {
                if let Some(names) = kinds.get(kind) {
                    principals.extend(texts(kind, names)?);
                }
            }
            principals
        }
        Some(other) => texts("Principal", other)?,
    };
    let actions = value.get("Action").ok_or_else(|| PolicyError("a statement has no `Action`".into()))?;
    let mut conditions = Vec::new();
    if let Some(operators) = value.get("Condition") {
        let operators =
            operators.as_object().ok_or_else(|| PolicyError("`Condition` is not an object".into()))?;
        for (operator, keys) in operators {
            let keys =
                keys.as_object().ok_or_else(|| PolicyError(format!("`{operator}` is not an object")))?;
            for (key, values) in keys {
                conditions.push(Condition {
                    operator: operator.clone(),
                    key: key.to_lowercase(),
                    values: texts(key, values)?,
                });
            }
        }
    }
    Ok(Statement {
        deny,
        principals,
        actions: texts("Action", actions)?,
        resources: value.get("Resource").map_or(Ok(Vec::new()), |names| texts("Resource", names))?,
        conditions,
    })
}

/// A string, or a list of them; numbers and truth values are taken as their text.
fn texts(field: &str, value: &Value) -> Result<Vec<String>, PolicyError> {
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(PolicyError(format!("`{field}` is neither a string nor a list of strings")))
        }
    };
    match value.as_array() {
        Some(values) => values.iter().map(one).collect(),
        None => Ok(vec![one(value)?]),
    }
}

/// The condition keys the simulator can answer for, in lower case; `aws:RequestTag/…` and `aws:PrincipalTag/…` come on top.
const KNOWN_KEYS: [&str; 9] = [
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:username",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:sourceip",
    "sts:externalid",
    "sts:rolesessionname",
    "sts:sourceidentity",
];

impl Condition {
    fn holds(&self, context: &HashMap<String, String>) -> bool {
        let tag = self.key.starts_with("aws:requesttag/") || self.key.starts_with("aws:principaltag/");
        if !tag && !KNOWN_KEYS.contains(&self.key.as_str()) {
            return false;
        }
        let actual = context.get(&self.key);
        let (operator, optional) = match self.operator.strip_suffix("IfExists") {
            Some(operator) => (operator, true),
            None => (self.operator.as_str(), false),
        };
        if operator == "Null" {
            return self.values.iter().any(|value| value.eq_ignore_ascii_case("true") == actual.is_none());
        }
        let Some((comparison, negated)) = comparison(operator) else { return false };
        let Some(actual) = actual else { return optional || negated };
        let mut wanted = self.values.iter().filter_map(|value| substitute(value, context));
        if negated {
            !wanted.any(|value| comparison(&value, actual))
        } else {
            wanted.any(|value| comparison(&value, actual))
        }
    }
}

/// Whether the wanted value fits the actual one.
type Comparison = fn(&str, &str) -> bool;

/// The comparison an operator stands for, and whether it is turned round.
fn comparison(operator: &str) -> Option<(Comparison, bool)> {
    Some(match operator {
        "StringEquals" | "ArnEquals" => (|wanted, actual| wanted == actual, false),
        "StringNotEquals" | "ArnNotEquals" => (|wanted, actual| wanted == actual, true),
        "StringEqualsIgnoreCase" => (|wanted, actual| wanted.eq_ignore_ascii_case(actual), false),
        "StringNotEqualsIgnoreCase" => (|wanted, actual| wanted.eq_ignore_ascii_case(actual), true),
        "StringLike" | "ArnLike" => (like, false),
        "StringNotLike" | "ArnNotLike" => (like, true),
        "Bool" => (|wanted, actual| wanted.eq_ignore_ascii_case(actual), false),
        "NumericEquals" => {
            (|wanted, actual| ordered(wanted, actual) == Some(std::cmp::Ordering::Equal), false)
        }
        "NumericLessThan" => {
            (|wanted, actual| ordered(actual, wanted).is_some_and(std::cmp::Ordering::is_lt), false)
        }
        "NumericLessThanEquals" => {
            (|wanted, actual| ordered(actual, wanted).is_some_and(std::cmp::Ordering::is_le), false)
        }
        "NumericGreaterThan" => {
            (|wanted, actual| ordered(actual, wanted).is_some_and(std::cmp::Ordering::is_gt), false)
        }
        "NumericGreaterThanEquals" => {
            (|wanted, actual| ordered(actual, wanted).is_some_and(std::cmp::Ordering::is_ge), false)
        }
        "IpAddress" => (|wanted, actual| wanted.trim_end_matches("/32") == actual, false),
        _ => return None,
    })
}

fn ordered(left: &str, right: &str) -> Option<std::cmp::Ordering> {
    left.parse::<f64>().ok()?.partial_cmp(&right.parse::<f64>().ok()?)
}

/// The value with its policy variables filled in; `None` when one of them has no value, which matches nothing.
fn substitute(value: &str, context: &HashMap<String, String>) -> Option<String> {
    let (mut text, mut rest) = (String::new(), value);
    while let Some(start) = rest.find("${") {
        let end = start + rest.get(start..)?.find('}')?;
        text.push_str(&rest[..start]);
        match &rest[start + 2..end] {
            literal @ ("*" | "?" | "$") => text.push_str(literal),
            name => text.push_str(context.get(&name.to_lowercase())?),
        }
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    Some(text)
}

/// Whether the text fits a pattern in which `*` is any characters and `?` is any one.
pub(crate) fn like(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut position) = (0, 0);
    // Where to go on when what follows the latest star did not fit: one more character belongs to the star.
    let mut retry: Option<(usize, usize)> = None;
    while position < text.len() {
        match pattern.get(at) {
            Some('*') => {
                retry = Some((at + 1, position));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || *wanted == text[position] => {
                at += 1;
                position += 1;
            }
            _ => match retry {
                Some((after_star, taken)) => {
                    retry = Some((after_star, taken + 1));
                    at = after_star;
                    position = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(operator: &str, key: &str, value: &str, context: &[(&str, &str)]) -> bool {
        let context = context.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Condition { operator: operator.into(), key: key.to_lowercase(), values: vec![value.into()] }
            .holds(&context)
    }

    #[test]
    fn bool_needs_the_key_and_bool_if_exists_does_not() {
        let key = "aws:MultiFactorAuthPresent";
        assert!(!condition("Bool", key, "true", &[]));
        assert!(condition("BoolIfExists", key, "true", &[]));
        assert!(condition("Bool", key, "true", &[("aws:multifactorauthpresent", "true")]));
        assert!(!condition("BoolIfExists", key, "true", &[("aws:multifactorauthpresent", "false")]));
    }

    #[test]
    fn the_age_of_mfa_is_compared_as_a_number() {
        let age = "aws:MultiFactorAuthAge";
        assert!(condition("NumericLessThan", age, "3600", &[("aws:multifactorauthage", "900")]));
        assert!(!condition("NumericLessThan", age, "3600", &[("aws:multifactorauthage", "3600")]));
        assert!(!condition("NumericLessThan", age, "3600", &[]));
    }

    #[test]
    fn a_session_name_can_be_tied_to_the_user_name() {
        let context = [("aws:username", "ada"), ("sts:rolesessionname", "ada-laptop")];
        assert!(!condition("StringEquals", "sts:RoleSessionName", "${aws:username}", &context));
        assert!(condition("StringLike", "sts:RoleSessionName", "${aws:username}-*", &context));
        assert!(!condition("StringLike", "sts:RoleSessionName", "${aws:username}*", &context[1..]));
    }

    #[test]
    fn an_unknown_operator_or_key_never_matches() {
        assert!(!condition("DateLessThan", "sts:ExternalId", "x", &[("sts:externalid", "x")]));
        assert!(!condition("StringEquals", "aws:Nonsense", "x", &[("aws:nonsense", "x")]));
        assert!(!condition("StringEqualsIfExists", "aws:Nonsense", "x", &[]));
        assert!(!condition("StringNotEquals", "aws:Nonsense", "x", &[]));
    }

    #[test]
    fn wildcards_match_as_in_policies() {
        assert!(
            like("*", "")
                && like("sts:*", "sts:assumerole")
                && like("a?c*e", "abcde")
                && like("*role", "sts:assumerole")
        );
        assert!(!like("a?c", "ac") && !like("sts:*", "ec2:run") && !like("", "x"));
    }

    #[test]
    fn a_policy_the_simulator_cannot_follow_is_refused_when_read() {
        for text in [
            "no",
            "{}",
            r#"{"Statement":[{"Effect":"Perhaps","Action":"*"}]}"#,
            r#"{"Statement":[{"Effect":"Allow"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","NotAction":"x"}]}"#,
        ] {
            assert!(Policy::from_json(text).is_err(), "{text}");
        }
    }
}
