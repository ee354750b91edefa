//! This computer's clock against AWS's: AWS refuses what is signed by a clock that is more than five minutes off.

use jiff::SignedDuration;

use super::{AskedClock, Check, ClockTold, Finding};
use crate::arn::{Partition, Region};
use crate::catalog::Catalog;

/// From here a clock is worth setting.
const NOTABLE: SignedDuration = SignedDuration::from_secs(60);
/// From here AWS refuses what it signs.
const REFUSED: SignedDuration = SignedDuration::from_mins(5);

/// Whose clocks to ask: those of the regions that the roles are in, at most `most`.
pub(super) fn regions(catalog: Option<&Catalog>, most: usize) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for role in
        catalog.into_iter().flat_map(|catalog| catalog.roles.values().map(|role| catalog.region_of(role)))
    {
        if regions.len() < most && !regions.contains(&role) {
            regions.push(role);
        }
    }
    if regions.is_empty() {
        regions.push(Partition::Aws.default_region());
    }
    regions
}

/// The host of STS in a region, by the DNS suffixes of AWS's `partitions.json`.
pub(crate) fn host(region: &Region) -> String {
    let suffix = match region.partition() {
        Partition::Aws | Partition::AwsUsGov => "amazonaws.com",
        Partition::AwsCn => "amazonaws.com.cn",
        Partition::AwsEusc => "amazonaws.eu",
        Partition::AwsIso => "c2s.ic.gov",
        Partition::AwsIsoB => "sc2s.sgov.gov",
        Partition::AwsIsoE => "cloud.adc-e.uk",
        Partition::AwsIsoF => "csp.hci.ic.gov",
    };
    format!("sts.{region}.{suffix}")
}

/// How far off the clock is; nothing in `asked` where nobody answered in time.
pub(super) fn clock(asked: &[AskedClock], regions: &[Region]) -> Finding {
    let told = asked.iter().find_map(|each| match each.told {
        ClockTold::Off(off) => Some(off),
        ClockTold::Silent | ClockTold::Not(_) => None,
    });
    if let Some(off) = told {
        return off_by(off);
    }
    match asked.first() {
        Some(first) => not_asked(&first.host, &first.told),
        None => not_asked(&regions.first().map(host).unwrap_or_default(), &ClockTold::Silent),
    }
}

fn off_by(off: SignedDuration) -> Finding {
    let amount = in_words(off.abs());
    let side = if off.is_positive() { "behind" } else { "ahead of" };
    let set = "have it set over the network: timedatectl set-ntp true, or the desktop's date settings";
    if off.abs() > REFUSED {
        return Finding::trouble(
            Check::Clock,
            format!("it is {amount} {side} AWS's, which refuses what it signs"),
        )
        .next(set);
    }
    if off.abs() > NOTABLE {
        return Finding::notice(
            Check::Clock,
            format!("it is {amount} {side} AWS's; at 5 min AWS begins to refuse"),
        )
        .next(set);
    }
    Finding::fine(Check::Clock, "it agrees with AWS's within a minute")
}

fn not_asked(host: &str, told: &ClockTold) -> Finding {
    let (why, next) = match told {
        ClockTold::Not(failure) => (failure.message.clone(), failure.hint.clone()),
        ClockTold::Silent | ClockTold::Off(_) => (
            format!("`{host}` did not answer within 5 seconds"),
            Some("look whether there is a network, and whether a firewall lets HTTPS out".to_owned()),
        ),
    };
    Finding { next_step: next, ..Finding::unknown(Check::Clock, format!("AWS could not be asked: {why}")) }
}

/// The two largest units.
fn in_words(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600..86400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        86_400..172_800 => format!("1 day {} h", seconds % 86400 / 3600),
        _ => format!("{} days {} h", seconds / 86400, seconds % 86400 / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;
    use crate::failure::{Refusal, classify_caller_identity};

    fn asked(told: ClockTold) -> AskedClock {
        AskedClock { host: "sts.eu-west-1.amazonaws.com".to_owned(), told }
    }

    #[test]
    fn a_minute_is_fine_five_are_not() {
        for (seconds, state, said) in [
            (0, State::Fine, "agrees"),
            (-60, State::Fine, "agrees"),
            (61, State::Notice, "it is 1 min 1 s behind AWS's"),
            (-300, State::Notice, "it is 5 min 0 s ahead of AWS's"),
            (301, State::Trouble, "it is 5 min 1 s behind AWS's, which refuses"),
            (-3600, State::Trouble, "it is 1 h 0 min ahead of"),
            (90_000, State::Trouble, "it is 1 day 1 h behind"),
            (180_000, State::Trouble, "it is 2 days 2 h behind"),
        ] {
            let finding = clock(&[asked(ClockTold::Off(SignedDuration::from_secs(seconds)))], &[]);
            assert_eq!(finding.state, state, "{finding:?}");
            assert!(finding.said.contains(said), "{finding:?}");
            assert_eq!(finding.next_step.is_some(), state != State::Fine);
        }
    }

    #[test]
    fn why_nobody_could_be_asked_is_told_apart() {
        let unreached = classify_caller_identity(&Refusal::NotAws { status: 302 }, "");
        for (told, part) in [
            (ClockTold::Silent, "did not answer within 5 seconds"),
            (ClockTold::Not(unreached), "AWS could not be asked: something other than AWS answered"),
        ] {
            let finding = clock(&[asked(told)], &[]);
            assert_eq!(finding.state, State::Unknown);
            assert!(finding.said.contains(part), "{finding:?}");
            assert!(finding.next_step.is_some());
        }
        let second = [asked(ClockTold::Silent), asked(ClockTold::Off(SignedDuration::ZERO))];
        assert_eq!(clock(&second, &[]).state, State::Fine);
        assert!(
            clock(&[], &["cn-north-1".parse().unwrap()]).said.contains("`sts.cn-north-1.amazonaws.com.cn`")
        );
    }
}
