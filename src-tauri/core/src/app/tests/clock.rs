//! Clocks that are set, computers that sleep: nothing that has ended is handed out, and what is shown is right soon after.

use std::sync::Mutex;

use super::*;
use crate::moment::Steady;
use crate::view::WindowName;

impl Clock for World {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.now.load(Ordering::SeqCst)).unwrap()
    }

    fn steady(&self) -> Steady {
        Steady(Duration::from_secs(self.steady.load(Ordering::SeqCst)))
    }
}

impl World {
    /// Lets time pass.
    pub(super) fn pass(&self, seconds: u32) {
        self.now.fetch_add(seconds.into(), Ordering::SeqCst);
        self.steady.fetch_add(seconds.into(), Ordering::SeqCst);
    }

    /// Sets the wall clock, which moves nothing else but how far it is from AWS's.
    pub(super) fn set_clock(&self, by: i64) {
        self.now.fetch_add(by, Ordering::SeqCst);
        self.skew.fetch_sub(by, Ordering::SeqCst);
    }

    pub(super) fn skew(&self) -> SignedDuration {
        SignedDuration::from_secs(self.skew.load(Ordering::SeqCst))
    }
}

impl Stage {
    /// Has the application look at the time, as it does by itself every so often while anything is live.
    async fn look(&self) {
        self.app.messages.send(Message::Look).unwrap();
        // What is asked after it is answered after it.
        let asked = self.app.ask(Intent::ShowWindow(WindowName::Manager), Origin::Window);
        assert_eq!(asked.await.unwrap_err().code, Code::NoDesktop);
    }

    fn calls(&self) -> usize {
        self.world.assumed.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn f24_a_clock_set_back_keeps_nothing_alive() {
    let stage = Stage::with(World::default()).await;
    let first = stage.credentials().await.unwrap();
    stage.world.pass(3000);
    stage.world.set_clock(-86_400);
    let same = stage.credentials().await.unwrap();
    assert_eq!(same.id, first.id);
    assert_eq!(
        same.expires(),
        Clock::now(&*stage.world) + SignedDuration::from_secs(600),
        "as the clock is now"
    );
    stage.world.pass(301);
    assert_ne!(stage.credentials().await.unwrap().id, first.id);
}

#[tokio::test]
async fn f24_a_clock_set_forward_hands_nothing_out_that_looks_ended_and_loses_nothing() {
    let stage = Stage::with(World::default()).await;
    let first = stage.credentials().await.unwrap();
    stage.world.set_clock(86_400);
    stage.look().await;
    assert!(stage.snapshot().sessions.is_empty(), "it looks ended");
    stage.world.set_clock(-86_400);
    stage.look().await;
    assert_eq!(stage.snapshot().sessions[0].id, first.id, "and is back with the right time");
    assert_eq!((stage.credentials().await.unwrap().id.clone(), stage.calls()), (first.id.clone(), 1));
    stage.world.set_clock(3600);
    for _ in 0..20 {
        assert_ne!(stage.credentials().await.unwrap().id, first.id);
    }
    assert_eq!(stage.calls(), 2, "one fresh one serves all");
}

#[tokio::test]
async fn f25_what_ended_while_the_computer_slept_is_not_handed_out_and_soon_not_shown() {
    let stage = Stage::with(World::default()).await;
    let first = stage.credentials().await.unwrap();
    stage.world.pass(7200);
    let fresh = stage.credentials().await.unwrap();
    assert_ne!(fresh.id, first.id);
    assert_eq!(stage.snapshot().status, Status::Live);
    stage.world.pass(7200);
    stage.look().await;
    let snapshot = stage.snapshot();
    assert!(snapshot.sessions.is_empty());
    assert_eq!(snapshot.status, Status::Idle);
    assert_eq!(stage.calls(), 2, "nothing is renewed by itself");
}

#[tokio::test]
async fn f25_a_copy_does_not_outlive_a_sleep() {
    let stage = Stage::with(World::default()).await;
    let copying = Intent::CopyCredentials { role: name("ec2"), format: None, access: Access::Usual };
    stage.app.ask(copying, Origin::Window).await.unwrap();
    stage.look().await;
    assert!(stage.world.clipboard.lock().unwrap().is_some(), "its time has not come");
    stage.world.pass(46);
    stage.look().await;
    for _ in 0..500 {
        if stage.world.clipboard.lock().unwrap().is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the copy is still there");
}

#[tokio::test]
async fn f24_a_wrong_clock_is_told_once_and_until_it_is_set_right() {
    let stage = Stage::with(World::default()).await;
    stage.world.set_clock(-3600);
    let session = stage.credentials().await.unwrap();
    let left = session.expires().duration_since(Clock::now(&*stage.world));
    assert_eq!(left, SignedDuration::from_hours(1), "told by our own clock");
    stage.app.ask(Intent::TestSource { source: name("work") }, Origin::Window).await.unwrap();
    let trouble = stage.snapshot().trouble.clone();
    assert_eq!(trouble[0].message, "this computer's clock is 60 minutes behind AWS's");
    let notices = stage.world.notices.lock().unwrap().clone();
    assert_eq!(
        notices.iter().filter(|notice| notice.title.contains("clock is wrong")).count(),
        1,
        "{notices:?}"
    );
    stage.world.set_clock(3600);
    stage.credentials().await.unwrap();
    assert!(stage.snapshot().trouble.is_empty());
}

#[tokio::test]
async fn f21_a_failed_call_is_not_repeated_by_itself() {
    let refusal = Refusal::NotAws { status: 200 };
    let stage = Stage::with(World { refuse: Mutex::new(Some(refusal)), ..World::default() }).await;
    assert_eq!(stage.credentials().await.unwrap_err().code, Code::Network);
    for _ in 0..30 {
        stage.world.pass(20);
        stage.look().await;
    }
    assert_eq!(stage.calls(), 1);
    *stage.world.refuse.lock().unwrap() = None;
    stage.credentials().await.unwrap();
    assert_eq!(stage.calls(), 2, "and the next that is asked for is made at once");
}
