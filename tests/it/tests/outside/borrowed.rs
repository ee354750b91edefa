//! Profiles whose first credentials somebody else hands out: an instance's metadata, a container's host, `aws login`. Each is
//! asked in its own way.

use std::fs;
use std::net::SocketAddr;

use desktop_tests::{ADAS_KEY_ID, ADAS_SECRET, Because, Result, finish_with};
use faults::server::{Deed, Received, Server};
use serde_json::{Value, json};

use crate::tools::tool;
use crate::world::{COMMAND, EC2, World};

const ROLE: &str = "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS";
const TOKEN: &str = "token-of-the-metadata";

#[test]
fn an_instance_hands_out_credentials_by_its_second_version() -> Result<()> {
    let world = World::start("instance")?;
    let given = session_of_ada(&world)?;
    let metadata = Server::start(move |request, _| metadata(request, &given))?;
    let told = added(
        &world,
        &format!("role_arn = {ROLE}\ncredential_source = Ec2InstanceMetadata"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url(metadata.address())),
    )?;
    assert!(told.contains("assumed-role/AWSEC2FULLACCESS/"), "{told}");
    let asked = metadata.received();
    assert!(asked[0].text.starts_with("PUT /latest/api/token "), "{}", asked[0].text);
    // Without the token of the second version nothing is asked for.
    assert!(asked[1..].iter().all(|request| request.text.contains(TOKEN)), "{asked:?}");
    world.finish()
}

#[test]
fn a_container_hands_out_credentials_by_the_address_in_its_environment() -> Result<()> {
    let world = World::start("container")?;
    let given = session_of_ada(&world)?;
    let host = Server::start(move |_, _| says(&given.to_string()))?;
    let told = added(
        &world,
        &format!("role_arn = {ROLE}\ncredential_source = EcsContainer"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/mine", url(host.address()))),
    )?;
    assert!(told.contains("assumed-role/AWSEC2FULLACCESS/"), "{told}");
    assert!(host.received()[0].text.starts_with("GET /mine "));
    world.finish()
}

#[test]
fn an_environment_has_the_credentials_that_a_profile_points_to() -> Result<()> {
    let world = World::start("environment")?;
    let profile = format!("role_arn = {ROLE}\ncredential_source = Environment");
    let environment = [("AWS_ACCESS_KEY_ID", ADAS_KEY_ID), ("AWS_SECRET_ACCESS_KEY", ADAS_SECRET)];
    let told = added_with(&world, &profile, &environment)?;
    assert!(told.contains("assumed-role/AWSEC2FULLACCESS/"), "{told}");
    world.finish()
}

#[test]
fn a_sign_in_by_aws_login_is_taken_as_it_lies_in_its_cache() -> Result<()> {
    let world = World::start("aws-login")?;
    let given = session_of_ada(&world)?;
    let session = "arn:aws:iam::111122223333:user/ada";
    let cache = world.session.home().join("login");
    fs::create_dir_all(&cache).because("make the folder")?;
    let digest = finish_with(world.session.command("sha256sum"), session.as_bytes(), COMMAND)?;
    let digest = String::from_utf8_lossy(&digest.stdout).split(' ').next().unwrap_or_default().to_owned();
    let token = json!({
        "accessToken": {
            "accessKeyId": given["AccessKeyId"],
            "secretAccessKey": given["SecretAccessKey"],
            "sessionToken": given["Token"],
            "accountId": "111122223333",
            "expiresAt": given["Expiration"],
        },
        "tokenType": "aws_sigv4",
        "refreshToken": "not asked for in this test",
        "clientId": "arn:aws:signin:::devtools/same-device",
        "dpopKey": "not needed in this test",
    });
    fs::write(cache.join(format!("{digest}.json")), token.to_string()).because("write the sign-in")?;
    let cache_folder = cache.display().to_string();
    let told =
        added(&world, &format!("login_session = {session}"), ("AWS_LOGIN_CACHE_DIRECTORY", &cache_folder))?;
    assert!(told.contains("user/ada"), "{told}");
    world.tell(&["role", "add", EC2, "--arn", ROLE, "--source", "lent"])?;
    assert!(world.tell(&["credentials", EC2, "--format", "json"])?.contains("SessionToken"));
    fs::remove_dir_all(&cache).because("take the sign-in away")?;
    world.finish()
}

/// Adds such a profile as a source, with this in the agent's environment; what AWS says whom it signs in.
fn added(world: &World, profile: &str, environment: (&str, &str)) -> Result<String> {
    added_with(world, profile, &[environment])
}

fn added_with(world: &World, profile: &str, environment: &[(&str, &str)]) -> Result<String> {
    let aws = world.session.home().join(".aws");
    fs::create_dir_all(&aws).because("make the folder")?;
    let url = world.aws.url();
    let config = format!("[profile lent]\nregion = eu-west-1\nendpoint_url = {url}\n{profile}\n");
    fs::write(aws.join("config"), config).because("write the profile")?;
    let mut add = world.command(&[
        "source",
        "add",
        "lent",
        "--profile",
        "lent",
        "--sts-endpoint",
        url,
        "--signin-endpoint",
        url,
    ])?;
    add.envs(environment.iter().copied());
    let added = finish_with(add, b"", COMMAND)?;
    assert!(added.status.success(), "{}", added.stderr);
    Ok(String::from_utf8_lossy(&added.stdout).into_owned())
}

/// Temporary credentials of ada's, as metadata have them.
fn session_of_ada(world: &World) -> Result<Value> {
    let mut aws = world.session.command(tool("aws"));
    aws.env("AWS_ACCESS_KEY_ID", ADAS_KEY_ID).env("AWS_SECRET_ACCESS_KEY", ADAS_SECRET);
    aws.args(["--endpoint-url", world.aws.url(), "--region", "eu-west-1", "sts", "get-session-token"]);
    let finished = finish_with(aws, b"", COMMAND)?;
    let answer: Value = serde_json::from_slice(&finished.stdout).expect("the AWS CLI's answer");
    let given = &answer["Credentials"];
    Ok(json!({
        "Code": "Success",
        "Type": "AWS-HMAC",
        "LastUpdated": "2026-01-01T00:00:00Z",
        "AccessKeyId": given["AccessKeyId"],
        "SecretAccessKey": given["SecretAccessKey"],
        "Token": given["SessionToken"],
        "Expiration": given["Expiration"],
    }))
}

fn metadata(request: &Received, given: &Value) -> Deed {
    const ROLES: &str = "/latest/meta-data/iam/security-credentials";
    let line = request.text.lines().next().unwrap_or_default();
    let path = line.split(' ').nth(1).unwrap_or_default().trim_end_matches('/');
    match path {
        "/latest/api/token" => headed(TOKEN, "X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"),
        ROLES => says("box"),
        _ if path == format!("{ROLES}/box") => says(&given.to_string()),
        _ => Deed::Say(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec()),
    }
}

fn says(body: &str) -> Deed {
    headed(body, "")
}

fn headed(body: &str, more: &str) -> Deed {
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\n{more}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    Deed::Say(head.into_bytes())
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}
