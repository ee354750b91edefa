//! Inputs that nobody thought of, for every parser of ours. On stable Rust: good inputs are taken apart, put together otherwise
//! and bent, by numbers that a seed gives, so that a run can be repeated. What a parser takes must hold what its type
//! promises; a panic is a finding.

mod corpus;
mod random;
mod targets;

pub use targets::{TARGETS, Target};

use random::Random;

/// No input is longer.
const LONGEST: usize = 4096;

/// Gives a target so many inputs; tells how many of them its parser took.
pub fn run(target: &Target, seed: u64, count: u64) -> u64 {
    let mut random = Random::from_seed(seed);
    let mut taken = replay(target);
    for _ in 0..count {
        taken += u64::from((target.try_one)(&input(target, &mut random)));
    }
    taken
}

/// Gives a target its corpus as it is; tells how many its parser took.
pub fn replay(target: &Target) -> u64 {
    let taken = target.corpus.iter().filter(|text| (target.try_one)(text));
    taken.count() as u64
}

/// A bent input of the corpus.
fn input(target: &Target, random: &mut Random) -> String {
    let mut text: Vec<char> = random.one_of(target.corpus).chars().collect();
    for _ in 0..=random.below(6) {
        let at = random.below(text.len() + 1);
        let until = (at + random.below(12)).min(text.len());
        match random.below(7) {
            0 => text.splice(at..until, []).for_each(drop),
            1 => text.splice(at..at, random.one_of(corpus::PIECES).chars()).for_each(drop),
            2 => text.splice(at..until, random.one_of(corpus::PIECES).chars()).for_each(drop),
            3 => text.insert(at, character(random.below(0x11_0000))),
            4 => text.insert(at, character(random.below(0x80))),
            // A part of another, or of itself again.
            5 => text.splice(at..until, random.one_of(target.corpus).chars()).for_each(drop),
            _ => text.extend_from_within(at..until),
        }
        text.truncate(LONGEST);
    }
    text.into_iter().collect()
}

fn character(number: usize) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_takes_of_its_corpus_and_stands_some_thousand_inputs() {
        for target in TARGETS {
            assert!(replay(target) > 0, "{} takes nothing", target.name);
            let taken = run(target, 1, 2_000);
            assert!(
                taken < 2_000 + target.corpus.len() as u64 || target.takes_all,
                "{} refuses nothing",
                target.name
            );
        }
    }

    #[test]
    fn a_seed_gives_the_same_inputs_again() {
        let inputs = |seed| {
            let mut random = Random::from_seed(seed);
            (0..50).map(|_| input(&TARGETS[0], &mut random)).collect::<Vec<_>>()
        };
        assert_eq!(inputs(7), inputs(7));
        assert_ne!(inputs(7), inputs(8));
    }
}
