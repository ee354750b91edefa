//! The ways to a role: source, MFA, chain, duration and the role's own maximum together decide which calls are made. The table
//! holds them; every row is carried out by the real programs, and the simulator's journal is compared.

mod edges;
mod rows;
mod stage;

use aws_sim::Call;
use desktop_tests::Result;

use self::rows::{Row, rows};

#[test]
fn every_way_to_a_role_takes_the_calls_of_the_table_and_no_other() -> Result<()> {
    let rows = rows();
    assert!(rows.len() > 40);
    let world = stage::build(&rows)?;
    let mut wrong = Vec::new();
    for row in &rows {
        let explained = world.tell(&["role", "explain", &row.role("a")])?;
        check_plan(row, &explained, &mut wrong);
        let before = world.aws.simulator().calls().len();
        let answered = world.run(&["credentials", &row.role("a"), "--format", "json"])?;
        // What is held already is not asked for again.
        let again = world.run(&["credentials", &row.role("a"), "--format", "json"])?;
        let calls: Vec<String> =
            world.aws.simulator().calls()[before..].iter().filter_map(|call| in_words(row, call)).collect();
        if calls != row.calls || answered.code != 0 || again.stdout != answered.stdout {
            wrong.push(format!("{row:?}\n  made {calls:?}\n  {}", answered.stderr.trim()));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
    world.finish()
}

/// The plan that is printed beforehand names every call in its order, but for what only AWS can tell.
fn check_plan(row: &Row, explained: &str, wrong: &mut Vec<String>) {
    let planned: Vec<&str> =
        explained.lines().filter_map(|line| line.split_once(". sts:").map(|(_, call)| call)).collect();
    let expected: Vec<String> = row
        .calls
        .iter()
        // What a profile comes to is the SDK's business, and an hour in place of a refused duration is a second try.
        .filter(|call| !call.contains(" base ") && !call.contains("WebIdentity"))
        .scan(false, |refused, call| {
            let second = std::mem::replace(refused, call.ends_with("refused"));
            Some((!second).then_some(*call))
        })
        .flatten()
        .map(|call| planned_in_words(row, call))
        .collect();
    let same = planned.len() == expected.len()
        && planned.iter().zip(&expected).all(|(line, wanted)| line.starts_with(wanted.as_str()));
    // A code is asked for where one is sent.
    let codes = explained.matches("asks for a code from").count();
    if !same || (codes > 0) != row.calls.iter().any(|call| call.contains(" code")) {
        wrong.push(format!("{row:?}\n  explained as\n{explained}  and not as {expected:#?}"));
    }
}

/// `user x 3600` as the plan begins to say it.
fn planned_in_words(row: &Row, call: &str) -> String {
    let words: Vec<&str> = call.split(' ').collect();
    let lasts = match words[2].parse::<u32>().expect("seconds") {
        seconds if seconds < 3600 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    };
    match words[1] {
        "session" => format!("GetSessionToken in eu-west-1, {lasts}"),
        which => format!("AssumeRole {} in eu-west-1, {lasts}", stage::arn(&row.role(which))),
    }
}

/// A call as the table has it; none where nothing was asked of STS.
fn in_words(row: &Row, call: &Call) -> Option<String> {
    let what = match call.action.as_str() {
        "AssumeRole" => {
            let name = call.role.as_deref().and_then(|arn| arn.rsplit('/').next()).unwrap_or_default();
            name.strip_prefix(&row.role("")).unwrap_or(name).to_owned()
        }
        "GetSessionToken" => "session".to_owned(),
        _ if call.kind == aws_sim::CallKind::Sts => call.action.clone(),
        _ => return None,
    };
    let signed_by = serde_json::to_value(call.caller_kind).expect("a word");
    let mut words = vec![signed_by.as_str().unwrap_or("nobody").to_owned(), what];
    words.push(call.duration.clone().unwrap_or_else(|| "-".to_owned()));
    words.extend(call.with_code.then(|| "code".to_owned()));
    words.extend(call.error.as_ref().map(|_| "refused".to_owned()));
    Some(words.join(" "))
}
