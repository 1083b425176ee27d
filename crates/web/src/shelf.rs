//! What is worked out once from a published state and kept beside it, so that pages read and never compute.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::Published;

/// How many answers are kept for one kind of question.
const KEPT: usize = 24;

/// How many of them are carried over to the next state: those that were asked for last.
const CARRIED: usize = 4;

/// Answers by their questions. They go with the state that they were worked out from.
pub(crate) struct Shelf<Q, V>(Mutex<VecDeque<(Q, Arc<V>)>>);

impl<Q, V> Default for Shelf<Q, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q, V> fmt::Debug for Shelf<Q, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).len();
        write!(f, "Shelf({kept})")
    }
}

impl<Q: PartialEq, V> Shelf<Q, V> {
    /// The answer to a question, where it was asked before.
    pub(crate) fn find(&self, question: &Q) -> Option<Arc<V>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(asked, _)| asked == question).map(|(_, answer)| Arc::clone(answer))
    }

    /// The answers that a later state has to the questions that were asked last.
    pub(crate) fn carried(&self, answer: impl Fn(&Q, &V) -> V) -> Self
    where
        Q: Clone,
    {
        // Worked out beside the pages, which ask this shelf meanwhile.
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let carried = kept.into_iter().take(CARRIED).map(|(asked, one)| {
            let answered = Arc::new(answer(&asked, &one));
            (asked, answered)
        });
        Self(Mutex::new(carried.collect()))
    }

    /// Keeps an answer, and drops the oldest where there are many.
    pub(crate) fn keep(&self, question: Q, answer: Arc<V>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((question, answer));
        kept.truncate(KEPT);
    }

    /// The answer to a question, worked out where nobody asked it before.
    pub(crate) fn read(&self, question: Q, work_out: impl FnOnce(&Q) -> V) -> Arc<V> {
        self.find(&question).unwrap_or_else(|| {
            let answer = Arc::new(work_out(&question));
            self.keep(question, Arc::clone(&answer));
            answer
        })
    }
}

/// The answer to a question about a published state. What was never asked before is worked out beside the other pages, which
/// do not wait for it.
pub(crate) async fn read<Q, V>(
    published: &Arc<Published>,
    shelf: fn(&Published) -> &Shelf<Q, V>,
    question: Q,
    work_out: fn(&Published, &Q) -> V,
) -> Arc<V>
where
    Q: PartialEq + Clone + Send + 'static,
    V: Send + Sync + 'static,
{
    if let Some(answer) = shelf(published).find(&question) {
        return answer;
    }
    let (state, asked) = (Arc::clone(published), question.clone());
    let answer = tokio::task::spawn_blocking(move || work_out(&state, &asked)).await;
    let answer = Arc::new(answer.unwrap_or_else(|_| work_out(published, &question)));
    shelf(published).keep(question, Arc::clone(&answer));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_worked_out_once() {
        let shelf: Shelf<u8, u8> = Shelf::default();
        let mut asked = 0;
        for question in [1, 2, 1, 1] {
            let answer = shelf.read(question, |question| {
                asked += 1;
                question * 10
            });
            assert_eq!(*answer, question * 10);
        }
        assert_eq!(asked, 2);
    }
    #[test]
    fn the_oldest_answers_are_dropped() {
        let shelf: Shelf<usize, ()> = Shelf::default();
        for question in 0..KEPT + 3 {
            shelf.read(question, |_| ());
        }
        assert!(shelf.find(&2).is_none());
        assert!(shelf.find(&3).is_some());
    }
}
