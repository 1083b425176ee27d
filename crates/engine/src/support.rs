//! Support on the engine's facts: what records say of every organisation that might get it, and how those that got it stood before
//! and stand after.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoptac_model::date::year_end;
use hoptac_model::fact::{Catalogue, ColumnType};
use hoptac_model::formula::condition::{Condition, Value};
use hoptac_model::pack::Pack;
use hoptac_model::register::Register;
use hoptac_model::support::{Applicant, Growth, Programme};
use hoptac_model::text::Words;
use hoptac_model::unit::Places;
use jiff::civil::Date;

use crate::chain::states_on;
use crate::facts::{Datum, Facts, Moment};
use crate::geography::Geography;
use crate::layout::Ground;

/// The facts of every organisation on some days.
#[derive(Debug)]
pub struct Records {
    catalogue: Catalogue,
    facts: Facts,
    /// The row of an organisation at a moment.
    rows: BTreeMap<(usize, u32), usize>,
}

impl Records {
    /// The facts on some days, as filed by a day.
    pub fn new(
        register: &Register,
        places: &Places,
        pack: &Pack,
        days: &[Date],
        as_of: Date,
    ) -> Self {
        let catalogue = Catalogue::new(pack.annual_return());
        let geography = Geography::new(places, &pack.setting.unit, as_of);
        let moments: Arc<[Moment]> = days.iter().map(|day| Moment::of_day(*day)).collect();
        let wanted = vec![true; catalogue.columns().len()];
        let facts = Facts::new(&Ground {
            register,
            places,
            geography: &geography,
            catalogue: &catalogue,
            practices: &pack.practices,
            wanted: &wanted,
            moments: &moments,
            as_of,
        });
        let mut rows = BTreeMap::new();
        for moment in 0..moments.len() {
            for row in facts.run(moment, 0..geography.len()) {
                if let Some(organisation) = facts.organisation(row) {
                    rows.insert((moment, organisation), row);
                }
            }
        }
        Self { catalogue, facts, rows }
    }

    /// The value of a column for an organisation on one of the days, by their indexes; none where it is missing.
    pub fn value(&self, day: usize, organisation: u32, column: usize) -> Option<Value> {
        let row = *self.rows.get(&(day, organisation))?;
        match self.facts.datum(column, row) {
            Datum::Missing => None,
            Datum::Flag(flag) => Some(Value::Flag(flag)),
            Datum::Number(number) => Some(Value::Number(number)),
            Datum::Text(text) => Some(Value::Text(text.to_owned())),
            Datum::Id(id) => Some(Value::Number(f64::from(id))),
        }
    }

    /// The value of a column by its name.
    pub fn named(&self, day: usize, organisation: u32, column: &str) -> Option<Value> {
        let (index, _) = self.catalogue.find(column)?;
        self.value(day, organisation, index)
    }

    fn number(&self, day: usize, organisation: u32, column: &str) -> Option<f64> {
        match self.named(day, organisation, column)? {
            Value::Number(number) => Some(number),
            Value::Flag(_) | Value::Text(_) => None,
        }
    }
}

/// What records say of every organisation that exists on a day, with a programme in mind.
pub fn applicants(
    register: &Register,
    places: &Places,
    pack: &Pack,
    programme: &Programme,
    on: Date,
) -> Vec<(u32, Applicant)> {
    const BEFORE: usize = 0;
    const LAST: usize = 1;
    const TODAY: usize = 2;
    let days = [year_end(on.year() - 2), year_end(on.year() - 1), on];
    let records = Records::new(register, places, pack, &days, on);
    let condition = programme.condition.as_ref();
    let condition = condition.and_then(|text| Condition::parse(text, &records.catalogue).ok());
    let mut declared: BTreeMap<u32, bool> = BTreeMap::new();
    for (organisation, application) in &register.supports {
        let here = application.programme == programme.id && application.on <= on;
        if let Some(says) = application.no_penalty.filter(|_| here) {
            declared.insert(*organisation, says);
        }
    }
    states_on(register, on)
        .into_iter()
        .map(|(index, state)| {
            let organisation = register.organisation(index);
            let number = |day, column| records.number(day, index, column);
            let growth =
                |column| Growth { before: number(BEFORE, column), last: number(LAST, column) };
            let share = |day| {
                let revenue = number(day, "revenue").filter(|revenue| *revenue > 0.0)?;
                Some(number(day, "revenue_members")? / revenue)
            };
            // Returns count members every year; the register only where a change was filed.
            let returned = growth("members_total");
            let members = if returned.grew().is_some() { returned } else { growth("members") };
            let audited = match records.named(LAST, index, "independent_audit") {
                Some(Value::Flag(flag)) => Some(flag),
                Some(Value::Number(_) | Value::Text(_)) | None => None,
            };
            let applicant = Applicant {
                kind: Some(state.kind),
                status: Some(state.status),
                registered: organisation.is_some_and(|organisation| organisation.code.is_some()),
                founded_on: organisation.map(|organisation| organisation.founded_on),
                difficult_area: state.difficult_area,
                no_penalty: declared.get(&index).copied(),
                members,
                internal_share: Growth { before: share(BEFORE), last: share(LAST) },
                undivided: growth("undivided_assets"),
                trained: number(LAST, "workers_trained"),
                audited,
                condition: condition.as_ref().and_then(|condition| {
                    condition.holds(&|column| records.value(TODAY, index, column))
                }),
                ethnic_minority: number(LAST, "members_ethnic_minority"),
                insured: number(LAST, "workers_insured"),
                women_managers: number(LAST, "managers_female"),
                women: number(LAST, "members_female"),
            };
            (index, applicant)
        })
        .collect()
}

/// How an organisation that got support stood before and stands after. Nothing here says that one came of the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The organisation.
    pub organisation: u32,
    /// What it was paid, less what it paid back, đồng.
    pub paid: i64,
    /// The day of the first payment.
    pub first_paid_on: Date,
    /// The last day of the year before the first payment.
    pub before_on: Date,
    /// The last day of the last year that is over; none before the year of the first payment is over.
    pub after_on: Option<Date>,
    /// The facts that indicators of the plan are made of, before and after.
    pub facts: Vec<Compared>,
}

/// One fact before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The column.
    pub column: String,
    /// What it says.
    pub label: Words,
    /// Its value before; none where it is missing.
    pub before: Option<Value>,
    /// Its value after; none where it is missing.
    pub after: Option<Value>,
}

/// Columns that tell apart or count rows, and say nothing about how an organisation does.
const NOT_OUTCOME: [&str; 12] = [
    "organisation",
    "kind",
    "commune",
    "year",
    "age",
    "registered",
    "founded",
    "ceased",
    "converted",
    "sector",
    "vsic",
    "difficult_area",
];

/// Before and after for everybody who was paid under a programme by a day.
pub fn outcomes(
    register: &Register,
    places: &Places,
    pack: &Pack,
    programme: &str,
    on: Date,
) -> Vec<Outcome> {
    let mut paid: BTreeMap<u32, (Date, i64)> = BTreeMap::new();
    for (organisation, application) in &register.supports {
        let Some(known) = application.on_day(on).filter(|known| known.programme == programme)
        else {
            continue;
        };
        for payment in &known.payments {
            let entry = paid.entry(*organisation).or_insert((payment.on, 0));
            entry.0 = entry.0.min(payment.on);
            entry.1 = entry.1.saturating_add(payment.amount);
        }
    }
    let over = if on == year_end(on.year()) { on.year() } else { on.year() - 1 };
    let first = paid.values().map(|(day, _)| day.year() - 1).min().unwrap_or(over);
    let days: Vec<Date> = (first..=over).map(year_end).collect();
    let at = |year: i16| usize::try_from(year - first).ok();
    let records = Records::new(register, places, pack, &days, on);
    let columns = columns_of_indicators(pack, &records.catalogue);
    paid.into_iter()
        .map(|(organisation, (first_paid_on, paid))| {
            let year_before = first_paid_on.year() - 1;
            let after = (over > year_before).then_some(over);
            let value =
                |year: Option<i16>, column| records.value(year.and_then(at)?, organisation, column);
            let facts = columns.iter().filter_map(|column| {
                let described = records.catalogue.columns().get(*column)?;
                Some(Compared {
                    column: described.name.clone(),
                    label: described.label.clone(),
                    before: value(Some(year_before), *column),
                    after: value(after, *column),
                })
            });
            Outcome {
                organisation,
                paid,
                first_paid_on,
                before_on: year_end(year_before),
                after_on: after.map(year_end),
                facts: facts.collect(),
            }
        })
        .collect()
}

/// The columns that the plan's indicators name, but for those that say nothing of how an organisation does.
fn columns_of_indicators(pack: &Pack, catalogue: &Catalogue) -> Vec<usize> {
    let mut columns: Vec<usize> = Vec::new();
    for indicator in &pack.indicators {
        for text in std::iter::once(&indicator.numerator).chain(&indicator.denominator) {
            if let Ok(formula) = hoptac_model::formula::Formula::parse(text, catalogue) {
                columns.extend(formula.columns());
            }
        }
    }
    columns.sort_unstable();
    columns.dedup();
    columns.retain(|column| {
        catalogue.columns().get(*column).is_some_and(|column| {
            column.column_type != ColumnType::Id && !NOT_OUTCOME.contains(&column.name.as_str())
        })
    });
    columns
}
