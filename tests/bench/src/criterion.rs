//! What criterion has measured, read from where it keeps its samples.

use std::fs;
use std::path::Path;

use desktop_tests::{Because, Result};
use serde_json::Value;

use crate::figure::{Aim, Figure};

/// The figures of `benches/in_process.rs`; `programs` is the folder beside which criterion keeps them.
pub fn figures(programs: &Path) -> Result<Vec<Figure>> {
    let folder = programs.parent().because("the programs lie in no folder")?.join("criterion");
    let read = |name: &str, what: &str, aim: Aim| -> Result<Figure> {
        let path = folder.join(name).join("new/sample.json");
        let text = fs::read_to_string(&path)
            .because(format_args!("no samples of `{name}`; cargo bench -p bench takes them"))?;
        let values =
            samples(&text).because(format_args!("`{}` is not as criterion writes it", path.display()))?;
        Ok(Figure::new(what, aim, values))
    };
    let middle = "menu built with 300 roles, ms";
    let snapshot = "snapshot made and compared with 300 roles, ms";
    Ok(vec![
        read("menu/10", "menu built with 10 roles, ms", Aim::None)?,
        read("menu/300", middle, Aim::None)?,
        read("menu/10000", "menu built with 10000 roles, ms", Aim::As(middle.to_owned()))?,
        read("snapshot/10", "snapshot made and compared with 10 roles, ms", Aim::None)?,
        read("snapshot/300", snapshot, Aim::None)?,
        read("snapshot/10000", "snapshot made and compared with 10000 roles, ms", Aim::None)?,
        read("search/words/300", "key pressed in the switcher with 300 roles, ms", Aim::AtMost(8.0))?,
        read(
            "search/letter/10000",
            "key pressed in the switcher with 10000 roles, one letter, ms",
            Aim::AtMost(8.0),
        )?,
        read(
            "search/words/10000",
            "key pressed in the switcher with 10000 roles, three words, ms",
            Aim::AtMost(8.0),
        )?,
        read("catalog/load", "catalog of 10000 roles loaded, ms", Aim::AtMost(50.0))?,
        read("catalog/save", "catalog of 10000 roles changed and saved, ms", Aim::AtMost(50.0))?,
    ])
}

/// The time of one iteration in each sample, in milliseconds.
fn samples(text: &str) -> Option<Vec<f64>> {
    let json: Value = serde_json::from_str(text).ok()?;
    let numbers =
        |name: &str| -> Option<Vec<f64>> { json[name].as_array()?.iter().map(Value::as_f64).collect() };
    let (iterations, times) = (numbers("iters")?, numbers("times")?);
    Some(iterations.iter().zip(times).map(|(iterations, time)| time / iterations / 1e6).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_time_of_one_iteration() {
        let text = r#"{"sampling_mode":"Linear","iters":[2.0,4.0],"times":[4000000.0,4000000.0]}"#;
        assert_eq!(samples(text), Some(vec![2.0, 1.0]));
    }
}
