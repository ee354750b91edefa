//! The third step: the trust policy, each line explained, and the ways to make the role.

use guise_core::agent::{Answered, Request};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::setup::{RoleDraft, RoleForm, Written, iam_page};

use super::ask;
use crate::agent;
use crate::say;

/// A way to make the role.
#[derive(Clone, Copy)]
enum Way {
    Cli,
    CloudFormation,
    Terraform,
    Page,
    Guise,
    There,
}

const WAYS: &str = "\
1  commands of the AWS CLI
2  a template of CloudFormation
3  a configuration of Terraform
4  the address of IAM's own page
5  Guise makes it, after showing what it will do
6  it is there: go on";

/// Shows what is needed until the person says that the role is there.
pub(super) fn made(home: &Home, form: &RoleForm, draft: &RoleDraft) -> Result<(), Failure> {
    say::words("the trust policy is what lets you in; line by line:\n");
    for line in draft.wanted()?.explained() {
        say::data(&line.text)?;
        if !line.means.is_empty() {
            let margin = line.text.len() - line.text.trim_start().len();
            say::words(&format!("{:margin$}# {}", "", line.means));
        }
    }
    loop {
        say::words(&format!("\nways to make the role:\n{WAYS}"));
        let way = ask::checked("Which? [6] ", |text| match text {
            "1" => Ok(Way::Cli),
            "2" => Ok(Way::CloudFormation),
            "3" => Ok(Way::Terraform),
            "4" => Ok(Way::Page),
            "5" => Ok(Way::Guise),
            "" | "6" => Ok(Way::There),
            other => Err(Failure::no_such_choice(other, 6)),
        })?;
        match way {
            Way::Cli => written(draft, |written| written.cli)?,
            Way::CloudFormation => written(draft, |written| written.cloudformation)?,
            Way::Terraform => written(draft, |written| written.terraform)?,
            Way::Page => {
                let policy = draft.policy.as_ref().map_or("what it may do", |policy| policy.name());
                say::data(iam_page(draft)?.as_str())?;
                say::words(&format!(
                    "choose Custom trust policy there and paste the one below, choose {policy}, and call the role {}; \
                     its longest session is set on its page afterwards",
                    draft.name
                ));
                say::data(draft.wanted()?.trust_policy().trim_end())?;
            }
            Way::Guise => {
                if by_guise(home, form, draft)? {
                    return Ok(());
                }
            }
            Way::There => return Ok(()),
        }
    }
}

fn written(draft: &RoleDraft, way: impl Fn(Written) -> String) -> Result<(), Failure> {
    say::data(way(draft.written()?).trim_end())?;
    if let Some(part) = draft.callers_part()? {
        say::words(&format!("note: {}", part.because));
        if let Some(written) = draft.callers_part_written()? {
            say::data(way(written).trim_end())?;
        } else {
            say::words("note: this belongs into the permission set, in IAM Identity Center");
            say::data(&part.policy)?;
        }
    }
    Ok(())
}

/// Whether the role is there now.
fn by_guise(home: &Home, form: &RoleForm, draft: &RoleDraft) -> Result<bool, Failure> {
    if let Some(failure) = draft.not_ours() {
        say::failure(&failure);
        return Ok(false);
    }
    say::words("Guise would ask IAM for exactly this:");
    for call in draft.calls()? {
        say::words(call.action());
        for (name, value) in call.parameters() {
            say::words(&format!("  {name}: {}", value.replace('\n', "\n    ")));
        }
    }
    if !ask::no_unless_yes("Do that? [y/N] ")? {
        return Ok(false);
    }
    loop {
        let request = Request::MakeRole { form: Box::new(form.clone()) };
        let trouble = match agent::ask(home, request) {
            Ok(Answered::RoleMade { whole: true, .. }) => {
                say::words("the role is in IAM");
                return Ok(true);
            }
            Ok(Answered::RoleMade { trouble, .. }) => trouble,
            Ok(_) => return Err(Failure::agent_unintelligible()),
            Err(failure) => {
                say::failure(&failure);
                return Ok(false);
            }
        };
        say::words("the role is in IAM, but without all of it");
        if let Some(failure) = trouble {
            say::failure(&failure);
        }
        if !ask::no_unless_yes("Go on where it stopped? [y/N] ")? {
            break;
        }
    }
    if ask::no_unless_yes("Take it out again? [y/N] ")? {
        agent::ask(home, Request::UnmakeRole { form: Box::new(form.clone()) })?;
        say::words("it is out of IAM again");
        return Ok(false);
    }
    Ok(true)
}
