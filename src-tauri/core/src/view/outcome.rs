//! How an intent ended when it ended well.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Answer, Identity, MadeView};
use crate::catalog::Name;
use crate::failure::Failure;
use crate::ports::OwnKey;
use crate::secret::{AccessKeyId, SigninUrl};
use crate::session::Session;

/// How an intent ended when it ended well.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Done; there is nothing more to say.
    Done,
    /// The browser has been sent to the console.
    ConsoleOpened,
    /// The address that was asked for.
    SigninUrl(SigninUrl),
    /// The session that was asked for.
    Credentials(Arc<Session>),
    /// It is on the clipboard.
    Copied {
        /// When it is taken off again.
        clears: Timestamp,
    },
    /// A text that is no secret is on the clipboard, and stays there.
    TextCopied,
    /// A role is in IAM, as far as it came.
    RoleMade(Box<MadeView>),
    /// A role can be assumed.
    RoleTried {
        /// Its name in the catalog.
        role: Name,
    },
    /// Who a source is.
    Identity(Identity),
    /// The keys of a source's user.
    Keys(Vec<OwnKey>),
    /// A source has a new key.
    Rotated {
        /// The key that it had.
        old: AccessKeyId,
        /// The key that it has now.
        new: AccessKeyId,
        /// Why the old one is not switched off, where it is not.
        trouble: Option<Failure>,
    },
    /// An old key is deleted.
    KeyDeleted {
        /// Its id.
        id: AccessKeyId,
    },
    /// The source is gone.
    SourceRemoved {
        /// The roles that named it, which cannot be assumed until they name another.
        needed_by: Vec<Name>,
        /// Whether the keychain held a key for it.
        key_removed: bool,
    },
    /// Plain data that was asked for.
    Told(Box<Answer>),
    /// The session is forgotten.
    SessionEnded {
        /// Until when copies of its credentials stay good: AWS cannot take them back.
        copies_valid_until: Timestamp,
        /// Whether the sign-out page was opened.
        signed_out: bool,
    },
}
