//! A role as a configuration of Terraform and its AWS provider, laid out as `terraform fmt` does.

use super::tree::Tree;
use super::{CallersPart, Holder, RoleDraft};

/// The resources that make the role.
pub(super) fn role(draft: &RoleDraft, trust_policy: &str) -> String {
    let label = label(draft.name.as_str());
    let mut text = format!(
        "# in account {}\nresource \"aws_iam_role\" \"{label}\" {{\n  name                 = {}\n  \
         max_session_duration = {}\n  assume_role_policy = jsonencode({})\n}}\n",
        draft.account,
        quoted(draft.name.as_str()),
        draft.longest.seconds(),
        value(2, &Tree::of(trust_policy)),
    );
    if let Some(policy) = &draft.policy {
        text.push_str(&format!(
            "\nresource \"aws_iam_role_policy_attachment\" \"{label}\" {{\n  role       = aws_iam_role.{label}.name\n  \
             policy_arn = {}\n}}\n",
            quoted(&policy.to_string())
        ));
    }
    text
}

/// The resource that gives the caller its part.
pub(super) fn callers_part(draft: &RoleDraft, part: &CallersPart) -> String {
    let (kind, holder) = match &part.holder {
        Holder::User(name) => ("user", name),
        Holder::Role(name) | Holder::PermissionSet(name) => ("role", name),
    };
    format!(
        "# in account {}\nresource \"aws_iam_{kind}_policy\" \"{}\" {{\n  name = {}\n  {kind} = {}\n  policy = jsonencode({})\n}}\n",
        part.account,
        label(&draft.policy_name()),
        quoted(&draft.policy_name()),
        quoted(holder),
        value(2, &Tree::of(&part.policy)),
    )
}

/// A tree as an expression whose further lines stand so far from the margin.
fn value(margin: usize, tree: &Tree) -> String {
    match tree {
        Tree::Text(text) => quoted(text),
        Tree::List(all) => {
            let items =
                all.iter().map(|each| format!("{:1$}{2},\n", "", margin + 2, value(margin + 2, each)));
            format!("[\n{}{:margin$}]", items.collect::<String>(), "")
        }
        Tree::Map(all) => {
            let mut text = "{\n".to_owned();
            for (index, (key, each)) in all.iter().enumerate() {
                // The equals signs of neighbours that stand on one line each are below each other.
                let is_line = |tree: &Tree| matches!(tree, Tree::Text(_));
                let neighbours = if is_line(each) {
                    let before = all[..index].iter().rev().take_while(|(_, tree)| is_line(tree));
                    let after = all[index..].iter().take_while(|(_, tree)| is_line(tree));
                    before.chain(after).map(|(key, _)| quoted(key).len()).max().unwrap_or_default()
                } else {
                    0
                };
                text.push_str(&format!(
                    "{:1$}{2:neighbours$} = {3}\n",
                    "",
                    margin + 2,
                    quoted(key),
                    value(margin + 2, each)
                ));
            }
            format!("{text}{:margin$}}}", "")
        }
    }
}

/// A name that Terraform takes for a resource.
fn label(name: &str) -> String {
    let mut label: String =
        name.chars().map(|each| if each.is_ascii_alphanumeric() { each } else { '_' }).collect();
    if label.starts_with(|first: char| first.is_ascii_digit()) {
        label.insert(0, '_');
    }
    label
}

/// A text as Terraform quotes it: a dollar or percent sign before a brace would begin a template.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(each) = rest.next() {
        match (each, rest.peek()) {
            ('"' | '\\', _) => quoted.extend(['\\', each]),
            ('$' | '%', Some('{')) => quoted.extend([each, each]),
            // Two in a row could be read as one that was meant so.
            ('$' | '%', Some(next)) if *next == each => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(each)));
            }
            (control, _) if control.is_control() => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            _ => quoted.push(each),
        }
    }
    quoted.push('"');
    quoted
}
