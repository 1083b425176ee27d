//! Tells on the standard error how far long work is.

use std::pin::pin;
use std::sync::{Mutex, PoisonError};

use hoptac_model::text::Language;
use hoptac_store::{Phase, Step};
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

    /// Does long work on the ledger and tells what of it is being done and how far that is, in one language or in both. Says nothing
    /// before the work has.
    pub(crate) async fn watch<T>(
        mut self,
        language: Option<Language>,
        work: impl AsyncFnOnce(&mut (dyn FnMut(Step) + Send)) -> T,
    ) -> T {
        let now = Mutex::new(None);
        let mut note = |step| *now.lock().unwrap_or_else(PoisonError::into_inner) = Some(step);
        let mut working = pin!(work(&mut note));
        loop {
            tokio::select! {
                worked = &mut working => return worked,
                // Told by the clock, as a database may be busy for long between two steps.
                () = tokio::time::sleep(FIRST.unsigned_abs()) => {
                    let now = *now.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(step) = now {
                        self.tell(|| line(step, language));
                    }
                }
            }
        }
    }
}

/// What is being done and which part of it is done, where that is known.
fn line(step: Step, language: Option<Language>) -> String {
    let (vi, en) = match step.phase {
        Phase::Pages => ("đang kiểm tra tệp cơ sở dữ liệu", "checking the database file"),
        Phase::Ledger => ("đang kiểm chứng sổ cái", "proving the ledger"),
        Phase::Register => {
            ("đang lập lại sổ đăng ký từ sổ cái", "making the register anew from the ledger")
        }
        Phase::Tables => ("đang đối chiếu sổ đăng ký", "comparing the register"),
    };
    let name = match language {
        Some(Language::Vi) => vi.to_owned(),
        Some(Language::En) => en.to_owned(),
        None => format!("{vi} · {en}"),
    };
    match step.done.saturating_mul(100).checked_div(step.of) {
        Some(part) => format!("{name}: {part} %"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_told_where_it_is_known() {
        let step = |phase, done, of| Step { phase, done, of };
        let said = line(step(Phase::Register, 333, 500), Some(Language::En));
        assert_eq!(said, "making the register anew from the ledger: 66 %");
        let said = line(step(Phase::Pages, 0, 0), None);
        assert_eq!(said, "đang kiểm tra tệp cơ sở dữ liệu · checking the database file");
    }
}
