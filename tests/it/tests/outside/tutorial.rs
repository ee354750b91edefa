//! The tutorial: a user without permissions, a role that trusts her, and the console at EC2.

use desktop_tests::{ADAS_SECRET, EC2_ROLE, Result, finish_with};

use crate::world::{COMMAND, EC2, World};

#[test]
fn a_user_without_permissions_gets_to_ec2_as_the_role_that_trusts_her() -> Result<()> {
    let world = World::start("tutorial")?;
    let added = world.add_ada()?;
    assert!(added.stdout.contains("111122223333"), "{}", added.stdout);
    assert!(added.stdout.contains("arn:aws:iam::111122223333:user/ada"), "{}", added.stdout);
    world.guise()?.add_roles()?;

    world.aws.trust(EC2_ROLE, "somebody-else")?;
    let refused = world.run(&["credentials", EC2])?;
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(
        refused.stderr.contains("error: AWS refused to let `ada` assume `AWSEC2FULLACCESS`"),
        "{}",
        refused.stderr
    );
    let hint = "hint: the role's trust policy must name arn:aws:iam::111122223333:user/ada";
    assert!(refused.stderr.contains(hint), "{}", refused.stderr);

    world.aws.trust(EC2_ROLE, "ada")?;
    let url = world.tell(&["console", EC2, "--print"])?;
    let page = browse(&world, url.trim())?;
    for (id, text) in
        [("service", "EC2"), ("identity", "assumed-role/AWSEC2FULLACCESS/ada"), ("region", "eu-west-1")]
    {
        assert!(page.contains(&format!("id=\"{id}\">{text}<")), "{id}: {page}");
    }
    let again = browse(&world, url.trim())?;
    assert!(again.contains("login link were invalid"), "a sign-in address works once: {again}");

    let assumed = world.aws.calls("AssumeRole");
    let last = assumed.last().expect("there was a call");
    assert_eq!((last.session_name.as_deref(), last.duration.as_deref()), (Some("ada"), Some("3600")));
    let exchange = &world.aws.calls("getSigninToken")[0];
    assert_eq!(
        exchange.duration.as_deref(),
        Some("3600"),
        "a direct session may ask for its own console duration"
    );
    world.finish()
}

#[test]
fn a_session_is_reused_until_the_role_is_changed() -> Result<()> {
    let world = World::with_roles("reuse")?;
    let first = world.credentials()?;
    assert_eq!(world.credentials()?, first);
    world.tell(&["console", EC2, "--destination", "s3", "--region", "us-east-1", "--print"])?;
    assert_eq!(world.aws.calls("AssumeRole").len(), 1);
    world.tell(&["role", "edit", EC2, "--duration", "2h", "--session-name", "ada.lovelace"])?;
    assert_ne!(world.credentials()?, first);
    let calls = world.aws.calls("AssumeRole");
    assert_eq!(calls.len(), 2);
    assert_eq!(
        (calls[1].session_name.as_deref(), calls[1].duration.as_deref()),
        (Some("ada.lovelace"), Some("7200"))
    );
    world.finish()
}

#[test]
fn the_key_is_in_the_keychain_and_nowhere_else() -> Result<()> {
    let world = World::with_roles("keychain")?;
    let catalog = std::fs::read_to_string(world.guise()?.catalog()).expect("the catalog is there");
    assert!(catalog.contains("AKIASIMULATEDADA2222"));
    for absent in [ADAS_SECRET, world.aws.url(), "endpoint"] {
        assert!(!catalog.contains(absent), "{catalog}");
    }
    let stored = |world: &World| -> Result<String> {
        let mut search = world.session.command("secret-tool");
        search.args(["search", "--all", "username", "source/ada"]);
        Ok(String::from_utf8_lossy(&finish_with(search, b"", COMMAND)?.stdout).into_owned())
    };
    assert!(stored(&world)?.contains(ADAS_SECRET), "the keychain has the key");
    let removed = world.run(&["source", "remove", "ada"])?;
    assert!(removed.stderr.contains("its key is out of the keychain"), "{}", removed.stderr);
    assert!(removed.stderr.contains("still need it"), "{}", removed.stderr);
    assert_eq!(stored(&world)?, "");
    world.finish()
}

/// What a browser shows at `url`, with the cookies of one visit only.
fn browse(world: &World, url: &str) -> Result<String> {
    let mut curl = world.session.command("curl");
    // The address over standard input: an argument could be read by anybody.
    curl.args(["--silent", "--location", "--cookie", "", "--config", "-"]);
    let config = format!("url = \"{url}\"\n");
    Ok(String::from_utf8_lossy(&finish_with(curl, config.as_bytes(), COMMAND)?.stdout).into_owned())
}
