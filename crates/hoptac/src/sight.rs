//! The register as commands about its nouns look at it: on a day, as it was known on a day.

use anyhow::Result;
use hoptac_model::ids::UnitId;
use hoptac_model::number;
use hoptac_model::organisation::Organisation;
use hoptac_model::register::{Register, State};
use hoptac_model::text::Language;
use hoptac_store::{KnownOn, Store};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::cli::Place;
use crate::cli::filed::Days;
use crate::sentence::refuse;
use crate::{clock, output, view};

/// The register on a day.
pub(crate) struct Sight {
    pub(crate) store: Store,
    pub(crate) known: KnownOn,
    /// The day that is asked.
    pub(crate) on: Date,
    days: Days,
}

impl Sight {
    pub(crate) async fn open(place: &Place, days: Days) -> Result<Self> {
        let store = place.open().await?;
        let known = view::known_on(&store, days.known_on).await?;
        // What was known on a day is known of the days until then.
        let on = days.as_of.or(days.known_on).unwrap_or_else(clock::today);
        Ok(Self { store, known, on, days })
    }

    pub(crate) fn register(&self) -> &Register {
        &self.known.register
    }

    pub(crate) fn language(&self) -> Language {
        self.days.lang.into()
    }

    /// Whether people read it in Vietnamese.
    pub(crate) fn vi(&self) -> bool {
        self.language() == Language::Vi
    }

    pub(crate) fn wants_json(&self) -> bool {
        self.days.json
    }

    /// The index of the organisation that is named by its identity or code.
    pub(crate) fn must_find(&self, name: &str) -> Result<u32> {
        let name = name.strip_prefix("organisation/").unwrap_or(name);
        let register = self.register();
        let found = match name.parse() {
            Ok(id) => register.index_of(id),
            Err(_) => register
                .organisations
                .iter()
                .position(|organisation| organisation.code.as_deref() == Some(name))
                .and_then(|index| u32::try_from(index).ok()),
        };
        match found {
            Some(index) => Ok(index),
            None => refuse!(
                "không có tổ chức `{name}`; tìm bằng `hoptac org list --search`",
                "there is no organisation `{name}`; look it up with `hoptac org list --search`",
                name
            ),
        }
    }

    /// The unit of a code with the geography on which it is asked.
    pub(crate) fn unit(&self, code: Option<&str>) -> Result<Option<(UnitId, Date)>> {
        let Some(code) = code else { return Ok(None) };
        let places = &self.known.places;
        match places.find(code, self.on) {
            Some(unit) => Ok(Some((unit.id.clone(), places.geography_for(unit, self.on)))),
            None => refuse!(
                "không có đơn vị `{code}`; `hoptac unit list` liệt kê các đơn vị kèm mã",
                "there is no unit `{code}`; `hoptac unit list` shows them with their codes",
                code
            ),
        }
    }

    /// Whether an organisation has its seat in a unit on the asked day.
    pub(crate) fn is_in(&self, organisation: u32, unit: Option<&(UnitId, Date)>) -> bool {
        let Some((unit, geography)) = unit else { return true };
        let Some(state) = self.state(organisation) else { return false };
        let places = &self.known.places;
        places
            .seat_on(&state.seat, state.seat_former.as_ref(), *geography)
            .is_some_and(|seat| places.ancestry(&seat.id).iter().any(|above| &above.id == unit))
    }

    /// The state of an organisation on the asked day.
    pub(crate) fn state(&self, organisation: u32) -> Option<&State> {
        self.register().state_on(organisation, self.on)
    }

    pub(crate) fn organisation(&self, index: u32) -> Option<&Organisation> {
        self.register().organisation(index)
    }

    pub(crate) fn name(&self, index: u32) -> &str {
        self.organisation(index).map_or("", |organisation| &organisation.name)
    }

    /// Identity, code and name of an organisation.
    pub(crate) fn brief(&self, index: u32) -> Value {
        let organisation = self.organisation(index);
        json!({
            "id": organisation.map(|organisation| organisation.id),
            "code": organisation.and_then(|organisation| organisation.code.as_deref()),
            "name": organisation.map(|organisation| organisation.name.as_str()),
        })
    }

    /// What stands over every answer for programs.
    pub(crate) fn answer(&self, fields: Value) -> Value {
        let mut answer = Map::new();
        answer.insert("ledger_position".to_owned(), json!(self.known.position));
        answer.insert("as_of".to_owned(), json!(self.on));
        answer.insert("known_on".to_owned(), json!(self.days.known_on));
        answer.insert("synthetic".to_owned(), json!(self.register().has_synthetic()));
        if let Value::Object(fields) = fields {
            answer.extend(fields);
        }
        Value::Object(answer)
    }

    /// One of two sentences, by the language.
    pub(crate) fn say(&self, vi: &str, en: &str) -> Result<()> {
        output::say(if self.vi() { vi } else { en })
    }

    /// The sentence under whatever shows made-up records.
    pub(crate) fn say_synthetic(&self) -> Result<()> {
        if self.register().has_synthetic() {
            self.say("Dữ liệu mô phỏng.", "Synthetic data.")?;
        }
        Ok(())
    }

    pub(crate) fn whole(&self, value: i64) -> String {
        number::whole(value, self.language())
    }

    pub(crate) fn count(&self, value: usize) -> String {
        self.whole(i64::try_from(value).unwrap_or(i64::MAX))
    }

    /// Đồng as people read them in tables: millions.
    pub(crate) fn millions(&self, value: Option<i64>) -> String {
        number::millions(value, self.language())
    }

    pub(crate) fn day(&self, day: Date) -> String {
        hoptac_model::date::show(day, self.language())
    }

    pub(crate) fn day_or_open(&self, day: Option<Date>) -> String {
        match day {
            Some(day) => self.day(day),
            None if self.vi() => "không thời hạn".to_owned(),
            None => "open".to_owned(),
        }
    }
}
