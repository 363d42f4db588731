//! A command that no version defines.

use crate::ids::CommandId;
use crate::limits;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::write::Body;

/// A vendor's command, or any other without a view: carried through as it is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Other<'a> {
    /// The command; not in the body.
    pub id: CommandId,
    pub body: &'a [u8],
}

impl Body for Other<'_> {
    fn command_id(&self) -> CommandId {
        self.id
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        v.sized("body", self.body, limits::OTHER_BODY)
    }
}
