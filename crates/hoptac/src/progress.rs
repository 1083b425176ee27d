//! Tells on the standard error how far long work is.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};

use hoptac_model::text::Language;
use jiff::{SignedDuration, Timestamp};

use crate::{clock, output};

/// How long work goes on before it is told of at all.
const FIRST: SignedDuration = SignedDuration::from_secs(1);
/// The longest time between two lines.
const LONGEST: SignedDuration = SignedDuration::from_secs(16);

/// How far long work is. Short work says nothing, and very long work speaks less and less often.
pub(crate) struct Progress {
    told: Timestamp,
    pause: SignedDuration,
}

impl Progress {
    /// Work that begins now.
    pub(crate) fn new() -> Self {
        Self { told: clock::now(), pause: FIRST }
    }

    /// Tells a line, unless it told one just now.
    pub(crate) fn tell(&mut self, line: impl FnOnce() -> String) {
        let now = clock::now();
        if now.duration_since(self.told) >= self.pause {
            self.told = now;
            self.pause = LONGEST.min(self.pause * 2);
            output::complain(&line());
        }
    }

    /// Does work that has a name in both languages and tells which part of it is done, in one of them or in both. Says nothing before
    /// the work has said how much there is.
    pub(crate) async fn watch<T>(
        mut self,
        [vi, en]: [&str; 2],
        language: Option<Language>,
        work: impl AsyncFnOnce(&mut (dyn FnMut(u64, u64) + Send)) -> T,
    ) -> T {
        let (done, all) = (AtomicU64::new(0), AtomicU64::new(0));
        let mut note = |now, of| {
            done.store(now, Ordering::Relaxed);
            all.store(of, Ordering::Relaxed);
        };
        let mut working = pin!(work(&mut note));
        loop {
            tokio::select! {
                worked = &mut working => return worked,
                // Told by the clock, as a database may be busy for long between two steps.
                () = tokio::time::sleep(FIRST.unsigned_abs()) => {
                    let (done, all) = (done.load(Ordering::Relaxed), all.load(Ordering::Relaxed));
                    let Some(part) = done.saturating_mul(100).checked_div(all) else { continue };
                    self.tell(|| match language {
                        Some(Language::Vi) => format!("{vi}: {part} %"),
                        Some(Language::En) => format!("{en}: {part} %"),
                        None => format!("{vi} · {en}: {part} %"),
                    });
                }
            }
        }
    }
}
