//! What real tools make of the credentials: shells, the AWS CLI, boto3, and an STS that none of us wrote.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use desktop_tests::{Result, finish_with, python_tool, wait_for};

use crate::world::{COMMAND, EC2, World};

const IDENTITY: &str = "arn:aws:sts::111122223333:assumed-role/AWSEC2FULLACCESS/ada";

#[test]
fn a_shell_and_the_aws_cli_take_the_credentials() -> Result<()> {
    let world = World::with_roles("cli")?;
    let guise = world.guise()?.command(["credentials", EC2]);
    let script = format!(
        "AWS_PROFILE=elsewhere; AWS_SECURITY_TOKEN=old; export AWS_PROFILE AWS_SECURITY_TOKEN\n\
         eval \"$({})\"\necho \"$AWS_REGION $AWS_DEFAULT_REGION ${{AWS_PROFILE-unset}} ${{AWS_SECURITY_TOKEN-unset}}\"\n\
         '{}' --endpoint-url {} sts get-caller-identity --query Arn --output text",
        quoted(&guise),
        tool("aws").display(),
        world.aws.url(),
    );
    let mut shell = world.session.command("sh");
    shell.args(["-e", "-s"]);
    let finished = finish_with(shell, script.as_bytes(), COMMAND)?;
    let said = String::from_utf8_lossy(&finished.stdout).into_owned();
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        ["eu-west-1 eu-west-1 unset unset", IDENTITY],
        "{}",
        finished.stderr
    );
    world.finish()
}

#[test]
fn the_sdks_take_the_json_as_a_credential_process() -> Result<()> {
    let world = World::with_roles("sdk")?;
    let process = quoted(&world.guise()?.command(["credential-process", EC2]));
    let config = world.session.home().join("aws-config");
    fs::write(&config, format!("[default]\nregion = eu-west-1\ncredential_process = {process}\n"))
        .expect("written");
    let script = format!(
        "import boto3\nsts = boto3.client('sts', endpoint_url='{}')\nprint(sts.get_caller_identity()['Arn'])",
        world.aws.url()
    );
    let mut python = world.session.command(tool("python"));
    python.env("AWS_CONFIG_FILE", &config).arg("-");
    let finished = finish_with(python, script.as_bytes(), COMMAND)?;
    assert_eq!(String::from_utf8_lossy(&finished.stdout).trim(), IDENTITY, "{}", finished.stderr);
    world.finish()
}

#[test]
fn the_main_job_works_against_an_sts_that_none_of_us_wrote() -> Result<()> {
    let world = World::start("moto")?;
    let port = free_port();
    let mut moto = world.session.command(tool("moto_server"));
    moto.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    let _moto = world.session.run("moto", moto)?;
    wait_for("moto to listen", Duration::from_secs(40), || TcpStream::connect(("127.0.0.1", port)).ok())?;

    let (url, secret) = (format!("http://127.0.0.1:{port}"), "moto/does+not/look/at/this/secret/000000");
    world.keep_secret("the key that moto was given", secret);
    let add = [
        "source",
        "add",
        "moto",
        "--access-key-id",
        "AKIAIOSFODNN7EXAMPLE",
        "--secret-stdin",
        "--sts-endpoint",
        &url,
    ];
    let added = world.run_with_input(&add, secret)?;
    assert_eq!(added.code, 0, "{}", added.stderr);
    assert!(added.stdout.contains("123456789012"), "{}", added.stdout);
    world.tell(&[
        "role",
        "add",
        EC2,
        "--arn",
        "arn:aws:iam::123456789012:role/AWSEC2FULLACCESS",
        "--source",
        "moto",
    ])?;
    let credentials = world.credentials()?;
    let text = |key: &str| credentials[key].as_str().expect("a text").to_owned();
    world.keep_secret("moto's secret", &text("SecretAccessKey"));
    world.keep_secret("moto's token", &text("SessionToken"));
    let mut aws = world.session.command(tool("aws"));
    aws.args([
        "--endpoint-url",
        &url,
        "--region",
        "us-east-1",
        "sts",
        "get-caller-identity",
        "--query",
        "Arn",
        "--output",
        "text",
    ]);
    aws.env("AWS_ACCESS_KEY_ID", text("AccessKeyId"));
    aws.env("AWS_SECRET_ACCESS_KEY", text("SecretAccessKey")).env("AWS_SESSION_TOKEN", text("SessionToken"));
    let finished = finish_with(aws, b"", COMMAND)?;
    let identity = String::from_utf8_lossy(&finished.stdout).into_owned();
    assert!(identity.contains("assumed-role/AWSEC2FULLACCESS/"), "{identity}{}", finished.stderr);
    world.finish()
}

/// A command line as a shell reads it.
fn quoted(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| format!("'{}'", word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

/// A tool of the Python environment.
pub(crate) fn tool(name: &str) -> PathBuf {
    python_tool(name).expect("the tests' tools are there")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}
