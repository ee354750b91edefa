//! Catalogs that a newer version wrote: what we do not know stays, and stops nothing else.

use super::*;

const NEWER: &str = r#"[sources.work]
access_key_id = "AKIAIOSFODNN7EXAMPLE"
arn = "arn:aws:iam::111122223333:user/ada"
account = "111122223333"

[sources.sso]
kind = "identity-center"
start = { url = "https://acme.example", region = "eu-west-1" }

[roles.known]
arn = "arn:aws:iam::111122223333:role/Known"
source = "work"

[roles.other-kind]
kind = "roles-anywhere"
source = "work"

[roles.other-value]
arn = "arn:aws:iam::111122223333:role/Value"
source = "work"
duration = "as long as possible"

[roles]
short = "arn:aws:iam::111122223333:role/Short"

[accounts.444455556666]
name = ["acme", "prod"]
environment = "production"

[settings]
credentials_format = "nushell"
clipboard_seconds = 20
"#;

#[test]
fn f15_what_a_newer_version_wrote_is_put_aside_and_the_rest_works() {
    let (_folder, file) = file_with(NEWER);
    let catalog = file.load().unwrap();
    assert_eq!(catalog.roles.keys().collect::<Vec<_>>(), [&name("known")]);
    assert_eq!(catalog.sources.keys().collect::<Vec<_>>(), [&name("work")]);
    let mut told: Vec<&str> = catalog.unusable.iter().map(|entry| entry.failure.message.as_str()).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "account `444455556666` cannot be used: accounts.444455556666.name must be text in quotes",
            "role `other-kind` cannot be used: roles.other-kind: kind `roles-anywhere` is not known to this version",
            "role `other-value` cannot be used: roles.other-value.duration: `as long as possible` is not a duration that AWS takes",
            "role `short` cannot be used: roles.short must be a table",
            "source `sso` cannot be used: sources.sso: kind `identity-center` is not known to this version",
            "the setting `credentials_format` cannot be used: settings.credentials_format: `nushell` is not a format",
        ]
    );
    assert!(catalog.accounts[&"444455556666".parse().unwrap()].production, "production stays production");
    assert_eq!(catalog.settings.clipboard_clear, Duration::from_secs(20));
    let asked = catalog.role(&name("other-kind")).unwrap_err();
    assert!(asked.message.starts_with("role `other-kind` cannot be used"), "{asked}");
}

#[test]
fn f15_what_is_put_aside_survives_every_save_and_its_name_stays_taken() {
    let (_folder, file) = file_with(NEWER);
    let role = file.load().unwrap().roles[&name("known")].clone();
    for taken in ["other-kind", "other-value", "short"] {
        assert_eq!(file.add_role(&name(taken), &role).unwrap_err().code, crate::failure::Code::AlreadyExists);
        let rename = RoleChange { name: Some(name(taken)), ..RoleChange::default() };
        assert_eq!(
            file.edit_role(&name("known"), &rename).unwrap_err().code,
            crate::failure::Code::AlreadyExists
        );
        let edit = RoleChange { favourite: Some(true), ..RoleChange::default() };
        assert!(file.edit_role(&name(taken), &edit).unwrap_err().message.contains("cannot be used"));
    }
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), NEWER);
    file.edit_role(&name("known"), &RoleChange { favourite: Some(true), ..RoleChange::default() }).unwrap();
    let line = "role/Known\"\nsource = \"work\"\n";
    assert_eq!(
        std::fs::read_to_string(file.path()).unwrap(),
        NEWER.replace(line, &format!("{line}favourite = true\n"))
    );
    file.remove_role(&name("short")).unwrap();
    assert_eq!(file.load().unwrap().unusable.len(), 5, "one that cannot be used can be taken out");
}

/// Random numbers that are the same in every run (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn pick<'a>(&mut self, among: &[&'a str]) -> &'a str {
        among[usize::try_from(self.roll(among.len() as u64)).unwrap()]
    }

    /// A value that this version knows nothing of.
    fn value(&mut self, depth: u64) -> String {
        match self.roll(if depth == 0 { 6 } else { 8 }) {
            0 => self.roll(1000).to_string(),
            1 => "true".into(),
            2 => "1979-05-27T07:32:00Z".into(),
            3 => "'lite\"ral'".into(),
            4 => "\"\"\"two\nlines # no comment\"\"\"".into(),
            5 => "0xff".into(),
            6 => format!("[{}, {}]", self.value(depth - 1), self.value(depth - 1)),
            _ => format!("{{ a = {}, b.c = {} }}", self.value_of_a_line(), self.value_of_a_line()),
        }
    }

    fn value_of_a_line(&mut self) -> String {
        self.pick(&["1", "\"x\"", "false", "[1, 2]"]).to_owned()
    }

    /// Keys that a newer version may have.
    fn keys(&mut self) -> String {
        let mut lines = String::new();
        for each in 0..self.roll(4) {
            // Numbered, since a table has a key once.
            let key = match self.roll(3) {
                0 => format!("mood-{each}"),
                1 => format!("\"größe {each}\""),
                _ => format!("via{each}.more"),
            };
            let comment = self.pick(&["", " # why", "   #"]);
            lines += &format!("{key} = {}{comment}\n", self.value(2));
        }
        lines
    }

    /// A catalog with known and unknown things mixed.
    fn catalog(&mut self) -> String {
        let mut text = self.pick(&["", "# mine\n\n", "\n"]).to_owned();
        if self.roll(2) == 0 {
            text += &format!("future = {}\n", self.value(2));
        }
        text += "[sources.work]\naccess_key_id = \"AKIAIOSFODNN7EXAMPLE\"\n";
        text += "arn = \"arn:aws:iam::111122223333:user/ada\"\naccount = \"111122223333\"\n";
        text += &self.keys();
        let last = self.roll(4);
        for each in 0..=last {
            text += self.pick(&["", "\n", "\n# the next one\n"]);
            match if each == last { 3 } else { self.roll(5) } {
                0 => text += &format!("[roles.r{each}]\nkind = \"newer\"\n{}", self.keys()),
                1 => text += &format!("[roles.r{each}]\nsource = 3\n{}", self.keys()),
                2 => text += &format!("[[unknown{each}]]\n{}[[unknown{each}]]\n{}", self.keys(), self.keys()),
                other => {
                    let name = self.pick(&["rEACH", "\"team/rEACH\""]).replace("EACH", &each.to_string());
                    text += &format!("[roles.{name}]   # header\n{}source = \"work\"\n", self.keys());
                    text += &format!("arn = \"arn:aws:iam::111122223333:role/R{each}\" # its\n");
                    if other == 4 {
                        text += &format!("[roles.{name}.newer]\n{}", self.keys());
                    }
                }
            }
        }
        if self.roll(3) == 0 {
            text += "[accounts.111122223333]\nname = \"dev\"\ncolour = \"green\"\n";
        }
        text
    }
}

/// Everything in a document but what an edit of role `name` may touch.
fn unknown(text: &str, name: &str) -> toml_edit::DocumentMut {
    let mut document: toml_edit::DocumentMut = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    let role = document.get_mut("roles").and_then(|roles| roles.get_mut(name));
    if let Some(role) = role.and_then(toml_edit::Item::as_table_like_mut) {
        for known in ["favourite", "duration", "region", "session_name", "destination"] {
            role.remove(known);
        }
    }
    document
}

#[test]
fn f15_no_unknown_key_of_ten_thousand_catalogs_is_lost() {
    let mut dice = Dice(15);
    let (mut put_aside, mut in_parts) = (0, 0);
    for round in 0..10_000 {
        let text = dice.catalog();
        let catalog = super::super::read::read(&text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
        put_aside += catalog.unusable.len();
        let chosen = usize::try_from(dice.roll(catalog.roles.len() as u64)).unwrap();
        let role = catalog.roles.keys().nth(chosen).unwrap();
        let change = RoleChange {
            favourite: Some(true),
            duration: Change::Set("2h".parse().unwrap()),
            region: if round % 2 == 0 { Change::Set("eu-west-1".parse().unwrap()) } else { Change::Clear },
            ..RoleChange::default()
        };
        let edit = super::super::edit::Edit::ChangeRole(role, &change);
        let (after, read) =
            edit.made_in_whole(&text, &catalog, std::path::Path::new("catalog.toml")).unwrap();
        assert!(read.roles[role].favourite, "{after}");
        assert_eq!(read.unusable, catalog.unusable);
        let (was, is) =
            (unknown(&text, role.as_str()).to_string(), unknown(&after, role.as_str()).to_string());
        assert_eq!(is, was, "round {round}");
        // In the part that is the role's own, where there is one, the very same is done.
        if let Some(in_part) = super::super::part::with_role(&text, role, &read.roles[role]) {
            in_parts += 1;
            assert_eq!(in_part, after, "round {round}");
        }
    }
    assert!(
        put_aside > 2_000 && in_parts > 2_000,
        "{put_aside} put aside, {in_parts} in parts: the test is blind"
    );
}
