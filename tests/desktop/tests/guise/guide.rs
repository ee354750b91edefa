//! The setup guide on the real desktop: somebody new is led from an access key to the EC2 console and back, by keys alone.

use desktop_tests::{Accessibility, Result, Seen};

use crate::accessible::{everything_is_named, read_aloud};
use crate::stage::{BROWSER, LIMIT, Stage};
use crate::window::picture;

pub(crate) const TITLE: &str = "Guise: setup guide";
/// The tutorial's user who may make roles.
const MARY: (&str, &str) = ("AKIASIMULATEDMARY222", "SIMULATED/mary/not+a+real+secret/2222222");

#[test]
fn somebody_new_is_led_from_a_key_to_the_ec2_console_and_back() -> Result<()> {
    let stage = Stage::set_with("guide", read_aloud())?;
    let guise = stage.guise()?;
    let desktop = stage.at_the_simulator(guise.first_desktop());
    let _desktop = stage.session.run("guise-desktop", desktop)?;
    guise.wait_for_socket()?;

    // With nothing configured it opens by itself, once.
    let person = Newcomer::at(&stage)?;
    person.types("Your name for it", "mary")?;
    person.types("Access key ID", MARY.0)?;
    person.types("Secret access key", MARY.1)?;
    person.types("Region", "eu-west-1")?;
    person.hears_everything()?;
    picture(&stage, "guide-1.png")?;
    person.presses("Return")?;
    let told = person.waits_for("needs no permission at all")?.to_string();
    assert!(told.contains("arn:aws:iam::111122223333:user/mary"), "{told}");
    person.waits_for_focus("Continue")?;
    person.presses("Return")?;

    person.waits_for("Step 2 of 5")?;
    person.types("Role name", "FRESHEC2")?;
    person.types("What it may do", "AmazonEC2FullAccess")?;
    person.reaches("Account")?;
    person.hears_everything()?;
    picture(&stage, "guide-2.png")?;
    person.presses("Return")?;

    let page = person.waits_for("Step 3 of 5")?.to_string();
    assert!(page.contains("and nobody else"), "{page}");
    person.hears_everything()?;
    picture(&stage, "guide-3.png")?;
    person.reaches("AWS CLI")?;
    person.presses("End")?;
    person.reaches("Create the role")?;
    person.presses("Return")?;
    person.waits_for("is in IAM")?;
    assert_eq!(stage.aws.calls("CreateRole").len(), 1);
    assert_eq!(stage.aws.calls("AttachRolePolicy").len(), 1);

    person.tries_the_role()?;
    // AWS does not know the new role at once; that is waited for.
    assert!(stage.aws.calls("AssumeRole").len() > 1);
    person.reaches("Open the console at ec2")?;
    person.presses("Return")?;
    let page = stage.browser().wait_for_title("EC2 | eu-west-1", BROWSER)?;
    assert!(stage.text_of(&page)?.contains("assumed-role/FRESHEC2/mary"));
    person.comes_back()?;
    person.hears_everything()?;
    picture(&stage, "guide-5.png")?;
    person.reaches("Switch back")?;
    person.presses("Return")?;
    stage.browser().wait_for_title("Signed out", LIMIT)?;
    stage.end()
}

/// A person with a keyboard, and a screen reader that tells where the focus is.
pub(crate) struct Newcomer<'a> {
    stage: &'a Stage,
    reader: Accessibility,
}

impl<'a> Newcomer<'a> {
    pub(crate) fn at(stage: &'a Stage) -> Result<Self> {
        let person = Newcomer { stage, reader: Accessibility::of(&stage.session)? };
        person.comes_back()?;
        person.waits_for("Step 1 of 5")?;
        Ok(person)
    }

    pub(crate) fn comes_back(&self) -> Result<()> {
        let window = self.stage.session.wait_until_drawn(TITLE)?;
        self.stage.session.xdotool(["windowactivate", "--sync", &window]).map(drop)
    }

    pub(crate) fn presses(&self, key: &str) -> Result<()> {
        self.stage.session.xdotool(["key", key]).map(drop)
    }

    pub(crate) fn types(&self, field: &str, text: &str) -> Result<()> {
        self.reaches(field)?;
        self.stage.session.xdotool(["type", "--delay", "20", text]).map(drop)
    }

    /// Presses Tab until the focus is there.
    pub(crate) fn reaches(&self, name: &str) -> Result<()> {
        for _ in 0..40 {
            if self.focus().is_some_and(|focus| focus == name) {
                return Ok(());
            }
            let before = self.focus();
            self.presses("Tab")?;
            self.stage
                .session
                .wait_for("the focus to move", LIMIT, || (self.focus() != before).then_some(()))?;
        }
        self.waits_for_focus(name)
    }

    fn focus(&self) -> Option<String> {
        let window = self.reader.window(TITLE).ok()?;
        window.focused().map(|each| each.name.clone())
    }

    pub(crate) fn waits_for_focus(&self, name: &str) -> Result<()> {
        self.stage.session.wait_for(&format!("the focus on `{name}`"), LIMIT, || {
            self.focus().is_some_and(|focus| focus == name).then_some(())
        })
    }

    /// Tries the role at step 4, and goes on to step 5.
    pub(crate) fn tries_the_role(&self) -> Result<()> {
        self.presses("ctrl+4")?;
        self.waits_for("Step 4 of 5")?;
        self.presses("Tab")?;
        self.waits_for_focus("Try it")?;
        self.presses("Return")?;
        self.waits_for("It works")?;
        self.waits_for_focus("Continue")?;
        self.presses("Return")?;
        self.waits_for("Step 5 of 5").map(drop)
    }

    /// What can have the focus now has a name, and is of a kind that a screen reader knows.
    pub(crate) fn hears_everything(&self) -> Result<()> {
        let window = self.reader.window(TITLE)?;
        let page = window.all().into_iter().find(|each| each.role == "document web").cloned();
        everything_is_named(&page.expect("a page in the window"));
        Ok(())
    }

    pub(crate) fn waits_for(&self, text: &str) -> Result<Seen> {
        let found = self.stage.session.wait_for(&format!("`{text}`"), LIMIT, || {
            self.reader.window(TITLE).ok().filter(|window| window.to_string().contains(text))
        });
        if found.is_err() {
            picture(self.stage, "guide-failed.png")?;
        }
        found
    }
}
