//! Catalogs as large as anybody has, and larger.

use std::fs;
use std::time::{Duration, Instant};

use desktop_tests::{Guise, Result};

use super::{HEAD, Stage};

/// What a program built for debugging may take on a machine that is busy; the figures are in the benchmarks.
const PATIENCE: Duration = Duration::from_mins(2);

fn catalog(roles: usize) -> String {
    let mut text = HEAD.to_owned();
    for each in 0..roles {
        text.push_str(&format!(
            "\n# the one of team {each}, which asked for it on a day in spring\n[roles.team-{each:05}-administrator]\n\
             arn = \"arn:aws:iam::{:012}:role/teams/team-{each:05}/administrator-of-everything-that-the-team-has\"\n\
             source = \"work\"\nregion = \"ap-southeast-2\"\n\
             destination = \"cloudwatch/home#logsV2:log-groups/log-group/team-{each:05}/of-everything-that-it-runs\"\n\
             session_name = \"ada.lovelace@analytical-engine.example\"\nduration = \"12h\"\nfavourite = true\n",
            each % 400 + 100_000_000_000
        ));
    }
    text
}

#[test]
fn f30_ten_thousand_roles_with_every_setting_are_loaded_changed_and_served() -> Result<()> {
    let roles = 10_000;
    let text = catalog(roles);
    assert!(text.len() > 4 * 1024 * 1024, "{} bytes", text.len());
    let stage = Stage::new(&text);
    let begun = Instant::now();
    let list = stage.run(&["role", "list"]).succeeded();
    assert_eq!((list.stdout.lines().count(), list.stderr.len()), (roles, 0), "{:.500}", list.stderr);
    stage.run(&["role", "edit", "team-00042-administrator", "--duration", "1h"]).succeeded();
    let (before, after) = text.split_at(text.find("[roles.team-00042").expect("it is there"));
    assert!(stage.text() == format!("{before}{}", after.replacen("12h", "1h", 1)), "one line is changed");

    let agent = Guise::here(&stage.home())?.start_agent(&stage.home())?;
    assert!(begun.elapsed() < PATIENCE, "{roles} roles took {:?}", begun.elapsed());
    let status = fs::read_to_string(format!("/proc/{}/status", agent.id())).expect("it runs");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells it").trim();
    let peak: u64 = peak.trim_end_matches(" kB").parse().expect("a number");
    println!("{roles} roles, {} bytes: {:?}, the agent's peak is {peak} kB", text.len(), begun.elapsed());
    assert!(peak < 250_000, "the agent took {peak} kB");
    Ok(())
}
