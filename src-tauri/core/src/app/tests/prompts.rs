//! Questions to the person, and whoever waits for their answers.

use super::*;
use crate::assume::MfaWay;
use crate::catalog::{AccountChange, Change, RoleChange, SourceChange};
use crate::view::{Entered, PromptView, QuestionView};

/// A stage whose source has an MFA device.
pub(super) async fn with_device(world: World) -> Stage {
    let stage = Stage::with(world).await;
    let change = SourceChange {
        mfa_serial: Change::Set("arn:aws:iam::111122223333:mfa/ada".parse().unwrap()),
        ..SourceChange::default()
    };
    stage.catalog().edit_source(&name("work"), &change).unwrap();
    stage
}

impl Stage {
    pub(super) fn asked(
        &self,
        intent: Intent,
        origin: Origin,
    ) -> tokio::task::JoinHandle<Result<Outcome, Failure>> {
        let app = self.app.clone();
        tokio::spawn(async move { app.ask(intent, origin).await })
    }

    /// The next question of which this is true.
    pub(super) async fn prompt(&self, wanted: impl Fn(&PromptView) -> bool) -> PromptView {
        let mut snapshots = self.app.snapshots();
        let found =
            snapshots.wait_for(|snapshot| snapshot.prompts.iter().any(&wanted)).await.unwrap().clone();
        found.prompts.iter().find(|prompt| wanted(prompt)).unwrap().clone()
    }

    pub(super) async fn answer(&self, prompt: &PromptView, answer: &str) {
        let answer = Entered(answer.into());
        self.app.ask(Intent::AnswerPrompt { prompt: prompt.id, answer }, Origin::Window).await.unwrap();
    }

    pub(super) fn called(&self) -> Vec<String> {
        self.world.calls.lock().unwrap().clone()
    }
}

pub(super) fn at_terminal() -> Origin {
    Origin::Program(Program { asks: Asks::Terminal, ..Program::default() })
}

#[tokio::test]
async fn many_askers_of_many_roles_share_one_question_and_one_mfa_session() {
    let stage = with_device(World::default()).await;
    stage.catalog().add_role(&name("other"), &Role { external_id: "ab".parse().ok(), ..role() }).unwrap();
    let asked: Vec<_> = (0..40)
        .map(|index| {
            stage.asked(credentials_of(if index % 2 == 0 { "ec2" } else { "other" }), Origin::Window)
        })
        .collect();
    let prompt = stage.prompt(|_| true).await;
    assert!(matches!(&prompt.question, QuestionView::MfaCode { device, .. } if device == "ada"));
    assert_eq!(stage.snapshot().prompts.len(), 1);
    stage.answer(&prompt, "271 828").await;
    for asked in asked {
        asked.await.unwrap().unwrap();
    }
    let mut calls = stage.called();
    calls.sort();
    assert_eq!(calls, ["ec2", "other", "session token"]);
    assert!(stage.snapshot().prompts.is_empty());
    // Only what somebody asked for is shown.
    assert_eq!(stage.snapshot().sessions.len(), 2);
}

#[tokio::test]
async fn a_wrong_code_is_asked_for_again_and_none_is_sent_twice() {
    let stage = with_device(World::default()).await;
    let asked = stage.asked(credentials_of("ec2"), Origin::Window);
    let first = stage.prompt(|_| true).await;
    stage.answer(&first, "111111").await;
    let second = stage.prompt(|prompt| prompt.id != first.id).await;
    assert_eq!(second.again.as_ref().unwrap().code, Code::MfaCodeRefused);
    stage.answer(&second, "111111").await;
    let third = stage.prompt(|prompt| prompt.id > second.id).await;
    assert!(third.again.as_ref().unwrap().message.contains("used already"));
    stage.answer(&third, "12").await;
    let fourth = stage.prompt(|prompt| prompt.id > third.id).await;
    assert_eq!(fourth.again.as_ref().unwrap().code, Code::MfaCodeMalformed);
    stage.answer(&fourth, RIGHT_CODE).await;
    asked.await.unwrap().unwrap();
    assert_eq!(stage.called(), ["session token", "session token", "ec2"]);
}

#[tokio::test]
async fn an_mfa_session_outlives_the_agent_in_the_keychain() {
    let stage = with_device(World::default()).await;
    let asked = stage.asked(credentials_of("ec2"), Origin::Window);
    stage.answer(&stage.prompt(|_| true).await, RIGHT_CODE).await;
    asked.await.unwrap().unwrap();
    stage.app.end().await;
    let again = start(Config {
        home: stage.home.clone(),
        ports: ports(&stage.world),
        zone: TimeZone::UTC,
        host: String::new(),
        endpoints: crate::console::Endpoints::default(),
    });
    again.ask(credentials_of("ec2"), Origin::Window).await.unwrap();
    assert_eq!(stage.called(), ["session token", "ec2", "ec2"]);
    // With the source it goes.
    again.ask(Intent::RemoveSource { source: name("work") }, Origin::Window).await.unwrap();
    assert!(stage.world.items.lock().unwrap().is_empty());
}

#[tokio::test]
async fn saying_no_is_no_failure_of_the_role() {
    let stage = with_device(World::default()).await;
    let asked = stage.asked(credentials_of("ec2"), Origin::Window);
    let prompt = stage.prompt(|_| true).await;
    stage.app.ask(Intent::DismissPrompt { prompt: prompt.id }, Origin::Window).await.unwrap();
    assert!(asked.await.unwrap().unwrap_err().is_cancelled());
    assert_eq!(stage.snapshot().roles[0].activity, Activity::Idle);
    assert!(stage.called().is_empty());
}

#[tokio::test]
async fn a_window_that_is_closed_says_no_and_a_terminal_that_is_gone_too() {
    let stage = with_device(World::default()).await;
    let asked = stage.asked(credentials_of("ec2"), Origin::Window);
    stage.prompt(|_| true).await;
    stage.app.prompt_window_closed();
    assert!(asked.await.unwrap().unwrap_err().is_cancelled());
    let asked = stage.asked(credentials_of("ec2"), at_terminal());
    let prompt = stage.prompt(|_| true).await;
    stage.app.prompt_attended(prompt.id);
    stage.app.prompt_left(prompt.id);
    assert!(asked.await.unwrap().unwrap_err().is_cancelled());
}

#[tokio::test]
async fn where_nobody_can_be_asked_it_is_said_at_once() {
    let stage = with_device(World { has_windows: false.into(), ..World::default() }).await;
    let failure = stage.app.ask(credentials_of("ec2"), Origin::Window).await.unwrap_err();
    assert_eq!(failure.code, Code::NobodyToAsk);
    // A terminal needs no window.
    let asked = stage.asked(credentials_of("ec2"), at_terminal());
    stage.answer(&stage.prompt(|_| true).await, RIGHT_CODE).await;
    asked.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_command_gives_the_code_in_the_persons_place_and_a_wrong_one_does_not_loop() {
    let stage = with_device(World { has_windows: false.into(), ..World::default() }).await;
    let process = |code: &str| Intent::EditSource {
        source: name("work"),
        change: SourceChange::default(),
        mfa_process: Change::Set(vec!["device".into(), code.into()]),
    };
    stage.app.ask(process("111111"), Origin::Window).await.unwrap();
    let failure = stage.app.ask(credentials_of("ec2"), Origin::Window).await.unwrap_err();
    assert_eq!(failure.code, Code::MfaCodeRefused);
    assert_eq!(stage.called(), ["session token"]);
    stage.app.ask(process(RIGHT_CODE), Origin::Window).await.unwrap();
    stage.app.ask(credentials_of("ec2"), Origin::Window).await.unwrap();
    assert_eq!(stage.called().len(), 3);
}

#[tokio::test]
async fn production_begins_when_it_is_meant() {
    let stage = Stage::with(World::default()).await;
    let production = AccountChange { production: Some(true), ..AccountChange::default() };
    stage.catalog().edit_account(&"111122223333".parse().unwrap(), &production).unwrap();
    let (first, second) = (
        stage.asked(credentials_of("ec2"), Origin::Window),
        stage.asked(credentials_of("ec2"), Origin::Window),
    );
    let prompt = stage.prompt(|_| true).await;
    assert!(matches!(
        &prompt.question,
        QuestionView::Production { access: Access::ReadOnly, word: None, .. }
    ));
    assert!(stage.called().is_empty());
    stage.app.ask(Intent::DismissPrompt { prompt: prompt.id }, Origin::Window).await.unwrap();
    assert!(first.await.unwrap().unwrap_err().is_cancelled());
    assert!(second.await.unwrap().unwrap_err().is_cancelled());
    assert!(stage.called().is_empty() && stage.world.opened.lock().unwrap().is_empty());
    // A word, by choice.
    stage.catalog().set_setting(crate::catalog::Setting::ProductionConfirm, "word").unwrap();
    let asked = stage.asked(credentials_of("ec2"), at_terminal());
    let prompt = stage.prompt(|_| true).await;
    stage.answer(&prompt, "yes").await;
    assert!(stage.prompt(|prompt| prompt.again.is_some()).await.id == prompt.id);
    stage.answer(&prompt, " ec2 ").await;
    let Outcome::Credentials(session) = asked.await.unwrap().unwrap() else { panic!() };
    assert_eq!(session.plan.access, Access::ReadOnly);
    // A tool that renews asks nobody again; a click does.
    stage.app.ask(credentials_of("ec2"), at_terminal()).await.unwrap();
    let clicked = stage.asked(open(), Origin::Tray);
    let prompt = stage.prompt(|_| true).await;
    stage.app.ask(Intent::DismissPrompt { prompt: prompt.id }, Origin::Window).await.unwrap();
    assert!(clicked.await.unwrap().is_err());
}

#[tokio::test]
async fn production_on_the_way_is_asked_about_before_its_first_step() {
    let stage = Stage::with(World::default()).await;
    let production = AccountChange { production: Some(true), ..AccountChange::default() };
    stage.catalog().edit_account(&"111122223333".parse().unwrap(), &production).unwrap();
    let thru = Role {
        arn: "arn:aws:iam::444455556666:role/Thru".parse().unwrap(),
        assumed_by: Assumer::Role(name("ec2")),
        ..role()
    };
    stage.catalog().add_role(&name("thru"), &thru).unwrap();
    let asked = stage.asked(credentials_of("thru"), at_terminal());
    let prompt = stage.prompt(|_| true).await;
    let QuestionView::Production { access, itself, through, .. } = &prompt.question else {
        panic!("{prompt:?}")
    };
    assert_eq!((*access, *itself, through.len()), (Access::Full, false, 1));
    assert_eq!((through[0].role.as_str(), through[0].account.id.as_str()), ("ec2", "111122223333"));
    let seen = stage.snapshot();
    let seen = seen.roles.iter().find(|role| role.name == "thru").unwrap();
    assert!(seen.asks && !seen.production && seen.through_production == ["ec2"]);
    assert!(stage.called().is_empty());
    stage.answer(&prompt, "").await;
    asked.await.unwrap().unwrap();
    assert_eq!(stage.called(), ["ec2", "thru"]);
}

#[tokio::test]
async fn whoever_comes_second_shares_the_question_and_takes_it_from_nobody() {
    let stage = with_device(World::default()).await;
    let first = stage.asked(credentials_of("ec2"), at_terminal());
    let prompt = stage.prompt(|_| true).await;
    stage.app.prompt_attended(prompt.id);
    // At another terminal, and a program that has none.
    let second = stage.asked(credentials_of("ec2"), at_terminal());
    let third = stage.asked(credentials_of("ec2"), Origin::Program(Program::default()));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let snapshot = stage.snapshot();
    assert_eq!(snapshot.prompts.len(), 1);
    let role = snapshot.roles.iter().find(|role| role.name == "ec2").unwrap();
    assert_eq!(role.activity, Activity::Asking { prompt: prompt.id }, "it is still theirs to answer");
    // The terminal that was first goes; the window has the question by now.
    stage.app.prompt_left(prompt.id);
    stage.answer(&prompt, RIGHT_CODE).await;
    for asked in [first, second, third] {
        asked.await.unwrap().unwrap();
    }
    assert_eq!(stage.called(), ["session token", "ec2"]);
}

#[tokio::test]
async fn whether_production_is_meant_outlives_the_terminal_that_was_asked_first() {
    let stage = Stage::with(World::default()).await;
    let production = AccountChange { production: Some(true), ..AccountChange::default() };
    stage.catalog().edit_account(&"111122223333".parse().unwrap(), &production).unwrap();
    let first = stage.asked(credentials_of("ec2"), at_terminal());
    let prompt = stage.prompt(|_| true).await;
    stage.app.prompt_attended(prompt.id);
    let second = stage.asked(credentials_of("ec2"), Origin::Program(Program::default()));
    tokio::time::sleep(Duration::from_millis(50)).await;
    stage.app.prompt_left(prompt.id);
    stage.answer(&prompt, "").await;
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_yes_is_for_what_was_asked_and_for_nothing_else() {
    let stage = Stage::with(World::default()).await;
    let production = AccountChange { production: Some(true), ..AccountChange::default() };
    stage.catalog().edit_account(&"111122223333".parse().unwrap(), &production).unwrap();
    let thru = Role {
        arn: "arn:aws:iam::444455556666:role/Thru".parse().unwrap(),
        assumed_by: Assumer::Role(name("ec2")),
        ..role()
    };
    stage.catalog().add_role(&name("thru"), &thru).unwrap();
    let full = || Intent::Credentials { role: name("ec2"), access: Access::Full };
    let refused = async |intent: Intent| {
        let asked = stage.asked(intent, at_terminal());
        let prompt = stage.prompt(|_| true).await;
        stage.app.ask(Intent::DismissPrompt { prompt: prompt.id }, Origin::Window).await.unwrap();
        assert!(asked.await.unwrap().unwrap_err().is_cancelled());
    };
    // What was only a step on the way is not given to a program.
    let asked = stage.asked(credentials_of("thru"), at_terminal());
    let prompt = stage.prompt(|_| true).await;
    stage.answer(&prompt, "").await;
    asked.await.unwrap().unwrap();
    assert_eq!(stage.called(), ["ec2", "thru"]);
    refused(full()).await;
    // Nor is what was opened in the browser.
    let Intent::OpenConsole(page) = open() else { panic!() };
    let address = stage.asked(Intent::SigninUrl(page), Origin::Window);
    let prompt = stage.prompt(|_| true).await;
    stage.answer(&prompt, "").await;
    address.await.unwrap().unwrap();
    refused(credentials_of("ec2")).await;
    // Nor does a program join a question that is about something else; those that join are named.
    let Intent::OpenConsole(page) = open() else { panic!() };
    let named = |name: &str| {
        Origin::Program(Program { name: Some(name.into()), asks: Asks::Terminal, ..Program::default() })
    };
    let address = stage.asked(Intent::SigninUrl(page), named("guise"));
    let first = stage.prompt(|_| true).await;
    let joins = stage.asked(credentials_of("ec2"), named("lurker"));
    let second = stage.prompt(|other| other.id != first.id).await;
    stage.answer(&first, "").await;
    address.await.unwrap().unwrap();
    assert!(!joins.is_finished());
    let another = stage.asked(credentials_of("ec2"), named("aws"));
    stage.prompt(|prompt| prompt.program.as_deref() == Some("aws, lurker")).await;
    stage.app.ask(Intent::DismissPrompt { prompt: second.id }, Origin::Window).await.unwrap();
    assert!(joins.await.unwrap().is_err() && another.await.unwrap().is_err());
    // What became of the role meanwhile is asked about anew.
    let asked = stage.asked(credentials_of("ec2"), at_terminal());
    let prompt = stage.prompt(|_| true).await;
    let change = RoleChange { read_only: Change::Set(false), ..RoleChange::default() };
    stage.catalog().edit_role(&name("ec2"), &change).unwrap();
    stage.answer(&prompt, "").await;
    let again = stage.prompt(|other| other.id != prompt.id).await;
    assert!(matches!(again.question, QuestionView::Production { access: Access::Full, .. }), "{again:?}");
    stage.answer(&again, "").await;
    asked.await.unwrap().unwrap();
    stage.app.ask(full(), at_terminal()).await.unwrap();
}

#[tokio::test]
async fn a_chain_is_assumed_step_by_step_and_shares_its_steps() {
    let stage = Stage::with(World::default()).await;
    let via = |text: &str, arn: &str| Role {
        arn: arn.parse().unwrap(),
        assumed_by: Assumer::Role(name(text)),
        ..role()
    };
    stage.catalog().add_role(&name("b"), &via("ec2", "arn:aws:iam::444455556666:role/B")).unwrap();
    stage.catalog().add_role(&name("c"), &via("b", "arn:aws:iam::444455556666:role/C")).unwrap();
    stage.app.ask(credentials_of("c"), Origin::Window).await.unwrap();
    assert_eq!(stage.called(), ["ec2", "b", "c"]);
    assert_eq!(stage.snapshot().sessions.len(), 1);
    stage.app.ask(credentials_of("b"), Origin::Window).await.unwrap();
    assert_eq!(stage.called().len(), 3, "the step before is a session too");
    assert_eq!(stage.snapshot().sessions.len(), 2);
}

#[tokio::test]
async fn where_a_region_is_out_of_order_the_second_is_asked_but_never_with_a_code_twice() {
    let out = || World { out_of_order: Some("eu-west-1"), ..World::default() };
    let second = |stage: &Stage| {
        stage.catalog().set_setting(crate::catalog::Setting::SecondRegion, "eu-central-1").unwrap();
    };
    let stage = Stage::with(out()).await;
    assert_eq!(stage.credentials().await.unwrap_err().code, Code::AwsUnavailable);
    assert_eq!(stage.called().len(), 1);
    second(&stage);
    stage.credentials().await.unwrap();
    assert_eq!(stage.called().len(), 3);

    let stage = with_device(out()).await;
    let change = RoleChange { mfa: Change::Set(MfaWay::Direct), ..RoleChange::default() };
    stage.catalog().edit_role(&name("ec2"), &change).unwrap();
    second(&stage);
    let asked = stage.asked(credentials_of("ec2"), Origin::Window);
    stage.answer(&stage.prompt(|_| true).await, RIGHT_CODE).await;
    assert_eq!(asked.await.unwrap().unwrap_err().code, Code::AwsUnavailable);
    assert_eq!(stage.called().len(), 1);
}

#[tokio::test]
async fn reading_only_is_another_session() {
    let stage = Stage::with(World::default()).await;
    let asked = |access| Intent::Credentials { role: name("ec2"), access };
    let mut ids = Vec::new();
    for access in [Access::Usual, Access::ReadOnly, Access::Full, Access::ReadOnly] {
        let Outcome::Credentials(session) = stage.app.ask(asked(access), Origin::Window).await.unwrap()
        else {
            panic!()
        };
        ids.push(session.id.clone());
    }
    assert_eq!(ids[0], ids[2]);
    assert_eq!(ids[1], ids[3]);
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_locked_keychain_is_one_question_that_goes_when_it_is_unlocked() {
    let stage = Stage::with(World::default()).await;
    stage.catalog().add_role(&name("other"), &Role { external_id: "ab".parse().ok(), ..role() }).unwrap();
    stage.world.lock_keychain(true);
    let asked: Vec<_> =
        ["ec2", "other"].map(|role| stage.asked(credentials_of(role), Origin::Window)).into_iter().collect();
    let prompt = stage.prompt(|_| true).await;
    assert_eq!((&prompt.question, prompt.source.as_str()), (&QuestionView::Keychain, "work"));
    assert!(["ec2", "other"].contains(&prompt.role.as_str()) && prompt.keys_of.is_none());
    // What is entered here unlocks nothing.
    stage.answer(&prompt, "password").await;
    assert_eq!(stage.snapshot().prompts, [prompt]);
    stage.world.lock_keychain(false);
    for asked in asked {
        asked.await.unwrap().unwrap();
    }
    let mut snapshots = stage.app.snapshots();
    snapshots.wait_for(|snapshot| snapshot.prompts.is_empty()).await.unwrap();
}

#[tokio::test]
async fn saying_no_to_a_locked_keychain_is_no_failure_and_asks_nobody_else() {
    let stage = Stage::with(World::default()).await;
    stage.world.lock_keychain(true);
    let role = stage.asked(credentials_of("ec2"), Origin::Window);
    let prompt = stage.prompt(|_| true).await;
    stage.app.ask(Intent::DismissPrompt { prompt: prompt.id }, Origin::Window).await.unwrap();
    assert!(role.await.unwrap().unwrap_err().is_cancelled());
    assert_eq!(stage.snapshot().roles[0].activity, Activity::Idle);
    assert!(stage.snapshot().prompts.is_empty());
    // What begins now asks for itself; a window that is closed says no as well.
    let test = stage.asked(Intent::TestSource { source: name("work") }, Origin::Window);
    let prompt = stage.prompt(|prompt| prompt.keys_of.as_deref() == Some("work")).await;
    assert_eq!(prompt.question, QuestionView::Keychain);
    stage.app.prompt_window_closed();
    assert!(test.await.unwrap().unwrap_err().is_cancelled());
    assert!(stage.called().is_empty());
    stage.world.lock_keychain(false);
}

#[tokio::test]
async fn a_locked_keychain_is_told_to_a_terminal_by_no_window() {
    let stage = Stage::with(World::default()).await;
    stage.world.lock_keychain(true);
    let asked = stage.asked(credentials_of("ec2"), at_terminal());
    let mut snapshots = stage.app.snapshots();
    let waits = |snapshot: &Arc<Snapshot>| {
        snapshot.roles.iter().any(|role| role.activity == Activity::WaitingForKeychain)
    };
    assert!(snapshots.wait_for(waits).await.unwrap().prompts.is_empty());
    stage.world.lock_keychain(false);
    asked.await.unwrap().unwrap();
}
