//! A policy document in the order that IAM's own editor writes it.

use std::collections::BTreeMap;

use serde::Serialize;

/// A policy.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Document {
    version: &'static str,
    statement: Vec<Statement>,
}

/// What it allows, to whom, and when.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Statement {
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<Principal>,
    action: OneOrMore,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<String>,
    #[serde(skip_serializing_if = "Conditions::is_empty")]
    pub(super) condition: Conditions,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Principal {
    aws: String,
}

/// IAM takes a list, and one value by itself.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// Conditions by operator, then by key. All must hold.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Conditions(BTreeMap<&'static str, BTreeMap<String, OneOrMore>>);

impl Document {
    pub(super) fn of(statement: Vec<Statement>) -> Document {
        Document { version: "2012-10-17", statement }
    }

    pub(super) fn pretty(&self) -> String {
        // Text by text: nothing in it can fail to be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// How long it is for IAM, which does not count the spaces between values.
    pub(super) fn without_spaces(&self) -> usize {
        serde_json::to_string(self).unwrap_or_default().chars().count()
    }
}

impl Statement {
    pub(super) fn allowing(principal: Option<String>, actions: Vec<&'static str>) -> Statement {
        Statement {
            effect: "Allow",
            principal: principal.map(|aws| Principal { aws }),
            action: actions.into_iter().map(str::to_owned).collect(),
            resource: None,
            condition: Conditions::default(),
        }
    }
}

impl FromIterator<String> for OneOrMore {
    fn from_iter<T: IntoIterator<Item = String>>(values: T) -> OneOrMore {
        let mut values: Vec<String> = values.into_iter().collect();
        match (values.pop(), values.is_empty()) {
            (Some(only), true) => OneOrMore::One(only),
            (last, _) => OneOrMore::More(values.into_iter().chain(last).collect()),
        }
    }
}

impl Conditions {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn equals(&mut self, key: &str, value: &str) {
        self.add("StringEquals", key, [value.to_owned()]);
    }

    pub(super) fn like(&mut self, key: &str, pattern: &str) {
        self.add("StringLike", key, [pattern.to_owned()]);
    }

    pub(super) fn arn_like(&mut self, key: &str, patterns: Vec<String>) {
        self.add("ArnLike", key, patterns);
    }

    pub(super) fn bool(&mut self, key: &str) {
        self.add("Bool", key, ["true".to_owned()]);
    }

    /// None of the values that a key has is another than these.
    pub(super) fn only(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        self.add("ForAllValues:StringEquals", key, values);
    }

    fn add(&mut self, operator: &'static str, key: &str, values: impl IntoIterator<Item = String>) {
        self.0.entry(operator).or_default().insert(key.to_owned(), values.into_iter().collect());
    }
}
