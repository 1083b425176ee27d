//! A Word document: whole bytes, or the parts of one, since a packed file that was cut anywhere rarely unpacks.
#![no_main]

use std::io::{Cursor, Write as _};

use hoptac_intake::reading::document;
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const RELATIONS: &[u8] = b"<Relationships><Relationship Type='x/numbering' Target='n'/><Relationship Type='x/styles' \
    Target='s'/><Relationship Type='x/footnotes' Target='f'/></Relationships>";

fuzz_target!(|data: &[u8]| {
    let _ = document::open(data);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let names = ["word/document.xml", "word/n", "word/s", "word/f"];
    let parts = data.splitn(names.len(), |byte| *byte == 0);
    for (name, part) in names.into_iter().zip(parts).chain([("word/_rels/document.xml.rels", RELATIONS)]) {
        writer.start_file(name, stored).expect("a name that is new");
        writer.write_all(part).expect("memory");
    }
    let _ = document::open(&writer.finish().expect("memory").into_inner());
});
