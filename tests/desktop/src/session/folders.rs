//! The folders of a session: a person's directories, in one temporary place.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use crate::error::{Because, Result};
use crate::wait::wait_for;

/// Services that the private bus may start. The keychain is not among them, so that it can be absent.
const SERVICES: [&str; 3] = ["org.a11y.Bus", "org.gnome.keyring.SystemPrompter", "org.xfce.Xfconf"];

/// The folders of one session, removed with it.
pub(super) struct Folders {
    base: TempDir,
    kept: bool,
}

impl Folders {
    /// Makes them, owned by `user` where one is given.
    pub(super) fn create(user: Option<u32>) -> Result<Self> {
        // Short, because a socket's path may have no more than 107 bytes.
        let base = tempfile::Builder::new().prefix("gd-").tempdir().because("make the session's folder")?;
        let folders = Self { base, kept: false };
        // Other users may pass through, as on a real machine: what they must not read has to be closed by itself.
        set_mode(folders.base(), 0o711)?;
        for (name, mode) in [
            ("home", 0o700),
            ("run", 0o700),
            ("config", 0o700),
            ("data", 0o700),
            ("state", 0o700),
            ("cache", 0o700),
            ("tmp", 0o700),
            ("logs", 0o700),
            ("bin", 0o755),
            ("opened", 0o755),
            ("services", 0o755),
        ] {
            let path = folders.at(name);
            fs::create_dir(&path).because(format_args!("make `{}`", path.display()))?;
            set_mode(&path, mode)?;
        }
        folders.write_panel_settings()?;
        folders.write_toolkit_settings()?;
        folders.write_bus_settings()?;
        if let Some(user) = user {
            give(folders.base(), user)?;
        }
        Ok(folders)
    }

    pub(super) fn base(&self) -> &Path {
        self.base.path()
    }

    /// The folder or file of this name.
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.base().join(name)
    }

    /// Leaves the folder behind when the session ends.
    pub(super) fn keep(&mut self) {
        self.base.disable_cleanup(true);
        self.kept = true;
    }

    fn write_panel_settings(&self) -> Result<()> {
        let folder = self.at("config/xfce4/xfconf/xfce-perchannel-xml");
        fs::create_dir_all(&folder).because("make the panel's settings folder")?;
        fs::write(folder.join("xfce4-panel.xml"), PANEL_SETTINGS).because("write the panel's settings")
    }

    /// A caret that blinks would keep a window from ever standing still.
    fn write_toolkit_settings(&self) -> Result<()> {
        let folder = self.at("config/gtk-3.0");
        fs::create_dir_all(&folder).because("make the toolkit's settings folder")?;
        fs::write(folder.join("settings.ini"), "[Settings]\ngtk-cursor-blink=false\n")
            .because("write the toolkit's settings")
    }

    fn write_bus_settings(&self) -> Result<()> {
        for service in SERVICES {
            let name = format!("{service}.service");
            let installed = Path::new("/usr/share/dbus-1/services").join(&name);
            symlink(installed, self.at("services").join(name)).because("link a bus service")?;
        }
        let settings = BUS_SETTINGS
            .replace("@listen@", &self.at("run").to_string_lossy())
            .replace("@services@", &self.at("services").to_string_lossy());
        fs::write(self.at("bus.conf"), settings).because("write the bus's settings")
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        // A removal fails where a program that is ending still writes; the folder's own drop tries only once.
        let removed = || (fs::remove_dir_all(self.base()).is_ok() || !self.base().exists()).then_some(());
        let _ = wait_for("the session's folder to go", Duration::from_secs(5), removed);
    }
}

fn set_mode(path: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
        .because(format_args!("set the mode of `{}`", path.display()))
}

fn give(path: &Path, user: u32) -> Result<()> {
    if path.is_symlink() {
        return Ok(());
    }
    chown(path, Some(user), Some(user)).because(format_args!("give `{}` to user {user}", path.display()))?;
    if path.is_dir() {
        for entry in fs::read_dir(path).because(format_args!("list `{}`", path.display()))? {
            give(&entry.because("list a folder")?.path(), user)?;
        }
    }
    Ok(())
}

/// One locked panel along the top with nothing on it but the tray: one flat colour, and room around each icon, so that icons can be
/// found by their pixels.
const PANEL_SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="icon-size" type="uint" value="22"/>
      <property name="background-style" type="uint" value="1"/>
      <property name="background-rgba" type="array">
        <value type="double" value="0.2"/>
        <value type="double" value="0.2"/>
        <value type="double" value="0.2"/>
        <value type="double" value="1"/>
      </property>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="icon-size" type="int" value="22"/>
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
"#;

/// A session bus as the system would set it up, less the services that it could start.
const BUS_SETTINGS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path=@listen@/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>@services@</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    <!-- The test itself, where it lets the desktop run as another user. -->
    <allow user="root"/>
  </policy>
</busconfig>
"#;
