//! How a text is written apart from what it says: a byte order mark, and how its lines end. Both stay as they are.

use std::borrow::Cow;

/// What an editor on another system may have put around the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    mark: Mark,
    lines: LineEnds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Absent,
    Present,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineEnds {
    /// A line feed, or a mixture.
    Feed,
    /// A carriage return and a line feed, on every line.
    ReturnAndFeed,
}

const MARK: char = '\u{feff}';

impl Form {
    /// Takes the form off a text.
    pub(super) fn taken_off(text: &str) -> (Form, Cow<'_, str>) {
        let (mark, text) = match text.strip_prefix(MARK) {
            Some(rest) => (Mark::Present, rest),
            None => (Mark::Absent, text),
        };
        if !text.contains('\r') {
            return (Form { mark, lines: LineEnds::Feed }, text.into());
        }
        let feeds = text.bytes().filter(|byte| *byte == b'\n').count();
        if text.matches("\r\n").count() == feeds {
            return (Form { mark, lines: LineEnds::ReturnAndFeed }, text.replace("\r\n", "\n").into());
        }
        (Form { mark, lines: LineEnds::Feed }, text.into())
    }

    /// Puts the form on again.
    pub(super) fn put_on(self, text: String) -> String {
        let text = match self.lines {
            LineEnds::Feed => text,
            LineEnds::ReturnAndFeed => text.replace('\n', "\r\n"),
        };
        match self.mark {
            Mark::Absent => text,
            Mark::Present => format!("{MARK}{text}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_is_taken_off_and_put_on_leaves_the_text_as_it_was() {
        for text in [
            "",
            "a = 1",
            "a = 1\nb = 2\n",
            "a = 1\r\nb = 2\r\n",
            "\u{feff}a = 1\r\n",
            "\u{feff}a\n",
            "a\r\nb\n",
        ] {
            let (form, plain) = Form::taken_off(text);
            assert_eq!(form.put_on(plain.into_owned()), text);
        }
    }
}
