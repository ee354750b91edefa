//! Whether whoever asked for something still wants it: a person may stop what takes long.

use tokio::sync::watch;

use crate::failure::Failure;

/// Whether something is still wanted. It can be given to any number of tasks.
#[derive(Clone, Debug)]
pub struct Wanted(Option<watch::Receiver<bool>>);

/// Stops something. Where it is dropped instead, nobody can stop that any more.
#[derive(Debug)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Stops it, if that can still be.
    pub fn stop(self) {
        // Whoever has finished hears nothing.
        let _ = self.0.send(true);
    }
}

impl Wanted {
    /// Until its end.
    pub fn always() -> Wanted {
        Wanted(None)
    }

    /// Until somebody stops it.
    pub fn until_stopped() -> (Wanted, Stop) {
        let (sender, receiver) = watch::channel(false);
        (Wanted(Some(receiver)), Stop(sender))
    }

    /// Whether somebody stopped it already.
    pub(super) fn is_stopped(&self) -> bool {
        self.0.as_ref().is_some_and(|stopped| *stopped.borrow())
    }

    /// Waits until somebody stops it, or nobody can any more; says whether it was stopped.
    pub(super) async fn stopped(mut self) -> bool {
        match &mut self.0 {
            Some(stopped) => stopped.wait_for(|stopped| *stopped).await.is_ok(),
            None => false,
        }
    }

    /// Waits for a session, and no longer than it is wanted. AWS may have been asked for it already: then it is kept all the same.
    pub(super) async fn or_leave<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.unless_stopped(work, Failure::left).await
    }

    /// Does something that may be left at any moment, and leaves it when it is wanted no longer.
    pub(super) async fn or_stop<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.unless_stopped(work, Failure::stopped).await
    }

    async fn unless_stopped<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
        why: fn() -> Failure,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            true = self.clone().stopped() => Err(why()),
            done = work => done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Code;

    #[tokio::test]
    async fn what_is_stopped_is_left_and_says_so_softly() {
        let (wanted, stop) = Wanted::until_stopped();
        assert_eq!(wanted.or_stop(async { Ok(1) }).await, Ok(1));
        stop.stop();
        let left = wanted.or_stop(std::future::pending::<Result<(), Failure>>()).await;
        assert_eq!(left.unwrap_err().code, Code::Cancelled);
        let (wanted, stop) = Wanted::until_stopped();
        drop(stop);
        assert_eq!(wanted.or_stop(async { Ok(3) }).await, Ok(3));
        assert_eq!(Wanted::always().or_stop(async { Ok(2) }).await, Ok(2));
    }
}
