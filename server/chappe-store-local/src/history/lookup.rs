//! What can be asked of an index, wherever it stands.

use super::key::Key;
use super::mark::{Mark, Span};
use super::pages::Unsound;
use super::touch::Touch;

/// The index of one segment.
pub(crate) trait Lookup {
    /// The touches of a key, in the order of their places.
    ///
    /// # Errors
    ///
    /// [`Unsound`] where it stands in a file.
    fn find(&self, key: Key) -> Result<Vec<Touch>, Unsound>;

    /// What was accepted in the segment.
    fn span(&self) -> Span;

    /// Records of acceptances, a few in every hundred, in order.
    ///
    /// # Errors
    ///
    /// [`Unsound`] where it stands in a file.
    fn marks(&self) -> Result<Vec<Mark>, Unsound>;
}
