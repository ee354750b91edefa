//! What can be brought in, as a window is told of it and as it comes in.

use super::*;
use crate::view::{Answer, Entered, FindState, FindsView, ImportedView, WindowIntent};

const LINKS: &str = "https://signin.aws.amazon.com/switchrole?account=111122223333&roleName=Dev&displayName=Dev\n\
    https://signin.aws.amazon.com/switchrole?account=444455556666&roleName=Ops&displayName=Ops\n";

async fn told(stage: &Stage, intent: WindowIntent) -> Result<Answer, Failure> {
    let outcome = stage.app.ask(intent.try_into()?, Origin::Window).await?;
    let Outcome::Told(answer) = outcome else { panic!("{outcome:?}") };
    Ok(*answer)
}

async fn found(stage: &Stage, text: Option<&str>) -> FindsView {
    let text = text.map(|text| Entered(text.into()));
    let again = text.is_none();
    let (called, source) = (String::new(), String::new());
    let look = WindowIntent::LookForImport { text, again, called, source, move_keys: false };
    let answer = told(stage, look).await.unwrap();
    let Answer::Finds { view } = answer else { panic!("{answer:?}") };
    *view
}

async fn brought(
    stage: &Stage,
    view: &FindsView,
    chosen: &[&str],
    replace: bool,
) -> Result<ImportedView, Failure> {
    let chosen = chosen.iter().map(ToString::to_string).collect();
    let answer = told(stage, WindowIntent::Import { number: view.number, chosen, replace }).await?;
    let Answer::Imported { imported } = answer else { panic!("{answer:?}") };
    Ok(*imported)
}

fn written(stage: &Stage) -> String {
    std::fs::read_to_string(stage.catalog().path()).unwrap()
}

#[tokio::test]
async fn what_was_told_comes_in_together_and_goes_again_byte_for_byte() {
    let stage = Stage::with(World::default()).await;
    let before = written(&stage);
    let view = found(&stage, Some(LINKS)).await;
    assert_eq!(view.finds.iter().map(|find| find.id.as_str()).collect::<Vec<_>>(), ["role Dev", "role Ops"]);
    assert!(view.finds.iter().all(|find| find.state == FindState::New && find.failure.is_none()), "{view:?}");
    assert_eq!(written(&stage), before, "looking changes nothing");

    let imported = brought(&stage, &view, &["role Dev", "role Ops"], false).await.unwrap();
    assert_eq!((imported.done.len(), imported.left.len()), (2, 0));
    assert!(stage.snapshot().roles.iter().any(|role| role.name == "Ops"));
    assert!(found(&stage, None).await.finds.iter().all(|find| find.state == FindState::Here));
    let undo = WindowIntent::Undo { undo: imported.undo.unwrap() };
    stage.app.ask(undo.try_into().unwrap(), Origin::Window).await.unwrap();
    assert_eq!(written(&stage), before);
}

#[tokio::test]
async fn what_is_no_longer_as_it_was_told_is_not_brought_in() {
    let stage = Stage::with(World::default()).await;
    let view = found(&stage, Some(LINKS)).await;
    // Somebody else adds one of them meanwhile.
    let role = crate::catalog::Role::new(
        "arn:aws:iam::999988887777:role/Dev".parse().unwrap(),
        crate::catalog::Assumer::Source(name("work")),
    );
    stage.catalog().add_role(&name("Dev"), &role).unwrap();
    let before = written(&stage);
    let failure = brought(&stage, &view, &["role Dev", "role Ops"], true).await.unwrap_err();
    assert_eq!(failure, Failure::import_changed());
    assert_eq!(written(&stage), before, "not even the other");

    // Told anew it differs, and stays as it is unless it is to change.
    let view = found(&stage, None).await;
    assert_eq!(view.finds[0].state, FindState::Differs);
    assert_eq!(view.finds[0].changes[0].field, "arn");
    let imported = brought(&stage, &view, &["role Dev"], false).await.unwrap();
    assert_eq!(imported.left[0].failure, Failure::import_differs("Dev"));
    let view = found(&stage, None).await;
    brought(&stage, &view, &["role Dev"], true).await.unwrap();
    assert!(written(&stage).contains("arn:aws:iam::111122223333:role/Dev"));
    // A number of another telling, and a name that was not in it, are nothing.
    assert_eq!(brought(&stage, &view, &["role Dev"], true).await.unwrap_err(), Failure::import_changed());
    let view = found(&stage, None).await;
    let nothing = brought(&stage, &view, &["role gone", "../../etc"], true).await.unwrap();
    assert_eq!(nothing, ImportedView::default());
}

#[tokio::test]
async fn no_text_sets_a_command_an_endpoint_or_a_setting_or_takes_production_away() {
    let stage = Stage::with(World::default()).await;
    let id: crate::arn::AccountId = "444455556666".parse().unwrap();
    let change = crate::catalog::AccountChange { production: Some(true), ..Default::default() };
    stage.catalog().edit_account(&id, &change).unwrap();
    let text = "[settings]\nproduction_confirm = \"click\"\nbrowser = \"sh\"\n\
        [sources.evil]\nkind = \"profile\"\nprofile = \"x\"\narn = \"arn:aws:iam::111122223333:user/eve\"\n\
        account = \"111122223333\"\nmfa_process = [\"sh\"]\nsts_endpoint = \"http://127.0.0.1:1\"\n\
        [accounts.444455556666]\nname = \"harmless\"\nenvironment = \"dev\"\nproduction = false\n\
        [roles.r]\narn = \"arn:aws:iam::444455556666:role/R\"\nsource = \"evil\"\nmfa_process = [\"sh\"]\n";
    let view = found(&stage, Some(text)).await;
    let all: Vec<&str> = view.finds.iter().map(|find| find.id.as_str()).collect();
    assert_eq!(all, ["source evil", "account 444455556666", "role r"]);
    brought(&stage, &view, &all, true).await.unwrap();
    let written = written(&stage);
    for word in ["mfa_process", "endpoint", "browser", "production_confirm", "sh"] {
        assert!(!written.contains(&format!("{word} =")) && !written.contains("\"sh\""), "{word}: {written}");
    }
    assert!(written.contains("harmless") && written.contains("environment = \"dev\""), "{written}");
    assert!(stage.snapshot().roles.iter().find(|role| role.name == "r").unwrap().production);

    // Nor is a production role narrowed less than it was.
    let wider = "[roles.r]\narn = \"arn:aws:iam::444455556666:role/R\"\nsource = \"evil\"\nregion = \"us-east-1\"\n\
        read_only = false\nread_only_policy = \"arn:aws:iam::aws:policy/AdministratorAccess\"\n";
    let view = found(&stage, Some(wider)).await;
    assert_eq!(view.finds[0].changes.iter().map(|each| each.field.as_str()).collect::<Vec<_>>(), ["region"]);
    brought(&stage, &view, &["role r"], true).await.unwrap();
    let role = stage.catalog().load().unwrap().role(&name("r")).unwrap().clone();
    assert_eq!((role.read_only, role.read_only_policy), (None, None));

    // A new one there is narrowed by the rule, and what it says beyond its ARN is told before.
    let fresh = wider.replace("roles.r]", "roles.fresh]");
    let view = found(&stage, Some(&fresh)).await;
    let fields: Vec<&str> = view.finds[0].changes.iter().map(|each| each.field.as_str()).collect();
    assert_eq!((fields, view.finds[0].state), (vec!["assumed by", "region"], FindState::New));
    assert!(view.finds[0].notes[0].contains("production here"), "{view:?}");
    brought(&stage, &view, &["role fresh"], false).await.unwrap();
    let role = stage.catalog().load().unwrap().role(&name("fresh")).unwrap().clone();
    assert_eq!((role.read_only, role.read_only_policy), (None, None));
    // Elsewhere it may be as it says, but what allows everything does not stand for reading.
    let elsewhere = fresh.replace("roles.fresh", "roles.else").replace("444455556666", "777788889999");
    let view = found(&stage, Some(&elsewhere)).await;
    let left = brought(&stage, &view, &["role else"], false).await.unwrap().left;
    assert!(left[0].failure.message.contains("does not only read"), "{left:?}");
}

#[tokio::test]
async fn a_mark_stays_on_the_role_of_aws_that_has_it() {
    let stage = Stage::with(World::default()).await;
    let change = crate::catalog::RoleChange { production: Some(true), ..Default::default() };
    stage.catalog().edit_role(&name("ec2"), &change).unwrap();
    let moved = "[roles.ec2]\narn = \"arn:aws:iam::111122223333:role/Harmless\"\nsource = \"work\"\n";
    let link =
        "https://signin.aws.amazon.com/switchrole?account=111122223333&roleName=Harmless&displayName=ec2";
    for text in [moved, link] {
        let view = found(&stage, Some(text)).await;
        assert_eq!(view.finds[0].failure, Some(Failure::import_moves_mark("ec2")), "{text}");
        let imported = brought(&stage, &view, &["role ec2"], true).await.unwrap();
        assert_eq!(imported.left.len(), 1, "{text}");
    }
    assert!(!written(&stage).contains("Harmless"));
}
