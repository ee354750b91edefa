//! Whether whoever asked for something still wants it: a person may stop what takes long.

use tokio::sync::watch;

use crate::failure::Failure;

/// Whether something is still wanted. It can be given to any number of tasks.
#[derive(Clone, Debug)]
pub struct Wanted(Option<watch::Receiver<()>>);

/// Stops something when it is dropped.
#[derive(Debug)]
pub struct Stop(#[allow(dead_code, reason = "it is there to be dropped")] watch::Sender<()>);

impl Wanted {
    /// Until its end.
    pub fn always() -> Wanted {
        Wanted(None)
    }

    /// Until somebody stops it.
    pub fn until_stopped() -> (Wanted, Stop) {
        let (sender, receiver) = watch::channel(());
        (Wanted(Some(receiver)), Stop(sender))
    }

    /// Does something that may be left at any moment, and leaves it when it is wanted no longer.
    pub(super) async fn or_stop<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let Some(mut stopped) = self.0.clone() else { return work.await };
        tokio::select! {
            biased;
            // Nothing is ever sent: a change is the end.
            _ = stopped.changed() => Err(Failure::stopped()),
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
        drop(stop);
        let left = wanted.or_stop(std::future::pending::<Result<(), Failure>>()).await;
        assert_eq!(left.unwrap_err().code, Code::Cancelled);
        assert_eq!(Wanted::always().or_stop(async { Ok(2) }).await, Ok(2));
    }
}
