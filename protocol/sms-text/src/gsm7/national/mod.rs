//! The national language tables, one language a file.
//!
//! A locking shift table takes the place of the whole default alphabet; `'\0'` stands where it has nothing, the escape
//! at 0x1B included. A single shift table is what its language has beside the default extension table: every one
//! contains that.

pub(super) mod bengali;
pub(super) mod gujarati;
pub(super) mod hindi;
pub(super) mod indic;
pub(super) mod kannada;
pub(super) mod malayalam;
pub(super) mod oriya;
pub(super) mod portuguese;
pub(super) mod punjabi;
pub(super) mod spanish;
pub(super) mod tamil;
pub(super) mod telugu;
pub(super) mod turkish;
pub(super) mod urdu;
