//! A PDF as a set of objects. They are found by going through the bytes, not through the file's own table: that reads
//! damaged files too, needs no memory that a file could ask for, and a later version of an object wins, as it should.

use std::collections::{BTreeSet, HashMap};
use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::super::refusal::{self, Refusal};
use super::object::{Dictionary, Lexer, Object, is_blank};

/// How many objects a file may have. A plan of two hundred pages has some thousands.
const OBJECTS_MAX: usize = 1_000_000;

/// What all streams that are read may have together when unpacked. Pictures are not unpacked.
const UNPACKED_MAX: usize = 64 * 1024 * 1024;

/// How many bytes may be gone through in all while objects are read: a small one may be asked for often.
const STEPS_MAX: usize = 512 * 1024 * 1024;

/// How many pages are read.
const PAGES_MAX: usize = 10_000;

/// Where an object is.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Behind `obj` in the file.
    File(usize),
    /// In an unpacked stream of objects.
    Packed(usize, usize),
}

/// The objects of a file.
pub(super) struct File<'b> {
    bytes: &'b [u8],
    places: HashMap<u32, (usize, Place)>,
    packed: Vec<Vec<u8>>,
    root: Option<u32>,
    unpacked: usize,
    steps: usize,
}

/// A page: what is drawn on it, and with what.
pub(super) struct Page {
    pub(super) contents: Vec<Object>,
    pub(super) resources: Dictionary,
}

impl<'b> File<'b> {
    /// Finds the objects of a file.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Refusal> {
        let mut file = Self {
            bytes,
            places: HashMap::new(),
            packed: Vec::new(),
            root: None,
            unpacked: 0,
            steps: 0,
        };
        let mut of_objects = Vec::new();
        let mut is_locked = false;
        let mut at = 0;
        while let Some(found) = find(bytes, at, b"obj") {
            at = found + 3;
            let Some(number) = number_before(bytes, found) else { continue };
            file.place(number, found, Place::File(at))?;
            let head = Lexer::new(bytes, at).next();
            let Some(Object::Dictionary(entries)) = head else { continue };
            match entries.get(b"Type".as_slice()).and_then(Object::name) {
                Some(b"ObjStm") => of_objects.push((found, number)),
                Some(b"XRef") => is_locked |= file.trailer(&entries),
                Some(b"Catalog") if file.root.is_none() => file.root = Some(number),
                _ => {}
            }
        }
        let mut at = 0;
        while let Some(found) = find(bytes, at, b"trailer") {
            at = found + 7;
            if let Some(Object::Dictionary(entries)) = Lexer::new(bytes, at).next() {
                is_locked |= file.trailer(&entries);
            }
        }
        if is_locked {
            return Err(refusal::locked_pdf());
        }
        for (position, number) in of_objects {
            file.unpack_objects(position, number)?;
        }
        Ok(file)
    }

    /// Takes the head of the document from a trailer; true where it is encrypted.
    fn trailer(&mut self, entries: &Dictionary) -> bool {
        if let Some(Object::Reference(root)) = entries.get(b"Root".as_slice()) {
            self.root = Some(*root);
        }
        entries.contains_key(b"Encrypt".as_slice())
    }

    /// Remembers where an object is, unless a later version of it is known.
    fn place(&mut self, number: u32, position: usize, place: Place) -> Result<(), Refusal> {
        let known = self.places.get(&number).is_some_and(|(before, _)| *before > position);
        if !known {
            self.places.insert(number, (position, place));
        }
        if self.places.len() > OBJECTS_MAX {
            return Err(refusal::too_many_objects(OBJECTS_MAX));
        }
        Ok(())
    }

    /// Reads the places of the objects that a stream holds.
    fn unpack_objects(&mut self, position: usize, number: u32) -> Result<(), Refusal> {
        let Some((entries, raw)) = self.stream(number)? else { return Ok(()) };
        let count = |key: &[u8]| entries.get(key).and_then(Object::count);
        let (Some(first), Some(objects)) = (count(b"First"), count(b"N")) else { return Ok(()) };
        let content = self.unpack(&entries, raw)?;
        let index = self.packed.len();
        let mut lexer = Lexer::new(&content, 0);
        let mut places = Vec::new();
        for _ in 0..objects {
            let mut next = || lexer.next().and_then(|object| object.count());
            let (Some(number), Some(offset)) = (next(), next()) else { break };
            if lexer.at > first {
                break;
            }
            places.push((number, first + offset));
        }
        for (number, offset) in places {
            let Ok(number) = u32::try_from(number) else { continue };
            self.place(number, position, Place::Packed(index, offset))?;
        }
        self.packed.push(content);
        Ok(())
    }

    /// An object by its number; none where the file does not have it.
    fn get(&mut self, number: u32) -> Result<Option<Object>, Refusal> {
        let Some((_, place)) = self.places.get(&number).copied() else { return Ok(None) };
        let (bytes, start) = match place {
            Place::File(at) => (self.bytes, at),
            Place::Packed(index, at) => (self.packed.get(index).map_or(&[][..], Vec::as_slice), at),
        };
        let mut lexer = Lexer::new(bytes, start);
        let object = lexer.next();
        let gone = lexer.at.saturating_sub(start);
        self.step(gone)?;
        Ok(object)
    }

    /// Counts what was gone through.
    fn step(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.steps = self.steps.saturating_add(bytes + 16);
        if self.steps > STEPS_MAX {
            return Err(refusal::endless_pdf());
        }
        Ok(())
    }

    /// What an object is, behind its references.
    pub(super) fn resolve(&mut self, object: &Object) -> Result<Option<Object>, Refusal> {
        let mut current = object.clone();
        for _ in 0..16 {
            let Object::Reference(number) = current else { return Ok(Some(current)) };
            let Some(behind) = self.get(number)? else { return Ok(None) };
            current = behind;
        }
        Ok(None)
    }

    /// An entry of a dictionary, behind its references.
    pub(super) fn entry(
        &mut self,
        entries: &Dictionary,
        key: &str,
    ) -> Result<Option<Object>, Refusal> {
        match entries.get(key.as_bytes()) {
            Some(object) => self.resolve(object),
            None => Ok(None),
        }
    }

    /// An entry that is a dictionary; an empty one where there is none.
    pub(super) fn dictionary(
        &mut self,
        entries: &Dictionary,
        key: &str,
    ) -> Result<Dictionary, Refusal> {
        Ok(match self.entry(entries, key)? {
            Some(Object::Dictionary(inner)) => inner,
            _ => Dictionary::new(),
        })
    }

    /// The dictionary and the packed bytes of a stream.
    fn stream(&mut self, number: u32) -> Result<Option<(Dictionary, &'b [u8])>, Refusal> {
        let Some((_, Place::File(start))) = self.places.get(&number).copied() else {
            return Ok(None);
        };
        let bytes = self.bytes;
        let mut lexer = Lexer::new(bytes, start);
        let Some(Object::Dictionary(entries)) = lexer.next() else { return Ok(None) };
        if lexer.next() != Some(Object::Word(b"stream".to_vec())) {
            return Ok(None);
        }
        let mut from = lexer.at;
        if bytes.get(from) == Some(&b'\r') {
            from += 1;
        }
        if bytes.get(from) == Some(&b'\n') {
            from += 1;
        }
        self.step(from - start)?;
        let length = self.entry(&entries, "Length")?.and_then(|length| length.count());
        let told = length.and_then(|length| {
            let end = from.checked_add(length)?;
            let mut behind = Lexer::new(bytes, end);
            behind.skip_blanks();
            bytes.get(behind.at..)?.starts_with(b"endstream").then_some(end)
        });
        let end = if let Some(end) = told {
            end
        } else {
            let end = find(bytes, from, b"endstream").unwrap_or(bytes.len());
            self.step(end - from)?;
            end
        };
        Ok(bytes.get(from..end).map(|raw| (entries, raw)))
    }

    /// Unpacks a stream that an object or a reference names; none where it is packed in a way that text is not.
    pub(super) fn content(
        &mut self,
        object: &Object,
    ) -> Result<Option<(Dictionary, Vec<u8>)>, Refusal> {
        let Object::Reference(number) = object else { return Ok(None) };
        let Some((entries, raw)) = self.stream(*number)? else { return Ok(None) };
        let content = self.unpack(&entries, raw)?;
        Ok(Some((entries, content)))
    }

    fn unpack(&mut self, entries: &Dictionary, raw: &[u8]) -> Result<Vec<u8>, Refusal> {
        let filters = match self.entry(entries, "Filter")? {
            Some(Object::Array(names)) => names,
            Some(name) => vec![name],
            None => Vec::new(),
        };
        let mut content = raw.to_vec();
        for filter in filters.iter().take(4) {
            content = match filter.name() {
                Some(b"FlateDecode" | b"Fl") => {
                    inflate(&content, UNPACKED_MAX - self.unpacked.min(UNPACKED_MAX))
                }
                Some(b"ASCIIHexDecode" | b"AHx") => {
                    let written = [b"<", content.as_slice()].concat();
                    Lexer::new(&written, 0)
                        .next()
                        .and_then(|text| text.text().map(<[u8]>::to_vec))
                        .unwrap_or_default()
                }
                Some(b"ASCII85Decode" | b"A85") => base_85(&content),
                _ => Vec::new(),
            };
        }
        self.unpacked = self.unpacked.saturating_add(content.len());
        if self.unpacked >= UNPACKED_MAX {
            return Err(refusal::unpacks_pdf(UNPACKED_MAX));
        }
        Ok(content)
    }

    /// The pages in their order.
    pub(super) fn pages(&mut self) -> Result<Vec<Page>, Refusal> {
        let root = self.root.ok_or_else(refusal::pages_missing)?;
        let catalog = self.get(root)?;
        let entries =
            catalog.as_ref().and_then(Object::dictionary).ok_or_else(refusal::pages_missing)?;
        let first = entries.get(b"Pages".as_slice()).cloned().ok_or_else(refusal::pages_missing)?;
        let mut pages = Vec::new();
        let mut seen = BTreeSet::new();
        // Nodes still to be visited, the next one last, each with what it inherits.
        let mut open = vec![(first, Dictionary::new())];
        while let Some((node, inherited)) = open.pop() {
            // A tree that bites its tail ends here.
            if let Object::Reference(number) = node
                && !seen.insert(number)
            {
                continue;
            }
            let Some(Object::Dictionary(entries)) = self.resolve(&node)? else { continue };
            let kind = entries.get(b"Type".as_slice()).and_then(Object::name);
            if !matches!(kind, None | Some(b"Page" | b"Pages")) {
                continue;
            }
            let resources = match self.entry(&entries, "Resources")? {
                Some(Object::Dictionary(own)) => own,
                _ => inherited,
            };
            if let Some(Object::Array(kids)) = self.entry(&entries, "Kids")? {
                self.step(kids.len().saturating_mul(16 + 32 * resources.len()))?;
                open.extend(kids.into_iter().rev().map(|kid| (kid, resources.clone())));
                continue;
            }
            let contents = match entries.get(b"Contents".as_slice()) {
                Some(reference @ Object::Reference(_)) => match self.resolve(reference)? {
                    Some(Object::Array(parts)) => parts,
                    _ => vec![reference.clone()],
                },
                Some(Object::Array(parts)) => parts.clone(),
                _ => Vec::new(),
            };
            pages.push(Page { contents, resources });
            if pages.len() > PAGES_MAX {
                return Err(refusal::too_many_pages(PAGES_MAX));
            }
        }
        if pages.is_empty() { Err(refusal::pages_missing()) } else { Ok(pages) }
    }
}

/// Where a word stands next.
fn find(bytes: &[u8], from: usize, word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == first)?;
        if bytes.get(at..)?.starts_with(word) {
            return Some(at);
        }
        at += 1;
    }
}

/// The number of the object whose `obj` stands here: two numbers stand before it.
fn number_before(bytes: &[u8], obj: usize) -> Option<u32> {
    let before = bytes.get(obj.saturating_sub(40)..obj)?;
    let blanks = |bytes: &[u8]| bytes.iter().rev().take_while(|byte| is_blank(**byte)).count();
    let digits = |bytes: &[u8]| bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let cut = |bytes: &'_ [u8], count: usize| bytes.len() - count;
    let before = before.get(..cut(before, blanks(before)))?;
    let generation = digits(before);
    let before = before.get(..cut(before, generation))?;
    let gap = blanks(before);
    let before = before.get(..cut(before, gap))?;
    let number = digits(before);
    if generation == 0 || gap == 0 || number == 0 {
        return None;
    }
    std::str::from_utf8(before.get(cut(before, number)..)?).ok()?.parse().ok()
}

/// Unpacks, up to a limit. What is cut off or damaged gives what could be unpacked.
fn inflate(packed: &[u8], limit: usize) -> Vec<u8> {
    let mut content = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    // An error leaves what was unpacked before it.
    let _ = ZlibDecoder::new(packed).take(most).read_to_end(&mut content);
    content
}

fn base_85(written: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    let mut group: Vec<u32> = Vec::new();
    let flush = |group: &mut Vec<u32>, content: &mut Vec<u8>| {
        let count = group.len();
        if count < 2 {
            return;
        }
        group.resize(5, 84);
        let value =
            group.iter().fold(0_u32, |value, digit| value.wrapping_mul(85).wrapping_add(*digit));
        content.extend(value.to_be_bytes().iter().take(count - 1));
        group.clear();
    };
    for byte in written {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => content.extend([0; 4]),
            b'!'..=b'u' => {
                group.push(u32::from(byte - b'!'));
                if group.len() == 5 {
                    flush(&mut group, &mut content);
                }
            }
            _ => {}
        }
    }
    flush(&mut group, &mut content);
    content
}
