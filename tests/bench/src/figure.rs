//! A figure: what was measured, how often, and whether it is what it should be. And the table of them all.

use std::fmt::Write as _;

/// Where the table begins and ends in the page.
const BEGIN: &str = "<!-- make bench writes from here -->";
const END: &str = "<!-- to here -->";

/// One thing that was measured more than once.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What, in a few words, with its unit.
    pub what: String,
    /// What its median should be.
    pub aim: Aim,
    /// What it was.
    pub values: Vec<f64>,
}

/// What the median of a figure should be.
#[derive(Clone, Debug, PartialEq)]
pub enum Aim {
    /// No more than this.
    AtMost(f64),
    /// Within what the figure of that name was.
    As(String),
    /// Nobody has set one.
    None,
}

impl Figure {
    /// A figure in these values.
    pub fn new(what: impl Into<String>, aim: Aim, values: Vec<f64>) -> Self {
        Figure { what: what.into(), aim, values }
    }

    /// The value in the middle; of two, their mean.
    pub fn median(&self) -> f64 {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        match sorted.len() {
            0 => f64::NAN,
            count if count.is_multiple_of(2) => f64::midpoint(sorted[middle - 1], sorted[middle]),
            _ => sorted[middle],
        }
    }

    fn least(&self) -> f64 {
        self.values.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn most(&self) -> f64 {
        self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// The figures as a table of Markdown.
pub fn table(figures: &[Figure]) -> String {
    let mut text = String::from(
        "| | aim | median | least | most | runs | met |\n| --- | --: | --: | --: | --: | --: | --- |\n",
    );
    for figure in figures {
        let (aim, met) = match &figure.aim {
            Aim::AtMost(most) => (number(*most), Some(figure.median() <= *most)),
            Aim::As(other) => {
                let other = figures.iter().find(|each| each.what == *other);
                ("as above".to_owned(), other.map(|other| figure.median() <= other.most()))
            }
            Aim::None => (String::new(), None),
        };
        let met = match met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {aim} | {} | {} | {} | {} | {met} |",
            figure.what,
            number(figure.median()),
            number(figure.least()),
            number(figure.most()),
            figure.values.len()
        );
    }
    text
}

/// Three digits that count, and no more than three after the point.
fn number(value: f64) -> String {
    let digits = match value.abs() {
        large if large >= 99.95 => 0,
        some if some >= 9.995 => 1,
        few if few >= 0.9995 => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The page with this text between its marks; `None` where it has no marks.
pub fn page_with(page: &str, text: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_the_median_is_as_it_should_be() {
        let figures = [
            Figure::new("one", Aim::AtMost(2.0), vec![3.0, 1.0, 2.0]),
            Figure::new("two", Aim::AtMost(300.0), vec![301.4, 300.1]),
            Figure::new("three", Aim::As("one".into()), vec![2.5]),
            Figure::new("four", Aim::None, vec![0.123_456]),
        ];
        let rows = "| one | 2 | 2 | 1 | 3 | 3 | yes |\n\
                    | two | 300 | 301 | 300 | 301 | 2 | **no** |\n\
                    | three | as above | 2.5 | 2.5 | 2.5 | 1 | yes |\n\
                    | four |  | 0.123 | 0.123 | 0.123 | 1 |  |\n";
        assert!(table(&figures).ends_with(rows), "{}", table(&figures));
    }

    #[test]
    fn the_page_around_the_table_stays() {
        let page = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        assert_eq!(page_with(&page, "new\n"), Some(format!("a\n{BEGIN}\n\nnew\n\n{END}\nb\n")));
        assert_eq!(page_with("a", "new"), None);
    }
}
