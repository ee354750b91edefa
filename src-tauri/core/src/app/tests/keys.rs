//! Keys that are gone, and keys that nobody needs.

use super::*;

#[tokio::test]
async fn f08_every_role_of_a_source_shows_that_its_key_is_missing_until_it_is_back() {
    let stage = Stage::with(World::default()).await;
    stage.catalog().add_role(&name("other"), &role()).unwrap();
    let kept = std::mem::take(&mut *stage.world.items.lock().unwrap());
    let failure = stage.credentials().await.unwrap_err();
    assert_eq!(failure, Failure::key_missing("work"));
    let marked = |snapshot: &Snapshot| {
        let missing = Activity::Failed { failure: Failure::key_missing("work") };
        snapshot.roles.iter().filter(|role| role.activity == missing).count()
    };
    assert_eq!(marked(&stage.snapshot()), 2, "{:?}", stage.snapshot().roles);
    assert_eq!(stage.catalog().load().unwrap().sources.len(), 1, "the catalog is kept");
    *stage.world.items.lock().unwrap() = kept;
    stage.credentials().await.unwrap();
    assert_eq!(marked(&stage.snapshot()), 0);
}

#[tokio::test]
async fn f07_a_key_that_an_addition_left_behind_is_taken_out_and_one_that_a_source_needs_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let state = Home::at(folder.path()).state;
    // As it is left by one that was cut short between its key and the catalog, and by one that was not.
    crate::state::replace(&state.join("unsettled-keys.json"), br#"["lost","work"]"#).unwrap();
    let world = World::default();
    world.items.lock().unwrap().insert("source/lost".into(), b"guise1 1\n{}".to_vec());
    let stage = Stage::in_folder(world, folder).await;
    for _ in 0..500 {
        if !state.join("unsettled-keys.json").exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let items: Vec<String> = stage.world.items.lock().unwrap().keys().cloned().collect();
    assert_eq!(items, ["source/work"]);
    stage.credentials().await.unwrap();
}

#[tokio::test]
async fn removing_a_source_takes_its_key_and_sessions_and_names_the_roles_left() {
    let stage = Stage::with(World::default()).await;
    stage.credentials().await.unwrap();
    let removed = stage.app.ask(Intent::RemoveSource { source: name("work") }, Origin::Window).await.unwrap();
    assert!(
        matches!(removed, Outcome::SourceRemoved { needed_by, key_removed: true } if needed_by == [name("ec2")])
    );
    assert!(stage.world.items.lock().unwrap().is_empty());
    assert!(stage.snapshot().sessions.is_empty());
    assert_eq!(stage.credentials().await.unwrap_err().code, Code::NotFound);
}
