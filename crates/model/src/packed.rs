//! Values as bytes and back, for snapshots: quick to read, the same on every machine, and only ever read by a program that
//! packs the same values in the same way.
//!
//! What is packed says its shape too: the names and types of all its parts, as deep as they go. Whoever keeps the bytes keeps
//! the shape beside them, and whoever finds another shape does not read them; so no version number has to be counted up by hand.
//!
//! Bytes go out and come in by blocks, so that a nation's register is never held twice.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use uuid::Uuid;

use crate::pool::Pool;

pub mod blocks;
mod records;

/// How many bytes are handed over at a time, at most a little more.
const BLOCK: usize = 1 << 20;

/// Where packed values go.
pub struct Output<'a> {
    block: Vec<u8>,
    take: &'a mut dyn FnMut(&[u8]),
}

impl<'a> Output<'a> {
    /// What hands its bytes over by blocks. [`Output::end`] hands over the last one.
    pub fn new(take: &'a mut dyn FnMut(&[u8])) -> Self {
        Self { block: Vec::with_capacity(BLOCK), take }
    }

    /// Hands over what is left.
    pub fn end(self) {
        (self.take)(&self.block);
    }

    fn put(&mut self, bytes: &[u8]) {
        if self.block.len() + bytes.len() > BLOCK {
            (self.take)(&self.block);
            self.block.clear();
        }
        self.block.extend_from_slice(bytes);
    }
}

/// Where packed values come from.
pub struct Input<'a> {
    block: Vec<u8>,
    at: usize,
    next: &'a mut dyn FnMut(&mut Vec<u8>) -> bool,
    pool: Pool,
}

impl<'a> Input<'a> {
    /// What asks for its bytes by blocks. `next` puts a block in the place of the last one, or says that there is none.
    pub fn new(next: &'a mut dyn FnMut(&mut Vec<u8>) -> bool) -> Self {
        Self { block: Vec::new(), at: 0, next, pool: Pool::default() }
    }

    /// Whether everything was read.
    pub fn is_at_end(&mut self) -> bool {
        self.at == self.block.len() && !self.turn()
    }

    /// Goes on to the next block that holds anything.
    fn turn(&mut self) -> bool {
        self.at = 0;
        loop {
            self.block.clear();
            if !(self.next)(&mut self.block) {
                return false;
            }
            if !self.block.is_empty() {
                return true;
            }
        }
    }

    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        if let Some(bytes) = self.block.get(self.at..).and_then(|rest| rest.first_chunk()) {
            self.at += N;
            return Some(*bytes);
        }
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Some(bytes)
    }

    fn fill(&mut self, mut place: &mut [u8]) -> Option<()> {
        while !place.is_empty() {
            if self.at == self.block.len() && !self.turn() {
                return None;
            }
            let rest = self.block.get(self.at..)?;
            let count = rest.len().min(place.len());
            let (now, later) = place.split_at_mut(count);
            now.copy_from_slice(rest.get(..count)?);
            self.at += count;
            place = later;
        }
        Some(())
    }

    /// Many values of one width, as they lie.
    fn many<const N: usize, T>(&mut self, count: usize, of: fn([u8; N]) -> T) -> Option<Vec<T>> {
        let mut all = room(count)?;
        while all.len() < count {
            let rest = self.block.get(self.at..).unwrap_or_default();
            let (whole, _) = rest.as_chunks::<N>();
            let whole = whole.get(..(count - all.len()).min(whole.len())).unwrap_or_default();
            if whole.is_empty() {
                // One lies over the end of its block.
                all.push(of(self.fixed()?));
            } else {
                all.extend(whole.iter().map(|bytes| of(*bytes)));
                self.at += whole.len() * N;
            }
        }
        Some(all)
    }
}

/// A list with room for as many values as will come; none where there is no such room, and the count must be wrong.
fn room<T>(count: usize) -> Option<Vec<T>> {
    let mut all = Vec::new();
    all.try_reserve_exact(count).ok()?;
    Some(all)
}

/// What is written as bytes and read back as it was.
pub trait Packed: Sized {
    /// Writes of what parts it is made.
    fn shape(shape: &mut String);

    /// Writes it.
    fn write(&self, out: &mut Output<'_>);

    /// Reads one; none where there is none that could have been written.
    fn read(input: &mut Input<'_>) -> Option<Self>;

    /// Writes several, one behind the other.
    fn write_all(all: &[Self], out: &mut Output<'_>) {
        for one in all {
            one.write(out);
        }
    }

    /// Reads several.
    fn read_all(count: usize, input: &mut Input<'_>) -> Option<Vec<Self>> {
        let mut all = room(count)?;
        for _ in 0..count {
            all.push(Self::read(input)?);
        }
        Some(all)
    }
}

/// The shape of a value as text.
pub fn shape_of<T: Packed>() -> String {
    let mut shape = String::new();
    T::shape(&mut shape);
    shape
}

/// Writes the shape of a part, whose type follows from how it is reached.
pub fn shape_of_part<T, P: Packed>(_: fn(&T) -> &P, shape: &mut String) {
    P::shape(shape);
}

/// Packs records by their fields, enumerations by their variants, and names by what they hold. A field that is left out does
/// not compile.
#[macro_export]
macro_rules! packed {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::packed::Packed for $name {
            fn shape(shape: &mut String) {
                shape.push_str(concat!(stringify!($name), "{"));
                $(
                    shape.push_str(concat!(stringify!($field), ":"));
                    $crate::packed::shape_of_part(|one: &Self| &one.$field, shape);
                    shape.push(',');
                )*
                shape.push('}');
            }

            fn write(&self, out: &mut $crate::packed::Output<'_>) {
                let Self { $($field),* } = self;
                $($crate::packed::Packed::write($field, out);)*
            }

            fn read(input: &mut $crate::packed::Input<'_>) -> Option<Self> {
                Some(Self { $($field: $crate::packed::Packed::read(input)?),* })
            }
        }
    };
    ($name:ident ($part:ty)) => {
        impl $crate::packed::Packed for $name {
            fn shape(shape: &mut String) {
                shape.push_str(concat!(stringify!($name), ":"));
                <$part as $crate::packed::Packed>::shape(shape);
            }

            fn write(&self, out: &mut $crate::packed::Output<'_>) {
                $crate::packed::Packed::write(&self.0, out);
            }

            fn read(input: &mut $crate::packed::Input<'_>) -> Option<Self> {
                Some(Self($crate::packed::Packed::read(input)?))
            }
        }
    };
    ($name:ident $(| $variant:ident $(($part:ident: $type:ty))? $({ $($field:ident: $of:ty),* })?)+) => {
        impl $crate::packed::Packed for $name {
            fn shape(shape: &mut String) {
                shape.push_str(stringify!($name));
                $(
                    shape.push_str(concat!("|", stringify!($variant)));
                    $(<$type as $crate::packed::Packed>::shape(shape);)?
                    $($(<$of as $crate::packed::Packed>::shape(shape);)*)?
                )+
            }

            fn write(&self, out: &mut $crate::packed::Output<'_>) {
                let mut number = 0_u8;
                $(
                    if let Self::$variant $(($part))? $({ $($field),* })? = self {
                        $crate::packed::Packed::write(&number, out);
                        $(<$type as $crate::packed::Packed>::write($part, out);)?
                        $($(<$of as $crate::packed::Packed>::write($field, out);)*)?
                    }
                    number += 1;
                )+
                let _ = number;
                // Every variant has a number: one that is left out does not compile.
                match self { $(Self::$variant { .. } => {})+ }
            }

            fn read(input: &mut $crate::packed::Input<'_>) -> Option<Self> {
                let mut number = <u8 as $crate::packed::Packed>::read(input)?;
                $(
                    if number == 0 {
                        return Some(Self::$variant
                            $((<$type as $crate::packed::Packed>::read(input)?))?
                            $({ $($field: <$of as $crate::packed::Packed>::read(input)?),* })?);
                    }
                    number = number.wrapping_sub(1);
                )+
                // A number that no variant has.
                let _ = number;
                None
            }
        }
    };
}

/// Numbers stand as they lie in memory on most machines, the lowest byte first.
macro_rules! number {
    ($($name:ident)*) => {
        $(impl Packed for $name {
            fn shape(shape: &mut String) {
                shape.push_str(stringify!($name));
            }

            fn write(&self, out: &mut Output<'_>) {
                out.put(&self.to_le_bytes());
            }

            fn read(input: &mut Input<'_>) -> Option<Self> {
                Some(Self::from_le_bytes(input.fixed()?))
            }

            fn read_all(count: usize, input: &mut Input<'_>) -> Option<Vec<Self>> {
                input.many(count, Self::from_le_bytes)
            }
        })*
    };
}

number! { u8 u16 u32 u64 u128 i8 i16 i32 i64 f64 }

impl Packed for usize {
    fn shape(shape: &mut String) {
        shape.push_str("usize");
    }

    fn write(&self, out: &mut Output<'_>) {
        out.put(&u64::try_from(*self).unwrap_or(u64::MAX).to_le_bytes());
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Self::try_from(u64::read(input)?).ok()
    }
}

impl Packed for bool {
    fn shape(shape: &mut String) {
        shape.push_str("bool");
    }

    fn write(&self, out: &mut Output<'_>) {
        out.put(&[u8::from(*self)]);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        match u8::read(input)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Packed for char {
    fn shape(shape: &mut String) {
        shape.push_str("char");
    }

    fn write(&self, out: &mut Output<'_>) {
        u32::from(*self).write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Self::from_u32(u32::read(input)?)
    }
}

impl Packed for String {
    fn shape(shape: &mut String) {
        shape.push_str("text");
    }

    fn write(&self, out: &mut Output<'_>) {
        self.len().write(out);
        out.put(self.as_bytes());
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let count = usize::read(input)?;
        Self::from_utf8(u8::read_all(count, input)?).ok()
    }
}

impl Packed for Date {
    fn shape(shape: &mut String) {
        shape.push_str("day");
    }

    fn write(&self, out: &mut Output<'_>) {
        let [low, high] = self.year().to_le_bytes();
        let ([month], [day]) = (self.month().to_le_bytes(), self.day().to_le_bytes());
        out.put(&[low, high, month, day]);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let [low, high, month, day] = input.fixed()?;
        let year = i16::from_le_bytes([low, high]);
        Self::new(year, i8::from_le_bytes([month]), i8::from_le_bytes([day])).ok()
    }
}

impl Packed for Uuid {
    fn shape(shape: &mut String) {
        shape.push_str("uuid");
    }

    fn write(&self, out: &mut Output<'_>) {
        out.put(self.as_bytes());
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(Self::from_bytes(input.fixed()?))
    }
}

impl<T: Packed> Packed for Option<T> {
    fn shape(shape: &mut String) {
        shape.push('?');
        T::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        self.is_some().write(out);
        if let Some(one) = self {
            one.write(out);
        }
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        if bool::read(input)? { T::read(input).map(Some) } else { Some(None) }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn shape(shape: &mut String) {
        shape.push('*');
        T::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        self.len().write(out);
        T::write_all(self, out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let count = usize::read(input)?;
        T::read_all(count, input)
    }
}

/// What is read several times is held once.
impl<T: Packed + Eq + Hash + Send + Sync + 'static> Packed for Arc<T> {
    fn shape(shape: &mut String) {
        T::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        T::write(self, out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let value = T::read(input)?;
        Some(input.pool.share(value))
    }
}

/// What is read several times is held once.
impl Packed for Arc<str> {
    fn shape(shape: &mut String) {
        String::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        self.len().write(out);
        out.put(self.as_bytes());
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let value = String::read(input)?;
        Some(input.pool.share(value))
    }
}

/// What is read several times is held once.
impl<T: Packed + Eq + Hash + Send + Sync + 'static> Packed for Arc<[T]> {
    fn shape(shape: &mut String) {
        Vec::<T>::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        self.len().write(out);
        T::write_all(self, out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let value = Vec::<T>::read(input)?;
        Some(input.pool.share(value))
    }
}

impl<K: Packed + Ord, V: Packed> Packed for BTreeMap<K, V> {
    fn shape(shape: &mut String) {
        shape.push('{');
        K::shape(shape);
        shape.push('>');
        V::shape(shape);
        shape.push('}');
    }

    fn write(&self, out: &mut Output<'_>) {
        self.len().write(out);
        for (key, value) in self {
            key.write(out);
            value.write(out);
        }
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let count = usize::read(input)?;
        (0..count).map(|_| Some((K::read(input)?, V::read(input)?))).collect()
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn shape(shape: &mut String) {
        shape.push('(');
        A::shape(shape);
        shape.push(',');
        B::shape(shape);
        shape.push(')');
    }

    fn write(&self, out: &mut Output<'_>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some((A::read(input)?, B::read(input)?))
    }
}

impl<T: Packed> Packed for Range<T> {
    fn shape(shape: &mut String) {
        shape.push_str("..");
        T::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        self.start.write(out);
        self.end.write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(T::read(input)?..T::read(input)?)
    }
}

#[cfg(test)]
mod tests;
