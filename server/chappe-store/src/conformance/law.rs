//! One law.

use std::fmt;

use super::talk::Talk;

/// Its name is the sentence that the talk holds a store to.
#[derive(Clone, Copy)]
pub struct Law {
    pub name: &'static str,
    pub hold: fn(&mut Talk<'_>),
}

impl fmt::Debug for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
