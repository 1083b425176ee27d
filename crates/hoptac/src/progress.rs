//! Tells on the standard error how far long work is.

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

    /// Tells which part is done of work that has a name in both languages, in one of them or in both.
    pub(crate) fn part(
        &mut self,
        [vi, en]: [&str; 2],
        (done, all): (u64, u64),
        language: Option<Language>,
    ) {
        self.tell(|| {
            let part = done.saturating_mul(100) / all.max(1);
            match language {
                Some(Language::Vi) => format!("{vi}: {part} %"),
                Some(Language::En) => format!("{en}: {part} %"),
                None => format!("{vi} · {en}: {part} %"),
            }
        });
    }
}
