//! What stands ready for the next filing: what formulas made of the facts of today, and of the days that were asked for last.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use hoptac_engine::board::{Board, Question};
use hoptac_engine::kept::Kept;
use hoptac_store::Changes;
use jiff::civil::Date;

use super::Published;

/// For how many questions it is kept.
const MOST: usize = 4;
/// For how many it is kept of a nation, of which each takes 150 MB: for today, and for the day that alerts compare it with or
/// somebody asked for last.
const MOST_OF_A_NATION: usize = 2;
/// How many organisations a province has at most.
const PROVINCE: usize = 20_000;
/// How many steps back facts can have been laid out to be brought forward.
const MOST_STEPS: usize = 256;

/// Facts, all at the ledger position that is shown.
#[derive(Debug, Default)]
pub(super) struct Standing {
    facts: Vec<Kept>,
    /// What was filed lately, without a gap up to the position that is shown.
    steps: VecDeque<Step>,
}

/// From one published state to the next.
#[derive(Debug)]
struct Step {
    from: u64,
    organisations: Vec<u32>,
}

impl Standing {
    /// Whether it is today's board on the plan's own places, which every filing is shown on.
    fn is_first(shown: &Published, question: Question, day: Date) -> bool {
        let geography = shown.pack.as_ref().map(|pack| pack.setting.geography);
        question.as_of == day && Some(question.geography) == geography
    }

    /// Keeps facts that were laid out of a state, brought forward to what is shown now. They are let go where that cannot be.
    pub(super) fn keep(&mut self, shown: &Published, mut facts: Kept, today: Date) {
        if facts.position() != shown.register.position {
            let Some(first) = self.steps.iter().position(|step| step.from == facts.position())
            else {
                return;
            };
            let since = self.steps.iter().skip(first).flat_map(|step| &step.organisations);
            let organisations: BTreeSet<u32> = since.copied().collect();
            let organisations: Vec<u32> = organisations.into_iter().collect();
            facts.file(&shown.register, &organisations);
        }
        self.facts.retain(|other| other.question() != facts.question());
        self.facts.insert(0, facts);
        self.facts.sort_by_key(|facts| !Self::is_first(shown, facts.question(), today));
        let is_nation = shown.register.organisations.len() > PROVINCE;
        self.facts.truncate(if is_nation { MOST_OF_A_NATION } else { MOST });
    }

    /// The facts of a day on the plan's own places, as a state has them.
    pub(super) fn find(&self, shown: &Published, day: Date) -> Option<&Kept> {
        self.facts.iter().find(|facts| {
            facts.position() == shown.register.position
                && Self::is_first(shown, facts.question(), day)
        })
    }

    /// Brings all facts to the next state.
    fn file(&mut self, from: u64, next: &Published, organisations: Vec<u32>) {
        for facts in &mut self.facts {
            facts.file(&next.register, &organisations);
        }
        self.steps.push_back(Step { from, organisations });
        if self.steps.len() > MOST_STEPS {
            self.steps.pop_front();
        }
    }
}

/// What follows from some filings.
pub(super) struct Next {
    pub(super) published: Arc<Published>,
    /// The boards that are there at once.
    pub(super) boards: Vec<Board>,
    pub(super) standing: Standing,
}

/// What follows from some filings after the state that is shown; none where everything has to be read.
pub(super) fn next(
    shown: &Published,
    mut standing: Standing,
    boards: &[Arc<Board>],
    changes: Changes,
) -> Option<Next> {
    let (published, organisations) = shown.after(changes)?;
    let position = published.register.position;
    standing.file(shown.register.position, &published, organisations);
    let boards = if published.figures_since == shown.figures_since {
        boards.iter().map(|board| board.at(position)).collect()
    } else {
        standing.facts.iter().map(Kept::board).collect()
    };
    Some(Next { published: Arc::new(published), boards, standing })
}

/// The same where places, plan or programmes changed: facts are laid out anew once they are asked for.
pub(super) fn next_of_plan(
    shown: &Published,
    changes: Changes,
    besides: Published,
) -> Option<Next> {
    let published = Arc::new(shown.after_plan(changes, besides)?);
    Some(Next { published, boards: Vec::new(), standing: Standing::default() })
}
