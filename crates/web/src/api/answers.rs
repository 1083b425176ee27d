//! Answers that are the same for everybody who may ask: figures of a state. They are kept beside the state as they are sent, so
//! that a dashboard which many look at is drawn once after each filing.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;

/// How many bytes of answers are kept of one state.
const MOST: usize = 32 << 20;

/// An answer as it is sent, with the tag by which it need not be sent twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) bytes: Bytes,
    pub(crate) tag: String,
}

/// The answers of one state, by what was asked. The oldest go where they are too much.
#[derive(Default)]
pub(crate) struct Answers(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    answers: HashMap<String, Answer>,
    order: VecDeque<String>,
    bytes: usize,
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "Answers({}, {} bytes)", kept.answers.len(), kept.bytes)
    }
}

impl Answers {
    /// The answer to a question that was asked before.
    pub(crate) fn find(&self, question: &str) -> Option<Answer> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.answers.get(question).cloned()
    }

    /// Keeps an answer.
    pub(crate) fn keep(&self, question: String, answer: Answer) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let size = answer.bytes.len();
        if size > MOST || kept.answers.contains_key(&question) {
            return;
        }
        kept.bytes += size;
        while kept.bytes > MOST
            && let Some(oldest) = kept.order.pop_front()
        {
            let gone = kept.answers.remove(&oldest).map_or(0, |answer| answer.bytes.len());
            kept.bytes -= gone;
        }
        kept.order.push_back(question.clone());
        kept.answers.insert(question, answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_answers_go_where_they_are_too_much() {
        let answers = Answers::default();
        let answer = |size| Answer { bytes: vec![0; size].into(), tag: size.to_string() };
        answers.keep("whole".to_owned(), answer(MOST + 1));
        assert_eq!(answers.find("whole"), None);
        answers.keep("half".to_owned(), answer(MOST / 2));
        answers.keep("other half".to_owned(), answer(MOST / 2));
        answers.keep("half".to_owned(), answer(7));
        assert_eq!(answers.find("half"), Some(answer(MOST / 2)));
        answers.keep("one more".to_owned(), answer(1));
        assert_eq!(answers.find("half"), None);
        assert!(answers.find("other half").is_some() && answers.find("one more").is_some());
    }
}
