//! The pictures of the README and the guide: every window of the real application, in both themes. `make pictures` takes them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use aws_sim::Data;
use desktop_tests::{
    ADAS_KEY_ID, ADAS_SECRET, Because, DesktopSession, Guise, Program, Result, SimulatedAws, TrayItem,
    finish_with,
};

use crate::accessible::read_aloud;
use crate::guide::{self, Newcomer};
use crate::stage::{BROWSER, LIMIT, ROLE, Stage, click, open_manager, wait_until_idle};
use crate::window::picture;

const CATALOG: &str = r#"
[accounts.111122223333]
name = "acme-dev"

[accounts.222233334444]
name = "acme-staging"
environment = "staging"
colour = "yellow"

[accounts.444455556666]
name = "acme-prod"
environment = "production"

[accounts.777788889999]
name = "acme-payer"

[roles.AWSEC2FULLACCESS]
arn = "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS"
source = "work"
destination = "ec2"
duration = "12h"
mfa = "off"
favourite = true

[roles.Billing]
arn = "arn:aws:iam::777788889999:role/Billing"
source = "payer"
region = "us-east-1"
destination = "billing"
duration = "8h"
favourite = true

[roles.logs]
arn = "arn:aws:iam::111122223333:role/Logs"
source = "work"
destination = "cloudwatch"
mfa = "off"

[roles.developer]
arn = "arn:aws:iam::111122223333:role/Developer"
source = "work"
destination = "lambda"
duration = "12h"
mfa = "direct"

[roles.deploy]
arn = "arn:aws:iam::222233334444:role/Deploy"
via = "developer"
destination = "cloudformation"

[roles.prod-admin]
arn = "arn:aws:iam::444455556666:role/Admin"
source = "work"

[roles.prod-ec2]
arn = "arn:aws:iam::444455556666:role/EC2Ops"
source = "work"
destination = "ec2"

[roles.prod-readonly]
arn = "arn:aws:iam::444455556666:role/ReadOnly"
source = "work"
region = "eu-central-1"
mfa = "off"
"#;

const CONFIG: &str = "
[profile base]
region = eu-west-1

[profile audit]
role_arn = arn:aws:iam::444455556666:role/Audit
source_profile = base
region = eu-central-1

[profile prod-ec2]
role_arn = arn:aws:iam::444455556666:role/EC2Ops
source_profile = base
duration_seconds = 14400

[profile sandbox]
role_arn = arn:aws:iam::222233334444:role/Sandbox
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/ada
";

const CREDENTIALS: &str = "
[base]
aws_access_key_id = AKIASIMULATEDADA2222
aws_secret_access_key = SIMULATED/ada/not+a+real+secret/22222222
";

/// How long a window stands still that is drawn. A question counts seconds, so it is less than one.
const STILL: Duration = Duration::from_millis(500);
/// A picture that differs from the last one in no more of its points shows the same: its colours were chosen anew. A word is more.
const SAME: f64 = 0.0007;
/// No picture is larger.
const LARGEST: u64 = 100_000;

#[test]
#[ignore = "it writes into docs/pictures, which a person looks at first"]
fn every_window_is_pictured_as_it_really_is() -> Result<()> {
    let data = Data::from_toml(include_str!("pictures.toml")).expect("the accounts are correct");
    let stage = Stage {
        aws: SimulatedAws::start_with(data)?,
        session: DesktopSession::start_with("pictures", read_aloud())?,
    };
    let album = Album::of(&stage, stage.guise()?)?;
    let (desktop, item) = start(&stage)?;
    tray(&stage, &album, &item)?;
    prompts(&stage, &album, &item)?;
    manager(&stage, &album, &item)?;
    switcher(&stage, &album)?;
    drop(desktop);
    guide(&stage)
}

fn start(stage: &Stage) -> Result<(Program, TrayItem)> {
    let guise = stage.guise()?;
    let mut desktop = guise.desktop();
    // From where it is started, so that the same is shown whatever the person's folder is called.
    desktop.env("AWS_CONFIG_FILE", ".aws/config").env("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials");
    let desktop = stage.session.run("guise-desktop", desktop)?;
    guise.wait_for_socket()?;
    guise.add_user(&stage.aws, "work", ADAS_KEY_ID, ADAS_SECRET)?;
    guise.add_user(&stage.aws, "payer", "AKIASIMULATEDPAYER22", "SIMULATED/ada/of+the+payer/222222222222")?;
    guise.tell(&["source", "edit", "work", "--mfa-serial", "arn:aws:iam::111122223333:mfa/ada"])?;
    guise.tell(&["settings", "production_duration", "12h"])?;
    guise.edit_catalog(CATALOG)?;
    what_the_aws_cli_has(stage)?;
    let item = stage.item()?;
    item.wait_for_menu("the roles", LIMIT, |menu| menu.find(&["acme-prod"]).is_some())?;
    Ok((desktop, item))
}

/// Something to bring in.
fn what_the_aws_cli_has(stage: &Stage) -> Result<()> {
    let folder = stage.session.folder().join(".aws");
    fs::create_dir_all(&folder).because("make a folder for the AWS CLI")?;
    fs::write(folder.join("config"), CONFIG).because("write profiles")?;
    fs::write(folder.join("credentials"), CREDENTIALS).because("write a key")
}

/// The browser that was opened by a click, and the menu then.
fn tray(stage: &Stage, album: &Album<'_>, item: &TrayItem) -> Result<()> {
    let icon = stage.panel().wait_for_icons(1)?[0];
    stage.panel().choose(item, &["★ Billing"])?;
    stage.browser().wait_for_title("Billing", BROWSER)?;
    stage.panel().choose(item, &[ROLE])?;
    stage.wait_for_console()?;
    item.wait_for_menu("two open consoles", LIMIT, |menu| menu.find(&["Sessions (2)"]).is_some())?;
    wait_until_idle(item)?;
    stage.session.point_aside()?;
    stage.session.wait_until_drawn("EC2")?;
    album.take_screen("console", "992x520+14+46")?;
    stage.panel().walk_to(icon, item, &["acme-prod", &label(item, "acme-prod", "prod-readonly")?])?;
    album.take_screen("tray", "1020x480+0+0")?;
    stage.panel().close_menus()
}

fn prompts(stage: &Stage, album: &Album<'_>, item: &TrayItem) -> Result<()> {
    click_beginning(item, "acme-dev", "developer")?;
    let window = album.both("prompt-code", "Guise: code")?;
    keys(stage, &window, &["Escape"])?;
    album.is_gone(&window)?;
    click_beginning(item, "acme-prod", "prod-readonly")?;
    let window = album.both("prompt-production", "Guise: PRODUCTION")?;
    keys(stage, &window, &["shift+Tab", "Return"])?;
    item.wait_for_menu("production live", LIMIT, |menu| menu.find(&["Sessions (3)"]).is_some())?;
    wait_until_idle(item).map(drop)
}

fn manager(stage: &Stage, album: &Album<'_>, item: &TrayItem) -> Result<()> {
    open_manager(item)?;
    let window = stage.session.wait_until_drawn("Guise")?;
    keys(stage, &window, &["Home"])?;
    album.both("manager-roles", "Guise")?;
    // The form of a role that asks for a code, with what opening it does.
    keys(stage, &window, &["slash"])?;
    stage.session.xdotool(["type", "--delay", "30", "developer"])?;
    keys(stage, &window, &["Down", "e"])?;
    album.both("manager-form", "Guise")?;
    keys(stage, &window, &["Escape", "slash", "Escape"])?;
    // Something that worked and something that did not, for the journal.
    asked_by_terraform(stage, "AWSEC2FULLACCESS")?;
    asked_by_terraform(stage, "logs")?;
    for (key, name) in [
        ("ctrl+2", "sources"),
        ("ctrl+3", "sessions"),
        ("ctrl+4", "journal"),
        ("ctrl+5", "settings"),
        ("ctrl+6", "import"),
    ] {
        keys(stage, &window, &[key])?;
        album.both(&format!("manager-{name}"), "Guise")?;
    }
    keys(stage, &window, &["alt+F4"])?;
    album.is_gone(&window)
}

fn switcher(stage: &Stage, album: &Album<'_>) -> Result<()> {
    let mut command = stage.guise()?.desktop();
    command.args(["--window", "switcher"]);
    let _by_hand = stage.session.run("by-hand", command)?;
    let window = stage.session.wait_until_drawn("Guise")?;
    stage.session.xdotool(["type", "--delay", "30", "dev"])?;
    album.both("switcher", "Guise")?;
    keys(stage, &window, &["ctrl+a"])?;
    stage.session.xdotool(["type", "--delay", "30", "prod"])?;
    album.both("switcher-production", "Guise")?;
    keys(stage, &window, &["Right"])?;
    album.both("switcher-where", "Guise")?;
    keys(stage, &window, &["Escape", "Escape"])?;
    album.is_gone(&window)
}

/// Somebody new, in a Guise of their own.
fn guide(stage: &Stage) -> Result<()> {
    let guise = stage.guise()?.at_home(&stage.session.home().join("new"));
    let desktop = stage.at_the_simulator(guise.first_desktop());
    let _desktop = stage.session.run("new-desktop", desktop)?;
    guise.wait_for_socket()?;
    let album = Album::of(stage, guise)?;
    let person = Newcomer::at(stage)?;
    person.types("Your name for it", "work")?;
    person.types("Access key ID", ADAS_KEY_ID)?;
    person.types("Secret access key", ADAS_SECRET)?;
    person.types("Region", "eu-west-1")?;
    person.presses("Return")?;
    person.waits_for("needs no permission at all")?;
    person.waits_for_focus("Continue")?;
    album.both("guide-source", guide::TITLE)?;
    person.presses("Return")?;
    person.waits_for("Step 2 of 5")?;
    person.types("Role name", "AWSEC2FULLACCESS")?;
    person.types("What it may do", "AmazonEC2FullAccess")?;
    person.reaches("Account")?;
    album.both("guide-role", guide::TITLE)?;
    person.presses("Return")?;
    person.waits_for("Step 3 of 5")?;
    album.both("guide-make", guide::TITLE)?;
    person.tries_the_role()?;
    album.both("guide-open", guide::TITLE).map(drop)
}

/// Chooses a role whose entry says more behind its name.
fn click_beginning(item: &TrayItem, account: &str, role: &str) -> Result<()> {
    click(item, &[account, &label(item, account, role)?])
}

/// All that a role's entry says.
fn label(item: &TrayItem, account: &str, role: &str) -> Result<String> {
    let menu = item.menu()?;
    let entry = menu.entry(&[account])?.children.iter().find(|entry| entry.label.starts_with(role));
    Ok(entry.because(format_args!("`{role}` is not in the menu"))?.label.clone())
}

/// Has a program of that name ask for credentials, whatever comes of it.
fn asked_by_terraform(stage: &Stage, role: &str) -> Result<()> {
    let script = stage.session.home().join("terraform");
    let guise = stage.guise()?.command(["credentials", role]);
    let words = std::iter::once(guise.get_program()).chain(guise.get_args());
    let line = words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ");
    // The shell stays, for what comes behind it: it is the one that asks.
    let text = format!("#!/bin/sh\n{line} >/dev/null\nexit 0\n");
    let mut write = stage.session.command("sh");
    write.args(["-c", "cat >\"$1\" && chmod 700 \"$1\"", "sh"]).arg(&script);
    finish_with(write, text.as_bytes(), LIMIT)?;
    finish_with(stage.session.command(&script), &[], LIMIT).map(drop)
}

/// Presses keys in a window, each once the one before has been seen to.
fn keys(stage: &Stage, window: &str, keys: &[&str]) -> Result<()> {
    stage.session.xdotool(["windowactivate", "--sync", window])?;
    stage.session.xdotool(["key", "--delay", "250"].iter().chain(keys)).map(drop)
}

/// Whether windows are light or dark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Theme {
    Light,
    Dark,
}

/// The folder of the pictures, and the Guise that they are taken of.
struct Album<'a> {
    stage: &'a Stage,
    guise: Guise<'a>,
    folder: PathBuf,
}

impl<'a> Album<'a> {
    fn of(stage: &'a Stage, guise: Guise<'a>) -> Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pictures");
        fs::create_dir_all(&folder).because("make a folder for the pictures")?;
        Ok(Self { stage, guise, folder })
    }

    /// Takes a window in both themes, and returns it as it was before: in the light.
    fn both(&self, name: &str, title: &str) -> Result<String> {
        self.stage.session.point_aside()?;
        let window = self.settled(title, Theme::Light)?;
        self.take(&window, name)?;
        self.guise.tell(&["settings", "theme", "dark"])?;
        self.take(&self.settled(title, Theme::Dark)?, &format!("{name}-dark"))?;
        self.guise.tell(&["settings", "theme", ""])?;
        self.settled(title, Theme::Light)
    }

    /// Waits until a window is drawn in this theme, and stands still.
    fn settled(&self, title: &str, theme: Theme) -> Result<String> {
        let session = &self.stage.session;
        let mut last: Option<(Instant, Vec<u8>)> = None;
        let settled = session.wait_for(&format!("`{title}`, drawn"), LIMIT, || {
            let window = session.windows_titled(title).into_iter().next()?;
            let now = session.pixels_of(&window)?;
            let has_content = now.chunks_exact(3).any(|pixel| pixel != &now[..3]);
            let brightness = now.iter().map(|part| u64::from(*part)).sum::<u64>() / now.len().max(1) as u64;
            let is_it = (brightness > 127) == (theme == Theme::Light);
            match &last {
                Some((since, before)) if *before == now => {
                    (has_content && is_it && since.elapsed() > STILL).then_some(window)
                }
                _ => {
                    last = Some((Instant::now(), now));
                    None
                }
            }
        });
        if settled.is_err() {
            picture(self.stage, "not-settled.png")?;
        }
        settled
    }

    fn is_gone(&self, window: &str) -> Result<()> {
        let session = &self.stage.session;
        session.wait_for("the window to go", LIMIT, || {
            (!session.windows_titled("Guise").iter().any(|each| each == window)).then_some(())
        })
    }

    fn take(&self, window: &str, name: &str) -> Result<()> {
        let whole = self.stage.session.folder().join("whole.png");
        self.stage.session.screenshot_of(window, &whole)?;
        self.keep(&whole, name, &[])
    }

    /// A part of the screen.
    fn take_screen(&self, name: &str, area: &str) -> Result<()> {
        let whole = self.stage.session.folder().join("whole.png");
        self.stage.session.screenshot(&whole)?;
        self.keep(&whole, name, &["-crop", area, "+repage"])
    }

    /// Puts a picture into the folder, small, unless the one that is there shows the same.
    fn keep(&self, whole: &Path, name: &str, how: &[&str]) -> Result<()> {
        let kept = self.folder.join(format!("{name}.png"));
        let small = whole.with_file_name("small.png");
        let mut convert = Command::new("convert");
        convert.arg(whole).args(how).args(["-strip", "-dither", "None", "-colors", "160"]);
        convert.args(["-define", "png:compression-level=9"]).arg(png8(&small));
        assert!(finish_with(convert, &[], LIMIT)?.status.success(), "convert failed");
        let size = fs::metadata(&small).because("look at the picture")?.len();
        assert!(size < LARGEST, "{name} has {size} bytes");
        if difference(&kept, &small)? > SAME {
            fs::copy(&small, &kept).because(format_args!("write `{}`", kept.display()))?;
        }
        Ok(())
    }
}

fn png8(path: &Path) -> std::ffi::OsString {
    let mut name = std::ffi::OsString::from("PNG8:");
    name.push(path);
    name
}

/// The part of the points in which two pictures differ; all of them where there is no such picture yet, or one of another size.
fn difference(one: &Path, other: &Path) -> Result<f64> {
    let size = |path: &Path| -> Result<String> {
        let mut identify = Command::new("identify");
        identify.args(["-format", "%w %h"]).arg(path);
        Ok(String::from_utf8_lossy(&finish_with(identify, &[], LIMIT)?.stdout).into_owned())
    };
    let sides = size(other)?;
    if !one.is_file() || size(one)? != sides {
        return Ok(1.0);
    }
    let points: f64 = sides.split(' ').filter_map(|side| side.parse::<f64>().ok()).product();
    let mut compare = Command::new("compare");
    compare.args(["-metric", "AE", "-fuzz", "8%"]).arg(one).arg(other).arg("null:");
    let differing = finish_with(compare, &[], LIMIT)?.stderr;
    Ok(differing.trim().parse::<f64>().unwrap_or(points) / points)
}
