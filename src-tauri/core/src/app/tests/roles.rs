//! Roles, accounts and favourites as a window edits them.

use super::*;
use crate::catalog::{Change, RoleChange};
use crate::role_entry::RoleEntry;
use crate::view::{AccountWords, Answer, ManyRoles, RoleView, WindowIntent};

async fn asked(stage: &Stage, intent: WindowIntent) -> Result<Outcome, Failure> {
    stage.app.ask(intent.try_into()?, Origin::Window).await
}

async fn told(stage: &Stage, intent: WindowIntent) -> Answer {
    let outcome = asked(stage, intent).await.unwrap();
    let Outcome::Told(answer) = outcome else { panic!("{outcome:?}") };
    *answer
}

async fn undoable(stage: &Stage, intent: WindowIntent) -> (String, u64) {
    let answer = told(stage, intent).await;
    let Answer::Undoable { message, undo } = answer else { panic!("{answer:?}") };
    (message, undo)
}

fn shown(stage: &Stage, role: &str) -> Option<Arc<RoleView>> {
    stage.snapshot().roles.iter().find(|each| each.name == role).cloned()
}

fn typed(name: &str) -> Box<RoleEntry> {
    Box::new(RoleEntry {
        name: name.into(),
        arn: format!("arn:aws:iam::444455556666:role/{name}"),
        source: "work".into(),
        ..RoleEntry::default()
    })
}

fn written(stage: &Stage) -> String {
    std::fs::read_to_string(stage.catalog().path()).unwrap()
}

#[tokio::test]
async fn a_form_is_checked_live_saved_and_given_back_for_the_next_edit() {
    let stage = Stage::with(World::default()).await;
    let wrong = Box::new(RoleEntry { region: "nowhere".into(), ..*typed("new") });
    let checked = told(&stage, WindowIntent::CheckRole { form: wrong.clone(), before: None }).await;
    let Answer::RoleChecked { checked } = checked else { panic!("{checked:?}") };
    assert_eq!((checked.problems.len(), checked.plan.is_some()), (1, true));
    let failure = asked(&stage, WindowIntent::SaveRole { form: wrong, before: None }).await.unwrap_err();
    assert_eq!(failure, checked.problems[0].failure);

    asked(&stage, WindowIntent::SaveRole { form: typed("new"), before: None }).await.unwrap();
    assert_eq!(shown(&stage, "new").unwrap().account.id, "444455556666");
    let answer = told(&stage, WindowIntent::RoleEntry { role: "new".into() }).await;
    let Answer::RoleEntry { mut form } = answer else { panic!("{answer:?}") };
    assert_eq!(form, typed("new"));

    let before = Some(form.clone());
    form.name = "newer".into();
    form.duration = "2h".into();
    asked(&stage, WindowIntent::SaveRole { form, before }).await.unwrap();
    assert!(shown(&stage, "new").is_none());
    let kept = stage.catalog().load().unwrap();
    assert_eq!(kept.role(&name("newer")).unwrap().duration.unwrap().seconds(), 7200);
    let again = asked(&stage, WindowIntent::SaveRole { form: typed("newer"), before: None }).await;
    assert_eq!(again.unwrap_err().code, Code::AlreadyExists);
}

#[tokio::test]
async fn a_saved_form_changes_what_was_typed_and_nothing_that_became_otherwise_meanwhile() {
    let stage = Stage::with(World::default()).await;
    asked(&stage, WindowIntent::SaveRole { form: typed("new"), before: None }).await.unwrap();
    let before = Some(typed("new"));
    let meanwhile = RoleChange {
        production: Some(true),
        external_id: Change::Set("partner-42".parse().unwrap()),
        duration: Change::Set("30m".parse().unwrap()),
        ..RoleChange::default()
    };
    stage.catalog().edit_role(&name("new"), &meanwhile).unwrap();

    let form = Box::new(RoleEntry { duration: "2h".into(), destination: "ec2".into(), ..*typed("new") });
    let check = WindowIntent::CheckRole { form: form.clone(), before: before.clone() };
    let Answer::RoleChecked { checked } = told(&stage, check).await else { panic!() };
    let plan = format!("{:?}", checked.plan.unwrap());
    assert!(plan.contains("production"), "the plan is not of what would be saved: {plan}");
    asked(&stage, WindowIntent::SaveRole { form, before: before.clone() }).await.unwrap();
    let kept = stage.catalog().load().unwrap().role(&name("new")).unwrap().clone();
    assert!(kept.production && kept.external_id.is_some(), "{kept:?}");
    assert_eq!((kept.duration.unwrap().seconds(), kept.destination.is_some()), (7200, true));

    let as_it_was = written(&stage);
    asked(&stage, WindowIntent::SaveRole { form: typed("new"), before }).await.unwrap();
    assert_eq!(written(&stage), as_it_was, "nothing was typed");
}

#[tokio::test]
async fn what_is_removed_can_be_put_back_for_a_while() {
    let stage = Stage::with(World::default()).await;
    let before = written(&stage);
    let remove = || WindowIntent::RemoveRoles { roles: vec!["ec2".into()] };
    let (message, undo) = undoable(&stage, remove()).await;
    assert_eq!((message.as_str(), shown(&stage, "ec2")), ("removed `ec2`", None));
    asked(&stage, WindowIntent::Undo { undo }).await.unwrap();
    assert!(shown(&stage, "ec2").unwrap().favourite);
    assert_eq!(written(&stage), before);
    let twice = asked(&stage, WindowIntent::Undo { undo }).await.unwrap_err();
    assert_eq!(twice, Failure::nothing_to_undo());

    let (_, undo) = undoable(&stage, remove()).await;
    stage.world.pass(601);
    let late = asked(&stage, WindowIntent::Undo { undo }).await.unwrap_err();
    assert_eq!(late, Failure::nothing_to_undo());
    assert!(asked(&stage, remove()).await.is_err(), "it is gone");
}

#[tokio::test]
async fn many_roles_are_changed_at_once_and_changed_back() {
    let stage = Stage::with(World::default()).await;
    for name in ["one", "two"] {
        asked(&stage, WindowIntent::SaveRole { form: typed(name), before: None }).await.unwrap();
    }
    let roles = vec!["one".to_owned(), "two".to_owned()];
    let change = |region: &str| ManyRoles { region: Some(region.into()), ..ManyRoles::default() };
    let edit = |region| WindowIntent::EditRoles { roles: roles.clone(), change: Box::new(change(region)) };
    let (message, undo) = undoable(&stage, edit("us-east-1")).await;
    assert_eq!(message, "changed 2 roles");
    assert_eq!(shown(&stage, "two").unwrap().region, "us-east-1");
    assert!(asked(&stage, edit("cn-north-1")).await.is_err());
    asked(&stage, WindowIntent::Undo { undo }).await.unwrap();
    assert_eq!(shown(&stage, "two").unwrap().region, "eu-west-1");
}

#[tokio::test]
async fn favourites_are_put_in_order_and_an_account_is_told_apart() {
    let stage = Stage::with(World::default()).await;
    let favourite = Box::new(RoleEntry { favourite: true, ..*typed("a-first-by-name") });
    asked(&stage, WindowIntent::SaveRole { form: favourite, before: None }).await.unwrap();
    assert_eq!(stage.snapshot().favourites, ["a-first-by-name", "ec2"]);
    let order = vec!["ec2".to_owned(), "a-first-by-name".to_owned()];
    asked(&stage, WindowIntent::OrderFavourites { roles: order.clone() }).await.unwrap();
    assert_eq!(stage.snapshot().favourites, order);

    let edit = |colour: &str, environment: &str, production| WindowIntent::EditAccount {
        account: "111122223333".into(),
        change: AccountWords {
            name: Some("acme-dev".into()),
            colour: Some(colour.into()),
            environment: Some(environment.into()),
            production,
        },
    };
    asked(&stage, edit("teal", "staging", Some(true))).await.unwrap();
    let account = shown(&stage, "ec2").unwrap().account.clone();
    assert_eq!(account.environment.as_deref(), Some("staging"));
    assert!(account.production && account.colour.is_some());
    asked(&stage, edit("", "", Some(false))).await.unwrap();
    let account = shown(&stage, "ec2").unwrap().account.clone();
    assert_eq!((account.environment, account.production, account.colour), (None, false, None));
    // The word alone says it, and a box that was left as it was does not take it back.
    asked(&stage, edit("", "Production", None)).await.unwrap();
    assert!(shown(&stage, "ec2").unwrap().account.production);
    asked(&stage, edit("", "", Some(false))).await.unwrap();
    asked(&stage, edit("", "production", Some(false))).await.unwrap();
    assert!(shown(&stage, "ec2").unwrap().account.production);
    assert!(asked(&stage, edit("octarine", "", None)).await.is_err());
}

#[tokio::test]
async fn nothing_is_edited_while_the_catalog_cannot_be_read() {
    let stage = Stage::with(World::default()).await;
    std::fs::write(stage.catalog().path(), "[roles").unwrap();
    for intent in [
        WindowIntent::SaveRole { form: typed("new"), before: None },
        WindowIntent::RemoveRoles { roles: vec!["ec2".into()] },
        WindowIntent::OrderFavourites { roles: vec!["ec2".into()] },
    ] {
        assert_eq!(asked(&stage, intent).await.unwrap_err().code, Code::CatalogUnreadable);
    }
    assert_eq!(written(&stage), "[roles");
}
