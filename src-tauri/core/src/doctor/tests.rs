//! Everything together, on a computer that is told how to behave.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use super::*;
use crate::agent::{Kind, PROTOCOL};
use crate::captured::Captured;
use crate::catalog::CatalogFile;
use crate::view::ShortcutView;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY0";
const CATALOG: &str = "[sources.acme]\naccess_key_id = \"AKIAIOSFODNN7EXAMPLE\"\naccount = \"111122223333\"\n\
                       arn = \"arn:aws:iam::111122223333:user/lovelace\"\n\n[roles.secretproject]\n\
                       arn = \"arn:aws:iam::444455556666:role/X\"\nsource = \"gone\"\nregion = \"eu-west-1\"\n";

/// A computer in good order, but for what is named.
#[derive(Default)]
struct Fake {
    hangs: bool,
    offered: Option<Offered>,
    locked: bool,
    catalog: &'static str,
    environment: Environment,
    key_file: &'static str,
    /// What was asked that a locked or absent keychain must not be asked.
    asked: Mutex<Vec<&'static str>>,
}

impl Fake {
    async fn hang(&self) {
        if self.hangs {
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl Probes for Fake {
    fn environment(&self) -> Environment {
        self.environment.clone()
    }
    fn home_folder(&self) -> Option<PathBuf> {
        Some(PathBuf::from("/home/ada"))
    }
    async fn agent(&self) -> Result<Option<Hello>, Failure> {
        self.hang().await;
        Ok(Some(Hello {
            guise: PROTOCOL,
            version: program::VERSION.to_owned(),
            kind: Kind::Desktop,
            shortcut: ShortcutView::default(),
        }))
    }
    async fn socket_folder(&self) -> Result<Stored, Failure> {
        self.hang().await;
        Ok(Stored::There)
    }
    async fn keychain_offered(&self) -> Offered {
        self.offered.clone().unwrap_or(Offered::By(Some("gnome-keyring-daemon".to_owned())))
    }
    async fn keychain_locked(&self) -> Result<bool, KeychainError> {
        self.asked.lock().unwrap().push("locked");
        self.hang().await;
        Ok(self.locked)
    }
    async fn keychain_items(&self) -> Result<Option<Vec<String>>, KeychainError> {
        self.asked.lock().unwrap().push("items");
        let held = self.catalog.contains("[sources.acme]").then(|| "source/acme".to_owned());
        Ok(Some(held.into_iter().collect()))
    }
    async fn display(&self) -> DisplaySeen {
        self.hang().await;
        DisplaySeen { x11: Some((":0".to_owned(), Some(true))), wayland: None }
    }
    async fn tray(&self) -> TraySeen {
        self.hang().await;
        TraySeen::Shown
    }
    async fn browser(&self) -> BrowserSeen {
        self.hang().await;
        let program = Some(ProgramSeen::There("firefox".to_owned()));
        let default = Some(DefaultBrowser { entry: "firefox.desktop".to_owned(), program });
        BrowserSeen::Opener { default, variable: None, fallback: None }
    }
    async fn clocks(&self, regions: &[Region]) -> Vec<AskedClock> {
        self.hang().await;
        let told =
            |region| AskedClock { host: host(region), told: ClockTold::Off(jiff::SignedDuration::ZERO) };
        regions.iter().map(told).collect()
    }
    async fn roots(&self) -> usize {
        self.hang().await;
        140
    }
    async fn certificates(&self, _path: &Path) -> CertificateFile {
        CertificateFile::Holds(1)
    }
    async fn catalog(&self) -> CatalogSeen {
        self.hang().await;
        let folder = tempfile::tempdir().unwrap();
        let file = CatalogFile::in_folder(folder.path());
        std::fs::write(file.path(), self.catalog).unwrap();
        let current = file.current();
        CatalogSeen { catalog: current.catalog, trouble: current.trouble }
    }
    async fn key_files(&self) -> Vec<KeyFile> {
        self.hang().await;
        let path = PathBuf::from("/home/ada/.aws/credentials");
        vec![KeyFile { path, file: None, keys: Ok(found_in(self.key_file)) }]
    }
    async fn cached_sessions(&self) -> usize {
        0
    }
    async fn log_size(&self) -> Option<u64> {
        self.hang().await;
        None
    }
    async fn room(&self) -> Vec<(PathBuf, u64)> {
        vec![(PathBuf::from("/home/ada"), u64::MAX)]
    }
    async fn unwritable(&self) -> Vec<Unwritable> {
        Vec::new()
    }
    async fn login(&self) -> Login {
        Login::NoEntry
    }
}

fn report(fake: &Fake) -> Report {
    let short = Duration::from_millis(50);
    // What does not hang gets all the time it needs on a busy machine.
    let patience =
        if fake.hangs { Patience { near: short, short, keychain: short, far: short } } else { PATIENCE };
    let home = Home::at(Path::new("/home/ada/guise"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(examine_within(patience, fake, &home))
}

#[test]
fn a_computer_in_order_has_nothing_but_fine_findings_in_a_fixed_order() {
    let report = report(&Fake::default());
    assert!(!report.has_trouble());
    let text = report.text(Wording::Plain);
    assert!(text.ends_with("\n\n17 fine"), "{text}");
    let found = text.lines().filter_map(|line| line.strip_prefix("✓ "));
    let names: Vec<&str> = found.filter_map(|line| line.split_whitespace().next()).collect();
    let expected = [
        "guise",
        "agent",
        "socket",
        "keychain",
        "keys",
        "display",
        "tray",
        "shortcut",
        "browser",
        "clock",
        "proxy",
        "certificates",
        "catalog",
        "plain",
        "log",
        "disk",
        "at",
    ];
    assert_eq!(names, expected);
}

#[test]
fn whatever_hangs_is_a_finding_and_holds_nothing_up() {
    let begun = Instant::now();
    let report = report(&Fake { hangs: true, ..Fake::default() });
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    for (check, state) in [
        (Check::Agent, State::Trouble),
        (Check::Socket, State::Trouble),
        (Check::Keychain, State::Trouble),
        (Check::Keys, State::Unknown),
        (Check::Tray, State::Unknown),
        (Check::Browser, State::Unknown),
        (Check::Clock, State::Unknown),
        (Check::Certificates, State::Unknown),
        (Check::Catalog, State::Unknown),
        (Check::PlainTextKeys, State::Unknown),
        (Check::Disk, State::Unknown),
    ] {
        assert_eq!(report.of(check)[0].state, state, "{check}");
    }
    assert!(report.of(Check::Keychain)[0].said.contains("does not answer"));
    let longest = PATIENCE.near + PATIENCE.far;
    let keychain = PATIENCE.short * 2 + PATIENCE.keychain;
    assert!(longest.max(keychain) <= Duration::from_secs(8));
}

#[test]
fn a_keychain_that_is_locked_or_not_running_is_asked_nothing_more() {
    let fake = Fake { locked: true, catalog: CATALOG, ..Fake::default() };
    let locked = report(&fake);
    assert_eq!(*fake.asked.lock().unwrap(), ["locked"]);
    assert_eq!(locked.of(Check::Keychain)[0].state, State::Notice);
    assert_eq!(locked.of(Check::Keys)[0].state, State::Unknown);

    for offered in [Offered::NoBus, Offered::ByNobody, Offered::OnDemand] {
        let fake = Fake { offered: Some(offered), ..Fake::default() };
        report(&fake);
        assert!(fake.asked.lock().unwrap().is_empty(), "asking would start one");
    }
}

#[test]
fn a_masked_report_has_no_id_no_name_and_no_home_and_none_has_a_secret() {
    let _log = Captured::without(&[SECRET]);
    let environment = Environment::read(|name| match name {
        "USER" => Some("ada".into()),
        "HTTPS_PROXY" => Some(format!("http://ada:{SECRET}@proxy.example:3128").into()),
        _ => None,
    });
    let key_file = concat!(
        "[bigcustomer]\naws_access_key_id = AKIAIOSFODNN7OTHER12\n",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY0\n"
    );
    let report = report(&Fake { catalog: CATALOG, environment, key_file, ..Fake::default() });
    let plain = report.text(Wording::Plain);
    for told in ["bigcustomer", "secretproject", "/home/ada", "AKIA…ER12"] {
        assert!(plain.contains(told), "{told} is not in\n{plain}");
    }
    for text in [report.text(Wording::Masked), report.json(Wording::Masked)] {
        for hidden in
            ["bigcustomer", "secretproject", "acme", "lovelace", "ada", "AKIA…", "1111", "4444", "arn:"]
        {
            assert!(!text.contains(hidden), "{hidden} is in\n{text}");
        }
        assert!(text.contains("profile-1") && text.contains("~/.aws/credentials"), "{text}");
    }
    for text in [plain, report.json(Wording::Plain), format!("{report:?}")] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn a_mask_leaves_ordinary_words_that_are_names_too() {
    let catalog = concat!(
        "[sources.keychain]\naccess_key_id = \"AKIAIOSFODNN7EXAMPLE\"\naccount = \"111122223333\"\n",
        "arn = \"arn:aws:iam::111122223333:user/tray\"\n\n",
        "[roles.a]\narn = \"arn:aws:iam::444455556666:role/X\"\nsource = \"gone\"\n",
        "[roles.role]\narn = \"arn:aws:iam::444455556666:role/Y\"\nsource = \"gone\"\n"
    );
    let report = report(&Fake { catalog, ..Fake::default() });
    let text = report.text(Wording::Masked);
    for word in [
        "with a tray",
        "a panel shows tray icons",
        "guise role edit ROLE --source SOURCE gives a role one",
        "the keychain holds no key for `source-1`",
        "give it one: guise source add source-1 --access-key-id",
        "`role-1`, `role-2` need source `source-2`",
        "no role uses `source-1`",
        "✗ keys",
    ] {
        assert!(text.contains(word), "{word} is not in\n{text}");
    }
}

#[test]
fn what_steers_a_terminal_is_not_printed() {
    let home = Home::at(Path::new("/home/ada/\u{1b}[2J\nguise"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let report = runtime.block_on(examine_within(PATIENCE, &Fake::default(), &home));
    let text = report.text(Wording::Plain);
    assert!(!text.contains('\u{1b}') && text.contains("`/home/ada/[2Jguise`"), "{text:?}");
    assert!(report.text(Wording::Masked).contains("`GUISE_HOME`"));
}

#[test]
fn a_masked_report_does_not_quote_what_is_wrong_in_the_catalog() {
    for (catalog, told, masked) in [
        (
            "[roles.secretproject]\narn = 3\n",
            "role `secretproject` cannot be used: ",
            "role `entry-1` cannot be used: reason-1",
        ),
        ("[roles.secretproject\n", "is not right: line 1", "is not right: reason-1"),
    ] {
        let report = report(&Fake { catalog, ..Fake::default() });
        let plain = report.text(Wording::Plain);
        assert!(plain.contains(told), "{plain}");
        let text = report.text(Wording::Masked);
        assert!(!text.contains("secretproject") && text.contains(masked), "{text}");
    }
}

#[test]
fn the_json_is_what_its_page_says() {
    let report = report(&Fake { offered: Some(Offered::ByNobody), ..Fake::default() });
    assert!(report.has_trouble());
    let value: serde_json::Value = serde_json::from_str(&report.json(Wording::Plain)).unwrap();
    assert_eq!((&value["schema"], &value["trouble"], &value["notice"]), (&1.into(), &1.into(), &0.into()));
    let findings = value["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 17);
    let keychain = findings.iter().find(|finding| finding["check"] == "keychain").unwrap();
    assert_eq!(keychain["state"], "trouble");
    assert!(keychain["said"].as_str().unwrap().contains("nobody offers"));
    assert!(keychain["next_step"].is_string());
    assert!(findings.iter().any(|finding| finding["check"] == "plain-text-keys"));
}
