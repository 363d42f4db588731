//! A field of a body as its kind has it, for whoever prints or compares bodies.

use core::fmt;

/// The value of a field.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Field<'a> {
    /// One, two or four octets.
    Integer(u32),
    /// Without its NUL.
    CString(&'a [u8]),
    Octets(&'a [u8]),
    List(&'a dyn Entries),
}

/// The entries of a list, whatever they are.
pub trait Entries: fmt::Debug {
    /// How many there are.
    fn count(&self) -> usize;

    /// Calls `visit` with each field of each entry, in wire order: the place of the entry, from 0, and the field.
    fn each(&self, visit: &mut dyn FnMut(usize, &'static str, Field<'_>));
}
