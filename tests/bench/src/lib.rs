//! What the figures of Guise are taken with. `make bench` takes them and writes them into `docs/figures.md`.
//!
//! What happens inside one process is measured by criterion (`benches/in_process.rs`), everything else on whole processes of the
//! release build, on a private desktop with a real panel (`src/main.rs`). Nothing of it is a test: a machine that is busy gives
//! other figures, and no figure fails a build.

pub mod browser;
pub mod catalog;
pub mod click;
pub mod command;
pub mod criterion;
pub mod drawn;
pub mod figure;
pub mod machine;
pub mod memory;
pub mod process;
pub mod stage;
pub mod start;
pub mod switcher;
pub mod wakeups;
