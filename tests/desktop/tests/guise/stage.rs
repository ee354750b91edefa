//! What every test begins and ends with.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use desktop_tests::{
    Because, Browser, Canaries, DesktopSession, Guise, MenuTree, Opener, Page, Panel, Program, Result,
    SessionConfig, SimulatedAws, TRAY_ID, TrayBus, TrayItem, wait_for,
};

/// What anything but a browser gets on a machine that is busy.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);
/// What a browser gets to start there.
pub(crate) const BROWSER: Duration = Duration::from_secs(90);
pub(crate) const ROLE: &str = "★ AWSEC2FULLACCESS";
pub(crate) const IDENTITY: &str = "assumed-role/AWSEC2FULLACCESS/ada";

/// A desktop, an AWS to sign in to, and Guise between them.
pub(crate) struct Stage {
    pub(crate) aws: SimulatedAws,
    pub(crate) session: DesktopSession,
}

impl Stage {
    pub(crate) fn set(name: &str) -> Result<Self> {
        Self::set_with(name, SessionConfig::default())
    }

    pub(crate) fn set_with(name: &str, config: SessionConfig) -> Result<Self> {
        Ok(Self { aws: SimulatedAws::start()?, session: DesktopSession::start_with(name, config)? })
    }

    pub(crate) fn guise(&self) -> Result<Guise<'_>> {
        Guise::on(&self.session)
    }

    /// A `guise-desktop` whose windows add sources at the simulator.
    pub(crate) fn at_the_simulator(&self, mut desktop: Command) -> Command {
        let url = self.aws.url();
        desktop.args(["--sts-endpoint", url, "--signin-endpoint", url, "--console-endpoint", url]);
        desktop
    }

    /// Starts `guise-desktop`, and adds the tutorial's source and roles to it.
    pub(crate) fn start(&self) -> Result<Program> {
        let guise = self.guise()?;
        let desktop = self.session.run("guise-desktop", guise.desktop())?;
        guise.wait_for_socket()?;
        guise.add_ada(&self.aws)?;
        guise.add_roles()?;
        Ok(desktop)
    }

    /// The same where a panel shows it.
    pub(crate) fn start_in_tray(&self) -> Result<(Program, TrayItem)> {
        let desktop = self.start()?;
        let item = self.item()?;
        item.wait_for_menu("the roles", LIMIT, |menu| {
            menu.find(&[ROLE]).is_some() && menu.find(&["acme-prod"]).is_some()
        })?;
        Ok((desktop, item))
    }

    pub(crate) fn item(&self) -> Result<TrayItem> {
        TrayBus::connect(&self.session)?.wait_for_item(TRAY_ID, LIMIT)
    }

    pub(crate) fn panel(&self) -> Panel<'_> {
        Panel::of(&self.session)
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::of(&self.session)
    }

    /// Lets `xdg-open` only write down what it was given, for tests that are not about the browser.
    pub(crate) fn without_browser(&self) -> Result<()> {
        self.browser().set_opener(Opener::Nothing)
    }

    /// Waits until the browser shows the role's page.
    pub(crate) fn wait_for_console(&self) -> Result<Page> {
        let page = self.browser().wait_for_title("EC2 | eu-west-1", BROWSER)?;
        let text = self.text_of(&page)?;
        for part in [IDENTITY, "1111 2222 3333", "acme-dev", "eu-west-1"] {
            assert!(text.contains(part), "no `{part}` in\n{text}");
        }
        Ok(page)
    }

    /// What a page shows; its title is there a moment before that.
    pub(crate) fn text_of(&self, page: &Page) -> Result<String> {
        self.session.wait_for("the page's text", LIMIT, || {
            let ready = self.browser().evaluate(page, "document.readyState").ok()? == "complete";
            self.browser().text(page).ok().filter(|text| ready && !text.trim().is_empty())
        })
    }

    /// Waits until `xdg-open` was called this many times, and returns the last address.
    pub(crate) fn wait_for_opened(&self, count: usize) -> Result<String> {
        let opened = self.session.wait_for(&format!("{count} calls of xdg-open"), LIMIT, || {
            self.browser().opened().ok().filter(|calls| calls.len() >= count)
        })?;
        assert_eq!(opened.len(), count, "{opened:?}");
        assert_eq!(opened[count - 1].args.len(), 1, "{opened:?}");
        Ok(opened[count - 1].args[0].clone())
    }

    /// Looks for every secret of the test in everything that was written, the browser's own profile excepted: what a browser keeps of
    /// a page that it showed is its own affair.
    pub(crate) fn end(&self) -> Result<()> {
        self.end_without([])
    }

    /// The same for further secrets, by what they are.
    pub(crate) fn end_without(&self, more: impl IntoIterator<Item = (String, String)>) -> Result<()> {
        let guise = self.guise()?;
        let log = fs::read_to_string(guise.log()).unwrap_or_default();
        assert!(log.contains("the desktop agent starts"), "no log, so nothing is proved:\n{log}");
        let profile = self.browser().profile_dir();
        let report = Canaries::new(self.aws.secrets().into_iter().chain(more))
            .search_files_except([self.session.folder(), &std::env::temp_dir().join("guise")], &[&profile]);
        assert!(report.leaks.is_empty(), "{report}");
        assert!(report.files_read > 10, "{report}");
        Ok(())
    }
}

/// Chooses an entry over the bus.
pub(crate) fn click(item: &TrayItem, path: &[&str]) -> Result<()> {
    item.click(item.menu()?.entry(path)?.id)
}

/// Opens the manager, as the menu does.
pub(crate) fn open_manager(item: &TrayItem) -> Result<()> {
    // The menu may be drawn anew between a look at it and the click.
    wait_for("the manager to be chosen", LIMIT, || click(item, &["Manage…"]).ok())
}

/// The menu once a session is live and its console is open.
pub(crate) fn menu_of_live_session(item: &TrayItem) -> Result<MenuTree> {
    item.wait_for_menu("an open console", LIMIT, |menu| {
        menu.find(&[ROLE]).is_some_and(|role| role.label.contains("open until"))
            && menu.find(&["Sessions (1)", "AWSEC2FULLACCESS"]).is_some()
    })
}

/// The menu once nothing is under way.
pub(crate) fn wait_until_idle(item: &TrayItem) -> Result<MenuTree> {
    item.wait_for_menu("nothing under way", LIMIT, |menu| !menu.to_string().contains("signing in"))
}

/// Waits until no process whose arguments contain this is left in the session.
pub(crate) fn wait_until_no_process(session: &DesktopSession, part: &str) -> Result<()> {
    wait_for(&format!("`{part}` to be in no process"), LIMIT, || {
        processes_with(session, part).is_empty().then_some(())
    })
}

/// The ids of the windows' processes.
pub(crate) fn window_processes(session: &DesktopSession) -> Vec<u32> {
    session
        .processes()
        .into_iter()
        .filter(|id| command_line(*id).is_some_and(|line| line.contains("--stdio")))
        .collect()
}

/// Waits until the agent has seen these processes end. One that is ending has no arguments any more, but is still there.
pub(crate) fn wait_until_reaped(processes: &[u32]) -> Result<()> {
    wait_for("the window's process to be gone", LIMIT, || {
        (!processes.iter().any(|id| Path::new(&format!("/proc/{id}")).exists())).then_some(())
    })
}

fn command_line(id: u32) -> Option<String> {
    let bytes = fs::read(format!("/proc/{id}/cmdline")).ok()?;
    Some(String::from_utf8_lossy(&bytes).replace('\0', " "))
}

/// The command lines of the session's processes that contain this.
pub(crate) fn processes_with(session: &DesktopSession, part: &str) -> Vec<String> {
    session.processes().into_iter().filter_map(command_line).filter(|line| line.contains(part)).collect()
}

/// The AWS CLI of the tests.
pub(crate) fn aws_cli() -> PathBuf {
    let venv = std::env::var_os("GUISE_TEST_VENV").map(PathBuf::from);
    let venv = venv.unwrap_or_else(|| {
        let programs = desktop_tests::programs().expect("the programs");
        programs.parent().expect("a build folder").join("venv")
    });
    let cli = venv.join("bin/aws");
    assert!(cli.is_file(), "no AWS CLI at `{}`; make test puts it there", cli.display());
    cli
}

/// Goes to an address on this computer as a browser does, and returns the address that it is sent on to.
pub(crate) fn sent_on(address: &str) -> Result<String> {
    let rest = address.strip_prefix("http://").because(format_args!("`{address}` is not plain http"))?;
    let (host, path) = rest.split_once('/').because(format_args!("`{address}` has no path"))?;
    let mut stream = TcpStream::connect(host).because("a connection")?;
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
        .because("a request")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).because("an answer")?;
    let mut lines = answer.lines();
    let status = lines.next().unwrap_or_default();
    assert!(status.contains(" 302 ") || status.contains(" 303 "), "{answer}");
    let location = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
    });
    location.because(answer)
}
