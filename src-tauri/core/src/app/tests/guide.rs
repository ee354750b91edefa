//! The guide's own deeds: a role is made, half made, taken out, tried and kept; what was typed is remembered.

use super::*;
use crate::catalog::{Assumer, Change, Role, RoleChange};
use crate::setup::{IamCall, RoleForm};
use crate::view::{Answer, GuideNotes, GuideStep, GuideView, SetupIntent, WrittenPart};

fn form() -> RoleForm {
    RoleForm {
        source: "work".into(),
        role: "Fresh".into(),
        policy: "AmazonEC2FullAccess".into(),
        ..RoleForm::default()
    }
}

fn boxed() -> Box<RoleForm> {
    Box::new(form())
}

fn refusal(status: u16, code: &str) -> Refusal {
    Refusal::Service { status, code: code.into(), message: "no".into(), skew: None }
}

impl Stage {
    async fn set_up(&self, intent: SetupIntent) -> Result<Outcome, Failure> {
        self.app.ask(Intent::Setup(intent), Origin::Window).await
    }

    async fn guide(&self, notes: Option<GuideNotes>) -> GuideView {
        let notes = notes.map(Box::new);
        let outcome = self.set_up(SetupIntent::Guide { notes }).await.unwrap();
        let Outcome::Told(answer) = outcome else { panic!("{outcome:?}") };
        let Answer::Guide { view } = *answer else { panic!("{answer:?}") };
        *view
    }

    fn refuse_iam(&self, action: &'static str, how: Option<Refusal>) {
        let mut refusals = self.world.refuse_iam.lock().unwrap();
        refusals.remove(action);
        refusals.extend(how.map(|refusal| (action, refusal)));
    }

    fn in_iam(&self) -> Vec<IamCall> {
        self.world.in_iam.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn what_was_typed_is_remembered_and_everything_that_follows_is_told() {
    let stage = Stage::with(World::default()).await;
    assert_eq!(stage.guide(None).await.sketch, None);
    let notes = GuideNotes { step: GuideStep::Make, form: form(), ..GuideNotes::default() };
    stage.guide(Some(notes.clone())).await;
    let view = stage.guide(None).await;
    assert_eq!((view.notes, view.problems.len()), (notes, 0));
    let sketch = view.sketch.unwrap();
    assert_eq!(sketch.arn, "arn:aws:iam::111122223333:role/Fresh");
    assert_eq!((sketch.page.as_str(), sketch.calls.len(), sketch.made), ("ec2", 2, None));
    let wrong = RoleForm { role: "a b".into(), ..form() };
    let view = stage.guide(Some(GuideNotes { form: wrong, ..GuideNotes::default() })).await;
    assert_eq!((view.problems.len(), view.sketch), (1, None));
}

#[tokio::test]
async fn a_role_is_made_by_the_calls_that_were_shown_and_taken_out_again() {
    let stage = Stage::with(World::default()).await;
    let shown = stage.guide(Some(GuideNotes { form: form(), ..GuideNotes::default() })).await.sketch.unwrap();
    stage.set_up(SetupIntent::Make { form: boxed() }).await.unwrap();
    let sent: Vec<Vec<(String, String)>> = stage
        .in_iam()
        .iter()
        .map(|call| call.parameters().into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        .collect();
    let seen: Vec<Vec<(String, String)>> = shown
        .calls
        .into_iter()
        .map(|call| call.parameters.into_iter().map(|each| (each.name, each.value)).collect())
        .collect();
    assert_eq!(sent, seen);
    let after = stage.guide(None).await.sketch.unwrap();
    assert!(after.made.unwrap().whole && after.calls.iter().all(|call| call.done));
    stage.set_up(SetupIntent::Unmake { form: boxed() }).await.unwrap();
    assert_eq!(stage.in_iam(), []);
    assert_eq!(stage.guide(None).await.sketch.unwrap().made, None);
    let failure = stage.set_up(SetupIntent::Unmake { form: boxed() }).await.unwrap_err();
    assert_eq!(failure.code, Code::NotFound);
}

#[tokio::test]
async fn a_role_that_is_half_made_says_so_and_is_made_whole_or_taken_out() {
    let stage = Stage::with(World::default()).await;
    stage.refuse_iam("iam:AttachRolePolicy", Some(refusal(404, "NoSuchEntity")));
    let Outcome::RoleMade(made) = stage.set_up(SetupIntent::Make { form: boxed() }).await.unwrap() else {
        panic!()
    };
    assert!(!made.whole);
    assert_eq!(made.trouble.unwrap().code, Code::NotFound);
    assert_eq!(stage.in_iam().len(), 1);
    // Another role of that name is not made over it.
    let other = Box::new(RoleForm { longest: "2h".into(), ..form() });
    let failure = stage.set_up(SetupIntent::Make { form: other }).await.unwrap_err();
    assert!(failure.message.contains("before the change"), "{failure}");
    stage.refuse_iam("iam:AttachRolePolicy", None);
    let Outcome::RoleMade(made) = stage.set_up(SetupIntent::Make { form: boxed() }).await.unwrap() else {
        panic!()
    };
    assert!(made.whole && made.trouble.is_none());
    assert_eq!(stage.in_iam().len(), 2);
}

#[tokio::test]
async fn a_user_that_may_not_make_roles_is_told_of_the_other_ways() {
    let stage = Stage::with(World::default()).await;
    stage.refuse_iam("iam:CreateRole", Some(refusal(403, "AccessDenied")));
    let failure = stage.set_up(SetupIntent::Make { form: boxed() }).await.unwrap_err();
    assert!(failure.to_string().contains("as it should be"), "{failure}");
    stage.refuse_iam("iam:CreateRole", Some(refusal(409, "EntityAlreadyExists")));
    let failure = stage.set_up(SetupIntent::Make { form: boxed() }).await.unwrap_err();
    assert_eq!(failure.code, Code::AlreadyExists);
    let elsewhere = Box::new(RoleForm { account: "444455556666".into(), ..form() });
    let failure = stage.set_up(SetupIntent::Make { form: elsewhere }).await.unwrap_err();
    assert!(failure.message.contains("444455556666"), "{failure}");
}

#[tokio::test]
async fn a_new_role_is_tried_until_aws_knows_it_and_kept_in_the_catalog() {
    let stage = Stage::with(World::default()).await;
    stage.set_up(SetupIntent::Make { form: boxed() }).await.unwrap();
    *stage.world.refuse.lock().unwrap() = Some(refusal(403, "AccessDenied"));
    let world = stage.world.clone();
    let spread = tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        *world.refuse.lock().unwrap() = None;
    });
    let Outcome::RoleTried { role } = stage.set_up(SetupIntent::Try { form: boxed() }).await.unwrap() else {
        panic!()
    };
    spread.await.unwrap();
    assert_eq!(role.as_str(), "Fresh");
    assert!(stage.world.assumed.load(Ordering::SeqCst) > 1);
    let kept = stage.catalog().load().unwrap();
    assert_eq!(kept.roles["Fresh"].destination.as_ref().unwrap().to_string(), "ec2");
    // Tried again with another length, it is the same role of the catalog.
    let longer = Box::new(RoleForm { longest: "4h".into(), ..form() });
    stage.set_up(SetupIntent::Try { form: longer }).await.unwrap();
    assert_eq!(stage.catalog().load().unwrap().roles["Fresh"].duration.unwrap().seconds(), 14_400);
}

#[tokio::test]
async fn a_trial_takes_nothing_away_that_somebody_else_said_of_the_role() {
    let stage = Stage::with(World::default()).await;
    let kept = |stage: &Stage| stage.catalog().load().unwrap().roles["Fresh"].clone();
    let with = |change: RoleChange| stage.catalog().edit_role(&name("Fresh"), &change).unwrap();
    // Refused, mended by its own hint at a terminal, and tried again.
    *stage.world.refuse.lock().unwrap() = Some(refusal(403, "AccessDenied"));
    stage.set_up(SetupIntent::Try { form: boxed() }).await.unwrap_err();
    with(RoleChange { external_id: Change::Set("partner-42".parse().unwrap()), ..RoleChange::default() });
    *stage.world.refuse.lock().unwrap() = None;
    stage.set_up(SetupIntent::Try { form: boxed() }).await.unwrap();
    assert_eq!(kept(&stage).external_id.unwrap().as_str(), "partner-42");
    // What the guide itself said, it takes back.
    for (longest, seconds) in [("4h", Some(14_400)), ("1h", None)] {
        let form = Box::new(RoleForm { longest: longest.into(), ..form() });
        stage.set_up(SetupIntent::Try { form }).await.unwrap();
        assert_eq!(kept(&stage).duration.map(crate::session::SessionDuration::seconds), seconds);
    }
    // A role that was there before any guide.
    let stage = Stage::with(World::default()).await;
    let role = Role {
        external_id: Some("keepme".parse().unwrap()),
        destination: Some("lambda".parse().unwrap()),
        duration: Some("8h".parse().unwrap()),
        ..Role::new("arn:aws:iam::111122223333:role/Fresh".parse().unwrap(), Assumer::Source(name("work")))
    };
    stage.catalog().add_role(&name("Fresh"), &role).unwrap();
    stage.set_up(SetupIntent::Try { form: boxed() }).await.unwrap();
    assert_eq!(kept(&stage), role);
}

#[tokio::test]
async fn a_role_that_is_taken_out_of_iam_leaves_the_catalog_where_the_guide_put_it() {
    let stage = Stage::with(World::default()).await;
    for changed in [false, true] {
        stage.set_up(SetupIntent::Make { form: boxed() }).await.unwrap();
        stage.set_up(SetupIntent::Try { form: boxed() }).await.unwrap();
        let notes = Some(GuideNotes { form: form(), ..GuideNotes::default() });
        assert_eq!(stage.guide(notes).await.sketch.unwrap().kept.as_deref(), Some("Fresh"));
        if changed {
            let change = RoleChange { production: Some(true), ..RoleChange::default() };
            stage.catalog().edit_role(&name("Fresh"), &change).unwrap();
        }
        stage.set_up(SetupIntent::Unmake { form: boxed() }).await.unwrap();
        assert_eq!(stage.catalog().load().unwrap().has_role(&name("Fresh")), changed);
        assert_eq!(stage.snapshot().roles.iter().any(|role| role.name == "Fresh"), changed);
    }
}

#[tokio::test]
async fn a_role_that_nobody_made_just_now_is_refused_at_once() {
    let stage = Stage::with(World::default()).await;
    *stage.world.refuse.lock().unwrap() = Some(refusal(403, "AccessDenied"));
    let failure = stage.set_up(SetupIntent::Try { form: boxed() }).await.unwrap_err();
    assert_eq!(failure.code, Code::AccessDenied);
    assert!(failure.to_string().contains("trust policy must name"), "{failure}");
    assert_eq!(stage.world.assumed.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_copied_is_no_secret_and_stays() {
    let stage = Stage::with(World::default()).await;
    let copy = |part| SetupIntent::Copy { form: boxed(), part };
    stage.set_up(copy(WrittenPart::Cli)).await.unwrap();
    let text = stage.world.clipboard.lock().unwrap().clone().unwrap();
    assert!(text.contains("aws iam create-role"), "{text}");
    assert!(stage.set_up(copy(WrittenPart::CallersCli)).await.is_err());
    stage.set_up(SetupIntent::OpenIamPage { form: boxed() }).await.unwrap();
    let opened = stage.world.opened.lock().unwrap().clone();
    assert!(opened[0].as_str().contains("#/roles/create"), "{opened:?}");
}
