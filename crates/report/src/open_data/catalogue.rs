//! The catalogue of the tables, by which catalogues of open data find them: DCAT-AP as JSON-LD.

use hoptac_model::open_data::{Dataset, OpenData};
use hoptac_model::text::Words;
use serde_json::{Value, json};

use super::metadata::{provenance, said};

const FILE_TYPES: &str = "http://publications.europa.eu/resource/authority/file-type";
const LANGUAGES: &str = "http://publications.europa.eu/resource/authority/language";
const THEMES: &str = "http://publications.europa.eu/resource/authority/data-theme";
const MEDIA: &str = "https://www.iana.org/assignments/media-types";

/// Where the files are found, and under which terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The address that the instance is known by; without it, addresses are told from the catalogue's own.
    pub origin: Option<String>,
    /// The address of the licence; nothing is said where nobody set one.
    pub licence: Option<String>,
}

impl Published {
    fn address(&self, name: &str) -> String {
        self.origin
            .as_ref()
            .map_or_else(|| name.to_owned(), |origin| format!("{origin}/cong-khai/du-lieu/{name}"))
    }
}

/// Draws the catalogue.
pub(super) fn draw(data: &OpenData, published: &Published) -> Value {
    let publisher = json!({
        "@id": published.address("#nha-cong-bo"),
        "@type": "foaf:Agent",
        "foaf:name": said(&Words::verbatim(&data.unit)),
    });
    let title = Words::new(
        format!("Dữ liệu mở kinh tế tập thể {}", data.unit),
        format!("Open data on the collective economy of {}", data.unit),
    );
    let sets: Vec<Value> = data.tables.iter().map(|table| set(data, table, published)).collect();
    json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": published.address("#danh-muc"),
        "@type": "dcat:Catalog",
        "dct:title": said(&title),
        "dct:description": said(&provenance(data)),
        "dct:publisher": publisher,
        "dct:language": [link(LANGUAGES, "VIE"), link(LANGUAGES, "ENG")],
        "dct:modified": { "@value": data.as_of, "@type": "xsd:date" },
        "dcat:dataset": sets,
    })
}

fn set(data: &OpenData, table: &Dataset, published: &Published) -> Value {
    let files =
        [("csv", "CSV", "text/csv"), ("parquet", "PARQUET", "application/vnd.apache.parquet")];
    let distributions = files.map(|(ending, kind, media)| {
        let address = published.address(&format!("{}.{ending}", table.id));
        let mut one = json!({
            "@id": format!("{address}#tep"),
            "@type": "dcat:Distribution",
            "dcat:accessURL": { "@id": address },
            "dcat:downloadURL": { "@id": address },
            "dct:format": link(FILE_TYPES, kind),
            "dcat:mediaType": link(MEDIA, media),
        });
        if let Some(object) = one.as_object_mut() {
            if ending == "csv" {
                let conforms = json!([{ "@id": "http://www.w3.org/ns/csvw" }]);
                object.insert("dct:conformsTo".to_owned(), conforms);
                let described = published.address(&format!("{}.csv-metadata.json", table.id));
                object.insert("foaf:page".to_owned(), json!({ "@id": described }));
            }
            if let Some(licence) = &published.licence {
                object.insert("dct:license".to_owned(), json!({ "@id": licence }));
            }
        }
        one
    });
    let first = format!("{:04}-01-01", data.year_first);
    json!({
        "@id": published.address(&format!("#{}", table.id)),
        "@type": "dcat:Dataset",
        "dct:identifier": table.id,
        "dct:title": said(&table.title),
        "dct:description": said(&table.about),
        "dct:provenance": { "@type": "dct:ProvenanceStatement", "dct:description": said(&provenance(data)) },
        "dct:modified": { "@value": data.as_of, "@type": "xsd:date" },
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": { "@value": first, "@type": "xsd:date" },
            "dcat:endDate": { "@value": data.as_of, "@type": "xsd:date" },
        },
        "dcat:theme": [link(THEMES, "ECON"), link(THEMES, "GOVE")],
        "dcat:distribution": distributions,
    })
}

fn link(list: &str, code: &str) -> Value {
    json!({ "@id": format!("{list}/{code}") })
}
