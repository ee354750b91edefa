//! A tray item with nested submenus, for the harness's own tests: what is chosen in it is printed, a line each.

use std::io::{self, Write};

use ksni::blocking::TrayMethods;
use ksni::menu::{CheckmarkItem, MenuItem, StandardItem, SubMenu};

/// The stand-in for Guise in the tray.
struct StandInTray {
    checked: bool,
}

impl ksni::Tray for StandInTray {
    fn id(&self) -> String {
        "stand-in".to_owned()
    }

    fn title(&self) -> String {
        "Stand-in tray".to_owned()
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        vec![square(22), square(48)]
    }

    fn tool_tip(&self) -> ksni::ToolTip {
        ksni::ToolTip {
            title: "Stand-in".to_owned(),
            description: "no role".to_owned(),
            ..Default::default()
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        report("activate");
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        vec![
            entry("Open switcher…", true),
            entry("Nothing _here", false),
            MenuItem::Separator,
            submenu("Console", vec![entry("AWSReadOnly", true), entry("AWSEC2FULLACCESS", true)]),
            submenu(
                "Copy credentials",
                vec![
                    entry("AWSReadOnly", true),
                    entry("Unreachable", false),
                    submenu("Production", vec![entry("Admin", true), entry("AWSEC2FULLACCESS", true)]),
                ],
            ),
            CheckmarkItem {
                label: "Notify".to_owned(),
                checked: self.checked,
                activate: Box::new(|tray: &mut Self| {
                    tray.checked = !tray.checked;
                    report("chosen Notify");
                }),
                ..Default::default()
            }
            .into(),
            entry("Quit", true),
        ]
    }
}

fn main() {
    let tray = StandInTray { checked: false };
    let _handle = match tray.assume_sni_available(true).spawn() {
        Ok(handle) => handle,
        Err(error) => {
            report(&format!("no tray: {error}"));
            return;
        }
    };
    report("ready");
    loop {
        std::thread::park();
    }
}

fn entry(label: &str, enabled: bool) -> MenuItem<StandInTray> {
    let chosen = format!("chosen {label}");
    StandardItem {
        label: label.to_owned(),
        enabled,
        activate: Box::new(move |_: &mut StandInTray| report(&chosen)),
        ..Default::default()
    }
    .into()
}

fn submenu(label: &str, submenu: Vec<MenuItem<StandInTray>>) -> MenuItem<StandInTray> {
    SubMenu { label: label.to_owned(), submenu, ..Default::default() }.into()
}

/// An orange square, easy to see on a grey panel.
fn square(side: i32) -> ksni::Icon {
    let pixels = usize::try_from(side * side).unwrap_or(0);
    ksni::Icon { width: side, height: side, data: [255, 255, 140, 0].repeat(pixels) }
}

fn report(line: &str) {
    let mut out = io::stdout().lock();
    // A reader that has gone away is no concern of the tray.
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
