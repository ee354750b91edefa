//! What a person reads when the catalog is not as it must be, and how to mend it.

use std::path::Path;

use super::{Code, Failure, quoted, shown};

/// What copies a file on a command line.
const COPY: &str = if cfg!(windows) { "copy" } else { "cp" };

/// Why a file cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// It is a folder, a pipe or a device.
    NotAFile,
    /// It is a link, and what it names is not there.
    LeadsNowhere,
    /// We may not.
    Denied,
    /// It belongs to another user.
    OfAnotherUser {
        /// That user.
        owner: u32,
        /// This one.
        us: u32,
    },
    /// Its group, or everybody, may write it.
    OthersMayWrite,
    /// It is larger than any catalog.
    TooLarge,
    /// It is not UTF-8.
    NotText,
    /// The system said otherwise.
    Failed(std::io::Error),
}

impl Failure {
    /// An entry of a section is no table, and nothing can be put into it.
    pub fn entry_no_table(section: &str, name: &str) -> Failure {
        Failure::new(
            Code::CatalogUnreadable,
            format!(
                "`{}.{}` in the catalog is no table, so that nothing can be put into it",
                shown(section),
                shown(name)
            ),
        )
        .hint("take the line out, or make it a table; guise doctor names the file")
    }

    /// The catalog could not be read.
    pub fn catalog_unreadable(path: &Path, why: &Unreadable) -> Failure {
        let quoted = quoted(path);
        let (what, hint) = match why {
            Unreadable::NotAFile => (
                "is not an ordinary file".to_owned(),
                format!("move it away: mv {quoted} {}", super::quoted(&path.with_extension("aside"))),
            ),
            Unreadable::LeadsNowhere => (
                "is a link that leads nowhere".to_owned(),
                format!("bring back what it leads to, or take the link away: rm {quoted}"),
            ),
            Unreadable::Denied => ("may not be read".to_owned(), format!("allow it: chmod u+rw {quoted}")),
            Unreadable::OfAnotherUser { owner, us } => (
                format!("belongs to another user ({owner}), so it is not used"),
                format!("if it is yours all the same: sudo chown {us} {quoted}"),
            ),
            Unreadable::OthersMayWrite => (
                "may be written by other users, so it is not used".to_owned(),
                format!("look at what is in it, then close it: chmod go-w {quoted}"),
            ),
            Unreadable::TooLarge => (
                "is larger than 16 MiB".to_owned(),
                format!(
                    "it is hardly a catalog; look at it, or move it away: mv {quoted} {}",
                    super::quoted(&path.with_extension("aside"))
                ),
            ),
            Unreadable::NotText => {
                ("is not text in UTF-8".to_owned(), "save it again from an editor, as UTF-8".to_owned())
            }
            Unreadable::Failed(error) => {
                (format!("cannot be read: {error}"), "look at the disk and the folders above it".to_owned())
            }
        };
        Failure::new(Code::CatalogUnreadable, format!("the catalog `{}` {what}", path.display())).hint(hint)
    }

    /// The catalog is not TOML, or a section of it is not what it must be.
    pub fn catalog_invalid(path: &Path, why: &str) -> Failure {
        Failure::new(
            Code::CatalogUnreadable,
            format!("the catalog `{}` is not right: {}", path.display(), shown(why)),
        )
        .hint("mend that place in the file")
    }

    /// There is nothing in the catalog, though there was.
    pub fn catalog_emptied(path: &Path) -> Failure {
        Failure::new(
            Code::CatalogUnreadable,
            format!("the catalog `{}` is empty, and Guise did not empty it", path.display()),
        )
        .hint(format!("to begin anew, take the file away: rm {}", quoted(path)))
    }

    /// The catalog is not there any more.
    pub fn catalog_gone(path: &Path) -> Failure {
        Failure::new(
            Code::CatalogUnreadable,
            format!("the catalog `{}` is not there any more", path.display()),
        )
        .hint("guise source add begins a new one")
    }

    /// Says that the last good catalog is in use meanwhile, and how to bring it back.
    #[must_use]
    pub fn last_good_used(self, last: &Path, path: &Path) -> Failure {
        let then = "until then it stays as it is, the last good one is used, and nothing is written";
        self.more(&format!(
            "{then}\nor put the last good one in its place: {COPY} {} {}",
            quoted(last),
            quoted(path)
        ))
    }

    /// Says that nothing is in use meanwhile.
    #[must_use]
    pub fn nothing_used(self) -> Failure {
        self.more("until then it stays as it is, and nothing is written")
    }

    /// Says where the catalog that went is kept.
    #[must_use]
    pub fn kept_at(self, last: &Path, path: &Path) -> Failure {
        self.more(&format!("to have the old one back: {COPY} {} {}", quoted(last), quoted(path)))
    }

    /// An entry says something that this version does not understand. `place` is such as `roles.x`.
    pub fn entry_unusable(what: &str, name: &str, why: &str) -> Failure {
        Failure::new(
            Code::CatalogUnreadable,
            format!("{what} `{}` cannot be used: {}", shown(name), shown(why)),
        )
        .hint("mend it in the catalog, if no newer Guise wrote it; it stays there as it is")
    }

    /// Somebody else keeps changing the catalog.
    pub fn catalog_busy(path: &Path) -> Failure {
        Failure::new(
            Code::WriteFailed,
            format!("the catalog `{}` is being changed by another program", path.display()),
        )
        .hint("nothing was written; try again")
    }

    fn more(self, line: &str) -> Failure {
        let hint = self.hint.as_deref().map_or_else(|| line.to_owned(), |hint| format!("{hint}\n{line}"));
        self.hint(hint)
    }
}
