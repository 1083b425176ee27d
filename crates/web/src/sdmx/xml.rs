//! Structures and data as SDMX-ML 3.0.

use std::io;

use hoptac_model::text::Words;
use jiff::civil::Date;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::artefact::{self, AGENCY, Chosen, Component, Flow, Form, Named, Part, SCHEME, VERSION};
use super::data::Found;

const MESSAGE: &str = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message";
const STRUCTURE: &str = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure";
const SPECIFIC: &str = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/data/structurespecific";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const COMMON: &str = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common";

type Out = Writer<Vec<u8>>;

/// The name of something for the whole world; `item` stands in it where it is not empty.
pub(super) fn urn(class: &str, id: &str, item: &str) -> String {
    let item = if item.is_empty() { String::new() } else { format!(".{item}") };
    format!("urn:sdmx:org.sdmx.infomodel.{class}={AGENCY}:{id}({VERSION}){item}")
}

/// The structures of a message.
pub(super) fn structures(chosen: &Chosen, day: Date) -> io::Result<Vec<u8>> {
    let mut out = Writer::new(Vec::new());
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.create_element("mes:Structure")
        .with_attribute(("xmlns:mes", MESSAGE))
        .with_attribute(("xmlns:str", STRUCTURE))
        .with_attribute(("xmlns:com", COMMON))
        .write_inner_content(|out| {
            header(out, day, |_| Ok(()))?;
            out.create_element("mes:Structures").write_inner_content(|out| inner(out, chosen))?;
            Ok(())
        })?;
    Ok(out.into_inner())
}

/// The data of a message, series by series.
pub(super) fn data(found: &Found, day: Date) -> io::Result<Vec<u8>> {
    let flow = found.flow;
    let named = urn("datastructure.Dataflow", flow.id, "");
    let space = format!("{named}:ObsLevelDim:TIME_PERIOD");
    let mut out = Writer::new(Vec::new());
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.create_element("mes:StructureSpecificData")
        .with_attribute(("xmlns:mes", MESSAGE))
        .with_attribute(("xmlns:com", COMMON))
        .with_attribute(("xmlns:ss", SPECIFIC))
        .with_attribute(("xmlns:xsi", INSTANCE))
        .with_attribute(("xmlns:ns1", space.as_str()))
        .write_inner_content(|out| {
            header(out, day, |out| {
                out.create_element("mes:Structure")
                    .with_attribute(("structureID", flow.id))
                    .with_attribute(("namespace", space.as_str()))
                    .with_attribute(("dimensionAtObservation", "TIME_PERIOD"))
                    .write_inner_content(|out| text(out, "com:StructureUsage", &named))?;
                Ok(())
            })?;
            out.create_element("mes:DataSet")
                .with_attribute(("ss:structureRef", flow.id))
                .with_attribute(("ss:dataScope", "DataStructure"))
                .with_attribute(("xsi:type", "ns1:DataSetType"))
                .with_attribute(("action", "Information"))
                .write_inner_content(|out| series(out, found))?;
            Ok(())
        })?;
    Ok(out.into_inner())
}

fn series(out: &mut Out, found: &Found) -> io::Result<()> {
    let flow = found.flow;
    let of = |part: Part| flow.attributes().filter(move |one| one.part == part);
    let said = |part: Part, values: &[Option<String>]| -> Vec<(&'static str, String)> {
        let values = of(part).zip(values).filter(|_| found.with_attributes);
        values.filter_map(|(one, value)| Some((one.id, value.clone()?))).collect()
    };
    for one in &found.series {
        let mut element = out.create_element("Series");
        for (dimension, code) in flow.dimensions().zip(&one.key) {
            element = element.with_attribute((dimension.id, code.as_str()));
        }
        for (name, value) in said(Part::OfSeries, &one.attributes) {
            element = element.with_attribute((name, value.as_str()));
        }
        element.write_inner_content(|out| {
            one.observations.iter().try_for_each(|observation| {
                let mut element = out
                    .create_element("Obs")
                    .with_attribute(("TIME_PERIOD", observation.time.as_str()));
                // A number that is missing is not written: the schema takes none that is empty.
                if let Some(value) = observation.value {
                    element = element.with_attribute(("OBS_VALUE", value.to_string().as_str()));
                }
                for (name, value) in said(Part::OfObservation, &observation.attributes) {
                    element = element.with_attribute((name, value.as_str()));
                }
                element.write_empty().map(|_| ())
            })
        })?;
    }
    Ok(())
}

fn header(
    out: &mut Out,
    day: Date,
    structure: impl FnOnce(&mut Out) -> io::Result<()>,
) -> io::Result<()> {
    out.create_element("mes:Header").write_inner_content(|out| {
        text(out, "mes:ID", "hoptac")?;
        text(out, "mes:Test", "false")?;
        // The day alone: what is the same on it is the same bytes.
        text(out, "mes:Prepared", &format!("{day}T00:00:00+07:00"))?;
        out.create_element("mes:Sender").with_attribute(("id", AGENCY)).write_empty()?;
        structure(out)
    })?;
    Ok(())
}

fn inner(out: &mut Out, chosen: &Chosen) -> io::Result<()> {
    let nothing = Words::default();
    if !chosen.flows.is_empty() {
        out.create_element("str:Dataflows").write_inner_content(|out| {
            chosen.flows.iter().try_for_each(|flow| {
                let words = Words::new(flow.names.0, flow.names.1);
                let about = Words::new(flow.about.0, flow.about.1);
                maintained(out, "str:Dataflow", flow.id, &words, &about, |out| {
                    text(
                        out,
                        "str:Structure",
                        &urn("datastructure.DataStructure", &flow.structure(), ""),
                    )
                })
            })
        })?;
    }
    if !chosen.codelists.is_empty() {
        out.create_element("str:Codelists").write_inner_content(|out| {
            chosen.codelists.iter().try_for_each(|list| {
                maintained(out, "str:Codelist", list.id, &list.names, &nothing, |out| {
                    list.codes.iter().try_for_each(|code| item(out, "str:Code", code))
                })
            })
        })?;
    }
    if chosen.concepts {
        let words = Words::new("Khái niệm", "Concepts");
        out.create_element("str:ConceptSchemes").write_inner_content(|out| {
            maintained(out, "str:ConceptScheme", SCHEME, &words, &nothing, |out| {
                artefact::concepts().iter().try_for_each(|one| item(out, "str:Concept", one))
            })
        })?;
    }
    if !chosen.structures.is_empty() {
        out.create_element("str:DataStructures").write_inner_content(|out| {
            chosen.structures.iter().try_for_each(|flow| {
                let words = Words::new(flow.names.0, flow.names.1);
                let id = flow.structure();
                maintained(out, "str:DataStructure", &id, &words, &nothing, |out| {
                    out.create_element("str:DataStructureComponents")
                        .write_inner_content(|out| components(out, flow))?;
                    Ok(())
                })
            })
        })?;
    }
    Ok(())
}

fn text(out: &mut Out, name: &str, said: &str) -> io::Result<()> {
    out.create_element(name).write_text_content(BytesText::new(said))?;
    Ok(())
}

fn words(out: &mut Out, name: &str, words: &Words) -> io::Result<()> {
    for (language, said) in [("vi", &words.vi), ("en", &words.en)] {
        if !said.is_empty() {
            out.create_element(name)
                .with_attribute(("xml:lang", language))
                .write_text_content(BytesText::new(said))?;
        }
    }
    Ok(())
}

fn maintained(
    out: &mut Out,
    name: &str,
    id: &str,
    named: &Words,
    about: &Words,
    inner: impl FnOnce(&mut Out) -> io::Result<()>,
) -> io::Result<()> {
    let mut element = out
        .create_element(name)
        .with_attribute(("id", id))
        .with_attribute(("agencyID", AGENCY))
        .with_attribute(("version", VERSION))
        .with_attribute(("isExternalReference", "false"));
    if matches!(name, "str:Codelist" | "str:ConceptScheme") {
        element = element.with_attribute(("isPartial", "false"));
    }
    element.write_inner_content(|out| {
        words(out, "com:Name", named)?;
        words(out, "com:Description", about)?;
        inner(out)
    })?;
    Ok(())
}

fn item(out: &mut Out, name: &str, named: &Named) -> io::Result<()> {
    out.create_element(name).with_attribute(("id", named.id.as_str())).write_inner_content(
        |out| {
            words(out, "com:Name", &named.names)?;
            words(out, "com:Description", &named.about)?;
            named.parent.as_ref().map_or(Ok(()), |parent| text(out, "str:Parent", parent))
        },
    )?;
    Ok(())
}

fn components(out: &mut Out, flow: &Flow) -> io::Result<()> {
    out.create_element("str:DimensionList")
        .with_attribute(("id", "DimensionDescriptor"))
        .write_inner_content(|out| {
            for (at, one) in flow.dimensions().enumerate() {
                let position = (at + 1).to_string();
                out.create_element("str:Dimension")
                    .with_attribute(("id", one.id))
                    .with_attribute(("position", position.as_str()))
                    .write_inner_content(|out| component(out, one))?;
            }
            for one in flow.components.iter().filter(|one| one.part == Part::Time) {
                out.create_element("str:TimeDimension")
                    .with_attribute(("id", one.id))
                    .write_inner_content(|out| component(out, one))?;
            }
            Ok(())
        })?;
    out.create_element("str:AttributeList")
        .with_attribute(("id", "AttributeDescriptor"))
        .write_inner_content(|out| {
            flow.attributes().try_for_each(|one| {
                out.create_element("str:Attribute")
                    .with_attribute(("id", one.id))
                    .with_attribute(("usage", "optional"))
                    .write_inner_content(|out| {
                        component(out, one)?;
                        relationship(out, flow, one)
                    })?;
                Ok(())
            })
        })?;
    out.create_element("str:MeasureList")
        .with_attribute(("id", "MeasureDescriptor"))
        .write_inner_content(|out| {
            for one in flow.components.iter().filter(|one| one.part == Part::Measure) {
                out.create_element("str:Measure")
                    .with_attribute(("id", one.id))
                    .write_inner_content(|out| component(out, one))?;
            }
            Ok(())
        })?;
    Ok(())
}

fn component(out: &mut Out, one: &Component) -> io::Result<()> {
    text(out, "str:ConceptIdentity", &urn("conceptscheme.Concept", SCHEME, one.id))?;
    out.create_element("str:LocalRepresentation").write_inner_content(|out| match one.form {
        Form::Codes(list) => text(out, "str:Enumeration", &urn("codelist.Codelist", list, "")),
        Form::Number | Form::Whole | Form::Text | Form::Day | Form::Period => {
            out.create_element("str:TextFormat")
                .with_attribute(("textType", one.form.type_name()))
                .write_empty()?;
            Ok(())
        }
    })?;
    Ok(())
}

/// Of what an attribute is said.
fn relationship(out: &mut Out, flow: &Flow, one: &Component) -> io::Result<()> {
    out.create_element("str:AttributeRelationship").write_inner_content(|out| match one.part {
        Part::OfSeries => flow.dimensions().try_for_each(|one| text(out, "str:Dimension", one.id)),
        Part::OfObservation | Part::Dimension | Part::Time | Part::Measure => {
            out.create_element("str:Observation").write_empty()?;
            Ok(())
        }
    })?;
    Ok(())
}
