//! The visitor that names fields.

use crate::field::{Entries, Field};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;

/// Hands each field with its name to a function, lists whole and TLVs not at all.
pub(crate) struct Namer<'f> {
    each: &'f mut dyn FnMut(&'static str, Field<'_>),
}

impl<'f> Namer<'f> {
    pub(crate) fn new(each: &'f mut dyn FnMut(&'static str, Field<'_>)) -> Self {
        Self { each }
    }
}

impl Visit for Namer<'_> {
    fn octets<const N: usize>(
        &mut self,
        fields: &[&'static str; N],
        values: [u8; N],
    ) -> Result<(), Unwritable> {
        for (field, value) in fields.iter().zip(values) {
            (self.each)(field, Field::Integer(value.into()));
        }
        Ok(())
    }

    fn long(&mut self, field: &'static str, value: u32) -> Result<(), Unwritable> {
        (self.each)(field, Field::Integer(value));
        Ok(())
    }

    fn c_string(&mut self, field: &'static str, value: &[u8], _: usize) -> Result<(), Unwritable> {
        (self.each)(field, Field::CString(value));
        Ok(())
    }

    fn time(&mut self, field: &'static str, value: &[u8]) -> Result<(), Unwritable> {
        (self.each)(field, Field::CString(value));
        Ok(())
    }

    fn sized(&mut self, field: &'static str, value: &[u8], _: usize) -> Result<(), Unwritable> {
        (self.each)(field, Field::Octets(value));
        Ok(())
    }

    fn list(&mut self, field: &'static str, entries: &dyn Entries) -> bool {
        (self.each)(field, Field::List(entries));
        false
    }

    fn tlvs(&mut self, _: &Tlvs<'_>) -> Result<(), Unwritable> {
        Ok(())
    }
}
