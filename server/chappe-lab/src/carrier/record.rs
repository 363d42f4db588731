//! One line a submit_sm into a file, for tests that want to see what arrived.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use smpp_wire::{CommandStatus, SubmitSm};

/// Writes one line a submit_sm: destination, text in hex, message id, status, data_coding, esm_class and
/// source, separated by tabs. Octets beyond printable ASCII are escaped.
#[derive(Debug)]
pub(crate) struct Record {
    file: Mutex<BufWriter<File>>,
}

impl Record {
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: Mutex::new(BufWriter::new(File::create(path)?)) })
    }

    pub(crate) fn submit(&self, message: &SubmitSm<'_>, id: u64, status: CommandStatus) -> io::Result<()> {
        let mut file = self.file();
        write!(file, "{}\t", message.destination.digits.escape_ascii())?;
        for octet in message.user_data() {
            write!(file, "{octet:02x}")?;
        }
        writeln!(
            file,
            "\t{id:016X}\t{}\t{}\t{}\t{}",
            status.0,
            message.data_coding.0,
            message.esm_class.0,
            message.source.digits.escape_ascii()
        )
    }

    /// Hands to the system what was written so far.
    pub(crate) fn flush(&self) -> io::Result<()> {
        self.file().flush()
    }

    fn file(&self) -> MutexGuard<'_, BufWriter<File>> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
