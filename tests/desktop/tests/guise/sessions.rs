//! The manager's sessions in the real application: where a console was opened is told, and whatever happens to a session in between,
//! its end is the console's too.

use desktop_tests::{Because, EC2_ROLE, Result};

use crate::driving::Driven;
use crate::stage::{LIMIT, Stage};

const DEPLOY: &str = "arn:aws:iam::111122223333:role/team/ops/Deploy";
const IN_ACCOUNT: &str = "AWSEC2FULLACCESS in acme-dev";

#[test]
fn a_session_tells_where_its_console_is_is_renewed_and_all_end_with_the_consoles() -> Result<()> {
    let stage = Stage::set("sessions")?;
    let driven = Driven::start(&stage)?;
    let guise = stage.guise()?;
    guise.add_ada(&stage.aws)?;
    guise.add_roles()?;
    guise.tell(&["role", "add", "Deploy", "--arn", DEPLOY, "--source", "ada"])?;
    let manager = driven.manager("Sessions")?;
    manager.sees("No live sessions")?;
    manager.presses("Go to roles")?;
    manager.presses(&format!("Open console as {IN_ACCOUNT}"))?;
    stage.wait_for_console()?;
    guise.tell(&["credentials", "Deploy"])?;

    manager.goes_to("Sessions")?;
    let told = manager.sees("2 live sessions")?;
    let opened = "Console ec2 in eu-west-1, opened at";
    assert!(told.contains(opened) && told.contains("Console not opened"), "{told}");
    manager.picture("sessions-opened.png")?;
    manager.presses(&format!("Go to page as {IN_ACCOUNT}"))?;
    stage.session.wait_for("the page to be opened again", LIMIT, || {
        (stage.browser().opened().ok()?.len() == 2).then_some(())
    })?;
    stage.wait_for_console()?;

    manager.presses(&format!("Renew {IN_ACCOUNT}"))?;
    let assumed =
        || stage.aws.calls("AssumeRole").into_iter().filter(|call| call.role.as_deref() == Some(EC2_ROLE));
    stage.session.wait_for("another session", LIMIT, || (assumed().count() == 2).then_some(()))?;
    manager.presses(&format!("Renew {IN_ACCOUNT}"))?;
    stage.session.wait_for("a third one", LIMIT, || (assumed().count() == 3).then_some(()))?;
    let told = manager.sees("2 live sessions")?;
    assert!(told.contains(opened), "the console is where it was: {told}");

    manager.presses("End all")?;
    let asks = manager.sees("End all 2 live sessions?")?;
    assert!(asks.contains("the browser signs out if the console is open"), "{asks}");
    manager.picture("sessions-end-all.png")?;
    manager.presses("Cancel")?;
    manager.sees_no_more("End all 2 live sessions?")?;
    assert!(stage.aws.simulator().console_visits().iter().any(|visit| visit.live));
    manager.presses("End all")?;
    manager.sees("End all 2 live sessions?")?;
    manager.presses("End all")?;
    manager.sees("No live sessions")?;
    stage.browser().wait_for_title("Signed out", LIMIT)?;
    assert_eq!(stage.aws.simulator().console_visits(), []);
    let journal = guise.tell(&["journal"])?;
    for role in ["AWSEC2FULLACCESS", "Deploy"] {
        let line = journal.lines().rfind(|line| line.contains(role)).because("a line")?;
        assert!(line.contains("session ended") && line.ends_with("window"), "{journal}");
    }
    stage.end()
}
