//! A list of any kind.

use core::fmt;

use crate::field::{Entries, Field};
use crate::malformed::Malformed;
use crate::name::Namer;
use crate::read::{Mode, Reader, Silent};
use crate::unwritable::Unwritable;
use crate::visit::Visit;

/// What a list holds. Only this crate has them.
pub trait Entry<'a>: Copy + Eq + fmt::Debug {
    #[doc(hidden)]
    fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed>;

    #[doc(hidden)]
    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable>;
}

/// A list in a body, as [`Tlvs`](crate::Tlvs) are: octets just read, or entries to write.
#[derive(Clone, Copy)]
pub struct List<'a, T>(Form<'a, T>);

#[derive(Clone, Copy)]
enum Form<'a, T> {
    /// `count` whole entries.
    Raw {
        count: u8,
        octets: &'a [u8],
    },
    List(&'a [T]),
}

impl<'a, T: Entry<'a>> List<'a, T> {
    pub const NONE: Self = Self(Form::Raw { count: 0, octets: &[] });

    /// Takes entries to write, in this order; 255 fit into a body.
    pub const fn of(list: &'a [T]) -> Self {
        Self(Form::List(list))
    }

    /// Reads the `count` entries that the field before announced.
    pub(crate) fn take<M: Mode>(
        r: &mut Reader<'a, M>,
        field: &'static str,
        count: u8,
    ) -> Result<Self, Malformed> {
        let octets = r.entries(|r| (0..count).try_for_each(|_| T::take(r).map(drop)))?;
        let list = Self(Form::Raw { count, octets });
        r.saw(field, Field::List(&list));
        Ok(list)
    }

    /// Visits the list, and its entries where they are wanted.
    pub(crate) fn visit<V: Visit>(&self, v: &mut V, field: &'static str) -> Result<(), Unwritable> {
        if v.list(field, self) { self.iter().try_for_each(|entry| entry.visit(v)) } else { Ok(()) }
    }

    /// How many entries there are.
    pub const fn len(&self) -> usize {
        match self.0 {
            Form::Raw { count, .. } => count as usize,
            Form::List(list) => list.len(),
        }
    }

    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each entry in its order.
    pub fn iter(&self) -> Iter<'a, T> {
        Iter(self.0)
    }

    /// The octets as they were read; `None` for entries to write.
    pub const fn raw(&self) -> Option<&'a [u8]> {
        match self.0 {
            Form::Raw { octets, .. } => Some(octets),
            Form::List(_) => None,
        }
    }

    /// The octet that announces the entries.
    pub(crate) fn announced(&self, field: &'static str) -> Result<u8, Unwritable> {
        let max = u8::MAX.into();
        u8::try_from(self.len()).map_err(|_| Unwritable::TooMany { field, count: self.len(), max })
    }
}

impl<'a, T: Entry<'a>> Default for List<'a, T> {
    fn default() -> Self {
        Self::NONE
    }
}

impl<'a, T: Entry<'a>> From<&'a [T]> for List<'a, T> {
    fn from(list: &'a [T]) -> Self {
        Self::of(list)
    }
}

impl<'a, T: Entry<'a>, const N: usize> From<&'a [T; N]> for List<'a, T> {
    fn from(list: &'a [T; N]) -> Self {
        Self::of(list)
    }
}

impl<'a, T: Entry<'a>> IntoIterator for List<'a, T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

/// The same entries in the same order, whichever form they are in.
impl<'a, T: Entry<'a>> PartialEq for List<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a, T: Entry<'a>> Eq for List<'a, T> {}

impl<'a, T: Entry<'a>> fmt::Debug for List<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, T: Entry<'a>> Entries for List<'a, T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn each(&self, visit: &mut dyn FnMut(usize, &'static str, Field<'_>)) {
        for (at, entry) in self.iter().enumerate() {
            let named = entry.visit(&mut Namer::new(&mut |name, field| visit(at, name, field)));
            debug_assert!(named.is_ok(), "naming a field cannot fail");
        }
    }
}

/// The entries of a [`List`], one after the other.
#[derive(Clone)]
pub struct Iter<'a, T>(Form<'a, T>);

impl<'a, T: Entry<'a>> Iterator for Iter<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match &mut self.0 {
            Form::Raw { count, octets } => {
                *count = count.checked_sub(1)?;
                let mut r = Reader::new(octets, Silent);
                let entry = T::take(&mut r).ok()?;
                *octets = r.rest();
                Some(entry)
            }
            Form::List(list) => {
                let (entry, rest) = list.split_first()?;
                *list = rest;
                Some(*entry)
            }
        }
    }
}

impl<'a, T: Entry<'a>> fmt::Debug for Iter<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
