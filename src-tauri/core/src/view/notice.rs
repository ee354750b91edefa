//! What the person is told where they are not looking at a window.

use crate::catalog::Notifications;

/// Something to tell the person where they are not looking at a window of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The short line.
    pub title: String,
    /// The rest; may be empty.
    pub body: String,
    /// How much it matters.
    pub urgency: Urgency,
}

impl Notice {
    /// Whether a person who wants to be told of so much is told this.
    pub fn is_wanted(&self, notifications: Notifications) -> bool {
        match notifications {
            Notifications::All => true,
            Notifications::Important => self.urgency != Urgency::Passing,
            Notifications::None => false,
        }
    }
}

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It goes away by itself.
    Passing,
    /// The person is waited for, or has something to put right.
    Waiting,
    /// Something did not work.
    Failed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_for_the_person_is_told_unless_they_want_to_be_told_nothing() {
        let notice = |urgency| Notice { title: String::new(), body: String::new(), urgency };
        for (urgency, wanted) in [
            (Urgency::Passing, [true, false, false]),
            (Urgency::Waiting, [true, true, false]),
            (Urgency::Failed, [true, true, false]),
        ] {
            let told = [Notifications::All, Notifications::Important, Notifications::None];
            assert_eq!(told.map(|each| notice(urgency).is_wanted(each)), wanted, "{urgency:?}");
        }
    }
}
