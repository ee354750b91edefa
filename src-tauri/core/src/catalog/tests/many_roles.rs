//! Edits of many roles at once, what takes them back, and the order of favourites.

use super::*;

const MANY: &str = r#"# mine

[sources.work]
access_key_id = "AKIAIOSFODNN7EXAMPLE"
arn = "arn:aws:iam::111122223333:user/ada"
account = "111122223333"

# the first
[roles.alpha]   # from the tutorial
arn = "arn:aws:iam::111122223333:role/alpha"
source = "work"
mood = "sunny"  # kept

[roles.alpha.tags] # in a table of their own
team = "blue"

[roles."beta ray"]
arn = "arn:aws:iam::111122223333:role/beta"
source = "work"

# between
[settings]
favourites = [ "gone", "beta ray" ] # mine

# through alpha
[roles.step]
arn = "arn:aws:iam::444455556666:role/step"
via = "alpha"

[accounts.111122223333]
name = "acme-dev"
"#;

fn names(all: &[&str]) -> Vec<Name> {
    all.iter().map(|each| name(each)).collect()
}

fn text(file: &CatalogFile) -> String {
    std::fs::read_to_string(file.path()).unwrap()
}

#[test]
fn what_was_removed_comes_back_where_it_stood_with_all_that_was_said_of_it() {
    let all = ["alpha", "beta ray", "step"];
    for gone in [&all[..], &["step"], &["beta ray"], &["beta ray", "step"], &["step", "alpha"]] {
        let (_folder, file) = file_with(MANY);
        let taken = file.remove_roles(&names(gone)).unwrap();
        assert_eq!((taken.len(), taken.is_empty()), (gone.len(), false));
        let left = file.load().unwrap();
        assert_eq!(left.roles.len(), all.len() - gone.len());
        assert!(!gone.iter().any(|gone| text(&file).contains(&format!("[roles.{gone}"))));
        file.put_back(&taken).unwrap();
        assert_eq!(text(&file), MANY, "{gone:?}");
    }
}

#[test]
fn what_happened_meanwhile_stays_and_a_name_that_was_taken_is_not_overwritten() {
    let (_folder, file) = file_with(MANY);
    let taken = file.remove_roles(&names(&["beta ray"])).unwrap();
    let step = file.load().unwrap().roles[&name("step")].clone();
    file.add_role(&name("newer"), &step).unwrap();
    let catalog = file.put_back(&taken).unwrap();
    assert_eq!(catalog.roles.len(), 4);
    let failure = file.put_back(&taken).unwrap_err();
    assert_eq!(failure.code, crate::failure::Code::AlreadyExists);

    let taken =
        file.edit_roles(&names(&["newer"]), &RoleChange { production: Some(true), ..Default::default() });
    file.remove_role(&name("newer")).unwrap();
    assert_eq!(file.put_back(&taken.unwrap()).unwrap_err().code, crate::failure::Code::NotFound);
}

#[test]
fn a_role_that_others_go_through_is_removed_only_with_them() {
    let (_folder, file) = file_with(MANY);
    let failure = file.remove_roles(&names(&["beta ray", "alpha"])).unwrap_err();
    assert!(failure.message.contains("`alpha` is the way to `step`"), "{failure}");
    assert_eq!(text(&file), MANY, "none is removed where one cannot be");
    assert_eq!(file.remove_roles(&names(&["nobody"])).unwrap_err().code, crate::failure::Code::NotFound);
}

#[test]
fn many_roles_change_alike_or_none_does_and_the_change_can_be_taken_back() {
    let (_folder, file) = file_with(MANY);
    let change = RoleChange {
        region: Change::Set("eu-central-1".parse().unwrap()),
        favourite: Some(true),
        ..RoleChange::default()
    };
    let taken = file.edit_roles(&names(&["alpha", "step"]), &change).unwrap();
    let catalog = file.load().unwrap();
    let regions: Vec<_> =
        catalog.roles.values().map(|role| role.region.as_ref().map(Region::as_str)).collect();
    assert_eq!(regions, [Some("eu-central-1"), None, Some("eu-central-1")]);
    assert!(text(&file).contains("mood = \"sunny\"  # kept"));
    file.put_back(&taken).unwrap();
    assert_eq!(text(&file), MANY);

    let foreign = RoleChange { region: Change::Set("cn-north-1".parse().unwrap()), ..RoleChange::default() };
    let failure = file.edit_roles(&names(&["alpha", "step"]), &foreign).unwrap_err();
    assert_eq!(failure.code, crate::failure::Code::PartitionMismatch);
    assert!(failure.message.starts_with("`alpha`: "), "{failure}");
    let nothing = RoleChange::default();
    assert!(file.edit_roles(&names(&["alpha"]), &nothing).is_err());
    let renamed = RoleChange { name: Some(name("one")), ..RoleChange::default() };
    assert!(file.edit_roles(&names(&["alpha", "step"]), &renamed).is_err());
    assert_eq!(text(&file), MANY);
}

#[test]
fn many_roles_are_not_put_into_a_loop() {
    let (_folder, file) = file_with(MANY);
    let through = RoleChange { assumed_by: Some(Assumer::Role(name("step"))), ..RoleChange::default() };
    let failure = file.edit_roles(&names(&["alpha", "beta ray"]), &through).unwrap_err();
    assert!(failure.message.contains("alpha"), "{failure}");
    // What goes through them counts too: `step` would end in the loop.
    let beta = RoleChange { assumed_by: Some(Assumer::Role(name("beta ray"))), ..RoleChange::default() };
    file.edit_roles(&names(&["alpha"]), &beta).unwrap();
    assert!(file.edit_roles(&names(&["beta ray"]), &through).is_err());
}

#[test]
fn a_role_becomes_another_by_what_is_between_them_and_what_is_unknown_stays() {
    let (_folder, file) = file_with(MANY);
    let was = file.load().unwrap().roles[&name("alpha")].clone();
    let mut role = was.clone();
    role.duration = Some("2h".parse().unwrap());
    role.tags.clear();
    let change = RoleChange { name: Some(name("omega")), ..RoleChange::between(&was, &role) };
    let catalog = file.edit_role(&name("alpha"), &change).unwrap();
    assert_eq!(catalog.roles[&name("omega")], role);
    assert_eq!(catalog.roles[&name("step")].assumed_by, Assumer::Role(name("omega")));
    assert!(text(&file).contains("mood = \"sunny\"  # kept"));
    let taken = RoleChange { name: Some(name("beta ray")), ..RoleChange::default() };
    let taken = file.edit_role(&name("omega"), &taken).unwrap_err();
    assert_eq!(taken.code, crate::failure::Code::AlreadyExists);
    let mut foreign = role.clone();
    foreign.arn = "arn:aws-cn:iam::111122223333:role/alpha".parse().unwrap();
    assert!(file.edit_role(&name("omega"), &RoleChange::between(&role, &foreign)).is_err());
}

#[test]
fn favourites_keep_the_persons_order_through_renames_and_those_without_a_place_come_last() {
    let (_folder, file) = file_with(MANY);
    let favourite = RoleChange { favourite: Some(true), ..RoleChange::default() };
    file.edit_roles(&names(&["alpha", "beta ray", "step"]), &favourite).unwrap();
    let order = |catalog: &Catalog| -> Vec<String> {
        catalog.favourites_in_order().iter().map(ToString::to_string).collect()
    };
    assert_eq!(order(&file.load().unwrap()), ["beta ray", "alpha", "step"]);
    let catalog = file.order_favourites(&names(&["step", "beta ray"])).unwrap();
    assert_eq!(order(&catalog), ["step", "beta ray", "alpha"]);
    assert!(text(&file).contains("favourites = [\"step\", \"beta ray\"] # mine"), "{}", text(&file));
    let rename = RoleChange { name: Some(name("leap")), ..RoleChange::default() };
    assert_eq!(order(&file.edit_role(&name("step"), &rename).unwrap()), ["leap", "beta ray", "alpha"]);
}

#[test]
fn an_account_has_a_colour_an_environment_and_a_mark_of_its_own() {
    let (_folder, file) = file_with(WRITTEN);
    let id: crate::arn::AccountId = "111122223333".parse().unwrap();
    let change = |change: AccountChange| file.edit_account(&id, &change).unwrap().accounts[&id].clone();
    let staging = Change::Set("staging".parse().unwrap());
    let account = change(AccountChange {
        colour: Change::Set(Colour::Teal),
        environment: staging,
        ..AccountChange::default()
    });
    assert_eq!((account.colour, account.production), (Some(Colour::Teal), true));
    let account = change(AccountChange { production: Some(true), ..AccountChange::default() });
    assert_eq!(account.environment.unwrap().as_str(), "staging");
    assert!(
        account.production
            && text(&file).contains("environment = \"staging\"\ncolour = \"teal\"\nproduction = true")
    );
    let account = change(AccountChange { production: Some(false), ..AccountChange::default() });
    assert!(!account.production);
    let account =
        change(AccountChange { environment: Change::Clear, production: Some(true), ..Default::default() });
    assert!(account.production && account.environment.is_none());
    // Only a plain no takes the mark away, whichever word comes and goes.
    for word in ["dev", "Production", "test"] {
        let environment = Change::Set(word.parse().unwrap());
        assert!(change(AccountChange { environment, ..AccountChange::default() }).production, "{word}");
    }
    change(AccountChange { production: Some(false), ..AccountChange::default() });
    change(AccountChange { environment: Change::Set("production".parse().unwrap()), ..Default::default() });
    assert!(change(AccountChange { environment: Change::Clear, ..AccountChange::default() }).production);
    assert!(!change(AccountChange { production: Some(false), ..AccountChange::default() }).production);
}

#[test]
fn a_production_account_with_a_colour_from_tomorrow_is_still_production() {
    for mark in ["environment = \"production\"", "production = true"] {
        let (_folder, file) = file_with(&format!("[accounts.111122223333]\ncolour = \"octarine\"\n{mark}\n"));
        let catalog = file.load().unwrap();
        assert!(catalog.accounts.values().all(|account| account.production) && catalog.accounts.len() == 1);
        assert_eq!(catalog.unusable.len(), 1);
    }
}

#[test]
fn a_change_that_would_cut_off_what_is_further_on_is_refused() {
    let (_folder, file) = file_with(WRITTEN);
    let step = |via: Option<&str>, arn: &str| {
        let mut role = file.load().unwrap().roles.values().next().unwrap().clone();
        role.arn = arn.parse().unwrap();
        if let Some(via) = via {
            role.assumed_by = crate::catalog::Assumer::Role(name(via));
        }
        role
    };
    let arn = |number: usize| format!("arn:aws:iam::111122223333:role/Step{number}");
    file.add_role(&name("s0"), &step(None, &arn(0))).unwrap();
    for number in 1..8 {
        let via = format!("s{}", number - 1);
        file.add_role(&name(&format!("s{number}")), &step(Some(&via), &arn(number))).unwrap();
    }
    file.add_role(&name("before"), &step(None, &arn(9))).unwrap();
    let longer = RoleChange {
        assumed_by: Some(crate::catalog::Assumer::Role(name("before"))),
        ..RoleChange::default()
    };
    let failure = file.edit_role(&name("s0"), &longer).unwrap_err();
    assert!(failure.message.contains("more than 8 roles"), "{failure}");

    let tag = |key: &str| [(key.parse().unwrap(), "x".parse().unwrap())].into();
    let tagged = RoleChange { tags: Some(tag("k")), ..RoleChange::default() };
    file.edit_role(&name("s2"), &tagged).unwrap();
    let handed_on =
        RoleChange { tags: Some(tag("K")), transitive_tags: Some(["K".parse().unwrap()].into()), ..tagged };
    let failure = file.edit_role(&name("s0"), &handed_on).unwrap_err();
    assert!(failure.message.contains("sets the tag"), "{failure}");
}
