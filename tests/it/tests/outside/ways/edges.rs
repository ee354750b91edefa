//! What `AssumeRole` takes, at both edges of what the STS model allows: Guise refuses what is outside before it is kept, keeps what is
//! inside, and AWS takes that.

use aws_sim::Data;
use desktop_tests::{Because, Result, SimulatedAws};

use crate::world::World;

const ROLE: &str = "arn:aws:iam::111122223333:role/Edge";
const KEY: (&str, &str) = ("AKIASIMULATEDEDGE222", "SIMULATED/edge/not+a+real+secret/2222222");
const ACCOUNTS: &str = r#"
[[account]]
id = "111122223333"
name = "acme"

[[user]]
name = "edge"
account = "acme"
keys = [{ id = "AKIASIMULATEDEDGE222", secret = "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" }]

[[role]]
name = "Edge"
account = "acme"
max_session_seconds = 43200
trust = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}]}'
"#;

fn world(name: &str) -> Result<World> {
    let aws = SimulatedAws::start_with(Data::from_toml(ACCOUNTS).because("read the accounts")?)?;
    let world = World::start_on(name, aws)?;
    world.keep_secret("the user's key", KEY.1);
    let arguments = [
        "source",
        "add",
        "edge",
        "--access-key-id",
        KEY.0,
        "--secret-stdin",
        "--region",
        "eu-west-1",
        "--sts-endpoint",
        world.aws.url(),
    ];
    let added = world.run_with_input(&arguments, KEY.1)?;
    assert_eq!(added.code, 0, "{}", added.stderr);
    Ok(world)
}

/// Whether a value is within what AWS takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    Within,
    Outside,
}

use Edge::{Outside, Within};

#[test]
fn what_is_outside_the_edges_is_refused_and_what_is_within_is_taken_by_aws() -> Result<()> {
    let world = world("edges")?;
    let of = |length: usize| "x".repeat(length);
    let mut rows: Vec<(Edge, Vec<String>)> = Vec::new();
    let mut add = |edge: Edge, option: &str, values: Vec<String>| {
        rows.push((edge, values.into_iter().flat_map(|value| [option.to_owned(), value]).collect()));
    };
    for (option, shortest, longest) in
        [("--session-name", 2, 64), ("--external-id", 2, 1224), ("--source-identity", 2, 256)]
    {
        add(Outside, option, vec![of(shortest - 1)]);
        add(Within, option, vec![of(shortest)]);
        add(Within, option, vec![of(longest)]);
        add(Outside, option, vec![of(longest + 1)]);
    }
    add(Within, "--session-name", vec!["_+=,.@-".to_owned()]);
    add(Within, "--external-id", vec!["_+=,.@:/-".to_owned()]);
    add(Within, "--source-identity", vec!["_+=,.@-".to_owned()]);
    for option in ["--session-name", "--external-id", "--source-identity"] {
        for wrong in ["a b", "é1", "a;b"] {
            add(Outside, option, vec![wrong.to_owned()]);
        }
    }
    add(Outside, "--session-name", vec!["user:1".to_owned()]);
    for (edge, duration) in [(Outside, "14m59s"), (Within, "15m"), (Within, "12h"), (Outside, "12h1s")] {
        add(edge, "--duration", vec![duration.to_owned()]);
    }
    for (edge, tag) in [
        (Outside, format!("={}", of(1))),
        (Within, format!("{}=", of(1))),
        (Within, format!("{}={}", of(128), of(256))),
        (Outside, format!("{}=x", of(129))),
        (Outside, format!("x={}", of(257))),
        (Within, "Größe von=_.:/=+-@ é".to_owned()),
        (Outside, "aws:x=y".to_owned()),
        (Outside, "a;b=c".to_owned()),
    ] {
        add(edge, "--tag", vec![tag]);
    }
    let tags = |count: usize| (0..count).map(|index| format!("k{index}=v")).collect();
    add(Within, "--tag", tags(50));
    add(Outside, "--tag", tags(51));
    let policies =
        |count: usize| (0..count).map(|index| format!("arn:aws:iam::aws:policy/P{index}")).collect();
    add(Within, "--policy-arn", policies(10));
    add(Outside, "--policy-arn", policies(11));
    add(Outside, "--policy-arn", vec!["arn:aws:iam::444455556666:policy/Elsewhere".to_owned()]);
    add(Outside, "--transitive-tag", vec!["no-such-tag".to_owned()]);
    for (length, edge) in [(2048, Within), (2049, Outside)] {
        let file = world.session.home().join(format!("{length}.json"));
        let frame = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Sid":""}]}"#;
        let policy = frame.replace("\"\"", &format!("\"{}\"", of(length - frame.len())));
        assert_eq!(policy.len(), length);
        std::fs::write(&file, policy).because("write a policy")?;
        add(edge, "--policy", vec![file.display().to_string()]);
    }

    for (number, (edge, options)) in rows.iter().enumerate() {
        let name = format!("edge{number}");
        let mut arguments = vec!["role", "add", &name, "--arn", ROLE, "--source", "edge"];
        arguments.extend(options.iter().map(String::as_str));
        let added = world.run(&arguments)?;
        let shown: String = options.join(" ").chars().take(60).collect();
        match edge {
            Outside => {
                assert!(added.code > 0 && added.stdout.is_empty(), "{shown}: {}", added.stderr);
                assert!(added.stderr.starts_with("error: "), "{shown}: {}", added.stderr);
                let listed = world.tell(&["role", "list", "--json"])?;
                assert!(!listed.contains(&format!("\"{name}\"")), "{shown} was kept");
            }
            Within => {
                assert_eq!(added.code, 0, "{shown}: {}", added.stderr);
                let answered = world.run(&["credentials", &name, "--format", "json"])?;
                assert_eq!(answered.code, 0, "{shown}: {}", answered.stderr);
            }
        }
    }
    let calls = world.aws.calls("AssumeRole");
    assert_eq!(calls.len(), rows.iter().filter(|(edge, _)| *edge == Within).count(), "one each");
    world.finish()
}

#[test]
fn all_that_a_role_says_reaches_sts_as_it_was_said() -> Result<()> {
    let world = world("all-of-a-role")?;
    let policy = world.session.home().join("policy.json");
    // As a person writes it; spaces count for AWS, so that they stay behind.
    let document = r#"{"Statement":[{"Action":"s3:*","Effect":"Allow","Resource":"*"}]}"#;
    std::fs::write(&policy, document.replace(',', ",\n    ").replace('{', "{ ")).because("write a policy")?;
    let policy = policy.display().to_string();
    let reading = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let arguments = [
        &["role", "add", "everything", "--arn", ROLE, "--source", "edge", "--region", "ap-southeast-2"][..],
        &["--duration", "30m", "--external-id", "agreed:42", "--session-name", "{user}-at-work"],
        &["--source-identity", "edge@example.com", "--tag", "team=ops", "--tag", "cost centre=a b"],
        &["--transitive-tag", "team", "--policy", &policy],
        &["--policy-arn", "arn:aws:iam::aws:policy/AmazonS3FullAccess"],
    ]
    .concat();
    world.tell(&arguments)?;
    world.tell(&["credentials", "everything"])?;
    world.tell(&["credentials", "everything", "--read-only"])?;
    let calls = world.aws.calls("AssumeRole");
    let said = |call: &aws_sim::Call| {
        let mut call = serde_json::to_value(call).expect("a call");
        let fields = call.as_object_mut().expect("fields");
        fields.remove("time");
        fields.remove("source_ip");
        call
    };
    let full = serde_json::json!({
        "kind": "sts", "action": "AssumeRole", "region": "ap-southeast-2",
        "caller": "arn:aws:iam::111122223333:user/edge", "caller_kind": "user", "signed_by": KEY.0, "access_key": null,
        "role": ROLE, "session_name": "edge-at-work", "duration": "1800", "external_id": "agreed:42", "serial": null,
        "with_code": false, "policy": document, "policy_arns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"],
        "tags": ["cost centre=a b", "team=ops"], "transitive_tags": ["team"], "source_identity": "edge@example.com",
        "status": 200, "error": null,
    });
    let mut narrow = full.clone();
    // Session policies add up to what any of them allows, so that reading takes the place of the others.
    narrow["policy"] = serde_json::Value::Null;
    narrow["policy_arns"] = serde_json::json!([reading]);
    assert_eq!(calls.iter().map(said).collect::<Vec<_>>(), [full, narrow]);
    world.finish()
}
