//! Forecasts on pages: made in the background beside the published state, shown where they are there.

use fluent_bundle::FluentValue;
use hoptac_model::date;
use hoptac_model::forecast::{BackTest, Fan, Flow, Forecast, Part, Silence};
use hoptac_model::number;
use hoptac_model::pack::{Indicator, Pack};
use hoptac_model::scoreboard::Applies;
use hoptac_model::target::Horizon;
use hoptac_model::unit::Places;
use hoptac_report::svg::line::Spread;
use maud::{Markup, html};

use crate::language::Voice;
use crate::row;

/// A forecast as a page shows it.
#[derive(Clone, Copy)]
pub(crate) struct Outlook<'a> {
    pub(crate) forecast: &'a Forecast,
    pub(crate) indicator: &'a Indicator,
    pub(crate) horizon: Horizon,
    pub(crate) voice: Voice,
}

impl Outlook<'_> {
    fn say(&self, key: &str, values: &[(&'static str, FluentValue<'_>)]) -> String {
        self.voice.say_with(key, values)
    }

    fn amount(&self, value: f64) -> String {
        if self.forecast.applies == Applies::UnitsBelow {
            number::show(value, 0, self.voice.0)
        } else {
            row::amount(Some(value), self.indicator, self.voice.0)
        }
    }

    /// A range without the sign behind its lower end: `508–646`, `33,3–40,2 %`.
    fn range(&self, low: f64, high: f64) -> String {
        let decimals =
            if self.forecast.applies == Applies::UnitsBelow { 0 } else { self.indicator.decimals };
        format!("{}–{}", number::show(low, decimals, self.voice.0), self.amount(high))
    }

    /// The two figures that stand beside what is missing: the median with its 80 % interval, and the chance.
    pub(crate) fn key_figures(&self) -> Vec<(String, String)> {
        let Ok(fan) = self.forecast.fan() else { return Vec::new() };
        let Some(at) = fan.at(self.forecast.on) else { return Vec::new() };
        let range = self.range(at.interval_80.low, at.interval_80.high);
        let year = self.forecast.on.year().to_string();
        let mut figures = vec![(
            self.amount(at.median),
            self.say("key-forecast", &[("year", year.clone().into()), ("range", range.into())]),
        )];
        if let Some(probability) = fan.probability {
            let words = match self.horizon {
                Horizon::Year { .. } => self.voice.say("key-chance"),
                Horizon::Yearly { .. } => self.say("key-chance-year", &[("year", year.into())]),
            };
            figures.push((number::chance(probability, self.voice.0), words));
        }
        figures
    }

    /// The fan for the chart.
    pub(crate) fn spread(&self) -> Option<Spread> {
        let fan = self.forecast.fan().ok()?;
        let end = fan.periods.last()?;
        let range = self.range(end.interval_80.low, end.interval_80.high);
        Some(Spread {
            from: fan.from,
            periods: fan.periods.clone(),
            median: self.amount(end.median),
            range: format!("({range})"),
        })
    }

    /// What the forecast rests on, how such forecasts did, and what closes the gap.
    pub(crate) fn section(&self, pack: &Pack, places: &Places) -> Markup {
        html! {
            section id="du-bao" {
                h2 { (self.voice.say("forecast-heading")) }
                @match self.forecast.fan() {
                    Ok(fan) => { (self.basis(fan)) }
                    Err(silence) => { p { (self.silence(silence)) } }
                }
                (self.side_by_side())
                (self.parts())
                (self.gap(pack, places))
            }
        }
    }

    fn silence(&self, silence: Silence) -> String {
        let reason = silence.words();
        self.say("forecast-silence", &[("reason", reason.get(self.voice.0).into())])
    }

    /// The method with its assumptions, and the back-test.
    fn basis(&self, fan: &Fan) -> Markup {
        let language = self.voice.0;
        let assumptions: Vec<String> =
            fan.method.assumptions().iter().map(|words| words.get(language).to_owned()).collect();
        let method = fan.method.words();
        html! {
            p {
                (self.say("forecast-method", &[("method", method.get(language).to_lowercase().into())]))
                " " (assumptions.join(" "))
            }
            @if fan.replaced.is_some() { p class="caution" { (self.voice.say("forecast-replaced")) } }
            @if let Some(every) = fan.every_year {
                p { (self.say("forecast-every-year", &[("chance", number::chance(every, language).into())])) }
            }
            p class="help" { (self.back_test(fan.back_test)) }
        }
    }

    fn back_test(&self, test: Option<BackTest>) -> String {
        let Some(test) = test else { return self.voice.say("forecast-no-back-test") };
        let percent = |share: f64| number::show(share * 100.0, 0, self.voice.0);
        let score = |value: f64| number::show(value, 1, self.voice.0);
        let pooled = (test.series > 1).then(|| {
            let series = test.series.to_string().into();
            format!(" {}", self.say("forecast-back-test-pooled", &[("series", series)]))
        });
        let said = self.say(
            "forecast-back-test",
            &[
                ("pairs", test.pairs.to_string().into()),
                ("origins", test.origins.to_string().into()),
                ("half", percent(test.coverage_50).into()),
                ("most", percent(test.coverage_80).into()),
                ("all", percent(test.coverage_95).into()),
                ("score", score(test.crps).into()),
                ("naive", score(test.crps_naive).into()),
            ],
        );
        said + &pooled.unwrap_or_default()
    }

    /// Both bases, where both speak.
    fn side_by_side(&self) -> Markup {
        let (Ok(register), Ok(published)) = (&self.forecast.register, &self.forecast.published)
        else {
            return html! {};
        };
        let language = self.voice.0;
        html! {
            table {
                thead { tr {
                    th scope="col" { (self.voice.say("forecast-basis")) }
                    th scope="col" class="number" { (self.forecast.on.year()) }
                    th scope="col" class="number" { "80 %" }
                    th scope="col" class="number" { (self.voice.say("column-chance")) }
                } }
                tbody {
                    @for fan in [register, published] {
                        @let at = fan.at(self.forecast.on);
                        tr {
                            th scope="row" class="label" {
                                (fan.basis.words().get(language)) " "
                                span class="soft" { (self.say("forecast-from", &[("day", date::show(fan.from.0, language).into())])) }
                            }
                            td class="number" data-label=(self.forecast.on.year()) {
                                (at.map_or_else(|| number::NO_VALUE.to_owned(), |at| self.amount(at.median)))
                            }
                            td class="number" data-label="80 %" {
                                (at.map_or_else(|| number::NO_VALUE.to_owned(), |at| self.range(at.interval_80.low, at.interval_80.high)))
                            }
                            td class="number" data-label=(self.voice.say("column-chance")) { (chance(Some(fan), self.voice)) }
                        }
                    }
                }
            }
        }
    }

    /// The pace taken apart.
    fn parts(&self) -> Markup {
        let Some(pace) = self.forecast.required.as_ref().filter(|pace| !pace.parts.is_empty())
        else {
            return html! {};
        };
        let language = self.voice.0;
        let cell = |value: Option<f64>| number::show_or_dash(value, 1, language);
        let name = |part: &Part| {
            let words = part.flow.words().get(language).to_owned();
            if part.flow == Flow::Members {
                format!("{words} ({})", self.voice.say("pace-level"))
            } else {
                words
            }
        };
        html! {
            table {
                thead { tr {
                    th scope="col" { (self.voice.say("pace-each-year")) }
                    th scope="col" class="number" { (self.voice.say("pace-of-late")) }
                    th scope="col" class="number" { (self.voice.say("pace-expected")) }
                    th scope="col" class="number" { (self.voice.say("pace-needed")) }
                } }
                tbody {
                    @for part in &pace.parts {
                        tr {
                            th scope="row" class="label" { (name(part)) }
                            td class="number" data-label=(self.voice.say("pace-of-late")) { (cell(part.of_late)) }
                            td class="number" data-label=(self.voice.say("pace-expected")) { (cell(part.expected)) }
                            td class="number" data-label=(self.voice.say("pace-needed")) { (cell(part.needed)) }
                        }
                    }
                }
            }
        }
    }

    /// Whose part the gap is: the agencies that lead, and the units with the largest parts.
    fn gap(&self, pack: &Pack, places: &Places) -> Markup {
        const UNITS_SHOWN: usize = 8;
        let Some(gap) = &self.forecast.gap else { return html! {} };
        let language = self.voice.0;
        let of = gap.of.get(language);
        let part = |count: u32| format!("+{} {of}", number::show(f64::from(count), 0, language));
        let agency = |id: &str| {
            let found = pack.agencies.iter().find(|agency| agency.id == id);
            found.map_or_else(|| id.to_owned(), |agency| agency.name.get(language).to_owned())
        };
        let mut units: Vec<_> = gap.units.iter().filter(|(_, count)| *count > 0).collect();
        units.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        html! {
            h3 { (self.voice.say("gap-heading")) }
            table {
                tbody {
                    @for (id, count) in &gap.agencies {
                        tr { th scope="row" class="label" { (agency(id)) } td class="number" { (part(*count)) } }
                    }
                    @for (id, count) in units.iter().take(UNITS_SHOWN) {
                        @let name = places.get(id).map_or(id.as_str(), |unit| unit.name.as_str());
                        tr { th scope="row" class="label soft" { (name) } td class="number" { (part(*count)) } }
                    }
                }
            }
            @if units.len() > UNITS_SHOWN {
                p class="help" { (self.say("gap-others", &[("count", (units.len() - UNITS_SHOWN).to_string().into())])) }
            }
        }
    }
}

/// The chance of a fan, or the dash.
pub(crate) fn chance(fan: Option<&Fan>, voice: Voice) -> String {
    fan.and_then(|fan| fan.probability)
        .map_or_else(|| number::NO_VALUE.to_owned(), |p| number::chance(p, voice.0))
}
