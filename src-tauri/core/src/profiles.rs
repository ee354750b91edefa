//! Profiles of the AWS CLI's files: what stands there, what a profile comes to, and which lines say so. Pure: nobody is
//! asked, and no command of a file is run.

mod command;
mod file;
mod name;
mod plan;

pub use command::{GUARD, calls_guise};
pub use file::{Entry, FileKind, Problem, ProfileFile, Section, SectionKind, Value};
pub use name::ProfileName;
pub use plan::{Base, Step, Texts, Way, way_of};

/// No file of the AWS CLI is read that is larger.
pub const LARGEST_FILE: u64 = 4 * 1024 * 1024;
/// No more sections of a file are looked at.
pub const MOST_SECTIONS: usize = 5_000;
/// No way from a profile to what it signs with has more steps.
pub const MOST_STEPS: usize = 16;
