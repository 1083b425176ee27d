//! Structures and data as SDMX-JSON 2.0.

use hoptac_model::text::{Language, Words};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::artefact::{
    self, AGENCY, Chosen, Codelist, Component, Flow, Form, Named, Part, SCHEME, VERSION,
};
use super::data::Found;
use super::xml::urn;

const SCHEMAS: &str = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop";

/// A message. Readers look at its beginning to find out what it is, so that this is where it says so.
fn message(meta: &Value, data: &Value) -> Vec<u8> {
    format!("{{\"meta\":{meta},\"data\":{data}}}").into_bytes()
}

fn meta(schema: &str, language: Language, day: Date) -> Value {
    json!({
        "schema": format!("{SCHEMAS}/{schema}"),
        "id": "hoptac",
        "prepared": format!("{day}T00:00:00+07:00"),
        "contentLanguages": [language.tag()],
        "sender": { "id": AGENCY },
    })
}

/// Names in both languages, and the one that was asked for.
fn names(object: &mut Map<String, Value>, names: &Words, about: &Words, language: Language) {
    object.insert("name".to_owned(), json!(names.get(language)));
    object.insert("names".to_owned(), json!({ "vi": names.vi, "en": names.en }));
    if !about.vi.is_empty() {
        object.insert("description".to_owned(), json!(about.get(language)));
        object.insert("descriptions".to_owned(), json!({ "vi": about.vi, "en": about.en }));
    }
}

fn maintained(id: &str, words: &Words, about: &Words, language: Language) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("id".to_owned(), json!(id));
    object.insert("agencyID".to_owned(), json!(AGENCY));
    object.insert("version".to_owned(), json!(VERSION));
    object.insert("isExternalReference".to_owned(), json!(false));
    names(&mut object, words, about, language);
    object
}

fn item(named: &Named, language: Language) -> Value {
    let mut object = Map::new();
    object.insert("id".to_owned(), json!(named.id));
    names(&mut object, &named.names, &named.about, language);
    if let Some(parent) = &named.parent {
        object.insert("parent".to_owned(), json!(parent));
    }
    Value::Object(object)
}

/// The structures of a message.
pub(super) fn structures(chosen: &Chosen, language: Language, day: Date) -> Vec<u8> {
    let nothing = Words::default();
    let mut data = Map::new();
    let flows = chosen.flows.iter().map(|flow| {
        let (words, about) = said(flow);
        let mut object = maintained(flow.id, &words, &about, language);
        let structure = urn("datastructure.DataStructure", &flow.structure(), "");
        object.insert("structure".to_owned(), json!(structure));
        Value::Object(object)
    });
    let structures = chosen.structures.iter().map(|flow| {
        let mut object = maintained(&flow.structure(), &said(flow).0, &nothing, language);
        object.insert("dataStructureComponents".to_owned(), components(flow));
        Value::Object(object)
    });
    let lists = chosen.codelists.iter().map(|list| {
        let mut object = maintained(list.id, &list.names, &nothing, language);
        object.insert("isPartial".to_owned(), json!(false));
        let codes: Vec<Value> = list.codes.iter().map(|code| item(code, language)).collect();
        object.insert("codes".to_owned(), json!(codes));
        Value::Object(object)
    });
    data.insert("dataflows".to_owned(), flows.collect());
    data.insert("dataStructures".to_owned(), structures.collect());
    data.insert("codelists".to_owned(), lists.collect());
    if chosen.concepts {
        let words = Words::new("Khái niệm", "Concepts");
        let mut object = maintained(SCHEME, &words, &nothing, language);
        object.insert("isPartial".to_owned(), json!(false));
        let concepts: Vec<Value> =
            artefact::concepts().iter().map(|one| item(one, language)).collect();
        object.insert("concepts".to_owned(), json!(concepts));
        data.insert("conceptSchemes".to_owned(), json!([object]));
    }
    data.retain(|_, list| list.as_array().is_some_and(|list| !list.is_empty()));
    let schema = "structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json";
    message(&meta(schema, language, day), &Value::Object(data))
}

fn said(flow: &Flow) -> (Words, Words) {
    let words = |(vi, en): (&str, &str)| Words::new(vi, en);
    (words(flow.names), words(flow.about))
}

fn components(flow: &Flow) -> Value {
    let of = |part: Part| flow.components.iter().filter(move |one| one.part == part);
    let dimensions: Vec<Value> = of(Part::Dimension).map(component).collect();
    let time = of(Part::Time).map(component).next();
    let measures: Vec<Value> = of(Part::Measure).map(component).collect();
    let attributes: Vec<Value> = flow
        .attributes()
        .map(|one| {
            let mut value = component(one);
            let keys: Vec<&str> = flow.dimensions().map(|one| one.id).collect();
            let relationship = match one.part {
                Part::OfSeries => json!({ "dimensions": keys }),
                Part::OfObservation | Part::Dimension | Part::Time | Part::Measure => {
                    json!({ "observation": {} })
                }
            };
            if let Some(object) = value.as_object_mut() {
                object.insert("attributeRelationship".to_owned(), relationship);
                object.insert("usage".to_owned(), json!("optional"));
            }
            value
        })
        .collect();
    json!({
        "dimensionList": { "id": "DimensionDescriptor", "dimensions": dimensions, "timeDimension": time },
        "measureList": { "id": "MeasureDescriptor", "measures": measures },
        "attributeList": { "id": "AttributeDescriptor", "attributes": attributes },
    })
}

fn component(one: &Component) -> Value {
    let representation = match one.form {
        Form::Codes(list) => json!({ "enumeration": urn("codelist.Codelist", list, "") }),
        Form::Number | Form::Whole | Form::Text | Form::Day | Form::Period => {
            json!({ "format": { "dataType": one.form.type_name() } })
        }
    };
    json!({
        "id": one.id,
        "conceptIdentity": urn("conceptscheme.Concept", SCHEME, one.id),
        "localRepresentation": representation,
    })
}

/// Values that are sent by their number.
#[derive(Default)]
struct Values(Vec<String>);

impl Values {
    fn number(&mut self, value: &str) -> usize {
        if let Some(at) = self.0.iter().position(|known| known == value) {
            return at;
        }
        self.0.push(value.to_owned());
        self.0.len() - 1
    }

    fn number_of(&mut self, value: Option<&String>) -> Value {
        value.map_or(Value::Null, |value| json!(self.number(value)))
    }
}

/// The data of a message.
pub(super) fn data(found: &Found, language: Language, day: Date) -> Vec<u8> {
    let flow = found.flow;
    let with = |part: Part| {
        let wanted = move |one: &&&Component| one.part == part;
        flow.components
            .iter()
            .collect::<Vec<_>>()
            .iter()
            .filter(wanted)
            .copied()
            .collect::<Vec<_>>()
    };
    let (dimensions, times) = (with(Part::Dimension), with(Part::Time));
    let some = |part: Part| if found.with_attributes { with(part) } else { Vec::new() };
    let (own, shared) = (some(Part::OfObservation), some(Part::OfSeries));
    let empty = |list: &[&Component]| list.iter().map(|_| Values::default()).collect::<Vec<_>>();
    let (mut keys, mut time) = (empty(&dimensions), Values::default());
    let (mut of_series, mut of_each) = (empty(&shared), empty(&own));
    let mut all = Map::new();
    for one in &found.series {
        let key: Vec<String> = one
            .key
            .iter()
            .zip(&mut keys)
            .map(|(code, values)| values.number(code).to_string())
            .collect();
        let mut observations = Map::new();
        for observation in &one.observations {
            let said = observation.attributes.iter().zip(&mut of_each);
            let mut values = vec![json!(observation.value)];
            values.extend(said.map(|(value, values)| values.number_of(value.as_ref())));
            observations.insert(time.number(&observation.time).to_string(), Value::Array(values));
        }
        let said = one.attributes.iter().zip(&mut of_series);
        let said: Vec<Value> =
            said.map(|(value, values)| values.number_of(value.as_ref())).collect();
        all.insert(key.join(":"), json!({ "attributes": said, "observations": observations }));
    }
    let lists = artefact::of_state(found.state());
    let written = |component: &Component, values: &Values, position: Option<usize>| {
        let values: Vec<Value> =
            values.0.iter().map(|value| valued(component, value, &lists, language)).collect();
        let mut object = described(component, language);
        object.insert("values".to_owned(), json!(values));
        if let Some(position) = position {
            object.insert("keyPosition".to_owned(), json!(position));
        }
        Value::Object(object)
    };
    let listed = |components: &[&Component], values: &[Values]| -> Vec<Value> {
        components.iter().zip(values).map(|(one, values)| written(one, values, None)).collect()
    };
    let series: Vec<Value> = dimensions
        .iter()
        .zip(&keys)
        .enumerate()
        .map(|(at, (one, values))| written(one, values, Some(at)))
        .collect();
    let observation: Vec<Value> =
        times.iter().map(|one| written(one, &time, Some(dimensions.len()))).collect();
    let (words, about) = said(flow);
    let mut structure = Map::new();
    names(&mut structure, &words, &about, language);
    let link = json!({ "rel": "dataflow", "urn": urn("datastructure.Dataflow", flow.id, "") });
    structure.insert("links".to_owned(), json!([link]));
    structure.insert("dataSets".to_owned(), json!([0]));
    structure.insert(
        "dimensions".to_owned(),
        json!({ "dataSet": [], "series": series, "observation": observation }),
    );
    let measures: Vec<Value> = with(Part::Measure)
        .into_iter()
        .map(|one| Value::Object(described(one, language)))
        .collect();
    structure.insert("measures".to_owned(), json!({ "observation": measures }));
    structure.insert(
        "attributes".to_owned(),
        json!({
            "dataSet": [],
            "series": listed(&shared, &of_series),
            "observation": listed(&own, &of_each),
        }),
    );
    let set = json!({ "structure": 0, "action": "Information", "series": all });
    let schema = "data-message/tools/schemas/2.0.0/sdmx-json-data-schema.json";
    message(&meta(schema, language, day), &json!({ "structures": [structure], "dataSets": [set] }))
}

/// A component with the name of its concept.
fn described(component: &Component, language: Language) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("id".to_owned(), json!(component.id));
    if let Some(concept) = artefact::concepts().iter().find(|one| one.id == component.id) {
        names(&mut object, &concept.names, &concept.about, language);
    }
    object
}

/// A value: a code with its names, or what it is.
fn valued(component: &Component, value: &str, lists: &[Codelist], language: Language) -> Value {
    match component.form {
        Form::Codes(id) => {
            let codes = lists.iter().find(|list| list.id == id).map_or(&[][..], |list| &list.codes);
            let code = codes.iter().find(|code| code.id == value);
            code.map_or_else(|| json!({ "id": value }), |code| item(code, language))
        }
        Form::Number | Form::Whole => {
            let number = value.parse::<serde_json::Number>().map_or(json!(value), Value::Number);
            json!({ "value": number })
        }
        Form::Text | Form::Day | Form::Period => json!({ "value": value }),
    }
}
