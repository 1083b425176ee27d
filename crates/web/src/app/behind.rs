//! Work behind the pages, on a thread that steps back for whoever waits.
//!
//! Forecasts and alerts of a nation take a core for a second, on servers that have two. Threads that answer requests go before
//! them wherever the system knows of an order among threads.

use tokio::sync::oneshot;

/// How far back the system puts the thread: half of what there is.
#[cfg(target_os = "linux")]
const STEP_BACK: i32 = 10;

/// Does some work behind the pages and waits for it. None where it came to no end.
pub(super) async fn behind<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, waiting) = oneshot::channel();
    // A thread of its own: what has stepped back once may not come forward again, and others would have to work on it.
    let thread = std::thread::Builder::new().name("behind".to_owned()).spawn(move || {
        step_back();
        let _ = done.send(work());
    });
    if let Err(error) = thread {
        tracing::error!(%error, "no thread for work behind the pages");
    }
    waiting.await.ok()
}

/// Lets all other threads go before this one.
fn step_back() {
    // Of Linux alone this is said of a thread; elsewhere it would be said of all of the server.
    #[cfg(target_os = "linux")]
    {
        let stands = rustix::process::getpriority_process(None).unwrap_or(0);
        // Whoever started the server far back already wants it there.
        if stands < STEP_BACK
            && let Err(error) = rustix::process::setpriority_process(None, STEP_BACK)
        {
            tracing::debug!(%error, "the work behind the pages does not step back");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_made_is_there_and_what_failed_is_not() {
        assert_eq!(behind(|| 6 * 7).await, Some(42));
        let failing = behind(|| -> u32 { panic!("on purpose") });
        assert_eq!(failing.await, None);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn only_that_thread_steps_back() {
        let priority = || rustix::process::getpriority_process(None).ok();
        let before = priority();
        let there = behind(priority).await;
        assert_eq!(there, Some(before.map(|own| own.max(STEP_BACK))));
        assert_eq!(priority(), before);
    }
}
