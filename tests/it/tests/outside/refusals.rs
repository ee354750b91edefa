//! What a person gets wrong about keys, roles and regions: each is refused by AWS, or before AWS is asked, with a sentence and
//! a next step; nothing is tried twice, and no key is lost.

use desktop_tests::{ADAS_KEY_ID, ADAS_SECRET, EC2_ROLE, Result};

use crate::world::{EC2, World};

#[test]
fn f23_a_key_that_aws_does_not_take_is_not_kept() -> Result<()> {
    let world = World::start("f23-keys")?;
    let other = "SIMULATED/another+secret/of/nobody/000000";
    world.keep_secret("a secret that is wrong", other);
    for (case, id, secret, says) in [
        ("unknown", "AKIAIOSFODNN7EXAMPLE", ADAS_SECRET, "error: AWS does not know the access key of `ada`"),
        (
            "wrong secret",
            ADAS_KEY_ID,
            other,
            "error: the secret of `ada` does not belong to its access key id",
        ),
    ] {
        let before = world.aws.calls("GetCallerIdentity").len();
        let answered = world.run_with_input(&world.adding(id), secret)?;
        assert_eq!((answered.code, answered.stdout.as_str()), (1, ""), "{case}");
        assert!(answered.stderr.contains(says), "{case}: {}", answered.stderr);
        assert!(answered.stderr.contains("\nhint: "), "{case}: {}", answered.stderr);
        assert_eq!(world.aws.calls("GetCallerIdentity").len(), before + 1, "{case}: it is asked once");
        assert!(!world.tell(&["source", "list"])?.contains("ada"), "{case}");
    }
    world.add_ada()?;
    world.finish()
}

#[test]
fn f23_a_role_that_cannot_be_had_says_what_to_mend_and_the_key_stays() -> Result<()> {
    let world = World::with_roles("f23-roles")?;
    world.tell(&[
        "role",
        "add",
        "gone",
        "--arn",
        "arn:aws:iam::111122223333:role/Gone",
        "--source",
        "ada",
    ])?;
    world.aws.trust(EC2_ROLE, "somebody-else")?;
    for role in ["gone", EC2] {
        let before = world.aws.calls("AssumeRole").len();
        let answered = world.run(&["credentials", role])?;
        assert_eq!((answered.code, answered.stdout.as_str()), (1, ""));
        let says = format!("error: AWS refused to let `ada` assume `{role}`");
        assert!(answered.stderr.contains(&says), "{}", answered.stderr);
        assert!(
            answered.stderr.contains("trust policy must name arn:aws:iam::111122223333:user/ada"),
            "{}",
            answered.stderr
        );
        assert_eq!(world.aws.calls("AssumeRole").len(), before + 1, "it is asked once");
    }
    world.aws.trust(EC2_ROLE, "ada")?;
    assert_eq!(world.credentials()?["Version"], 1, "and at once when it is mended");
    world.finish()
}

#[test]
fn f23_what_could_only_fail_is_refused_before_aws_is_asked() -> Result<()> {
    let world = World::with_roles("f23-input")?;
    let before = world.aws.simulator().calls().len();
    for (arguments, says) in [
        (
            ["role", "add", "x", "--arn", "arn:aws:iam::11112222:role/X", "--source", "ada"].as_slice(),
            "arn:aws:iam::11112222:role/X",
        ),
        (&["role", "add", "x", "--arn", "arn:aws-cn:iam::111122223333:role/X", "--source", "ada"], "aws-cn"),
        (&["role", "edit", EC2, "--region", "cn-north-1"], "cn-north-1"),
        (&["credentials", "nobody-knows-it"], "nobody-knows-it"),
    ] {
        let answered = world.run(arguments)?;
        assert!(answered.code > 0 && answered.stdout.is_empty(), "{arguments:?}: {}", answered.stderr);
        assert!(
            answered.stderr.starts_with("error: ") && answered.stderr.contains(says),
            "{}",
            answered.stderr
        );
        assert!(answered.stderr.contains("\nhint: "), "{arguments:?}: {}", answered.stderr);
    }
    assert_eq!(world.aws.simulator().calls().len(), before);
    world.finish()
}
