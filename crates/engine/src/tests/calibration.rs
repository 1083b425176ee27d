//! Calibration: provinces whose truth is known, forecast from their first years and held against what came.

use hoptac_model::forecast::{Expectation, Method};
use hoptac_model::ids::TargetId;
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::pack::{Measure, Pack};
use hoptac_model::register::Register;
use hoptac_model::target::{Constraint, Horizon};

use super::world::*;
use crate::forecast;
use crate::forecast::chance::Chance;

const FIRST: i16 = 2012;
const SEATS: [&str; 3] = ["c1", "c2", "c3"];

/// A province from 2012 to 2026: formation is an overdispersed count whose level drifts, of groups 6 % and of
/// cooperatives 3 % close each year, and 2 % of groups become cooperatives.
fn province(seed: u64) -> Register {
    let mut chance = Chance::new(seed, 0);
    let mut register = Register::default();
    let mut living: Vec<(u32, Kind)> = Vec::new();
    let kinds = [(Kind::Group, 60), (Kind::Cooperative, 80)];
    let mut levels = [25.0, 18.0].map(|level: f64| level * f64::exp(0.3 * chance.normal()));
    for (kind, stock) in kinds {
        for _ in 0..stock {
            let seat =
                SEATS[usize::from(chance.uniform() < 0.5) + usize::from(chance.uniform() < 0.3)];
            living.push((establish(&mut register, kind, seat, "2010-03-01", Some(10)), kind));
        }
    }
    for year in FIRST..=2026 {
        let mut changes: Vec<(u32, Kind, Status)> = Vec::new();
        living.retain_mut(|(organisation, kind)| {
            let hazard = if *kind == Kind::Group { 0.06 } else { 0.03 };
            let drawn = chance.uniform();
            if drawn < hazard {
                changes.push((*organisation, *kind, Status::Terminated));
                return false;
            }
            if *kind == Kind::Group && drawn > 0.98 {
                *kind = Kind::Cooperative;
                changes.push((*organisation, *kind, Status::Operating));
            }
            true
        });
        for (organisation, kind, status) in changes {
            let before = register.states.iter().find(|s| s.organisation == organisation).unwrap();
            let mut state = before.clone();
            state.from = day(&format!("{year}-06-01"));
            state.position += u64::try_from(year - FIRST).unwrap() + 1;
            (state.kind, state.status) = (kind, status);
            register.states.push(state);
        }
        for ((kind, _), level) in kinds.into_iter().zip(&mut levels) {
            *level *= f64::exp(0.08 * chance.normal());
            let rate = chance.gamma(*level / 0.8, 0.8);
            for _ in 0..chance.poisson(rate) {
                let seat = SEATS
                    [usize::from(chance.uniform() < 0.5) + usize::from(chance.uniform() < 0.3)];
                let on = format!("{year}-09-01");
                living.push((establish(&mut register, kind, seat, &on, Some(10)), kind));
            }
        }
    }
    register.states.sort_by_key(|s| (s.organisation, s.from, s.position));
    register
}

fn plan(horizon: i16) -> Pack {
    let at_least = Constraint::AtLeast { value: 100.0, expected_up_to: None };
    let wanted = |id: &str, indicator: &str| hoptac_model::target::Target {
        horizon: Horizon::Year { year: horizon },
        ..target(id, indicator, at_least)
    };
    let mut pack = pack(
        vec![
            indicator(
                "groups",
                Measure::Stock,
                "COUNT(*) FILTER (WHERE kind = 'THT' AND registered)",
            ),
            indicator(
                "cooperatives",
                Measure::Stock,
                "COUNT(*) FILTER (WHERE kind = 'HTX' AND registered)",
            ),
        ],
        vec![wanted("T1", "groups"), wanted("T2", "cooperatives")],
    );
    pack.setting.year_first = FIRST;
    pack
}

/// How many values there were, and how many of them lay inside the 50, 80 and 95 % intervals.
#[derive(Default)]
struct Coverage {
    values: f64,
    inside: [f64; 3],
}

impl Coverage {
    fn add(&mut self, at: &Expectation, value: f64) {
        self.values += 1.0;
        let bands = [at.interval_50, at.interval_80, at.interval_95];
        for (inside, band) in self.inside.iter_mut().zip(bands) {
            *inside += f64::from(u8::from(band.covers(value)));
        }
    }

    fn shares(&self) -> [f64; 3] {
        self.inside.map(|inside| inside / self.values)
    }
}

#[test]
fn eight_of_ten_values_lie_in_the_80_percent_interval() {
    let (mut all, mut flows) = (Coverage::default(), Coverage::default());
    for seed in 0..120 {
        let register = province(seed);
        let pack = plan(2026);
        let past = board(&register, &pack, "2021-12-31", "2021-12-31");
        let truth = board(&register, &pack, "2026-12-31", "2021-12-31");
        let forecasts = forecast::compute(&past, &register, &places(), seed);
        for id in ["T1", "T2"] {
            let made = forecasts.find(&"20".into(), &TargetId::from(id)).unwrap();
            let fan = made.register.as_ref().unwrap();
            for year in [2022, 2024, 2026] {
                let value = truth.cell(&made.indicator, &"20".into(), year).unwrap().value.unwrap();
                let at = fan.at(hoptac_model::date::year_end(year)).unwrap();
                all.add(at, value);
                if fan.method == Method::Flows {
                    flows.add(at, value);
                }
            }
        }
    }
    let [half, most, nearly_all] = all.shares();
    let said = format!("50: {half:.3}, 80: {most:.3}, 95: {nearly_all:.3}");
    assert!((0.75..=0.85).contains(&most), "{said}");
    assert!((0.42..=0.58).contains(&half) && nearly_all > 0.9, "{said}");
    // The flow model alone, where it did not give way to the naive drift.
    let [_, most, _] = flows.shares();
    assert!((0.75..=0.87).contains(&most), "80: {most:.3}");
}
