//! A world in which every row of the table has a role, and whatever leads to it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use aws_sim::Data;
use desktop_tests::{Because, Result, SimulatedAws, programs};

use super::rows::Row;
use crate::world::World;

const SEED: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const PORTAL: &str = "https://ways.awsapps.com/start";
/// The SHA-1 of that address, under which the AWS CLI keeps the token of who signed in there.
const PORTAL_FILE: &str = "ccc1b8a1c3f4b74063a7e201eac413c572f392e9";

/// The SHA-1 of `ways`, the name of a session of Identity Center.
const SESSION_FILE: &str = "7b75b497a40fec64a8eba380ea209b974397db59";
/// Whose tokens a pipeline shows.
const PROVIDER: &str = "arn:aws:iam::111122223333:oidc-provider/pipeline.example.com";

/// The ARN of a role of the stage.
pub(super) fn arn(role: &str) -> String {
    format!("arn:aws:iam::111122223333:role/{role}")
}

/// The world, with every source and role of the rows in Guise's catalog.
pub(super) fn build(rows: &[Row]) -> Result<World> {
    let aws = SimulatedAws::start_with(Data::from_toml(&accounts(rows)).because("read the accounts")?)?;
    let world = World::start_on("ways", aws)?;
    // A profile's key lies in a file, where its person put it; the others must be in none.
    for user in users(rows).iter().filter(|user| !in_profile(rows, user)) {
        world.keep_secret("a user's key", &secret(user));
    }
    write_profiles(&world, rows)?;
    let mut sources: Vec<String> = Vec::new();
    for row in rows {
        if !sources.contains(&row.source_name()) {
            add_source(&world, row)?;
            sources.push(row.source_name());
        }
        add_roles(&world, row)?;
    }
    Ok(world)
}

/// A user's name for each that signs anything.
fn users(rows: &[Row]) -> Vec<String> {
    let of_rows = rows.iter().filter(|row| row.device).map(Row::source_name);
    ["key", "static"].map(str::to_owned).into_iter().chain(of_rows).collect()
}

/// Whether a user's key is in a profile of the AWS CLI.
fn in_profile(rows: &[Row], user: &str) -> bool {
    rows.iter().any(|row| row.source == "static" && row.source_name() == user)
}

fn key_id(user: &str) -> String {
    format!("AKIASIMULATED{:2<7}", user.to_uppercase())
}

fn secret(user: &str) -> String {
    format!("{:2<40}", format!("SIMULATED/{user}/not+a+real+secret/"))
}

/// The accounts of the simulator: a user a source, a role a role, and the trust between them.
fn accounts(rows: &[Row]) -> String {
    let mut toml = format!(
        "portal_token = \"SIMULATED-portal-token-of-the-ways\"\n\
         web_identity = {{ provider = \"{PROVIDER}\", token = \"SIMULATED-identity-token-of-the-ways\" }}\n\
         instance_role = \"arn:aws:iam::111122223333:role/machine\"\n\
         [[account]]\nid = \"111122223333\"\nname = \"acme\"\n",
    );
    for user in users(rows) {
        let (id, secret) = (key_id(&user), secret(&user));
        let _ = write!(
            toml,
            "[[user]]\nname = \"{user}\"\naccount = \"acme\"\nkeys = [{{ id = \"{id}\", secret = \"{secret}\" }}]\n\
             mfa = {{ name = \"{user}\", seed = \"{SEED}\" }}\n"
        );
    }
    let _ = write!(
        toml,
        "[[role]]\nname = \"pipeline\"\naccount = \"acme\"\n\
         trust = '{{\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":{{\"Federated\":\"{PROVIDER}\"}},\
         \"Action\":\"sts:AssumeRoleWithWebIdentity\"}}]}}'\n"
    );
    let mut role = |name: &str, allows: u32, condition: &str| {
        let _ = write!(
            toml,
            "[[role]]\nname = \"{name}\"\naccount = \"acme\"\nmax_session_seconds = {allows}\n\
             trust = '{{\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"{condition}}}]}}'\n"
        );
    };
    for name in ["base", "machine", "AWSReservedSSO_Ways_0123456789abcdef"] {
        role(name, 43_200, "");
    }
    for row in rows {
        let with_code = ",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}";
        let steps = row.way.iter().map(|(name, _)| (*name, 43_200)).chain([("a", row.allows)]);
        for (index, (name, allows)) in steps.enumerate() {
            role(&row.role(name), allows, if index == 0 && row.needs_code() { with_code } else { "" });
        }
    }
    toml
}

/// The AWS CLI's files of this person.
fn write_profiles(world: &World, rows: &[Row]) -> Result<()> {
    let (base, own) = (arn("base"), format!("endpoint_url = {}\nregion = eu-west-1\n", world.aws.url()));
    let mut config = format!(
        "[profile base]\nrole_arn = {base}\nsource_profile = static\n{own}\
         [profile machine]\nrole_arn = {base}\ncredential_source = Ec2InstanceMetadata\n\
         ec2_metadata_service_endpoint = {}\n{own}\
         [profile portal]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\nsso_account_id = 111122223333\n\
         sso_role_name = Ways\n{own}\
         [profile center]\nsso_session = ways\nsso_account_id = 111122223333\nsso_role_name = Ways\n{own}\
         [sso-session ways]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\n\
         [profile web]\nrole_arn = {}\nweb_identity_token_file = {}\nrole_session_name = run\n{own}",
        world.aws.url(),
        arn("pipeline"),
        world.session.home().join("identity-token").display(),
    );
    for user in users(rows).iter().filter(|user| in_profile(rows, user)) {
        let _ = write!(
            config,
            "[profile {user}]\naws_access_key_id = {}\naws_secret_access_key = {}\n{own}",
            key_id(user),
            secret(user)
        );
    }
    let folder = world.session.home().join(".aws");
    let cache = folder.join("sso/cache");
    fs::create_dir_all(&cache).because("make the AWS CLI's folder")?;
    fs::write(folder.join("config"), config).because("write the profiles")?;
    fs::write(world.session.home().join("identity-token"), "SIMULATED-identity-token-of-the-ways")
        .because("write an identity token")?;
    let token = format!(
        r#"{{"startUrl":"{PORTAL}","region":"eu-west-1","accessToken":"SIMULATED-portal-token-of-the-ways","expiresAt":"2099-01-01T00:00:00Z"}}"#
    );
    fs::write(cache.join(format!("{SESSION_FILE}.json")), &token).because("write a session's token")?;
    fs::write(cache.join(format!("{PORTAL_FILE}.json")), token).because("write a portal's token")
}

fn add_source(world: &World, row: &Row) -> Result<()> {
    let (name, url) = (row.source_name(), world.aws.url());
    let mut arguments: Vec<String> =
        ["source", "add", &name, "--region", "eu-west-1", "--sts-endpoint", url].map(str::to_owned).into();
    let id = key_id(&name);
    arguments.extend(match row.source {
        "key" => ["--access-key-id".to_owned(), id, "--secret-stdin".to_owned()].to_vec(),
        "static" => ["--profile".to_owned(), name.clone()].to_vec(),
        profile => ["--profile".to_owned(), profile.to_owned()].to_vec(),
    });
    if row.device {
        arguments.push(format!("--mfa-serial=arn:aws:iam::111122223333:mfa/{name}"));
        // To the end of the line.
        arguments.push("--mfa-process".to_owned());
        arguments.extend(device(world, &name)?);
    }
    let added = world.run_with_input(&arguments, &secret(&name))?;
    assert_eq!(added.code, 0, "{name}: {}", added.stderr);
    Ok(())
}

/// The command that shows a code of a user's device, and its seed where that looks for it.
fn device(world: &World, user: &str) -> Result<[String; 3]> {
    let file = world.session.home().join(format!("{user}.device"));
    fs::write(&file, SEED).because("write a device")?;
    let text = |path: &Path| path.display().to_string();
    Ok([text(&programs()?.join("aws-sim")), "--code-of".to_owned(), text(&file)])
}

fn add_roles(world: &World, row: &Row) -> Result<()> {
    let mut before: Option<String> = None;
    let steps = row.way.iter().map(|(name, asks)| (*name, *asks)).chain([("a", row.asks)]);
    for (which, asks) in steps {
        let name = row.role(which);
        let arn = arn(&name);
        let (word, assumer) = before.map_or(("--source", row.source_name()), |role| ("--via", role));
        let mut arguments = vec!["role", "add", &name, "--arn", &arn, word, &assumer];
        arguments.extend(asks.into_iter().flat_map(|asks| ["--duration", asks]));
        if which == "a" {
            arguments.extend(row.mfa.into_iter().flat_map(|mfa| ["--mfa", mfa]));
        }
        world.tell(&arguments)?;
        before = Some(name);
    }
    Ok(())
}
