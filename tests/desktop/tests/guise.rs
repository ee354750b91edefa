//! Guise on a real desktop: the tray of a real panel, a real browser, a real keychain, and AWS simulated.

#[path = "guise/accessible.rs"]
mod accessible;
#[path = "guise/asking.rs"]
mod asking;
#[path = "guise/bringing.rs"]
mod bringing;
#[path = "guise/catalog.rs"]
mod catalog;
#[path = "guise/chosen_browser.rs"]
mod chosen_browser;
#[path = "guise/clipboard.rs"]
mod clipboard;
#[path = "guise/demo.rs"]
mod demo;
#[path = "guise/dragging.rs"]
mod dragging;
#[path = "guise/driving.rs"]
mod driving;
#[path = "guise/failures.rs"]
mod failures;
#[path = "guise/guide.rs"]
mod guide;
#[path = "guise/injected.rs"]
mod injected;
#[path = "guise/login.rs"]
mod login;
#[path = "guise/main_job.rs"]
mod main_job;
#[path = "guise/one_agent.rs"]
mod one_agent;
#[path = "guise/panel.rs"]
mod panel;
#[path = "guise/pictures.rs"]
mod pictures;
#[path = "guise/roles.rs"]
mod roles;
#[path = "guise/sessions.rs"]
mod sessions;
#[path = "guise/sources.rs"]
mod sources;
#[path = "guise/stage.rs"]
mod stage;
#[path = "guise/state.rs"]
mod state;
#[path = "guise/switcher.rs"]
mod switcher;
#[path = "guise/switching.rs"]
mod switching;
#[path = "guise/window.rs"]
mod window;
