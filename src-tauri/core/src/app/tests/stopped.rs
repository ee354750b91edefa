//! What somebody waits for no longer: it is left, and nobody is asked or shown anything on its behalf.

use super::prompts::{at_terminal, with_device};
use super::*;
use crate::catalog::RoleChange;

#[tokio::test]
async fn a_question_goes_with_the_last_who_waited_for_it() {
    let stage = with_device(World::default()).await;
    let change = RoleChange { production: Some(true), ..RoleChange::default() };
    let live = Role { arn: "arn:aws:iam::111122223333:role/Live".parse().unwrap(), ..role() };
    stage.catalog().add_role(&name("live"), &live).unwrap();
    stage.catalog().edit_role(&name("live"), &change).unwrap();
    for wanted in ["ec2", "live"] {
        let ask = || {
            let (still, stop) = Wanted::until_stopped();
            let (app, intent) = (stage.app.clone(), credentials_of(wanted));
            (tokio::spawn(async move { app.ask_while(still, intent, at_terminal()).await }), stop)
        };
        let ((first, stop_first), (second, stop_second)) = (ask(), ask());
        let prompt = stage.prompt(|_| true).await;
        stop_first.stop();
        assert_eq!(first.await.unwrap().unwrap_err().code, Code::Cancelled);
        tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
        assert_eq!(stage.snapshot().prompts, [prompt], "the second still waits");
        stop_second.stop();
        assert_eq!(second.await.unwrap().unwrap_err().code, Code::Cancelled);
        let calm = |now: &Arc<Snapshot>| {
            now.prompts.is_empty() && now.roles.iter().all(|role| role.activity == Activity::Idle)
        };
        let mut snapshots = stage.app.snapshots();
        tokio::time::timeout(std::time::Duration::from_secs(5), snapshots.wait_for(calm))
            .await
            .unwrap()
            .unwrap();
    }
    assert!(stage.called().is_empty());
    // Who asks anew is asked anew.
    let asked = stage.asked(credentials_of("ec2"), Origin::Window);
    stage.answer(&stage.prompt(|_| true).await, RIGHT_CODE).await;
    asked.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_console_that_is_stopped_opens_no_more() {
    let stage = Stage::with(World::default()).await;
    stage.world.sts_gate.forget_permits(1000);
    let (still, stop) = Wanted::until_stopped();
    let app = stage.app.clone();
    let opening = tokio::spawn(async move { app.ask_while(still, open(), Origin::Window).await });
    let mut snapshots = stage.app.snapshots();
    snapshots
        .wait_for(|now| now.roles.iter().any(|role| role.activity == Activity::SigningIn))
        .await
        .unwrap();
    stop.stop();
    assert_eq!(opening.await.unwrap().unwrap_err().code, Code::Cancelled);
    // What AWS was asked for already is kept, for whoever wants it next.
    stage.world.sts_gate.add_permits(1);
    snapshots.wait_for(|now| now.roles.iter().all(|role| role.activity == Activity::Idle)).await.unwrap();
    assert!(stage.snapshot().sessions.iter().all(|session| session.console.is_none()));
}

#[tokio::test]
async fn a_session_that_is_ended_opens_no_browser_that_comes_late() {
    let stage = Stage::with(World::default()).await;
    let opening = stage.asked(open(), Origin::Window);
    let mut snapshots = stage.app.snapshots();
    let live = snapshots.wait_for(|now| !now.sessions.is_empty()).await.unwrap().sessions[0].id.clone();
    stage.app.ask(Intent::EndSession { session: live }, Origin::Window).await.unwrap();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(5), opening).await.unwrap().unwrap();
    assert_eq!(ended.unwrap_err(), Failure::ended_meanwhile());
    snapshots.wait_for(|now| now.roles.iter().all(|role| role.activity == Activity::Idle)).await.unwrap();
}
