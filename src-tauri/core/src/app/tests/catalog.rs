//! The application while its catalog has a bad day.

use super::*;

/// Waits until the snapshot is as it should be.
async fn becomes(stage: &Stage, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let mut snapshots = stage.app.snapshots();
    let seen = tokio::time::timeout(Duration::from_secs(10), snapshots.wait_for(|now| wanted(now)));
    seen.await.unwrap_or_else(|_| panic!("{:#?}", stage.snapshot())).unwrap().clone()
}

fn edit(stage: &Stage, change: impl FnOnce(String) -> String) {
    let path = stage.catalog().path().to_owned();
    let text = change(std::fs::read_to_string(&path).unwrap());
    std::fs::write(&path, text).unwrap();
}

#[tokio::test]
async fn f14_after_a_restart_the_last_good_catalog_is_used_where_the_file_is_bad() {
    let stage = Stage::with(World::default()).await;
    for (bad, sentence) in [("[roles", "is not right: line 1"), ("", "is empty, and Guise did not empty it")]
    {
        edit(&stage, |_| bad.to_owned());
        let world = stage.world.clone();
        let again = start(Config {
            home: stage.home.clone(),
            ports: ports(&world),
            zone: TimeZone::UTC,
            host: String::new(),
            endpoints: crate::console::Endpoints::default(),
        });
        let snapshot = again.snapshots().borrow().clone();
        assert_eq!(snapshot.roles.len(), 1, "{bad}");
        assert!(snapshot.trouble[0].message.contains(sentence), "{:?}", snapshot.trouble);
        assert_eq!(snapshot.status, Status::Trouble);
        let credentials = credentials_of("ec2");
        assert!(again.ask(credentials, Origin::Window).await.is_ok(), "the work goes on");
        let add = again.ask(Intent::AddSource(source("other")), Origin::Window).await.unwrap_err();
        assert_eq!(add, snapshot.trouble[0]);
        let remove = again.ask(Intent::RemoveSource { source: name("work") }, Origin::Window).await;
        assert_eq!(remove.unwrap_err(), snapshot.trouble[0]);
        assert_eq!(world.items.lock().unwrap().len(), 1, "the key stays with its source");
        assert_eq!(std::fs::read_to_string(stage.catalog().path()).unwrap(), bad);
    }
}

#[tokio::test]
async fn f15_an_entry_from_a_newer_version_is_shown_and_explains_itself() {
    let stage = Stage::with(World::default()).await;
    edit(&stage, |text| {
        format!("{text}\n[roles.tomorrow]\nkind = \"sso\"\n\n[settings]\ncredentials_format = \"nu\"\n")
    });
    let snapshot = becomes(&stage, |now| !now.unusable.is_empty()).await;
    assert_eq!((snapshot.roles.len(), snapshot.unusable[0].name.as_str()), (1, "tomorrow"));
    assert!(snapshot.trouble[0].message.starts_with("the setting `credentials_format` cannot be used"));
    assert_eq!(snapshot.status, Status::Idle, "nothing is wrong with the rest");
    let asked = Intent::OpenConsole(OpenConsole {
        role: name("tomorrow"),
        destination: None,
        region: None,
        access: Access::Usual,
    });
    let failure = stage.app.ask(asked, Origin::Window).await.unwrap_err();
    assert_eq!(failure, snapshot.unusable[0].failure);
}

#[tokio::test]
async fn f16_a_file_that_an_editor_takes_away_for_a_moment_is_not_gone() {
    let stage = Stage::with(World::default()).await;
    becomes(&stage, |now| now.roles.len() == 1).await;
    let path = stage.catalog().path().to_owned();
    let away = path.with_extension("toml~");
    let mut snapshots = stage.app.snapshots();
    snapshots.mark_unchanged();
    std::fs::rename(&path, &away).unwrap();
    stage.credentials().await.unwrap();
    std::fs::copy(&away, &path).unwrap();
    edit(&stage, |text| text.replace("[roles.ec2]", "[roles.renamed]"));
    let snapshot = becomes(&stage, |now| now.roles.iter().any(|role| role.name == "renamed")).await;
    assert!(snapshot.trouble.is_empty());

    std::fs::remove_file(&path).unwrap();
    let snapshot = becomes(&stage, |now| now.roles.is_empty()).await;
    assert!(snapshot.trouble[0].message.ends_with("is not there any more"), "{:?}", snapshot.trouble);
    assert!(snapshot.trouble[0].hint.as_ref().unwrap().contains("to have the old one back: "));
}

#[cfg(unix)]
#[tokio::test]
async fn a_change_by_hand_is_picked_up_where_the_catalog_is_a_link_into_dotfiles() {
    let stage = Stage::with(World::default()).await;
    let (path, dotfiles) = (stage.catalog().path().to_owned(), stage.home.state.join("dotfiles"));
    std::fs::create_dir_all(&dotfiles).unwrap();
    let real = dotfiles.join("guise.toml");
    std::fs::rename(&path, &real).unwrap();
    std::os::unix::fs::symlink(&real, &path).unwrap();
    let again = start(Config {
        home: stage.home.clone(),
        ports: ports(&stage.world),
        zone: TimeZone::UTC,
        host: String::new(),
        endpoints: crate::console::Endpoints::default(),
    });
    let text = std::fs::read_to_string(&real).unwrap();
    std::fs::write(&real, text.replace("[roles.ec2]", "[roles.renamed]")).unwrap();
    let mut snapshots = again.snapshots();
    let renamed = snapshots.wait_for(|now| now.roles.iter().any(|role| role.name == "renamed"));
    assert!(
        tokio::time::timeout(Duration::from_secs(10), renamed).await.is_ok(),
        "nobody asked, and it is seen"
    );
}

#[tokio::test]
async fn f11_a_source_that_the_disk_does_not_take_leaves_no_key_behind() {
    let stage = Stage::with(World::default()).await;
    let path = stage.catalog().path().to_owned();
    let before = std::fs::read_to_string(&path).unwrap();
    // Nothing can be written where no lock can be made.
    let lock = path.with_extension("toml.lock");
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    let add = || stage.app.ask(Intent::AddSource(source("other")), Origin::Window);
    let failure = add().await.unwrap_err();
    assert_eq!(failure.code, Code::WriteFailed);
    assert!(failure.message.contains("catalog.toml.lock"), "{failure}");
    assert_eq!(stage.world.items.lock().unwrap().len(), 1, "no key without a source");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    std::fs::remove_dir(&lock).unwrap();
    add().await.unwrap();
    assert_eq!(stage.world.items.lock().unwrap().len(), 2);
}
