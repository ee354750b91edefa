//! The tutorial on a desktop of its own, step by step, as a person would do it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use desktop_tests::{
    Because, Browser, DesktopError, DesktopSession, EC2_ROLE, Guise, Panel, Result, SimulatedAws, TRAY_ID,
    TrayBus, TrayItem, finish_with,
};

const LIMIT: Duration = Duration::from_secs(30);
/// What a browser gets to start on a machine that is busy.
const BROWSER: Duration = Duration::from_secs(90);
const ROLE: &str = "★ AWSEC2FULLACCESS";
const REASON: &str = "trust policy must name arn:aws:iam::111122223333:user/ada";
const IDENTITY: &str = "assumed-role/AWSEC2FULLACCESS/ada";

/// Does the tutorial and leaves pictures of it in a folder.
pub(crate) fn run(pictures: &Path) -> Result<()> {
    println!("No display here: Guise gets a desktop of its own, with a panel, a keychain and a browser.\n");
    prepare(pictures).because(format_args!("make `{}`", pictures.display()))?;
    let session = DesktopSession::start("demo")?;
    let aws = SimulatedAws::start()?;
    let guise = Guise::on(&session)?.at_home(&session.home().join("guise-demo"));
    let mut album = Album { session: &session, folder: pictures, taken: 0 };
    let done = do_it(&session, &aws, &guise, &mut album);
    if done.is_err() {
        album.take("what-went-wrong")?;
    }
    println!("\nPictures: {}", pictures.display());
    done
}

fn do_it(
    session: &DesktopSession,
    aws: &SimulatedAws,
    guise: &Guise<'_>,
    album: &mut Album<'_>,
) -> Result<()> {
    // The agent that takes the key makes way for the desktop's.
    let _agent = guise.start_agent(&session.log_dir())?;
    guise.add_ada(aws)?;
    done("ada's access key is verified by AWS and kept in the keychain, and nowhere else");
    guise.add_roles()?;
    done("three roles are in the catalog: AWSEC2FULLACCESS, ReadOnly, Billing");

    let _desktop = session.run("guise-desktop", guise.desktop())?;
    let item = TrayBus::connect(session)?.wait_for_item(TRAY_ID, LIMIT)?;
    let (panel, browser) = (Panel::of(session), Browser::of(session));
    let icon = *panel.wait_for_icons(1)?.first().because("no icon on the panel")?;
    done("the mask is on the panel");

    aws.trust(EC2_ROLE, "nobody")?;
    panel.choose(&item, &[ROLE])?;
    let page = browser.wait_for_title("Not signed in", BROWSER)?;
    session.wait_for("the reason", LIMIT, || {
        browser.text(&page).ok().filter(|text| text.contains(REASON)).map(drop)
    })?;
    item.wait_for_menu("the refusal", LIMIT, |menu| {
        menu.find(&[ROLE]).is_some_and(|role| role.label.contains('⚠'))
    })?;
    done(
        "one click on AWSEC2FULLACCESS: refused, as its trust policy does not name ada; the browser says what to change",
    );
    album.take("refused")?;

    aws.trust(EC2_ROLE, "ada")?;
    done("its trust policy names ada now");
    panel.choose(&item, &[ROLE])?;
    let page = browser.wait_for_title("EC2", BROWSER)?;
    session.wait_for("the page's text", LIMIT, || {
        browser.text(&page).ok().filter(|text| text.contains(IDENTITY)).map(drop)
    })?;
    done("one click: the browser is in the EC2 console as assumed-role/AWSEC2FULLACCESS/ada");
    item.wait_for_menu("the live session", LIMIT, |menu| menu.find(&["Sessions (1)"]).is_some())?;
    album.take("console")?;

    panel.walk_to(icon, &item, &["acme-dev", "AWSEC2FULLACCESS"])?;
    album.take("tray")?;
    panel.close_menus()?;
    done("the tray shows how long it is open");

    panel.choose(&item, &["Manage…"])?;
    session.wait_until_drawn("Guise")?;
    album.take("window")?;
    done("Manage… opens the window");

    panel.choose(&item, &["Copy credentials", "AWSEC2FULLACCESS"])?;
    let copied = session.wait_for("credentials on the clipboard", LIMIT, || {
        session.clipboard().ok().filter(|text| text.contains("AWS_SESSION_TOKEN"))
    })?;
    done("Copy credentials: they are on the clipboard, for 45 seconds");
    try_with_aws_cli(session, aws, &copied)?;

    end_session(&item, &panel)?;
    browser.wait_for_title("Signed out", BROWSER)?;
    item.wait_for_menu("no session", LIMIT, |menu| menu.find(&["Sessions"]).is_none())?;
    done("Sessions ▸ End: the credentials are dropped and the browser has signed out");
    album.take("signed-out")
}

/// Makes the folder, or takes the pictures of an earlier run out of it.
fn prepare(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_picture = path.extension().is_some_and(|extension| extension == "png");
        if is_picture && name.starts_with(|letter: char| letter.is_ascii_digit()) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn end_session(item: &TrayItem, panel: &Panel<'_>) -> Result<()> {
    panel.choose(item, &["Sessions (1)", "AWSEC2FULLACCESS", "End"])
}

/// Asks the simulator with the AWS CLI who the copied credentials are, where there is one.
fn try_with_aws_cli(session: &DesktopSession, aws: &SimulatedAws, exports: &str) -> Result<()> {
    let of_tests = std::env::var_os("GUISE_TEST_VENV").map(|folder| PathBuf::from(folder).join("bin/aws"));
    let cli = of_tests.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from("aws"));
    if Command::new(&cli).arg("--version").output().is_err() {
        println!("- no AWS CLI here to try them with");
        return Ok(());
    }
    let mut shell = session.command("sh");
    shell.arg("-s");
    let script = format!(
        "{exports}\nexec '{}' sts get-caller-identity --output text --region eu-west-1 --endpoint-url {}\n",
        cli.display(),
        aws.url()
    );
    let finished = finish_with(shell, script.as_bytes(), LIMIT)?;
    expect(&String::from_utf8_lossy(&finished.stdout), IDENTITY)
        .map_err(|error| DesktopError::new(format!("{error}\n{}", finished.stderr)))?;
    done("the AWS CLI, with what was copied, is assumed-role/AWSEC2FULLACCESS/ada too");
    Ok(())
}

fn expect(text: &str, part: &str) -> Result<()> {
    if text.contains(part) {
        return Ok(());
    }
    Err(DesktopError::new(format!("`{part}` is not in\n{text}")))
}

fn done(what: &str) {
    println!("✓ {what}");
}

/// Numbered pictures of the screen.
struct Album<'a> {
    session: &'a DesktopSession,
    folder: &'a Path,
    taken: usize,
}

impl Album<'_> {
    fn take(&mut self, name: &str) -> Result<()> {
        self.taken += 1;
        // An icon below the pointer is drawn on another ground.
        if !matches!(name, "tray" | "what-went-wrong") {
            self.session.point_aside()?;
        }
        let picture = self.folder.join(format!("{}-{name}.png", self.taken));
        self.session.screenshot(&picture)?;
        println!("  → {}", picture.display());
        Ok(())
    }
}
