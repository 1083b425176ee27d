//! What a form draws on: places, organisations and what is on file, as far as the visitor gets to see it.

use hoptac_model::date;
use hoptac_model::filing::Filing;
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::linkage::VolumeUnit;
use hoptac_model::member::{ETHNIC_GROUPS, Hardship, LeaveCause, MemberClass, MemberKind};
use hoptac_model::organisation::{Kind, Organisation, Sector, Status};
use hoptac_model::register::{PartnerKind, Practice, Stage};
use hoptac_model::search::{self, Record};
use hoptac_model::support::Programme;
use hoptac_model::task::Recurrence;
use hoptac_model::text::{Words, first_upper, fold};
use hoptac_model::unit::{Level, Unit};
use hoptac_office::authority::Reading;
use jiff::civil::Date;

use crate::app::Published;
use crate::filing_words;
use crate::language::Voice;
use crate::query::Ask;

use super::definition::Choices;

/// The letters of the classification of activities [27/2018/QĐ-TTg], with the keys of their names.
const VSIC: [(&str, &str); 21] = [
    ("A", "vsic-a"),
    ("B", "vsic-b"),
    ("C", "vsic-c"),
    ("D", "vsic-d"),
    ("E", "vsic-e"),
    ("F", "vsic-f"),
    ("G", "vsic-g"),
    ("H", "vsic-h"),
    ("I", "vsic-i"),
    ("J", "vsic-j"),
    ("K", "vsic-k"),
    ("L", "vsic-l"),
    ("M", "vsic-m"),
    ("N", "vsic-n"),
    ("O", "vsic-o"),
    ("P", "vsic-p"),
    ("Q", "vsic-q"),
    ("R", "vsic-r"),
    ("S", "vsic-s"),
    ("T", "vsic-t"),
    ("U", "vsic-u"),
];

/// Everything that a form draws on.
pub(crate) struct Source<'a> {
    pub(crate) ask: &'a Ask,
    pub(crate) published: &'a Published,
    pub(crate) today: Date,
    /// The organisation that it is about, by its index; none before it is registered.
    pub(crate) own: Option<u32>,
    /// Its filings, newest first.
    pub(crate) filings: Vec<Filing>,
    /// Programmes of the plan and those that were opened since.
    pub(crate) programmes: Vec<Programme>,
    /// The members of its roll, by identity and masked name, where the form is about them.
    pub(crate) members: Vec<(String, String)>,
    /// Other tasks that are open, by code and title, where the form is about one.
    pub(crate) tasks: Vec<(String, String)>,
    /// The occurrences that the form may speak of, by due day.
    pub(crate) occurrences: Vec<(String, String)>,
}

impl<'a> Source<'a> {
    fn voice(&self) -> Voice {
        Voice(self.ask.language)
    }

    /// What can be chosen: the code that is filed, and what people call it.
    pub(crate) fn choices(&self, choices: Choices) -> Vec<(String, String)> {
        let language = self.ask.language;
        let said = |code: &str, words: &Words| (code.to_owned(), first_upper(words.get(language)));
        let pack = self.published.pack.as_deref();
        match choices {
            Choices::Of(keys) => self.said(keys),
            Choices::Vsic => {
                let mut named = self.said(&VSIC);
                for (letter, name) in &mut named {
                    *name = format!("{letter} · {name}");
                }
                named
            }
            Choices::Kinds => {
                Kind::ALL.iter().map(|kind| said(kind.code(), &kind.words())).collect()
            }
            Choices::Sectors => [Sector::Agricultural, Sector::NonAgricultural]
                .iter()
                .map(|sector| said(sector.code(), &sector.words()))
                .collect(),
            Choices::Agencies => {
                let agencies = pack.iter().flat_map(|pack| &pack.agencies);
                let works = |to: Option<Date>| to.is_none_or(|to| to >= self.today);
                agencies
                    .filter(|agency| works(agency.valid_to))
                    .map(|agency| said(&agency.id, &agency.name))
                    .collect()
            }
            Choices::CertificateKinds => {
                let kinds = pack.iter().flat_map(|pack| &pack.certificate_kinds);
                kinds.map(|kind| said(&kind.id, &kind.name)).collect()
            }
            Choices::Practices => {
                Practice::ALL.iter().map(|one| said(one.code(), &one.words())).collect()
            }
            Choices::Items => {
                let rules = pack.iter().flat_map(|pack| &pack.practices);
                rules
                    .flat_map(|rule| {
                        let of = first_upper(rule.practice.words().get(language));
                        rule.items.iter().map(move |item| {
                            (item.id.clone(), format!("{of}: {}", item.title.get(language)))
                        })
                    })
                    .collect()
            }
            Choices::Stages => {
                Stage::ALL.iter().map(|one| said(one.code(), &one.words())).collect()
            }
            Choices::Partners => [PartnerKind::Enterprise, PartnerKind::Organisation]
                .iter()
                .map(|one| said(one.code(), &one.words()))
                .collect(),
            Choices::Volumes => VolumeUnit::ALL
                .iter()
                .map(|one| (one.code().to_owned(), one.words().get(language).to_owned()))
                .collect(),
            Choices::Links => self.links(),
            Choices::Certificates => self.certificates(),
            Choices::Unions => self
                .organisations()
                .filter(|(_, state, _)| {
                    state.kind == Kind::Union && state.status != Status::Terminated
                })
                .map(|(_, _, one)| (one.id.to_string(), one.name.clone()))
                .collect(),
            Choices::Programmes => self
                .programmes
                .iter()
                .map(|one| {
                    (one.id.clone(), format!("{} · {}", one.policy.code(), one.title.get(language)))
                })
                .collect(),
            Choices::Applications => self.applications(),
            Choices::Members => self.members.clone(),
            Choices::MemberKinds => {
                MemberKind::ALL.iter().map(|one| said(one.code(), &one.words())).collect()
            }
            Choices::MemberClasses => {
                MemberClass::ALL.iter().map(|one| said(one.code(), &one.words())).collect()
            }
            Choices::LeaveCauses => {
                LeaveCause::ALL.iter().map(|one| said(one.code(), &one.words())).collect()
            }
            Choices::Hardships => {
                Hardship::ALL.iter().map(|one| said(one.code(), &one.words())).collect()
            }
            Choices::Targets => pack
                .iter()
                .flat_map(|pack| &pack.targets)
                .map(|one| {
                    (one.id.to_string(), format!("{} · {}", one.id, one.label.get(language)))
                })
                .collect(),
            Choices::Indicators => pack
                .iter()
                .flat_map(|pack| &pack.indicators)
                .map(|one| (one.id.to_string(), one.name.get(language).to_owned()))
                .collect(),
            Choices::TaskGroups => pack
                .iter()
                .flat_map(|pack| &pack.task_groups)
                .map(|one| (one.id.clone(), format!("{} · {}", one.id, one.title.get(language))))
                .collect(),
            Choices::Tasks => self.tasks.clone(),
            Choices::Occurrences => self.occurrences.clone(),
            Choices::Recurrences => {
                Recurrence::ALL.iter().map(|one| said(one.code(), &one.words())).collect()
            }
            Choices::Ethnicities => {
                ETHNIC_GROUPS.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect()
            }
        }
    }

    fn said(&self, keys: &[(&str, &str)]) -> Vec<(String, String)> {
        let voice = self.voice();
        keys.iter().map(|(code, key)| ((*code).to_owned(), voice.say(key))).collect()
    }

    fn links(&self) -> Vec<(String, String)> {
        let Some(own) = self.own else { return Vec::new() };
        let links = self.published.register.links.of(own);
        let mut named: Vec<(String, String)> = links
            .iter()
            .map(|link| (link.link.clone(), format!("{} · {}", link.link, link.partner.name)))
            .collect();
        named.dedup_by(|later, first| later.0 == first.0);
        named
    }

    fn certificates(&self) -> Vec<(String, String)> {
        let Some(own) = self.own else { return Vec::new() };
        let certificates = self.published.register.certificates.of(own);
        certificates
            .iter()
            .filter(|one| one.withdrawn_on.is_none())
            .map(|one| (one.certificate.clone(), format!("{} · {}", one.certificate, one.product)))
            .collect()
    }

    fn applications(&self) -> Vec<(String, String)> {
        let Some(own) = self.own else { return Vec::new() };
        self.published
            .register
            .supports
            .of(own)
            .iter()
            .map(|(_, one)| {
                let day = date::show(one.on, self.ask.language);
                (
                    one.application.clone(),
                    format!("{} · {} · {day}", one.application, one.programme),
                )
            })
            .collect()
    }

    /// What can be pointed at: the organisation's filings as identity and name.
    pub(crate) fn filings(&self) -> Vec<(String, String)> {
        let voice = self.voice();
        self.filings
            .iter()
            .map(|filing| {
                let day = date::show(filing.effective_on, self.ask.language);
                let title = filing_words::title(filing.kind.code(), voice);
                (filing.id.to_string(), format!("{day} · {title} · {}", filing.position))
            })
            .collect()
    }

    /// The organisations that the visitor gets to see, each with its last state.
    fn organisations(
        &self,
    ) -> impl Iterator<Item = (u32, &'a hoptac_model::register::State, &'a Organisation)> {
        let (register, places) = (&self.published.register, &self.published.places);
        let (visitor, today, all) =
            (&self.ask.visitor, self.today, self.ask.visitor.sees_all(Reading::Filings));
        (0_u32..).zip(&register.organisations).filter_map(move |(index, one)| {
            let seen = all || visitor.may_see(Reading::Filings, register, places, index, today);
            let state = register.states.of(index).last()?;
            seen.then_some((index, state, one))
        })
    }

    /// The organisations that can be named, as they are named.
    pub(crate) fn organisation_texts(&self) -> Vec<String> {
        self.organisations()
            .filter(|(index, state, _)| {
                Some(*index) != self.own && state.status != Status::Terminated
            })
            .map(|(_, _, one)| named(one))
            .collect()
    }

    /// How an organisation is named in a field.
    pub(crate) fn organisation_text(&self, id: OrganisationId) -> String {
        let register = &self.published.register;
        let found = register.index_of(id).and_then(|index| register.organisation(index));
        found.map_or_else(|| id.to_string(), named)
    }

    /// The organisation that a text means; else the ones that it may mean.
    pub(crate) fn organisation(&self, text: &str) -> Result<OrganisationId, Vec<String>> {
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        let folded = fold(text);
        let exact = |one: &Organisation| {
            one.code.as_deref() == Some(text) || named(one) == text || fold(&one.name) == folded
        };
        let found: Vec<&Organisation> =
            self.organisations().map(|(_, _, one)| one).filter(|one| exact(one)).collect();
        if let [only] = found.as_slice() {
            return Ok(only.id);
        }
        let mut ranked: Vec<(u32, String)> = self
            .organisations()
            .filter_map(|(_, _, one)| {
                let record = Record { name: &one.name, code: one.code.as_deref(), places: &[] };
                search::score(text, record).map(|score| (score, named(one)))
            })
            .collect();
        ranked.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        Err(ranked.into_iter().map(|(_, name)| name).take(5).collect())
    }

    /// The communes of the plan's unit, those that have ended too.
    fn communes(&self) -> impl Iterator<Item = &'a Unit> {
        let places = &self.published.places;
        let root = self.published.plan_unit().map(|unit| unit.id.clone());
        places.all().filter(move |unit| {
            let is_below =
                || places.ancestry(&unit.id).iter().any(|above| Some(&above.id) == root.as_ref());
            unit.level == Level::Commune && is_below()
        })
    }

    /// The communes as they are named in a field.
    pub(crate) fn commune_texts(&self) -> Vec<String> {
        let mut names: Vec<String> = self.communes().map(commune_named).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// How a commune is named in a field.
    pub(crate) fn commune_text(&self, id: &UnitId) -> String {
        self.published.places.get(id).map_or_else(|| id.to_string(), commune_named)
    }

    /// The commune that a text means on a day: its code in brackets, its code or identity alone, or its name.
    pub(crate) fn commune(&self, text: &str, day: Date) -> Option<UnitId> {
        let code =
            text.rsplit_once('(').map_or(text, |(_, code)| code.trim_end_matches(')')).trim();
        if let Some(unit) = self.published.places.find(code, day) {
            return Some(unit.id.clone());
        }
        let folded = fold(text);
        let is_so = |unit: &Unit| fold(&unit.name) == folded || fold(unit.short_name()) == folded;
        let of_day: Vec<&Unit> =
            self.communes().filter(|unit| unit.exists_on(day) && is_so(unit)).collect();
        match of_day.as_slice() {
            [only] => Some(only.id.clone()),
            _ => None,
        }
    }
}

fn commune_named(unit: &Unit) -> String {
    format!("{} ({})", unit.name, unit.code)
}

/// An organisation as it is named in a field: two may have one name.
fn named(one: &Organisation) -> String {
    if let Some(code) = &one.code {
        return format!("{} ({code})", one.name);
    }
    let id = one.id.to_string();
    // The end of an identity is chance; its beginning is the time, which many share.
    format!("{} ({})", one.name, id.get(id.len().saturating_sub(6)..).unwrap_or(&id))
}
