//! Roles behind roles: what is shared, and how a refusal on the way is told.

use super::*;

/// A stage whose role `ec2` leads to `behind`, and that to `last`.
async fn with_chain(world: World) -> Stage {
    let stage = Stage::with(world).await;
    for (role, via) in [("behind", "ec2"), ("last", "behind")] {
        let arn = format!("arn:aws:iam::111122223333:role/{role}").parse().unwrap();
        stage.catalog().add_role(&name(role), &Role::new(arn, Assumer::Role(name(via)))).unwrap();
    }
    stage
}

#[tokio::test]
async fn a_refusal_on_the_way_is_told_to_each_asker_by_the_role_that_they_want() {
    let stage = with_chain(World::default()).await;
    let denied =
        Refusal::Service { status: 403, code: "AccessDenied".into(), message: "no".into(), skew: None };
    *stage.world.refuse.lock().unwrap() = Some(denied);
    // AWS answers when all three have asked: one call for all, and what comes of it told three ways.
    stage.world.sts_gate.forget_permits(1000);
    let ask = |role: &'static str| stage.app.ask(credentials_of(role), Origin::Window);
    let answer = async {
        while stage.world.calls.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stage.world.sts_gate.add_permits(1000);
    };
    let (last, behind, first, ()) = tokio::join!(ask("last"), ask("behind"), ask("ec2"), answer);
    for (refused, way) in
        [(last, ", on the way to `last`"), (behind, ", on the way to `behind`"), (first, "")]
    {
        let failure = refused.unwrap_err();
        assert_eq!(failure.message, format!("AWS refused to let `work` assume `ec2`{way}"));
        assert_eq!(failure.code, Code::AccessDenied);
    }
    assert_eq!(*stage.world.calls.lock().unwrap(), ["ec2"]);
}

#[tokio::test]
async fn what_no_step_is_to_blame_for_is_told_as_it_is() {
    let stage = with_chain(World::default()).await;
    *stage.world.refuse.lock().unwrap() = Some(Refusal::Timeout);
    let failure = stage.app.ask(credentials_of("last"), Origin::Window).await.unwrap_err();
    assert_eq!((failure.code, failure.message.contains("on the way")), (Code::Timeout, false), "{failure}");
}
