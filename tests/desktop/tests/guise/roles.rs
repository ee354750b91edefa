//! A role written in the window: checked while it is typed, kept in the catalog beside what a person wrote there, and opened.

use desktop_tests::{EC2_ROLE, Result};

use crate::accessible::{Person, read_aloud};
use crate::stage::{BROWSER, LIMIT, Stage, open_manager};
use crate::window::picture;

const MINE: &str = "\n# mine, and it stays\n[settings]\nclipboard_seconds = 30 # short\n";
const OPEN: &str = "Open console as second in acme-dev";

#[test]
fn a_role_written_in_the_window_is_kept_with_its_comments_opened_removed_and_put_back() -> Result<()> {
    let stage = Stage::set_with("writes-a-role", read_aloud())?;
    let (_desktop, item) = stage.start_in_tray()?;
    stage.guise()?.edit_catalog(MINE)?;
    open_manager(&item)?;
    let person = Person::at(&stage)?;

    person.presses("n")?;
    person.waits_for_focus("Name")?;
    stage.session.xdotool(["type", "AWSEC2FULLACCESS"])?;
    person
        .waits_for("that the name is taken", |page| page.to_string().contains("There is already a role"))?;
    picture(&stage, "role-name-taken.png")?;
    person.presses("ctrl+a")?;
    stage.session.xdotool(["type", "second"])?;
    person.presses("Tab")?;
    person.waits_for_focus("Role ARN")?;
    stage.session.xdotool(["type", EC2_ROLE])?;
    // There is one source, so it is the one.
    for field in ["Assumed by", "Opens at"] {
        person.presses("Tab")?;
        person.waits_for_focus(field)?;
    }
    stage.session.xdotool(["type", "ec2"])?;
    person.waits_for("the plan", |page| {
        let said = page.to_string();
        said.contains(&format!("sts:AssumeRole {EC2_ROLE} in eu-west-1, 1 h, session name"))
            && said.contains("console in eu-west-1 at ec2, 1 h")
    })?;
    picture(&stage, "role-plan.png")?;
    person.presses("ctrl+Return")?;
    person.waits_for_focus(OPEN)?;
    picture(&stage, "role-saved.png")?;
    let written = catalog(&stage)?;
    assert!(written.contains(MINE.trim_start()), "{written}");
    let second = format!("[roles.second]\narn = \"{EC2_ROLE}\"\nsource = \"ada\"\ndestination = \"ec2\"\n");
    assert!(written.contains(&second), "{written}");

    person.presses("Delete")?;
    stage.session.wait_for("the role to go", LIMIT, || {
        catalog(&stage).ok().filter(|now| !now.contains("[roles.second]"))
    })?;
    person.waits_for("the way back", |page| page.find("push button", "Undo").is_some())?;
    picture(&stage, "role-removed.png")?;
    person.presses("ctrl+z")?;
    stage
        .session
        .wait_for("the role to come back", LIMIT, || catalog(&stage).ok().filter(|now| *now == written))?;

    // Found as any other, and opened.
    person.presses("slash")?;
    person.waits_for_focus("Find a role")?;
    stage.session.xdotool(["type", "second"])?;
    person.waits_for("it alone", |page| page.to_string().contains("1 of 4 roles"))?;
    person.presses("Return")?;
    let page = stage.browser().wait_for_title("EC2 | eu-west-1", BROWSER)?;
    assert!(stage.text_of(&page)?.contains("assumed-role/AWSEC2FULLACCESS/ada"));
    stage.end()
}

#[test]
fn what_is_chosen_by_keyboard_is_saved_and_what_somebody_else_wrote_meanwhile_stays() -> Result<()> {
    let stage = Stage::set_with("chooses-source", read_aloud())?;
    let (_desktop, item) = stage.start_in_tray()?;
    let (id, secret) = ("AKIASIMULATEDGRACE22", "SIMULATED/grace/not+a+real+secret/222222");
    stage.guise()?.add_user(&stage.aws, "grace", id, secret)?;
    open_manager(&item)?;
    let person = Person::at(&stage)?;
    person.presses("n")?;
    person.waits_for_focus("Name")?;
    stage.session.xdotool(["type", "chosen"])?;
    person.presses("Tab")?;
    person.waits_for_focus("Role ARN")?;
    stage.session.xdotool(["type", "arn:aws:iam::111122223333:role/NotYetTrusted"])?;
    person.presses("Tab")?;
    person.waits_for_focus("Assumed by")?;
    // The first Down leaves "Choose one", the second the first of two sources.
    person.presses("Down")?;
    person.waits_for("the plan of the first", |page| page.to_string().contains("user/ada"))?;
    person.presses("Down")?;
    person.waits_for("the plan of the second", |page| page.to_string().contains("user/grace"))?;
    person.presses("ctrl+Return")?;
    person.waits_for_focus("Open console as chosen in acme-dev")?;
    assert!(catalog(&stage)?.contains("role/NotYetTrusted\"\nsource = \"grace\""), "{}", catalog(&stage)?);

    person.presses("e")?;
    person.waits_for_focus("Name")?;
    stage.guise()?.tell(&["role", "edit", "chosen", "--external-id", "partner-42", "--production"])?;
    for field in ["Role ARN", "Assumed by", "Opens at"] {
        person.presses("Tab")?;
        person.waits_for_focus(field)?;
    }
    stage.session.xdotool(["type", "ec2"])?;
    person.presses("ctrl+Return")?;
    person.waits_for_focus("Open console as chosen in acme-dev, PRODUCTION")?;
    let written = catalog(&stage)?;
    for line in ["external_id = \"partner-42\"", "production = true", "destination = \"ec2\""] {
        assert!(written.contains(line), "no `{line}` in\n{written}");
    }
    stage.end()
}

fn catalog(stage: &Stage) -> Result<String> {
    let path = stage.guise()?.catalog();
    std::fs::read_to_string(&path)
        .map_err(|error| desktop_tests::DesktopError::new(format!("{}: {error}", path.display())))
}
