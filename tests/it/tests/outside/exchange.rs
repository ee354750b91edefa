//! The catalog as a file: taken to another computer, given to a colleague, and what is not given.

use std::fs;

use desktop_tests::{ADAS_KEY_ID, ADAS_SECRET, Because, Result, finish_with};

use crate::world::{COMMAND, EC2, World};

#[test]
fn a_catalog_goes_to_a_file_and_comes_back_on_another_computer_without_its_keys() -> Result<()> {
    let world = World::with_roles("exchange")?;
    world.tell(&["account", "edit", "444455556666", "--production"])?;
    world.tell(&["settings", "production_confirm", "word"])?;
    world.guise()?.edit_catalog("\n# nobody else is to read this\n")?;
    let file = world.session.home().join("given.toml");
    let path = file.display().to_string();
    assert!(world.run(&["catalog", "export", &path])?.stderr.contains("wrote "));
    let given = fs::read_to_string(&file).because("read what was given")?;
    for word in ["[sources.ada]", "[roles.AWSEC2FULLACCESS]", ADAS_KEY_ID, "production = true"] {
        assert!(given.contains(word), "{word}: {given}");
    }
    for word in ["nobody else", "settings", "127.0.0.1", ADAS_SECRET] {
        assert!(!given.contains(word), "{word}: {given}");
    }
    assert_eq!(world.tell(&["catalog", "export"])?.trim(), given.trim());
    world.fails(&["catalog", "export", &path], "there is already a file `")?;

    // Nothing is changed by looking, and nothing differs here.
    let before = fs::read(world.guise()?.catalog()).because("read the catalog")?;
    let here = world.tell(&["catalog", "import", &path])?;
    assert!(here.contains("here already") && !here.contains("new"), "{here}");
    assert_eq!(fs::read(world.guise()?.catalog()).because("read the catalog")?, before);

    // Another computer: everything is new, the key does not come along, and is given under the source's name.
    let run = |arguments: &[&str], input: &str| {
        finish_with(world.command_at("other", arguments)?, input.as_bytes(), COMMAND)
    };
    let told = |arguments: &[&str], input: &str| -> Result<(bool, String)> {
        let finished = run(arguments, input)?;
        let out = String::from_utf8_lossy(&finished.stdout).into_owned();
        Ok((finished.status.success(), format!("{out}{}", finished.stderr)))
    };
    let (_, shown) = told(&["catalog", "import", &path], "")?;
    assert!(shown.contains("new") && shown.contains("--all brings it in"), "{shown}");
    let (brought, said) = told(&["catalog", "import", "-", "--all"], &given)?;
    assert!(brought && said.contains("its key does not travel: guise source add ada"), "{said}");
    let (_, missing) = told(&["credentials", EC2], "")?;
    assert!(missing.contains("the keychain holds no key for `ada`"), "{missing}");
    let mut add = world.adding(ADAS_KEY_ID);
    add.iter_mut().filter(|word| *word == "eu-west-1").for_each(|word| "eu-west-1".clone_into(word));
    let add: Vec<&str> = add.iter().map(String::as_str).collect();
    let (added, said) = told(&add, ADAS_SECRET)?;
    assert!(added, "{said}");
    let (works, said) = told(&["credentials", EC2, "--format", "json"], "")?;
    assert!(works, "{said}");
    // Where the key is, the name is taken as ever.
    let (_, said) = told(&add, ADAS_SECRET)?;
    assert!(said.contains("there is already a source `ada`"), "{said}");

    // What differs stays unless it is to change, and what is production stays so.
    let other = given
        .replace("region = \"eu-west-1\"", "region = \"us-east-1\"")
        .replace("production = true\n", "")
        .replace("environment = \"production\"\n", "");
    let (_, said) = told(&["catalog", "import", "-"], &other)?;
    assert!(said.contains("- eu-west-1") && said.contains("+ us-east-1"), "{said}");
    let (_, said) = told(&["catalog", "import", "-", "--all"], &other)?;
    assert!(said.contains("as it is; --replace changes it"), "{said}");
    let (brought, said) = told(&["catalog", "import", "-", "--apply", "ada", "--replace"], &other)?;
    assert!(brought && said.contains("changed the source `ada`"), "{said}");
    let milder = given.replace("environment = \"production\"", "environment = \"dev\"");
    let milder = milder.replace("production = true", "production = false");
    assert_ne!(milder, given);
    let (_, said) = told(&["catalog", "import", "-", "--all", "--replace"], &milder)?;
    let (_, accounts) = told(&["account", "list"], "")?;
    assert!(accounts.contains("dev, PRODUCTION"), "{said}{accounts}");

    // Whatever is no catalog is told, and nothing is lost.
    for (text, sentence) in [
        ("[roles\n", "that is no catalog of Guise: line 1"),
        ("", "no source, role or account stands in it"),
        (
            "[roles.r]\narn = \"arn:aws:iam::111122223333:role/R\"\nsource = \"gone\"\n",
            "`r` was not brought in",
        ),
        (
            "[sources.ada]\naccess_key_id = \"AKIASIMULATEDOTHER22\"\narn = \"arn:aws:iam::111122223333:user/eve\"\naccount = \"111122223333\"\n",
            "there is already another source `ada`, which stays as it is",
        ),
    ] {
        let (fine, said) = told(&["catalog", "import", "-", "--all"], text)?;
        assert!(!fine && said.contains(sentence) && said.contains("hint: "), "{text}: {said}");
    }
    world.finish()
}
